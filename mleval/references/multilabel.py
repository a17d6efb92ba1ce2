"""Metrics of rows with several labels, by scikit-learn on 0/1 tables, else by their definitions.

A label or row without a value counts `zero_division` in an average, or is left out where that is
nan; a single label, or a micro average, without a value is nan.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mleval.references.definitions.counts import Counts, ratio
from mleval.references.observed import Codes, Floats, Observed, mean_of_classes

SKLEARN = {
    "precision": "precision_score",
    "recall": "recall_score",
    "f1": "f1_score",
    "fbeta": "fbeta_score",
    "jaccard": "jaccard_score",
}
DEFINED: dict[str, Callable[[Counts], float]] = {
    "specificity": lambda c: ratio(c.tn, c.tn + c.fp),
    "npv": lambda c: ratio(c.tn, c.tn + c.fn),
    "fpr": lambda c: ratio(c.fp, c.fp + c.tn),
    "fnr": lambda c: ratio(c.fn, c.fn + c.tp),
    "informedness": lambda c: ratio(c.tp, c.tp + c.fn) + ratio(c.tn, c.tn + c.fp) - 1,
    "markedness": lambda c: ratio(c.tp, c.tp + c.fp) + ratio(c.tn, c.tn + c.fn) - 1,
    "prevalence": lambda c: ratio(c.tp + c.fn, c.rows),
    "jaccard": lambda c: ratio(c.tp, c.tp + c.fp + c.fn),
}
SCORED = {"roc_auc": "roc_auc_score", "average_precision": "average_precision_score"}


def _tables(observed: Observed) -> tuple[Codes, Codes, Floats]:
    """The rows that count: (n, K) truth and prediction, (n,) weights."""
    truth, prediction = observed.truth_table, observed.prediction_table
    assert truth is not None
    assert prediction is not None
    weight = np.ones(len(truth)) if observed.weight is None else observed.weight
    return truth[weight != 0], prediction[weight != 0], weight[weight != 0]


def by_sklearn(
    observed: Observed,
    *,
    name: str,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
    **options: Any,
) -> float:
    """One of scikit-learn's averages over labels or rows."""
    import sklearn.metrics

    if name == "jaccard" and (of_class or average == "micro" or math.isnan(zero_division)):
        # jaccard_score has no nan for what is undefined
        return by_definition(
            observed, name=name, average=average, of_class=of_class, zero_division=zero_division
        )
    truth, prediction, weight = _tables(observed)
    none = np.zeros((len(truth), 1), np.int64)  # one column alone would be taken for two classes
    truth, prediction = np.hstack([truth, none]), np.hstack([prediction, none])
    every = list(range(len(observed.classes[: observed.averaged])))
    options |= {"sample_weight": weight, "labels": every, "zero_division": zero_division}
    score = getattr(sklearn.metrics, SKLEARN[name])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if of_class is not None:
            options |= {"labels": [observed.classes.index(of_class)], "zero_division": math.nan}
            return float(score(truth, prediction, average=None, **options)[0])
        if average == "micro":
            options["zero_division"] = math.nan
        if average in ("micro", "samples") or not math.isnan(zero_division):
            return float(score(truth, prediction, average=average or "macro", **options))
        values = score(truth, prediction, average=None, **options)
    support = (weight @ truth)[: len(every)]
    shares = support.tolist() if average == "weighted" else [1.0] * len(every)
    return mean_of_classes(values.tolist(), shares, math.nan)


def by_definition(
    observed: Observed,
    *,
    name: str,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """The formula on counts that are added up one by one."""
    truth, prediction, weight = _tables(observed)
    formula = DEFINED[name]
    if of_class is not None:
        at = observed.classes.index(of_class)
        return formula(_counts(truth[:, at], prediction[:, at], weight))
    size = len(observed.classes[: observed.averaged])
    truth, prediction = truth[:, :size], prediction[:, :size]
    if average == "micro":
        pooled = np.repeat(weight, size)
        return formula(_counts(truth.ravel(), prediction.ravel(), pooled))
    if average == "samples":
        ones = np.ones(size)
        values = [formula(_counts(t, p, ones)) for t, p in zip(truth, prediction, strict=True)]
        return mean_of_classes(values, weight.tolist(), zero_division)
    values = [formula(_counts(truth[:, k], prediction[:, k], weight)) for k in range(size)]
    shares = (weight @ truth).tolist() if average == "weighted" else [1.0] * size
    return mean_of_classes(values, shares, zero_division)


def _counts(truth: Codes, prediction: Codes, weight: Floats) -> Counts:
    counts = {(t, p): 0.0 for t in (0, 1) for p in (0, 1)}
    for t, p, w in zip(truth.tolist(), prediction.tolist(), weight.tolist(), strict=True):
        counts[t, p] += w
    return Counts(tp=counts[1, 1], fp=counts[0, 1], fn=counts[1, 0], tn=counts[0, 0])


def of_rows(
    observed: Observed,
    *,
    name: str,
    average: str | None = None,
    of_class: str | None = None,
) -> float:
    """Metrics of the rows, by accuracy_score and hamming_loss."""
    import sklearn.metrics

    if average is not None or of_class is not None:
        raise ValueError("a metric of rows has no averages and no classes")
    score = {"subset_accuracy": "accuracy_score", "hamming_loss": "hamming_loss"}[name]
    truth, prediction, weight = _tables(observed)
    size = len(observed.classes[: observed.averaged])
    function = getattr(sklearn.metrics, score)
    return float(function(truth[:, :size], prediction[:, :size], sample_weight=weight))


def of_scores(
    observed: Observed, *, name: str, average: str | None = None, of_class: str | None = None
) -> float:
    """Areas under the curves of each label's score. Undefined where a label is all or nothing."""
    import sklearn.metrics

    truth, _, weight = _tables(observed)
    assert observed.probabilities is not None
    rows = np.ones(len(truth), np.bool_) if observed.weight is None else observed.weight != 0
    scores = observed.probabilities[rows]
    function = getattr(sklearn.metrics, SCORED[name])
    columns = observed.probability_classes
    if of_class is None:
        averaged = observed.classes[: observed.averaged]
        kept = [at for at, label in enumerate(columns) if label in averaged]
        scores, columns = scores[:, kept], tuple(columns[at] for at in kept)
    else:
        scores, columns = scores[:, [columns.index(of_class)]], (of_class,)
    table = truth[:, [observed.classes.index(label) for label in columns]]
    if average == "micro":
        table, scores = table.reshape(-1, 1), scores.reshape(-1, 1)
        weight = np.repeat(weight, len(columns))
    values, shares = [], []
    for mine, score in zip(table.T, scores.T, strict=True):
        defined = mine.any() and (name != "roc_auc" or not mine.all())
        values.append(function(mine, score, sample_weight=weight) if defined else math.nan)
        shares.append(float(weight @ mine) if average == "weighted" else 1.0)
    return float(np.average(values, weights=shares)) if any(shares) else math.nan


def references() -> dict[str, tuple[str, Callable[..., float]]]:
    """Metric -> the library and the function."""
    found: dict[str, tuple[str, Callable[..., float]]] = {}
    for names, library, function in (
        (DEFINED, "definition", by_definition),
        (SKLEARN, "scikit-learn", by_sklearn),
        (SCORED, "scikit-learn", of_scores),
        (("subset_accuracy", "hamming_loss"), "scikit-learn", of_rows),
    ):
        found |= {name: (library, functools.partial(function, name=name)) for name in names}
    return found
