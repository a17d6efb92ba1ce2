"""How the metrics of a regression are read off its evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mleval.errors import Undefined
from mleval.evaluation.estimates import Way, read_off
from mleval.evaluation.moments import interval_on
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.ranked import influence
from mleval.evaluation.regression.targets import mean_over, of_target, over_targets
from mleval.evaluation.requests import Request, components_of
from mleval.report import Estimate
from mleval.states import Kept, Means, Ordered
from mleval.uncertainty.influences import influence_interval
from mleval.uncertainty.intervals import Interval
from mleval.uncertainty.order_statistics import quantile_interval

_OVERFLOW = "infinite: beyond what a float can hold"


def estimate(request: Request, evidence: RegressionEvidence, level: float | None) -> Estimate:
    """Read one metric. level: of the interval, None for no interval."""
    return read_off(_WAYS[request.metric.state], request, evidence, level)


def missing(request: Request, evidence: RegressionEvidence) -> str | None:
    """Why the evidence does not hold what a request reads, or None when it does."""
    metric = request.metric
    if metric.state is Kept and not all(kept.complete for kept in evidence.ranked.values()):
        return f"more than {next(iter(evidence.ranked.values())).cap:,} rows: ask for it by name"
    needed = {component.name for component in components_of([request])}
    if metric.state in (Means, Kept) and not needed <= evidence.components:
        return "the columns do not tell what it reads"
    return None


def targets_of(request: Request, evidence: RegressionEvidence) -> tuple[str, ...]:
    """The targets that a number is over."""
    target = request.spec.target
    return evidence.targets if target is None else (target,)


def _value_of_means(request: Request, evidence: RegressionEvidence) -> Any:
    assert evidence.means
    targets, told = targets_of(request, evidence), evidence.means.readings()
    assert request.metric.components
    for component in request.metric.components(**request.options):
        for target in targets:
            _refuse_overflow(told, of_target(component.name, target))
    return _finite(over_targets(request.metric, targets).function(told, **request.options))


def _refuse_overflow(told: Mapping[str, float], name: str) -> None:
    """Raise Undefined where a mean overflowed, unless some of its numbers were none themselves."""
    if not (math.isfinite(told[name]) or math.isnan(told.get(f"min {name}", 0.0))):
        raise Undefined(_OVERFLOW)


def _finite(value: Any) -> Any:
    """The value; Undefined where it is too large for a float: finite numbers have no other ±∞."""
    if math.isinf(value):
        raise Undefined(_OVERFLOW)
    return value


def _interval_of_means(
    request: Request, evidence: RegressionEvidence, level: float, value: float
) -> Interval:
    assert evidence.means
    metric = over_targets(request.metric, targets_of(request, evidence))
    return interval_on(metric, request.options, evidence.means, level, value)


def _value_of_errors(request: Request, evidence: RegressionEvidence) -> Any:
    def read(target: str) -> Any:
        return request.metric.function(evidence.errors[target].magnitudes(), **request.options)

    return _finite(mean_over(targets_of(request, evidence), read))


def _value_of_ranked(request: Request, evidence: RegressionEvidence) -> Any:
    def read(target: str) -> Any:
        return request.metric.function(evidence.ranked[target], **request.options)

    return _finite(mean_over(targets_of(request, evidence), read))


def _interval_of_errors(
    request: Request, evidence: RegressionEvidence, level: float, value: float
) -> Interval:
    targets, share = targets_of(request, evidence), request.metric.share
    assert share is not None
    if len(targets) > 1:
        return _interval_of_ranked(request, evidence, level, value)
    return quantile_interval(evidence.errors[targets[0]].magnitudes(), share, level)


def _interval_of_ranked(
    request: Request, evidence: RegressionEvidence, level: float, value: float
) -> Interval:
    moved, weight = influence(request, evidence, targets_of(request, evidence))
    return influence_interval(moved, weight, value, request.metric.range, level)


_WAYS: Mapping[type, Way] = {
    Means: Way(_value_of_means, _interval_of_means),
    Ordered: Way(_value_of_errors, _interval_of_errors),
    Kept: Way(_value_of_ranked, _interval_of_ranked),
}
