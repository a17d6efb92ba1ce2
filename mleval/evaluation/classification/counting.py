"""Count metrics: their value and interval from a confusion matrix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.registry import Metric
from mleval.states import ClassCounts, Counts
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import ROUNDING, Interval, at_the_edge, delta, wilson
from mleval.uncertainty.tangents import Tangent


def count_value(request: Request, evidence: Evidence) -> Any:
    """The metric's value."""
    assert evidence.counts
    return _read(request, evidence, evidence.counts)


def count_interval(request: Request, evidence: Evidence, level: float, value: float) -> Interval:
    """Wilson for proportions; the delta method for the rest; Wilson at the edges."""
    metric = request.metric
    if metric.proportion and not _is_mean_of_classes(request):
        share = metric.proportion.to_share(value)
        trials, trials2 = (
            float(metric.proportion.trials(_counted(request, evidence, squared=squared)))
            for squared in (False, True)
        )
        effective = trials**2 / trials2 if trials2 else 0.0
        simple = request.spec.average != "micro" and not evidence.weighted
        if 0 < share < 1 and not simple:
            effective = _effective_rows(request, evidence, value, share)
        found = wilson(share, effective, level)
        ends = sorted(map(metric.proportion.from_share, (found.low, found.high)))
        return Interval(ends[0], ends[1], found.method)
    limits = metric.range
    if value in limits and np.isfinite(limits).all():
        return at_the_edge(value, limits, evidence.smallest_class, level)
    return delta(value, _variance(request, evidence), limits, level)


def _effective_rows(request: Request, evidence: Evidence, value: float, share: float) -> float:
    """How many rows of equal weight would give a share the variance that it has.

    Where a row counts at most once and all weigh the same this is the number of trials. In a
    micro average a mistake counts twice, and weights may go with the outcome.
    """
    assert request.metric.proportion
    leaf = Variable(value)
    slope = float(gradient(request.metric.proportion.to_share(leaf), [leaf])[0])
    spread = max(_variance(request, evidence), 0.0) * slope**2
    if not spread**0.5 > ROUNDING * share:
        raise NoInterval("zero variance: no row moves it")
    return share * (1 - share) / spread


def class_values(metric: Metric, evidence: Evidence, options: dict[str, Any]) -> Floats:
    """(K,) the metric of each class, nan where it is undefined."""
    return np.broadcast_to(
        np.asarray(metric.function(evidence.by_class, **options), np.float64),
        (len(evidence.classes),),
    )


def _is_mean_of_classes(request: Request) -> bool:
    return request.metric.over == "class" and request.spec.average in ("macro", "weighted")


def _counted(request: Request, evidence: Evidence, *, squared: bool) -> ClassCounts | Counts | None:
    """The counts a single proportion is of."""
    if request.metric.over != "class":
        return evidence.counts2 if squared else evidence.counts
    every = evidence.by_class2 if squared else evidence.by_class
    assert every
    return _selected(request, evidence, every)


def _selected(request: Request, evidence: Evidence, every: ClassCounts) -> ClassCounts:
    """The counts of one class, or pooled over those that averages are over."""
    if request.spec.average == "micro":
        return every.take(slice(evidence.averaged)).pooled()
    name = request.spec.of_class if request.spec.of_class is not None else evidence.positive
    if name not in evidence.classes:
        raise Undefined(f"there is no class '{name}'")
    return every.of_class(evidence.classes.index(name))


def _read(request: Request, evidence: Evidence, counts: Counts) -> Any:
    """The metric on counts that are numbers or variables."""
    if request.metric.over != "class":
        return request.metric.function(counts, **request.options)
    every = evidence.by_class if counts is evidence.counts else counts.by_class()
    assert every
    return over_classes(request, evidence, every)


def over_classes(request: Request, evidence: Evidence, every: ClassCounts) -> Any:
    """A metric of one class on the counts of all, which are numbers or variables."""
    metric, options = request.metric, request.options
    if not _is_mean_of_classes(request):
        return metric.function(_selected(request, evidence, every), **options)
    every = every.take(slice(evidence.averaged))
    values = metric.function(every, **options)
    undefined, zero = np.isnan(values), evidence.zero_division
    if undefined.all():
        raise Undefined("undefined for every class")
    weights: Any = every.tp + every.fn if request.spec.average == "weighted" else 1.0
    counted = np.where(undefined & np.isnan(zero), 0.0, 1.0) * weights
    values = np.where(undefined, 0.0 if np.isnan(zero) else zero, values)
    total = counted.sum()
    if total == 0:
        raise Undefined("no class that it averages over occurs in truth")
    return (counted * values).sum() / total


def _variance(request: Request, evidence: Evidence) -> float:
    """By the multinomial delta method."""
    found = count_tangent(request, evidence)
    return found.variance(found.slope)


def count_tangent(request: Request, evidence: Evidence) -> Tangent:
    """By the cells that occur: Σw²(φ − φ̄)², φ the gradient of a metric at each cell."""
    confusion = evidence.confusion
    assert confusion
    weight, weight2 = confusion.weight, confusion.weight2

    def variance(phi: Floats) -> float:
        return float(weight2 @ (phi - weight @ phi / weight.sum()) ** 2)

    return Tangent(confusion, _slope(request, evidence), variance)


def _slope(request: Request, evidence: Evidence) -> Floats:
    """(m,) how far the count of each cell moves the metric."""
    plain = evidence.counts
    assert plain
    leaves = [
        Variable(x)
        for x in (plain.diagonal, plain.truth, plain.prediction, plain.total, plain.cells)
    ]
    diagonal, truth, prediction, total, cells = leaves
    variables = replace(
        plain, diagonal=diagonal, truth=truth, prediction=prediction, total=total, cells=cells
    )
    result = _read(request, evidence, variables)
    if not isinstance(result, Variable):
        raise NoInterval("it does not depend on the counts")
    by_diagonal, by_truth, by_prediction, by_total, phi = gradient(result, leaves)
    row, column = plain.cell_truth, plain.cell_prediction
    phi = phi + by_truth[row] + by_total + np.where(row == column, by_diagonal[row], 0.0)
    moved: Floats = phi + np.where(column >= 0, by_prediction[column], 0.0)
    return moved
