"""Distances of vectors, pair by pair, by scipy."""

from __future__ import annotations

from typing import Any

import numpy as np

from mleval.batch import Floats, Vectors


def distances_of(a: Vectors, b: Vectors, measure: str, p: float) -> Floats:
    """(n,) by scipy.spatial.distance: of each row of a (n, d) and the same row of b."""
    from scipy.spatial import distance

    function: Any = {
        "euclidean": distance.euclidean,
        "cosine": distance.cosine,
        "manhattan": distance.cityblock,
        "minkowski": lambda one, other: distance.minkowski(one, other, p),
    }[measure]
    sides = zip(a.astype(np.float64), b.astype(np.float64), strict=True)
    return np.array([float(function(one, other)) for one, other in sides])
