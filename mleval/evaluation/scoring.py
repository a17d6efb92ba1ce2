"""Metrics on the scores of one yes-or-no event: their value, and their interval from influences."""

from __future__ import annotations

from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.registry import Metric
from mleval.states import BinaryScores
from mleval.uncertainty.intervals import Interval, at_the_edge, delta, newcombe

FEW_ROWS = 10  # a class with fewer: Newcombe in place of DeLong


def score_value(request: Request, evidence: Evidence) -> Any:
    """The metric on the scores of the event."""
    return request.metric.function(evidence.event, **request.options)


def score_interval(request: Request, evidence: Evidence, level: float, value: float) -> Interval:
    """The interval on the scores of the event."""
    assert evidence.event
    return interval_on(request.metric, request.options, evidence.event, level, value)


def interval_on(
    metric: Metric, options: dict[str, Any], scores: BinaryScores, level: float, value: float
) -> Interval:
    """DeLong or Newcombe for areas under the ROC curve; else the delta method on influences."""
    if metric.influence is None:
        raise NoInterval("none is known for it")
    positives, negatives = scores.effective_positives, scores.effective_negatives
    smallest, rows = min(positives, negatives), positives + negatives
    is_auc = metric.interval == "auc" and options.get("max_fpr", 1.0) == 1.0
    low, high = metric.range
    if is_auc and (value in metric.range or smallest < FEW_ROWS):
        found = newcombe((value - low) / (high - low), positives, negatives, level)
        return Interval(
            low + (high - low) * found.low, low + (high - low) * found.high, found.method
        )
    if value in metric.range and np.isfinite(metric.range).all():
        return at_the_edge(value, metric.range, smallest or rows, level)
    if rows <= 1:
        raise NoInterval("one row")
    phi = metric.influence(scores, **options)
    if is_auc:  # DeLong divides by m - 1 and n - 1
        parts = zip((scores.positive2, scores.negative2), phi, (positives, negatives), strict=True)
        variance = sum(_spread(w2, p) * size / (size - 1) for w2, p, size in parts)
    else:
        both = _spread(scores.positive2, phi[0]) + _spread(scores.negative2, phi[1])
        variance = both * rows / (rows - 1)
    found = delta(value, variance / scores.total**2, metric.range, level)
    return Interval(found.low, found.high, "delong") if is_auc else found


def _spread(weight2: Floats, phi: Floats) -> float:
    return float(weight2 @ (phi * phi))
