"""Distances of pairs of vectors, row by row, in blocks that fit the processor's cache."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import InputError, UsageError

Distance = Literal["euclidean", "cosine", "manhattan", "minkowski"]
Vectors = NDArray[np.floating[Any]]
_BLOCK = 1 << 15  # numbers of each side that are looked at together
_SAFE = 1e-280, 1e280  # squares outside have overflowed, or lost digits


def distances(
    a: Vectors, b: Vectors, distance: Distance = "euclidean", *, p: float = 2.0
) -> Floats:
    """(n,) the distance of each row of a (n, d) from the same row of b (n, d).

    euclidean √Σ(a−b)²; manhattan Σ|a−b|; minkowski (Σ|a−b|^p)^(1/p), p at least 1, ∞ for the
    largest; cosine 1 − a·b / (|a| |b|), on 0-2, nan where a vector is of zeros alone, which has
    no direction. Numbers of any precision are counted in float64; no copy of all of them is made.
    Raises InputError for shapes that do not go together, UsageError for another distance or p.

    >>> one, other = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]])
    >>> distances(one, other).tolist(), distances(one, other, "manhattan").tolist()
    ([5.0, 1.4142135623730951], [7.0, 2.0])
    """
    kernel = _kernel(distance, p)
    if a.shape != b.shape or a.ndim != 2:
        sizes = " and ".join("×".join(map(str, side.shape)) for side in (a, b))
        raise InputError(
            f"two tables of vectors must have as many rows and columns; they are {sizes}"
        )
    rows, width = a.shape
    result = np.empty(rows)
    step = max(_BLOCK // max(width, 1), 1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for start in range(0, rows, step):
            some = slice(start, start + step)
            result[some] = kernel(a[some].astype(np.float64), b[some].astype(np.float64))
    return result


def _kernel(distance: str, p: float) -> Callable[[Floats, Floats], Floats]:
    """How a block of rows, float64 and ours to change, becomes distances."""
    if distance not in get_args(Distance):
        raise UsageError(
            f"there is no distance '{distance}'", hint=f"one of {', '.join(get_args(Distance))}"
        )
    if not p >= 1:
        raise UsageError(f"minkowski: p must be at least 1, not {p:g}")
    if distance == "cosine":
        return _cosine
    if distance == "manhattan" or (distance == "minkowski" and p == 1):
        return _manhattan
    if distance == "euclidean" or p == 2:
        return lambda a, b: lengths(np.subtract(a, b, out=a))
    return lambda a, b: _minkowski(np.subtract(a, b, out=a), p)


def lengths(x: Floats) -> Floats:
    """(n,) √Σx² of each row, also where the squares overflow or vanish."""
    squares = np.einsum("ij,ij->i", x, x)
    result: Floats = np.sqrt(squares)
    odd = np.flatnonzero(~((squares > _SAFE[0]) & (squares < _SAFE[1])))
    if len(odd):
        result[odd] = _minkowski(x[odd], 2.0)
    return result


def _manhattan(a: Floats, b: Floats) -> Floats:
    np.subtract(a, b, out=a)
    result: Floats = np.abs(a, out=a).sum(axis=1)
    return result


def _minkowski(x: Floats, p: float) -> Floats:
    """The powers are of shares of the largest, so that none overflows."""
    size = np.abs(x)
    largest: Floats = size.max(axis=1, initial=0.0)
    if math.isinf(p):
        return largest
    size /= np.where(largest > 0, largest, 1.0)[:, None]
    result: Floats = largest * np.power(size, p, out=size).sum(axis=1) ** (1 / p)
    return result


def _cosine(a: Floats, b: Floats) -> Floats:
    """½ |a/|a| − b/|b||²: of nearly parallel vectors 1 − cos would leave no digits."""
    for side in (a, b):
        side /= lengths(side)[:, None]
    np.subtract(a, b, out=a)
    result: Floats = np.einsum("ij,ij->i", a, a)
    return result / 2
