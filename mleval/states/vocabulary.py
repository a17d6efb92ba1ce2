"""Bringing label columns with different vocabularies onto one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


def distinct(numbers: NDArray[Any]) -> NDArray[Any]:
    """Each number once, ascending: numpy.unique without the masked arrays that it imports.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(numbers)
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def renamed(names: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The names after `mapping`; a name it lacks stays as it is."""
    return tuple(mapping.get(name, name) for name in names)
