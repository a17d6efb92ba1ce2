"""Losses of probabilities and decision scores, by scikit-learn."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mleval.references.definitions.losses import log_loss_of_logits
from mleval.references.observed import (
    Codes,
    Floats,
    Observed,
    class_probabilities,
    codes,
    counted,
)
from mleval.references.one_vs_rest import OneVsRest, against_rest, over_classes

# The truth as codes, the probability of code 1 or the (n, K) table, the weights.
Loss = Callable[[Codes, Floats, Floats | None], float]


def log_loss(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The mean of −log p of the true class, by log_loss, in nats.

    p is clipped to [ε, 1 − ε], ε = 2.2e-16, and rows are not renormalised. Logits go by the
    definition instead, log(1 + e^−z) or logsumexp(z) − z, and are not clipped.
    """
    whole = average is None and (observed.task == "binary" or of_class is None)
    if observed.score_scale == "logit" and whole:
        return log_loss_of_logits(observed, of_class=of_class)
    return _loss(_binary_log_loss, _multiclass_log_loss, observed, average, of_class)


def _binary_log_loss(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    from sklearn import metrics

    return _quietly(metrics.log_loss, truth, probability, weight, labels=[0, 1])


def _multiclass_log_loss(truth: Codes, table: Floats, weight: Floats | None) -> float:
    from sklearn import metrics

    # A class that never occurs, for scikit-learn wants two.
    table = np.hstack([table, np.zeros_like(table)]) if table.shape[1] == 1 else table
    return _quietly(metrics.log_loss, truth, table, weight, labels=list(range(table.shape[1])))


def brier(observed: Observed, *, average: str | None = None, of_class: str | None = None) -> float:
    """The mean squared error of the probabilities, by brier_score_loss (Brier 1950).

    Binary or `of_class`: (p − y)², on 0-1. Multiclass: Σ_c (p_c − y_c)², on 0-2, with two
    classes too: the sum of each column's.
    """
    return _loss(_binary_brier, _multiclass_brier, observed, average, of_class)


def _binary_brier(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    from sklearn.metrics import brier_score_loss

    return _quietly(brier_score_loss, truth, probability, weight, pos_label=1)


def _multiclass_brier(truth: Codes, table: Floats, weight: Floats | None) -> float:
    columns = enumerate(table.T)
    return sum(
        _binary_brier((truth == code).astype(np.int64), column, weight) for code, column in columns
    )


def brier_skill(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """1 − brier / brier of always forecasting the base rates of these rows (Murphy 1973).

    The base rates are weighted. Undefined where the truth has one class.
    """
    return _loss(_binary_skill, _multiclass_skill, observed, average, of_class)


def _binary_skill(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    if len(np.unique(truth)) < 2:
        return math.nan
    rate = float(np.average(truth, weights=weight))
    base = _binary_brier(truth, np.full(len(truth), rate), weight)
    return 1 - _binary_brier(truth, probability, weight) / base


def _multiclass_skill(truth: Codes, table: Floats, weight: Floats | None) -> float:
    if len(np.unique(truth)) < 2:
        return math.nan
    rates = [float(np.average(truth == code, weights=weight)) for code in range(table.shape[1])]
    base = _multiclass_brier(truth, np.tile(rates, (len(truth), 1)), weight)
    return 1 - _multiclass_brier(truth, table, weight) / base


def _loss(
    binary: Loss, multiclass: Loss, observed: Observed, average: str | None, of_class: str | None
) -> float:
    """A loss of P(positive), of all the columns, or of one column after the other."""
    rows = counted(observed)
    if not len(rows.truth):
        return math.nan
    if rows.task == "multiclass" and average is None and of_class is None:
        truth = codes(rows.truth, rows.probability_classes)
        return multiclass(truth, class_probabilities(rows), rows.weight)

    @over_classes
    def of_one(view: OneVsRest) -> float:
        return binary(view.truth, view.probabilities, view.weight)

    return of_one(rows, average=average, of_class=of_class)


def _quietly(
    score: Callable[..., Any],
    truth: Codes,
    probabilities: Floats,
    weight: Floats | None,
    **options: Any,
) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(score(truth, probabilities, sample_weight=weight, **options))


def hinge_loss(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """The mean of max(0, 1 − y·score), y = ±1, the scores as they are, by hinge_loss."""
    from sklearn import metrics

    if average is not None or observed.task != "binary":
        raise ValueError("the hinge loss is of one decision score")
    rows = counted(observed)
    of_class = of_class or rows.positive
    assert of_class is not None
    if not len(rows.truth):
        return math.nan
    view = against_rest(rows, of_class)
    # With one class in sight scikit-learn takes it for the negative one, so that both are shown
    # to it, without weight.
    truth = np.concatenate([view.truth, [0, 1]])
    scores = np.concatenate([view.score, [0.0, 0.0]])
    weight = np.concatenate([view.weights, [0.0, 0.0]])
    return float(metrics.hinge_loss(truth, scores, sample_weight=weight))
