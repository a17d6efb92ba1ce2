"""Keys: what tells sequences apart by their names, in 16 bytes each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.sequences import Ints

Keys = NDArray[np.bytes_]


def digests(names: Iterable[str]) -> Keys:
    """(n,) a digest of each name.

    >>> one, other = digests(["a", "b"])
    >>> len(one), one == other
    (16, False)
    """
    import hashlib

    made = (hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16) for name in names)
    return np.frombuffer(b"".join(one.digest() for one in made), dtype="S16")


def digests_of(names: Any) -> Keys:
    """Those of an Arrow array of text or a list."""
    cells = names if isinstance(names, list) else names.to_pylist()
    return digests("" if cell is None else str(cell) for cell in cells)


def groups(keys: Keys) -> tuple[Ints, Ints]:
    """(n,) the group of each key, and (g,) where the first of each is, in order of appearance.

    >>> groups(digests(["b", "a", "b"]))
    (array([0, 1, 0]), array([0, 1]))
    """
    words = _words(keys)
    order = np.lexsort((words[:, 1], words[:, 0]))
    ordered = words[order]
    starts = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])[: len(keys)]
    first = order[starts]  # lexsort is stable: the first of each group came first
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    found = np.empty(len(keys), np.int64)
    found[order] = rank[np.cumsum(starts) - 1]
    return found, np.sort(first)


def places_in(held: Keys, wanted: Keys) -> Ints:
    """(n,) where each wanted key is among those that are held, −1 where it is not.

    >>> places_in(digests(["a", "b"]), digests(["b", "c"])).tolist()
    [1, -1]
    """
    group, first = groups(np.concatenate([held, wanted]))
    there = first[group[len(held) :]]
    return np.where(there < len(held), there, -1)


def _words(keys: Keys) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys).view(np.uint64).reshape(-1, 2)
