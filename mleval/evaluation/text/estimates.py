"""How the metrics of texts are read off their evidence."""

from __future__ import annotations

from typing import Any

from mleval.errors import NoInterval, Undefined
from mleval.evaluation.estimates import Way, read_off
from mleval.evaluation.moments import mean_interval, mean_value
from mleval.evaluation.requests import Request
from mleval.evaluation.text.evidence import TextEvidence
from mleval.report import Estimate
from mleval.states import NgramSet
from mleval.uncertainty.intervals import Interval


def estimate(request: Request, evidence: TextEvidence, level: float | None) -> Estimate:
    """Read one metric. level: of the interval, None for no interval."""
    return read_off(_WAY, request, evidence, level)


def _value(request: Request, evidence: TextEvidence) -> Any:
    name = request.metric.name
    if name.startswith(_OVERLAPS) and not any(r.data.strip() for r in evidence.segments.references):
        raise Undefined("every reference is empty")
    if request.metric.state is NgramSet:
        grams = evidence.grams[request.options["n"]]
        return request.metric.function(grams, **request.options)
    return mean_value(request, evidence)


def _interval(request: Request, evidence: TextEvidence, level: float, value: float) -> Interval:
    if evidence.rows == 1:
        raise NoInterval("one segment")
    return mean_interval(request, evidence, level, value)


_OVERLAPS = ("rouge", "sentence_bleu")
"""What is 0 by its tool where no reference has a word; corpora tell why there is no value."""

_WAY = Way(_value, _interval)
