"""Bringing label columns with different vocabularies onto one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def union(*vocabularies: Sequence[str]) -> tuple[str, ...]:
    """Every name once, sorted, so that merging commutes.

    >>> union(("dog", "cat"), ("cat", "ant"))
    ('ant', 'cat', 'dog')
    """
    return tuple(sorted(set().union(*vocabularies)))


def positions(names: Sequence[str], vocabulary: Sequence[str]) -> NDArray[np.int64]:
    """(len(names),) where each name stands in `vocabulary`.

    >>> positions(("dog", "cat"), ("ant", "cat", "dog")).tolist()
    [2, 1]
    """
    place = {name: position for position, name in enumerate(vocabulary)}
    return np.fromiter((place[name] for name in names), np.int64, len(names))


def renamed(names: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The names after `mapping`; a name it lacks stays as it is."""
    return tuple(mapping.get(name, name) for name in names)
