"""Parts of the rows by a hash: what is found on some is confirmed on the others."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from mleval.diagnosis.rows import Category


def first_half(numbers: NDArray[np.int64], ids: Category | None) -> NDArray[np.bool_]:
    """(n,) whether a row is of the half that is searched: by a hash of its id, else of its place.

    The same at every run, in every order of the rows that have ids, and for rows of the same id:
    copies of a row that chose a slice do not confirm it.

    >>> int(first_half(np.arange(1, 1001), None).sum())
    502
    """
    return (_hashes(numbers, ids) >> np.uint64(63)).astype(np.bool_)


def part_of(numbers: NDArray[np.int64], ids: Category | None, parts: int) -> NDArray[np.int64]:
    """(n,) the part that a row is of, from 0, told likewise: `parts` of about the same size.

    >>> np.bincount(part_of(np.arange(1, 1001), None, 5)).tolist()
    [232, 194, 192, 202, 180]
    """
    return (_hashes(numbers, ids) % np.uint64(parts)).astype(np.int64)


def _hashes(numbers: NDArray[np.int64], ids: Category | None) -> NDArray[np.uint64]:
    keys = numbers.astype(np.uint64)
    if ids is not None:
        hashed = np.array([zlib.crc32(name.encode()) for name in ids.names], np.uint64)
        named = ids.codes >= 0
        keys[named] = hashed[ids.codes[named]]
    return _mixed(keys)


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of a key spread over all: splitmix64. Source: Steele, Lea & Flood 2014."""
    mixed = keys + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
