"""Metrics on means of per-row numbers: their value and interval from first and second moments."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation.requests import Request
from mleval.registry import Metric
from mleval.states import Means
from mleval.uncertainty.correlations import fisher, fisher_squared
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import ROUNDING, Interval, at_the_edge, delta, wilson
from mleval.uncertainty.tangents import Tangent

_OF_CORRELATIONS = {"fisher": fisher, "fisher squared": fisher_squared}
_AT_THE_EDGE = "wilson at the edge"  # by all rows: means know no classes


class HasMeans(Protocol):
    """Evidence that holds means of per-row numbers."""

    @property
    def means(self) -> Means | None:
        """Of the components that the metrics name."""
        ...


def mean_value(request: Request, evidence: HasMeans) -> Any:
    """The metric as a function of the means."""
    assert evidence.means
    return request.metric.function(evidence.means.readings(), **request.options)


def mean_interval(request: Request, evidence: HasMeans, level: float, value: float) -> Interval:
    """The interval on the means."""
    assert evidence.means
    return interval_on(request.metric, request.options, evidence.means, level, value)


def interval_on(
    metric: Metric,
    options: dict[str, Any],
    means: Means,
    level: float,
    value: float,
    degrees: float = math.inf,
) -> Interval:
    """Wilson for a share of the rows, Fisher's z for correlations; else the delta method.

    Variances are of the sandwich covariance of the means; degrees: of freedom, where few.
    """
    rows = means.weight**2 / means.weight2
    variance = _variance(metric, options, means)
    if metric.proportion:
        share = metric.proportion.to_share(value)
        if 0 < share < 1:
            if not variance > (ROUNDING * share) ** 2:
                raise NoInterval("zero variance: no row moves it")
            rows = share * (1 - share) / variance
        found = wilson(share, rows, level, degrees)
        ends = sorted(map(metric.proportion.from_share, (found.low, found.high)))
        return Interval(ends[0], ends[1], found.method)
    if not metric.interval and value in metric.range and np.isfinite(metric.range).all():
        found = at_the_edge(value, metric.range, rows, level)
        return replace(found, method=_AT_THE_EDGE)
    if rows <= 1:
        raise NoInterval("one row")
    variance *= rows / (rows - 1)
    if metric.interval in _OF_CORRELATIONS:
        return _OF_CORRELATIONS[metric.interval](value, variance, rows, level)
    return delta(value, variance, metric.range, level, degrees)


class _Leaves(dict[str, Any]):
    """The means as variables; an extreme is none of a smooth function of rows."""

    def __missing__(self, name: str) -> Any:
        raise NoInterval(f"{name} is an extreme, which has no normal sampling distribution")


def _variance(metric: Metric, options: dict[str, Any], means: Means) -> float:
    return _spread(means, _slope(metric, options, means))


def tangent_on(metric: Metric, options: dict[str, Any], means: Means) -> Tangent:
    """By the means."""
    rows = means.weight**2 / means.weight2
    if rows <= 1:
        raise NoInterval("one row")

    def variance(slope: Floats) -> float:
        return _spread(means, slope) * rows / (rows - 1)

    return Tangent(means, _slope(metric, options, means), variance)


def _slope(metric: Metric, options: dict[str, Any], means: Means) -> Floats:
    """(m,) how far each mean moves the metric."""
    leaf = Variable(means.mean)
    named = _Leaves(
        {name: leaf[i] for i, name in enumerate(means.names)},
        weight=means.weight,
        weight2=means.weight2,
    )
    return gradient(metric.function(named, **options), [leaf])[0]


def _spread(means: Means, slope: Floats) -> float:
    read = np.flatnonzero(slope)  # what it does not read may be infinite
    slope, spread = slope[read], means.variance_of_mean()[np.ix_(read, read)]
    return float(slope @ spread @ slope)
