"""Metrics of the confusion matrix by their definitions, from rows tallied one by one."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from mleval.references.observed import Observed, counted, mean_of_classes, weights

Tally = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Counts:
    """One class against the rest: weights of true and false positives and negatives."""

    tp: float
    fp: float
    fn: float
    tn: float

    @property
    def rows(self) -> float:
        """The total weight."""
        return self.tp + self.fp + self.fn + self.tn


def tally(observed: Observed) -> Tally:
    """The total weight of each (truth, prediction) pair."""
    if observed.prediction is None:
        raise ValueError("no predicted labels")
    pairs: Tally = {}
    for truth, prediction, weight in zip(
        observed.truth, observed.prediction, weights(observed), strict=True
    ):
        pairs[truth, prediction] = pairs.get((truth, prediction), 0.0) + float(weight)
    return pairs


def counts_of(pairs: Tally, of_class: str) -> Counts:
    """The pairs seen as `of_class` against the rest."""
    tp = fp = fn = tn = 0.0
    for (truth, prediction), weight in pairs.items():
        if truth == of_class and prediction == of_class:
            tp += weight
        elif prediction == of_class:
            fp += weight
        elif truth == of_class:
            fn += weight
        else:
            tn += weight
    return Counts(tp, fp, fn, tn)


def ratio(numerator: float, denominator: float) -> float:
    """numerator / denominator; nan where that is 0 / 0."""
    return numerator / denominator if denominator else math.nan


def averaged(formula: Callable[[Counts], float]) -> Callable[..., float]:
    """Give a formula of one class's counts the contract of a reference.

    Bare: the positive class of a binary task, the macro average of a multiclass one; `of_class`:
    that class; "macro": the mean over `classes`; "weighted": weighted by the truth's weight of
    each class; "micro": the formula of the summed counts. In "macro" and "weighted" a class
    without a value counts `zero_division`, or is left out where that is nan.
    """

    @functools.wraps(formula)
    def reference(
        observed: Observed,
        *,
        average: str | None = None,
        of_class: str | None = None,
        zero_division: float = 0.0,
    ) -> float:
        rows = counted(observed)
        pairs = tally(rows)
        if of_class is None and average is None and rows.task == "binary":
            of_class = rows.positive
        if of_class is not None:
            return formula(counts_of(pairs, of_class))
        each = [counts_of(pairs, name) for name in rows.classes[: rows.averaged]]
        if average == "micro":
            return formula(
                Counts(
                    sum(c.tp for c in each),
                    sum(c.fp for c in each),
                    sum(c.fn for c in each),
                    sum(c.tn for c in each),
                )
            )
        shares = [c.tp + c.fn if average == "weighted" else 1.0 for c in each]
        return mean_of_classes([formula(c) for c in each], shares, zero_division)

    return reference


@averaged
def specificity(counts: Counts) -> float:
    """TN / (TN + FP): the recall of the rest (Yerushalmy 1947). Undefined without negatives."""
    return ratio(counts.tn, counts.tn + counts.fp)


@averaged
def npv(counts: Counts) -> float:
    """TN / (TN + FN), the negative predictive value. Undefined where nothing is rejected."""
    return ratio(counts.tn, counts.tn + counts.fn)


@averaged
def fpr(counts: Counts) -> float:
    """FP / (FP + TN), the fall-out. Undefined without negatives."""
    return ratio(counts.fp, counts.fp + counts.tn)


@averaged
def fnr(counts: Counts) -> float:
    """FN / (FN + TP), the miss rate. Undefined without positives."""
    return ratio(counts.fn, counts.fn + counts.tp)


@averaged
def informedness(counts: Counts) -> float:
    """TPR + TNR − 1 (Youden 1950; Powers 2011). Undefined where either rate is."""
    true_positive_rate = ratio(counts.tp, counts.tp + counts.fn)
    true_negative_rate = ratio(counts.tn, counts.tn + counts.fp)
    return true_positive_rate + true_negative_rate - 1


@averaged
def markedness(counts: Counts) -> float:
    """PPV + NPV − 1 (Powers 2011). Undefined where either predictive value is."""
    positive_value = ratio(counts.tp, counts.tp + counts.fp)
    negative_value = ratio(counts.tn, counts.tn + counts.fn)
    return positive_value + negative_value - 1


@averaged
def _sensitivity_specificity_mean(counts: Counts) -> float:
    sensitivity = ratio(counts.tp, counts.tp + counts.fn)
    return math.sqrt(sensitivity * ratio(counts.tn, counts.tn + counts.fp))


def g_mean(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """The geometric mean of recalls (Kubat & Matwin 1997; Sun et al. 2006).

    Binary, one class, or an average: √(sensitivity · specificity) of each class against the
    rest. Bare multiclass: (Π recall)^(1/K) over the K classes that occur in truth.
    """
    if observed.task == "binary" or average is not None or of_class is not None:
        return _sensitivity_specificity_mean(
            observed, average=average, of_class=of_class, zero_division=zero_division
        )
    pairs = tally(counted(observed))
    counts = [counts_of(pairs, name) for name in observed.classes]
    recalls = [c.tp / (c.tp + c.fn) for c in counts if c.tp + c.fn]
    if not recalls:
        return math.nan
    if min(recalls) == 0:
        return 0.0
    return math.exp(sum(math.log(recall) for recall in recalls) / len(recalls))


def prevalence(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """(TP + FN) / all: the share of the truth that is the class. Needs no prediction."""
    rows = counted(observed)
    # With the truth as its own prediction the counts are those of the truth alone.
    own = replace(rows, prediction=rows.truth)
    return _share(own, average=average, of_class=of_class, zero_division=zero_division)


@averaged
def _share(counts: Counts) -> float:
    return ratio(counts.tp + counts.fn, counts.rows)


def cost(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    fp: float = 1.0,
    fn: float = 1.0,
    matrix: tuple[tuple[float, ...], ...] | None = None,
) -> float:
    """The mean cost of a row (Elkan 2001).

    (fp · FP + fn · FN) / all for the positive class or `of_class`; with `matrix`,
    Σ w · matrix[truth][prediction] / Σ w, rows truth, both in the order of `classes`.
    """
    if average is not None:
        raise ValueError(f"no {average} average of costs")
    rows = counted(observed)
    pairs = tally(rows)
    if matrix is not None:
        position = {name: code for code, name in enumerate(rows.classes)}
        total = sum(w * matrix[position[t]][position[p]] for (t, p), w in pairs.items())
        return ratio(total, sum(pairs.values()))
    of_class = of_class or rows.positive
    if of_class is None:
        raise ValueError("several classes need a cost matrix")
    counts = counts_of(pairs, of_class)
    return ratio(fp * counts.fp + fn * counts.fn, counts.rows)
