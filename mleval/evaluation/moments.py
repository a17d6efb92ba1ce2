"""Metrics on means of per-row numbers: their value and interval from first and second moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.errors import NoInterval
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import Interval, at_the_edge, delta, wilson


def mean_value(request: Request, evidence: Evidence) -> Any:
    """The metric as a function of the means."""
    means = evidence.means
    assert means
    named = dict(zip(means.names, means.mean, strict=True)) | {"weight": means.weight}
    return request.metric.function(named, **request.options)


def mean_interval(request: Request, evidence: Evidence, level: float, value: float) -> Interval:
    """Wilson for a share of the rows; else the delta method on the sandwich covariance."""
    metric, means = request.metric, evidence.means
    assert means
    rows = means.weight**2 / means.weight2
    leaf = Variable(means.mean)
    named: Mapping[str, Any] = {name: leaf[i] for i, name in enumerate(means.names)}
    named = {**named, "weight": means.weight}
    slope = gradient(metric.function(named, **request.options), [leaf])[0]
    if metric.proportion:
        share = metric.proportion.to_share(value)
        if 0 < share < 1:
            rows = share * (1 - share) / float(slope @ means.variance_of_mean() @ slope)
        found = wilson(share, rows, level)
        ends = sorted(map(metric.proportion.from_share, (found.low, found.high)))
        return Interval(ends[0], ends[1], found.method)
    if value in metric.range and np.isfinite(metric.range).all():
        return at_the_edge(value, metric.range, rows, level)
    if rows <= 1:
        raise NoInterval("one row")
    variance = float(slope @ means.variance_of_mean() @ slope) * rows / (rows - 1)
    return delta(value, variance, metric.range, level)
