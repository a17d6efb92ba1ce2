"""NgramSet: which n-grams occur in a corpus, and how many n-grams it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats

Grams = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class NgramSet:
    """The d distinct n-grams that occur, and the weight of all that do.

    names: the words, each once and without whitespace; grams: (d, n) positions in `names`, no
    two rows alike.

    >>> state = NgramSet.of(np.array([0, 1, 0, 1]), np.array([0, 3, 4]), ("to", "be"), 1)
    >>> len(state.grams), state.total
    (2, 4.0)
    """

    names: tuple[str, ...]
    grams: Grams
    total: float

    @classmethod
    def empty(cls) -> NgramSet:
        """No n-grams, of any n."""
        return cls((), np.empty((0, 0), np.int32), 0.0)

    @classmethod
    def of(
        cls,
        codes: NDArray[np.integer[Any]],
        offsets: NDArray[np.int64],
        names: Sequence[str],
        n: int,
        weight: Floats | None = None,
    ) -> NgramSet:
        """Those of segments of words; codes[offsets[i] : offsets[i + 1]] are those of segment i.

        weight: (segments,); a segment of weight 0 has none.
        """
        sizes = np.diff(offsets)
        weight = np.ones(len(sizes)) if weight is None else weight
        total = float(np.maximum(sizes - n + 1, 0) @ weight)
        if len(codes) < n:
            return cls(tuple(names), np.empty((0, n), np.int32), total)
        segment = np.repeat(np.where(weight > 0, np.arange(len(sizes)), -1), sizes)
        whole = (segment[: len(segment) - n + 1] == segment[n - 1 :]) & (segment[n - 1 :] >= 0)
        grams = np.lib.stride_tricks.sliding_window_view(codes, n)[whole]
        return cls(tuple(names), _distinct(grams, len(names)), total)

    def merge(self, other: NgramSet) -> NgramSet:
        """Those of both."""
        if not self.names:
            return other
        if not other.names:
            return self
        place = {name: code for code, name in enumerate(self.names)}
        theirs = np.array([place.setdefault(name, len(place)) for name in other.names], np.int32)
        grams = np.concatenate([self.grams, theirs[other.grams]])
        return NgramSet(tuple(place), _distinct(grams, len(place)), self.total + other.total)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        spelled = "\n".join(self.names).encode()
        return {
            "names": np.frombuffer(spelled, np.uint8),
            "grams": self.grams,
            "total": np.array(self.total),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> NgramSet:
        """See `State.from_arrays`."""
        names = tuple(arrays["names"].tobytes().decode().split())
        return cls(names, arrays["grams"], float(arrays["total"]))


def _distinct(grams: NDArray[np.integer[Any]], width: int) -> Grams:
    """Each row once; `width`: how many words there are. Rows are numbered a word at a time."""
    keys = np.zeros(len(grams), np.int64)
    for column in grams.T:
        _, keys = np.unique(keys * width + column, return_inverse=True)
    _, first = np.unique(keys, return_index=True)
    return grams[first].astype(np.int32)
