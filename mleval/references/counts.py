"""Metrics of the confusion matrix, by scikit-learn.

Labels travel as their positions in `classes`, so that the order is ours whatever their spelling.
`zero_division` is what a class without a value counts in an average, or nan to leave it out; a
single class without a value is nan, where scikit-learn by itself prints 0.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mleval.references.observed import Codes, Floats, Observed, codes, counted, mean_of_classes


def _columns(observed: Observed) -> tuple[Codes, Codes, Floats | None]:
    rows = counted(observed)
    truth, prediction = codes(rows.truth, rows.classes), codes(rows.prediction, rows.classes)
    return truth, prediction, rows.weight


def _whole(
    score: Callable[..., Any],
    observed: Observed,
    average: str | None,
    of_class: str | None,
    **options: Any,
) -> float:
    """A metric of the whole table, quietly."""
    if average is not None or of_class is not None:
        raise ValueError("a metric of the whole table has no averages and no classes")
    truth, prediction, weight = _columns(observed)
    if not len(truth):
        return math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(score(truth, prediction, sample_weight=weight, **options))


def _averaged(
    score: Callable[..., Any],
    observed: Observed,
    average: str | None,
    of_class: str | None,
    zero_division: float,
    **options: Any,
) -> float:
    """Bare: the positive class of a binary task, the macro average of a multiclass one."""
    truth, prediction, weight = _columns(observed)
    if not len(truth):
        return math.nan
    if of_class is None and average is None:
        of_class, average = (observed.positive, None) if observed.positive else (None, "macro")
    options["sample_weight"] = weight
    every = list(range(len(observed.classes[: observed.averaged])))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if of_class is not None:
            one = [observed.classes.index(of_class)]
            options |= {"labels": one, "average": None, "zero_division": math.nan}
            return float(score(truth, prediction, **options)[0])
        options["labels"] = every
        if average == "micro" or not math.isnan(zero_division):
            options |= {"average": average, "zero_division": zero_division}
            return float(score(truth, prediction, **options))
        options |= {"average": None, "zero_division": math.nan}
        values = [float(value) for value in score(truth, prediction, **options)]
    # scikit-learn's own mean of what is left is unweighted where no class left has any truth.
    support = [float(np.average(truth == code, weights=weight)) for code in every]
    shares = support if average == "weighted" else [1.0] * len(every)
    return mean_of_classes(values, shares, math.nan)


def precision(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """TP / (TP + FP), by precision_score. Undefined for a class that is never predicted."""
    from sklearn.metrics import precision_score

    return _averaged(precision_score, observed, average, of_class, zero_division)


def recall(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """TP / (TP + FN), by recall_score. Undefined for a class that is never true."""
    from sklearn.metrics import recall_score

    return _averaged(recall_score, observed, average, of_class, zero_division)


def f1(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """2TP / (2TP + FP + FN), by f1_score. Undefined for a class never true nor predicted."""
    from sklearn.metrics import f1_score

    return _averaged(f1_score, observed, average, of_class, zero_division)


def fbeta(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
    beta: float,
) -> float:
    """(1 + β²)TP / ((1 + β²)TP + β²FN + FP), by fbeta_score. Undefined where that is 0 / 0."""
    from sklearn.metrics import fbeta_score

    return _averaged(fbeta_score, observed, average, of_class, zero_division, beta=beta)


def jaccard(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    zero_division: float = 0.0,
) -> float:
    """TP / (TP + FP + FN), by jaccard_score. Undefined for a class never true nor predicted."""
    return _averaged(_jaccard_score, observed, average, of_class, zero_division)


def _jaccard_score(
    truth: Codes, prediction: Codes, *, labels: list[int], zero_division: float, **options: Any
) -> Any:
    """jaccard_score, which by itself has no nan for what is undefined."""
    from sklearn.metrics import jaccard_score

    absent = 0.0 if math.isnan(zero_division) else zero_division
    values = jaccard_score(truth, prediction, labels=labels, zero_division=absent, **options)
    if options["average"] is None and math.isnan(zero_division):
        values[~(np.isin(labels, truth) | np.isin(labels, prediction))] = math.nan
    return values


def accuracy(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The share of rows whose prediction is the truth, by accuracy_score."""
    from sklearn.metrics import accuracy_score

    return _whole(accuracy_score, observed, average, of_class)


def balanced_accuracy(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The mean recall of the classes that occur in truth, by balanced_accuracy_score."""
    from sklearn.metrics import balanced_accuracy_score

    return _whole(balanced_accuracy_score, observed, average, of_class)


def mcc(observed: Observed, *, average: str | None = None, of_class: str | None = None) -> float:
    """Matthews correlation, Gorodkin's for several classes, by matthews_corrcoef.

    Undefined where the truth or the prediction is constant; scikit-learn prints 0 there.
    """
    from sklearn.metrics import matthews_corrcoef

    truth, prediction, _ = _columns(observed)
    if len(set(truth.tolist())) < 2 or len(set(prediction.tolist())) < 2:
        return math.nan
    return _whole(matthews_corrcoef, observed, average, of_class)


def kappa(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    weights: str | None = None,
) -> float:
    """Cohen's kappa 1 − Σ v·o / Σ v·e, by cohen_kappa_score.

    `weights`: v is 1 off the diagonal (None or "none"), |i − j| ("linear") or (i − j)²
    ("quadratic"), i and j positions in `classes`. Undefined where truth and prediction are
    constant and the same; scikit-learn prints nan or, in other versions, 0 there.
    """
    from sklearn.metrics import cohen_kappa_score

    truth, prediction, _ = _columns(observed)
    if len(set(truth.tolist()) | set(prediction.tolist())) < 2:
        return math.nan
    labels = list(range(len(observed.classes))) + [-1] * (-1 in prediction)
    power = None if weights == "none" else weights
    return _whole(cohen_kappa_score, observed, average, of_class, labels=labels, weights=power)


def hamming_loss(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The share of labels that are wrong, by hamming_loss; one label a row: 1 − accuracy."""
    from sklearn import metrics

    return _whole(metrics.hamming_loss, observed, average, of_class)


def zero_one_loss(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The share of rows that are wrong, by zero_one_loss: 1 − accuracy."""
    from sklearn import metrics

    return _whole(metrics.zero_one_loss, observed, average, of_class)
