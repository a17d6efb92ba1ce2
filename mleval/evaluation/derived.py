"""Derived metrics: arithmetic over others, with an interval by the chain rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from mleval.errors import NoInterval
from mleval.evaluation.requests import DerivedRequest, Request
from mleval.expression import evaluate
from mleval.report import Estimate
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import delta
from mleval.uncertainty.tangents import Tangent, combined

Parts = Mapping[str, tuple[Request, Estimate]]  # key -> what was asked for and what it is
_NO_NUMBER = "it divides 0 by 0, or takes the square root of a negative number"
_INFINITE = "infinite: it divides by 0, or is beyond what a float can hold"
_UNBOUNDED = (-math.inf, math.inf)


def derive(
    asked: DerivedRequest,
    parts: Parts,
    tangent: Callable[[Request], Tangent],
    level: float | None,
) -> Estimate:
    """The estimate of a derived metric.

    parts: by key, each with its estimate; tangent: raises NoInterval where a part has none.
    """
    keys = list(dict.fromkeys(asked.keys.values()))
    found = Estimate(n=min(parts[key][1].n or 0.0 for key in keys))
    for key in keys:
        if (reason := parts[key][1].undefined) is not None:
            return replace(found, undefined=f"{key}: {reason}")
    leaves = {key: Variable(parts[key][1].value) for key in keys}
    result = evaluate(asked.derived.expression, lambda spec: leaves[asked.key_of(spec)])
    value = float(result.value)
    if not math.isfinite(value):
        return replace(found, undefined=_NO_NUMBER if math.isnan(value) else _INFINITE)
    found = replace(found, value=value)
    if level is None:
        return found
    try:
        slopes = dict(zip(keys, map(float, gradient(result, list(leaves.values()))), strict=True))
        variance = _variance({parts[key][0]: by for key, by in slopes.items() if by}, tangent)
        interval = delta(value, variance, _UNBOUNDED, level)
    except NoInterval as error:
        return replace(found, level=level, no_interval=error.reason)
    return replace(found, level=level, low=interval.low, high=interval.high, method=interval.method)


def _variance(slopes: Mapping[Request, float], tangent: Callable[[Request], Tangent]) -> float:
    """slopes: how far each part moves it."""
    if not slopes:
        raise NoInterval("zero variance: no row moves it")
    if not all(map(math.isfinite, slopes.values())):
        raise NoInterval("it is steeper there than a float can hold")
    return combined([_tangent(part, tangent) for part in slopes], list(slopes.values()))


def _tangent(request: Request, tangent: Callable[[Request], Tangent]) -> Tangent:
    """That of a part; the reason why there is none names the part."""
    try:
        if request.metric.no_interval:
            raise NoInterval(request.metric.no_interval)
        with np.errstate(all="ignore"):
            return tangent(request)
    except NoInterval as error:
        raise NoInterval(f"{request.key}: {error.reason}") from None
