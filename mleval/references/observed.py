"""Observed: the resolved columns that a reference implementation is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mleval.registry import Task

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Labels = NDArray[np.object_]
Scale = Literal["probability", "logit", "any"]


@dataclass(frozen=True)
class Observed:
    """Rows of a classification, their columns resolved; every column has length n.

    truth, prediction: class names; classes: each of them, in report order; positive: the
    positive class of a binary task; averaged: how many of them, from the first, averages of
    counts are over, None for all; score: P(positive), a decision score or a logit, as
    `score_scale` says (it speaks for `probabilities` too), and of a multiclass task the
    probability of the predicted class; probabilities: (n, K) of a multiclass task, in the order
    of `probability_classes`, which hold every true class; truth_probabilities: (n, K) of soft
    labels, in the same order; truth_table, prediction_table: (n, K)
    1 where a row of a multilabel task has the label, in the order of `classes`.
    """

    task: Task
    truth: Labels
    prediction: Labels | None
    classes: tuple[str, ...]
    positive: str | None = None
    score: Floats | None = None
    score_scale: Scale = "probability"
    probabilities: Floats | None = None
    probability_classes: tuple[str, ...] = ()
    weight: Floats | None = None
    averaged: int | None = None
    truth_probabilities: Floats | None = None
    truth_table: Codes | None = None
    prediction_table: Codes | None = None


def counted(observed: Observed) -> Observed:
    """The rows that count: those whose weight is not zero."""
    weight = observed.weight
    if weight is None or bool(np.all(weight != 0)):
        return observed
    rows = weight != 0
    return replace(
        observed,
        truth=observed.truth[rows],
        prediction=None if observed.prediction is None else observed.prediction[rows],
        score=None if observed.score is None else observed.score[rows],
        probabilities=None if observed.probabilities is None else observed.probabilities[rows],
        weight=weight[rows],
    )


def weights(observed: Observed) -> Floats:
    """(n,) weights, ones where every row counts once."""
    return np.ones(len(observed.truth)) if observed.weight is None else observed.weight


def codes(column: Labels | None, classes: tuple[str, ...]) -> Codes:
    """(n,) positions of a label column in `classes`, -1 where there is none."""
    if column is None:
        raise ValueError("no predicted labels")
    position = {name: code for code, name in enumerate(classes)}
    missing = {None: -1}  # no prediction: a miss, and of no class
    return np.array([(position | missing)[name] for name in column], dtype=np.int64)


def class_weight(observed: Observed, of_class: str) -> float:
    """The total weight of the rows whose truth is that class."""
    return float(np.sum(weights(observed)[observed.truth == of_class]))


def class_probabilities(observed: Observed) -> Floats:
    """(n, K) probabilities of a multiclass task; logits go through the softmax."""
    values = observed.probabilities
    if values is None or observed.score_scale == "any":
        raise ValueError("no probabilities")
    if observed.score_scale == "probability":
        return values
    powers: Floats = np.exp(values - values.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def mean_of_classes(values: list[float], shares: list[float], zero_division: float) -> float:
    """The mean of per-class values weighted by `shares`.

    An undefined value (nan) counts `zero_division`; where that is nan too it is left out.
    The mean of nothing is nan.
    """
    total = weight = 0.0
    for value, share in zip(values, shares, strict=True):
        counting = zero_division if np.isnan(value) else value
        if not np.isnan(counting):
            total += share * counting
            weight += share
    return total / weight if weight else float("nan")
