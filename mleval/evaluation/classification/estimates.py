"""How the metrics of a classification are read off its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mleval.evaluation.classification.averages import average_interval, average_value
from mleval.evaluation.classification.counting import count_interval, count_value
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.label_counting import label_interval, label_value
from mleval.evaluation.classification.soft_labels import ROLE
from mleval.evaluation.estimates import Way, read_off
from mleval.evaluation.moments import mean_interval, mean_value
from mleval.evaluation.requests import Request
from mleval.evaluation.scoring import score_interval, score_value
from mleval.report import Estimate
from mleval.states import Confusion, Means, ScoreTable

_WAYS: Mapping[Any, Way] = {
    Confusion: Way(count_value, count_interval),
    Means: Way(mean_value, mean_interval),
    ScoreTable: Way(score_value, score_interval),
    "labels": Way(label_value, label_interval),
    "average": Way(average_value, average_interval),
}


def missing(request: Request, evidence: Evidence) -> str | None:
    """Why the evidence does not hold what a request reads, or None when it does."""
    metric = request.metric
    if not evidence.labelled and ROLE not in metric.needs:
        return evidence.absent["labels"]
    if metric.state is Confusion:
        return None if evidence.confusion else evidence.absent["predictions"]
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
    about = _subject(request, evidence)
    found = read_off(_way(request, evidence), request, evidence, level, about=about)
    threshold = request.metric.threshold
    if threshold is None or evidence.event is None or found.value is None:
        return found
    return replace(found, threshold=threshold(evidence.event, **request.options))


def _way(request: Request, evidence: Evidence) -> Way:
    """The way of its state, and of the task."""
    metric = request.metric
    if metric.state is Confusion and evidence.task == "multilabel":
        return _WAYS["labels"]
    if metric.reads_class_tables(evidence.task):
        return _WAYS["average"]
    return _WAYS[metric.state]


def _subject(request: Request, evidence: Evidence) -> str | None:
    """The class a number is about, where it is about one."""
    spec, over = request.spec, request.metric.over
    if spec.of_class is not None or spec.average is not None or over not in ("class", "event"):
        return spec.of_class
    return evidence.positive
