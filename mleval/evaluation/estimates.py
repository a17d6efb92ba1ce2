"""Estimates: one metric read off the evidence, with its interval or the reason why it has none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from mleval.errors import NoInterval, Undefined
from mleval.evaluation.requests import Request
from mleval.report import Estimate
from mleval.uncertainty.intervals import Interval

_ROUNDING = 1e-14


class Way(NamedTuple):
    """How the metrics of one kind are read: their value, and their interval at a level.

    interval: called with the request, the evidence, the level and the value.
    """

    value: Callable[[Request, Any], Any]
    interval: Callable[[Request, Any, float, float], Interval]


def read_off(
    way: Way, request: Request, evidence: Any, level: float | None, *, about: str | None = None
) -> Estimate:
    """Read one metric. level: of the interval, None for no interval; about: the class it is of."""
    metric = request.metric
    plain = Estimate(
        goal=metric.goal,
        range=(_bound(metric.range[0]), _bound(metric.range[1])),
        n=float(evidence.rows),
        of_class=about,
    )
    try:
        with np.errstate(all="ignore"):  # what overflows is told as infinite, not on stderr
            value = _within(float(way.value(request, evidence)), metric.range)
    except Undefined as error:
        return replace(plain, undefined=error.reason)
    if math.isnan(value):
        return replace(plain, undefined=metric.undefined.format(**{"class": about or "any class"}))
    if math.isinf(value):
        return replace(plain, undefined=f"infinite: {metric.undefined}")
    return _with_interval(replace(plain, value=value), way, request, evidence, level)


def _with_interval(
    found: Estimate, way: Way, request: Request, evidence: Any, level: float | None
) -> Estimate:
    if level is None:
        return found
    assert found.value is not None
    try:
        if request.metric.no_interval:
            raise NoInterval(request.metric.no_interval)
        with np.errstate(all="ignore"):
            interval = way.interval(request, evidence, level, found.value)
    except NoInterval as error:
        return replace(found, level=level, no_interval=error.reason)
    return replace(found, level=level, low=interval.low, high=interval.high, method=interval.method)


def _within(value: float, limits: tuple[float, float]) -> float:
    """The value; at an end of its range where only rounding keeps it away.

    Next to 0, and in an open range, 1e-15 is a number like any other: what is added up to it is as
    small. Only outside the range it is none.
    """
    bounded = all(map(math.isfinite, limits))
    outside = not limits[0] <= value <= limits[1]
    for limit in limits:
        if ((bounded and limit) or outside) and abs(value - limit) <= _ROUNDING:
            return float(limit)
    return value


def _bound(value: float) -> float | None:
    return value if math.isfinite(value) else None
