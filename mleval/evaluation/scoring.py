"""Metrics on the scores of one yes-or-no event: their value, and their interval from influences."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation.requests import Request
from mleval.registry import Metric
from mleval.states import BinaryScores
from mleval.uncertainty.intervals import ROUNDING, Interval, at_the_edge, delta, newcombe
from mleval.uncertainty.tangents import Tangent

FEW_ROWS = 10  # a class with fewer: Newcombe in place of DeLong


class HasEvent(Protocol):
    """Evidence that holds the scores of a yes-or-no event."""

    @property
    def event(self) -> BinaryScores | None:
        """Those of what happened, and of what did not."""
        ...


def score_value(request: Request, evidence: HasEvent) -> Any:
    """The metric on the scores of the event."""
    return request.metric.function(evidence.event, **request.options)


def score_interval(request: Request, evidence: HasEvent, level: float, value: float) -> Interval:
    """The interval on the scores of the event."""
    assert evidence.event
    return interval_on(request.metric, request.options, evidence.event, level, value)


def interval_on(
    metric: Metric, options: dict[str, Any], scores: BinaryScores, level: float, value: float
) -> Interval:
    """DeLong or Newcombe for areas under the ROC curve; else the delta method on influences."""
    if metric.influence is None:
        raise NoInterval("none is known for it")
    if metric.interval == "auc" and options.get("max_fpr", 1.0) == 1.0:
        return _auc_interval(metric.influence(scores, **options), metric, scores, level, value)
    positives, negatives = scores.effective_positives, scores.effective_negatives
    rows = positives + negatives
    if value in metric.range and np.isfinite(metric.range).all():
        return at_the_edge(value, metric.range, min(positives, negatives) or rows, level)
    if rows <= 1:
        raise NoInterval("one row")
    up, down = metric.influence(scores, **options)
    spread = _spread(scores.positive2, up) + _spread(scores.negative2, down)
    variance = spread * rows / (rows - 1) / scores.total**2
    return delta(value, variance, metric.range, level)


def tangent_on(metric: Metric, options: dict[str, Any], scores: BinaryScores) -> Tangent:
    """By the positives, then the negatives, at each distinct score."""
    if metric.influence is None:
        raise NoInterval("none is known for it")
    rows = scores.effective_positives + scores.effective_negatives
    if rows <= 1:
        raise NoInterval("one row")
    weight2 = np.concatenate([scores.positive2, scores.negative2])

    def variance(phi: Floats) -> float:
        return _spread(weight2, phi) * rows / (rows - 1) / scores.total**2

    return Tangent(scores, np.concatenate(metric.influence(scores, **options)), variance)


def _auc_interval(
    phi: tuple[Floats, Floats], metric: Metric, scores: BinaryScores, level: float, value: float
) -> Interval:
    """DeLong; Newcombe at the ends, for few rows, and where no row moves the area (all tied)."""
    positives, negatives = scores.effective_positives, scores.effective_negatives
    if value not in metric.range and min(positives, negatives) >= FEW_ROWS - 1e-9:
        variance = (
            _spread(scores.positive2, phi[0]) * positives / (positives - 1)
            + _spread(scores.negative2, phi[1]) * negatives / (negatives - 1)
        ) / scores.total**2
        if variance**0.5 > ROUNDING:
            found = delta(value, variance, metric.range, level)
            return Interval(found.low, found.high, "delong")
    low, high = metric.range
    found = newcombe((value - low) / (high - low), positives, negatives, level)
    return Interval(low + (high - low) * found.low, low + (high - low) * found.high, found.method)


def _spread(weight2: Floats, phi: Floats) -> float:
    return float(weight2 @ (phi * phi))
