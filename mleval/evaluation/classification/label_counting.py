"""Count metrics of rows with several labels: their value, and an interval that couples the labels.

The labels of a row go together, so it is rows that are independent, not (row, label) pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.classification.counting import count_interval, count_value, over_classes
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.states import ClassCounts
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import Interval, at_the_edge, delta, wilson
from mleval.uncertainty.tangents import Tangent


def label_value(request: Request, evidence: Evidence) -> Any:
    """The mean over rows for a metric of rows and for samples averages; else as for classes."""
    if not is_mean_of_rows(request):
        return count_value(request, evidence)
    values, counted = _of_rows(request, evidence)
    return float(counted @ values) / float(counted.sum())


def label_interval(request: Request, evidence: Evidence, level: float, value: float) -> Interval:
    """Wilson for shares of rows and of one label's; else the delta method, rows independent."""
    metric, shapes = request.metric, evidence.shapes
    assert shapes
    of_class = request.spec.of_class is not None
    if metric.proportion and of_class:
        return count_interval(request, evidence, level, value)
    rows = shapes.effective
    if metric.proportion and metric.over == "row":
        return wilson(value, rows, level)
    limits = metric.range
    if value in limits and np.isfinite(limits).all():
        by_class = of_class or request.spec.average in ("macro", "weighted")
        return at_the_edge(value, limits, evidence.smallest_class if by_class else rows, level)
    if rows <= 1:
        raise NoInterval("one row")
    variance = _variance(request, evidence) * rows / (rows - 1)
    found = delta(value, variance, limits, level)
    coupled = request.spec.average in ("macro", "weighted")
    return Interval(found.low, found.high, "delta, rows" if coupled else found.method)


def label_tangent(request: Request, evidence: Evidence) -> Tangent:
    """By the rows of each shape; else by the TP, FP and FN of each label, one after the other."""
    shapes, counts = evidence.shapes, evidence.confusion
    assert shapes
    rows = shapes.effective
    if rows <= 1:
        raise NoInterval("one row")
    if is_mean_of_rows(request):

        def of_shapes(phi: Floats) -> float:
            return _centred(phi, shapes.weight, shapes.weight2) * rows / (rows - 1)

        return Tangent(shapes, _moved_by_shapes(request, evidence), of_shapes)

    def of_labels(moved: Floats) -> float:
        kept = evidence.label_rows
        if kept is None:
            raise NoInterval("how the labels of a row go together is not kept")
        by_row = kept.summed(moved.reshape(3, -1))
        return _centred(by_row, kept.weight, kept.weight2) * rows / (rows - 1)

    return Tangent(counts, _moved_by_labels(request, evidence).ravel(), of_labels)


def is_mean_of_rows(request: Request) -> bool:
    """Whether it is the mean of a number of each row over its labels."""
    return request.metric.over == "row" or request.spec.average == "samples"


def _of_rows(request: Request, evidence: Evidence) -> tuple[Floats, Floats]:
    """(s,) the metric of the rows of each shape, and the weight they have in the mean."""
    shapes, zero = evidence.shapes, evidence.zero_division
    assert shapes
    values = np.asarray(
        request.metric.function(shapes.counts(evidence.averaged), **request.options), np.float64
    )
    undefined = np.isnan(values)
    if undefined.all():
        raise Undefined("undefined in every row")
    counted = np.where(undefined & np.isnan(zero), 0.0, shapes.weight)
    return np.where(undefined, np.nan_to_num(zero), values), counted


def _variance(request: Request, evidence: Evidence) -> float:
    """Σw²φ² / (Σw)², φ the influence of a row, centred."""
    shapes = evidence.shapes
    assert shapes
    if is_mean_of_rows(request):
        return float(shapes.weight2 @ _moved_by_shapes(request, evidence) ** 2)
    by_tp, by_fp, by_fn, by_tn = _slopes(request, evidence)
    if request.spec.of_class is not None:
        return _variance_of_one(request, evidence, [by_tp, by_fp, by_fn, by_tn])
    if request.spec.average == "micro":
        slopes = (by_tp[0], by_fp[0], by_fn[0], by_tn[0])  # every label moves it alike
        c = shapes.counts(evidence.averaged)
        phi = sum(g * x for g, x in zip(slopes, (c.tp, c.fp, c.fn, c.tn), strict=True))
        return _centred(phi, shapes.weight, shapes.weight2)
    kept = evidence.label_rows
    assert kept
    return _centred(kept.summed(_moved_by_labels(request, evidence)), kept.weight, kept.weight2)


def _moved_by_shapes(request: Request, evidence: Evidence) -> Floats:
    """(s,) how far the count of each shape moves a mean of rows."""
    shapes = evidence.shapes
    assert shapes
    values, counted = _of_rows(request, evidence)
    total = float(counted.sum())
    return (values - counted @ values / total) * (counted / shapes.weight) / total


def _moved_by_labels(request: Request, evidence: Evidence) -> Floats:
    """(3, K) how far a TP, FP and FN of each label move the metric.

    Where a label is neither true nor predicted a row moves it by a constant: centred away.
    """
    by_tp, by_fp, by_fn, by_tn = _slopes(request, evidence)
    return np.stack([by_tp, by_fp, by_fn]) - by_tn


def _slopes(request: Request, evidence: Evidence) -> list[Floats]:
    """(K,) each: how far the TP, FP, FN and TN of each averaged label move the metric."""
    every = evidence.by_class
    assert every
    leaves = [Variable(x) for x in (every.tp, every.fp, every.fn, every.tn)]
    result = over_classes(request, evidence, ClassCounts(*leaves))
    if not isinstance(result, Variable):
        raise NoInterval("it does not depend on the counts")
    return gradient(result, leaves)


def _variance_of_one(request: Request, evidence: Evidence, slopes: list[Floats]) -> float:
    """Of a metric of one label, from the four counts of it."""
    every, every2 = evidence.by_class, evidence.by_class2
    assert every
    assert every2
    at = evidence.classes.index(str(request.spec.of_class))
    one, one2 = every.of_class(at), every2.of_class(at)
    weight, weight2 = (np.array([c.tp, c.fp, c.fn, c.tn], np.float64) for c in (one, one2))
    return _centred(np.array([slope[at] for slope in slopes]), weight, weight2)


def _centred(phi: Floats, weight: Floats, weight2: Floats) -> float:
    return float(weight2 @ (phi - weight @ phi / weight.sum()) ** 2)
