"""Metrics of the ranking by score, by scikit-learn. Undefined: nan, whatever the library prints."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from mleval.references.observed import (
    Floats,
    Observed,
    class_weight,
    codes,
    counted,
    weights,
)
from mleval.references.one_vs_rest import OneVsRest, log_odds_of, over_classes


def _quietly(score: Callable[..., Any], *columns: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return score(*columns, **options)


@over_classes
def roc_auc(rows: OneVsRest, *, max_fpr: float | None = None) -> float:
    """P(positive above negative) + ½ P(tie), by roc_auc_score.

    With `max_fpr` m: the area A up to m (interpolated there), standardised as
    ½ (1 + (A − m²/2) / (m − m²/2)) (McClish 1989). Undefined unless both classes occur.
    """
    from sklearn.metrics import roc_auc_score

    if not rows.has_both:
        return math.nan
    options = {"sample_weight": rows.weight, "max_fpr": max_fpr}
    return float(_quietly(roc_auc_score, rows.truth, rows.score, **options))


@over_classes
def gini(rows: OneVsRest) -> float:
    """2 AUC − 1 (Somers' D of score on truth), by roc_auc_score."""
    from sklearn.metrics import roc_auc_score

    if not rows.has_both:
        return math.nan
    return 2 * float(roc_auc_score(rows.truth, rows.score, sample_weight=rows.weight)) - 1


@over_classes
def average_precision(rows: OneVsRest) -> float:
    """Σ (R_n − R_{n−1}) P_n down the thresholds, by average_precision_score.

    Undefined without positives; scikit-learn prints 0 there.
    """
    from sklearn.metrics import average_precision_score

    if not rows.truth.any():
        return math.nan
    return float(average_precision_score(rows.truth, rows.score, sample_weight=rows.weight))


@over_classes
def pr_auc(rows: OneVsRest) -> float:
    """The trapezoidal area under precision_recall_curve, which starts at recall 0, precision 1.

    Undefined without positives.
    """
    from sklearn.metrics import auc, precision_recall_curve

    if not rows.truth.any():
        return math.nan
    precision, recall, _ = precision_recall_curve(
        rows.truth, rows.score, sample_weight=rows.weight, drop_intermediate=False
    )
    return float(auc(recall, precision))


@over_classes
def ks(rows: OneVsRest) -> float:
    """max |TPR − FPR| over roc_curve: the two-sample Kolmogorov-Smirnov distance, two-sided.

    Undefined unless both classes occur.
    """
    from sklearn.metrics import roc_curve

    if not rows.has_both:
        return math.nan
    fpr, tpr, _ = roc_curve(
        rows.truth, rows.score, sample_weight=rows.weight, drop_intermediate=False
    )
    return float(np.max(np.abs(tpr - fpr)))


def roc_auc_ovr(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The mean AUC of each class against the rest, by roc_auc_score on indicator columns.

    "weighted": by the truth's weight of each class (Fawcett 2006). Undefined where a class of
    the probability columns is absent; scikit-learn's weighted average leaves it out.
    """
    rows = counted(observed)
    if of_class is not None or not _all_occur(rows):
        return float(roc_auc(observed, average=average, of_class=of_class))
    from sklearn.metrics import roc_auc_score

    out = () if rows.averaged is None else rows.classes[rows.averaged :]
    kept = [code for code, name in enumerate(rows.probability_classes) if name not in out]
    names = np.array(rows.probability_classes, dtype=object)[kept]
    indicators = (rows.truth[:, None] == names).astype(np.int64)
    average = average or "macro"
    scores = _class_scores(rows)[:, kept]
    return float(roc_auc_score(indicators, scores, average=average, sample_weight=rows.weight))


def roc_auc_ovo(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The mean AUC over pairs of classes (Hand & Till 2001).

    A pair's AUC is the mean of both ways round, each by its own class's column on the rows of
    the two classes; "weighted": by the share of rows (Σw) in the pair. By roc_auc_score with
    multi_class="ovo" where it can; it takes no weights, nor just two classes, nor scores that
    are no probabilities, and then its binary AUC is averaged here. Undefined where a class of
    the probability columns is absent; scikit-learn leaves it out or refuses.
    """
    if of_class is not None:
        raise ValueError("one-vs-one has no single classes")
    rows = counted(observed)
    average = average or "macro"
    if not _all_occur(rows):
        return math.nan
    from sklearn.metrics import roc_auc_score

    scores = _class_scores(rows)
    truth = codes(rows.truth, rows.probability_classes)
    out = () if rows.averaged is None else rows.classes[rows.averaged :]
    kept = [code for code, name in enumerate(rows.probability_classes) if name not in out]
    whole = rows.weight is None and len(kept) == scores.shape[1] > 2
    if whole and np.allclose(1, scores.sum(axis=1)):
        return float(roc_auc_score(truth, scores, multi_class="ovo", average=average))
    values, shares = [], []
    for one, other in combinations(kept, 2):
        pair = (truth == one) | (truth == other)
        weight = weights(rows)[pair]
        both = [
            roc_auc_score(truth[pair] == code, scores[pair, code], sample_weight=weight)
            for code in (one, other)
        ]
        values.append(float(np.mean(both)))
        shares.append(float(weight.sum()) if average == "weighted" else 1.0)
    return float(np.average(values, weights=shares))


def _all_occur(rows: Observed) -> bool:
    names = rows.probability_classes
    return len(names) > 1 and all(class_weight(rows, name) > 0 for name in names)


def _class_scores(rows: Observed) -> Floats:
    """(n, K): the scores as they are; of logits each class's log-odds, which do not saturate."""
    assert rows.probabilities is not None
    if rows.score_scale != "logit":
        return rows.probabilities
    columns = range(rows.probabilities.shape[1])
    return np.column_stack([log_odds_of(rows.probabilities, column) for column in columns])


def top_k_accuracy(
    observed: Observed, *, average: str | None = None, of_class: str | None = None, k: int = 2
) -> float:
    """The share of rows whose true class is among the k highest, by top_k_accuracy_score.

    Of equal scores the class later in `probability_classes` comes first, as scikit-learn has it.
    """
    from sklearn.metrics import top_k_accuracy_score

    if average is not None or of_class is not None:
        raise ValueError("top-k accuracy has no averages and no classes")
    rows = counted(observed)
    if rows.probabilities is None:
        raise ValueError("no scores for each class")
    if not len(rows.truth):
        return math.nan
    scores, truth = rows.probabilities, codes(rows.truth, rows.probability_classes)
    # scikit-learn wants three columns or more; those added come last in every row.
    last = np.full((len(scores), max(0, 3 - scores.shape[1])), scores.min() - 1)
    scores = np.hstack([last, scores])
    labels, truth = np.arange(scores.shape[1]), truth + last.shape[1]
    options = {"k": k, "labels": labels, "sample_weight": rows.weight}
    return float(_quietly(top_k_accuracy_score, truth, scores, **options))
