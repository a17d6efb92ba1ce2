"""What pairs observed, as references take it, and what they make of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mleval.batch import Batch, Floats
from mleval.evaluation.pairs.plan import pair_rows
from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated
from mleval.options import PairsOptions
from mleval.references import ObservedPairs
from mleval.references.distances import distances_of

_TOLERANCE = 1e-12  # of a cosine absolutely: scipy takes it off 1


def observe(evaluated: Evaluated, options: PairsOptions) -> ObservedPairs:
    """The parsed columns, with the distances of vectors by scipy."""
    batches, p = evaluated.batches, 2.0 if options.p is None else options.p
    ours = [pair_rows(batch, options.measure, p) for batch in batches]
    near = np.concatenate([rows.distance for rows in ours])
    far = [rows.negative_distance for rows in ours if rows.negative_distance is not None]
    beyond = np.concatenate(far) if far else None
    if "a" in batches[0].columns:
        near = _by_scipy(near, batches, "b", options.measure, p)
        if beyond is not None:
            beyond = _by_scipy(beyond, batches, "negative", options.measure, p)
    return ObservedPairs(
        distance=near,
        dissimilar=_numbers(batches, "dissimilar"),
        negative_distance=beyond,
        weight=_numbers(batches, "weight"),
    )


def value(function: Any, request: Request, observed: ObservedPairs, options: PairsOptions) -> float:
    """What a reference makes of the rows."""
    del options
    return float(function(observed, **request.options))


def scale(request: Request, observed: ObservedPairs) -> float:
    """Sums of one sign need none; shares are about 1; a margin is what differences cancel from."""
    if math.isfinite(request.metric.range[1]):
        return 1.0
    margin = float(request.options.get("margin", 0.0))
    far = observed.negative_distance
    if far is None or "squared" not in request.options:
        return margin
    power = 2 if request.options["squared"] else 1
    return margin + float(np.mean(observed.distance**power + far**power))


def _numbers(batches: tuple[Batch, ...], role: str) -> Floats | None:
    if role not in batches[0].columns:
        return None
    return np.concatenate([batch.numbers(role) for batch in batches])


def _by_scipy(
    ours: Floats, batches: tuple[Batch, ...], other: str, measure: str, p: float
) -> Floats:
    """Scipy's distances; ours where they agree, so that what is tied here is tied there."""
    theirs = np.concatenate(
        [distances_of(batch.vectors("a"), batch.vectors(other), measure, p) for batch in batches]
    )
    size = np.maximum(theirs, 1.0) if measure == "cosine" else theirs
    return np.where(np.abs(theirs - ours) <= _TOLERANCE * size, ours, theirs)
