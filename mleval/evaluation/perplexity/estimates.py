"""How the metrics of a language model are read off its evidence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from mleval.errors import NoInterval, Undefined
from mleval.evaluation.estimates import Way, read_off
from mleval.evaluation.moments import interval_on, mean_value
from mleval.evaluation.perplexity.evidence import PerplexityEvidence
from mleval.evaluation.requests import Request
from mleval.metrics.perplexity import EXPONENTIAL
from mleval.registry import Metric
from mleval.report import Estimate
from mleval.uncertainty.intervals import Interval

ACROSS_MODELS = "bits_per_byte"
"""The one metric that is the same whatever a model's tokenizer."""


def estimate(request: Request, evidence: PerplexityEvidence, level: float | None) -> Estimate:
    """Read one metric. level: of the interval, None for no interval."""
    found = read_off(_WAY, request, evidence, level)
    if found.undefined is None or not found.undefined.startswith("infinite"):
        return found
    where = evidence.impossible
    why = "beyond what a float can hold"
    if evidence.total("infinite"):
        why = f"log-probability −inf at {where}" if where else "a log-probability is −inf"
    return replace(found, undefined=f"infinite: {why}")


def missing(request: Request, evidence: PerplexityEvidence) -> str | None:
    """Why the evidence does not hold what a request reads, or None when it does."""
    name, means = request.metric.name, evidence.means
    if name == "oov_rate" and not evidence.knows("oov"):
        return "the input does not say which tokens are out of the vocabulary"
    if name in ("token_accuracy", "token_top_k"):
        k = request.options.get("k", 1)
        if means.value(f"undetermined {k}") >= max(means.value("tokens"), 1e-300):
            return "the input has no alternatives of the tokens"
    return None


def _value(request: Request, evidence: PerplexityEvidence) -> Any:
    if len(evidence.models) > 1 and request.metric.name != ACROSS_MODELS:
        raise Undefined(
            f"several models are named ({_named(evidence)}): figures a token do not compare "
            "across tokenizers"
        )
    return mean_value(request, evidence)


def _named(evidence: PerplexityEvidence) -> str:
    some = ", ".join(evidence.models[:3])
    return some + (f" and {len(evidence.models) - 3} more" if len(evidence.models) > 3 else "")


def _interval(
    request: Request, evidence: PerplexityEvidence, level: float, value: float
) -> Interval:
    if evidence.rows == 1:
        raise NoInterval("one sequence, whose tokens are not independent")
    metric, options, means = request.metric, request.options, evidence.means
    degrees = evidence.rows - 1
    if metric.interval != EXPONENTIAL:
        return interval_on(metric, options, means, level, value, degrees)
    power = replace(metric, function=_logarithm(metric), range=(0, math.inf), interval="")
    found = interval_on(power, options, means, level, math.log(value), degrees)
    return Interval(math.exp(found.low), _exp(found.high), found.method)


def _logarithm(metric: Metric) -> Any:
    """The metric's logarithm, so that its interval is that of the entropy that it is a power of."""
    import numpy as np

    return lambda means, **options: np.log(metric.function(means, **options))


def _exp(power: float) -> float:
    return math.exp(min(power, 709.0))


_WAY = Way(_value, _interval)
