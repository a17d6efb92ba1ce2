"""Estimates: one metric read off the evidence, with its interval or the reason why it has none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from mleval.errors import NoInterval, Undefined
from mleval.evaluation import averages
from mleval.evaluation.counting import count_interval, count_value
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.label_counting import label_interval, label_value
from mleval.evaluation.moments import mean_interval, mean_value
from mleval.evaluation.requests import Request
from mleval.evaluation.scoring import score_interval, score_value
from mleval.registry import Metric
from mleval.report import Estimate
from mleval.states import Confusion, Means, ScoreTable
from mleval.uncertainty.intervals import Interval

_ROUNDING = 1e-14


def missing(request: Request, evidence: Evidence) -> str | None:
    """Why the evidence does not hold what a request reads, or None when it does."""
    metric = request.metric
    if metric.state is Confusion:
        return None if evidence.confusion else evidence.absent["predictions"]
    if metric.needs:
        return "no columns say how likely each class is in truth"
    if metric.state is Means:
        lacking = evidence.means is None or (
            metric.scale == "probability" and evidence.scale == "any"
        )
        return evidence.absent["probabilities"] if lacking else None
    over_classes = metric.reads_class_tables(evidence.task)
    if over_classes and not evidence.class_tables:
        return evidence.absent["scores"]
    if not over_classes and evidence.event is None:
        return evidence.absent["scores"]
    if metric.scale == "probability" and evidence.scale == "any":
        return evidence.absent["probabilities"]
    if metric.scale == "decision" and evidence.scale == "probability":
        return "it takes decision scores, and these are probabilities"
    return None


def estimate(request: Request, evidence: Evidence, level: float | None) -> Estimate:
    """Read one metric. level: of the interval, None for no interval."""
    metric = request.metric
    plain = Estimate(
        goal=metric.goal,
        range=(_bound(metric.range[0]), _bound(metric.range[1])),
        n=float(evidence.rows),
        of_class=_subject(request, evidence),
    )
    value_of, interval_of = _WAYS[_way(metric, evidence)]
    try:
        with np.errstate(all="ignore"):  # what overflows is told as infinite, not on stderr
            value = _within(float(value_of(request, evidence)), metric.range)
    except Undefined as error:
        return replace(plain, undefined=error.reason)
    if math.isnan(value):
        name = request.spec.of_class or evidence.positive or "any class"
        return replace(plain, undefined=metric.undefined.format(**{"class": name}))
    if math.isinf(value):
        return replace(plain, undefined=f"infinite: {metric.undefined}")
    found = replace(plain, value=value)
    if metric.threshold and evidence.event is not None:
        found = replace(found, threshold=metric.threshold(evidence.event, **request.options))
    if level is None:
        return found
    try:
        if metric.no_interval:
            raise NoInterval(metric.no_interval)
        with np.errstate(all="ignore"):
            interval = interval_of(request, evidence, level, value)
    except NoInterval as error:
        return replace(found, level=level, no_interval=error.reason)
    return replace(found, level=level, low=interval.low, high=interval.high, method=interval.method)


def _within(value: float, limits: tuple[float, float]) -> float:
    """The value; at an end of its range where only rounding keeps it away.

    Beyond an open range 1e-15 is a number like any other, in whatever unit; outside it is none.
    """
    bounded = all(map(math.isfinite, limits))
    outside = not limits[0] <= value <= limits[1]
    for limit in limits:
        if (bounded or outside) and abs(value - limit) <= _ROUNDING:
            return float(limit)
    return value


def _way(metric: Metric, evidence: Evidence) -> Any:
    if metric.state is Confusion and evidence.task == "multilabel":
        return "labels"
    if metric.reads_class_tables(evidence.task):
        return "average"
    return metric.state


def _subject(request: Request, evidence: Evidence) -> str | None:
    """The class a number is about, where it is about one."""
    spec, over = request.spec, request.metric.over
    if spec.of_class is not None or spec.average is not None or over not in ("class", "event"):
        return spec.of_class
    return evidence.positive


def _bound(value: float) -> float | None:
    return value if math.isfinite(value) else None


_WAYS: dict[
    Any,
    tuple[
        Callable[[Request, Evidence], Any],
        Callable[[Request, Evidence, float, float], Interval],
    ],
] = {
    Confusion: (count_value, count_interval),
    Means: (mean_value, mean_interval),
    ScoreTable: (score_value, score_interval),
    "labels": (label_value, label_interval),
    "average": (averages.average_value, averages.average_interval),
}
