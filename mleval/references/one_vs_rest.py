"""One class against the rest: the binary view that every score metric is computed on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mleval.references.observed import (
    Codes,
    Floats,
    Observed,
    class_probabilities,
    class_weight,
    counted,
)

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class OneVsRest:
    """truth: (n,) 1 for the class, 0 for the rest; score: (n,) higher means the class.

    probability: P(class) where it is known; logit: its log-odds where logits were given.
    """

    truth: Codes
    score: Floats
    probability: Floats | None
    logit: Floats | None
    weight: Floats | None

    @property
    def weights(self) -> Floats:
        """(n,) weights, ones where every row counts once."""
        return np.ones(len(self.truth)) if self.weight is None else self.weight

    @property
    def probabilities(self) -> Floats:
        """P(class), or ValueError where the scores are on no probability scale."""
        if self.probability is None:
            raise ValueError("no probabilities")
        return self.probability

    @property
    def has_both(self) -> bool:
        """Whether the class and the rest both occur."""
        return bool(self.truth.any()) and not bool(self.truth.all())


def against_rest(observed: Observed, of_class: str) -> OneVsRest:
    """The rows as a binary task in which `of_class` is the positive class.

    Binary: the negative class ranks by −score and has the probability 1 − p. Multiclass: the
    class's own column, or its log-odds where logits were given.
    """
    truth = (observed.truth == of_class).astype(np.int64)
    probability: Floats | None = None
    logit: Floats | None = None
    if observed.task == "multiclass":
        column = observed.probability_classes.index(of_class)
        assert observed.probabilities is not None
        if observed.score_scale == "any":
            score = observed.probabilities[:, column]
        elif observed.score_scale == "logit":
            logit = score = log_odds_of(observed.probabilities, column)
            probability = expit(score)
        else:
            score = probability = class_probabilities(observed)[:, column]
        return OneVsRest(truth, score, probability, logit, observed.weight)
    if observed.score is None:
        raise ValueError("no scores")
    forward = of_class == observed.positive
    score = observed.score if forward else -observed.score
    if observed.score_scale == "logit":
        logit, probability = score, expit(score)
    elif observed.score_scale == "probability":
        probability = observed.score if forward else 1 - observed.score
    return OneVsRest(truth, score, probability, logit, observed.weight)


def log_odds_of(logits: Floats, column: int) -> Floats:
    """z - log Σ exp of the other columns, of (n, K) logits."""
    from scipy.special import logsumexp

    others: Floats = logsumexp(np.delete(logits, column, axis=1), axis=1)
    odds: Floats = logits[:, column] - others
    return odds


def expit(logit: Floats) -> Floats:
    """1 / (1 + e^−z), without overflow."""
    small: Floats = np.exp(-np.abs(logit))
    return np.where(logit >= 0, 1.0, small) / (1.0 + small)


def over_classes(metric: Callable[..., float]) -> Callable[..., float]:
    """Give metric(rows: OneVsRest, **options) the contract of a reference.

    Bare: the positive class of a binary task, the macro average of a multiclass one.
    `of_class`: that class against the rest. `average`: "macro", or "weighted" by the truth's
    weight of each class; nan as soon as one class has no value.
    """

    @functools.wraps(metric)
    def reference(
        observed: Observed,
        *,
        average: str | None = None,
        of_class: str | None = None,
        **options: float | str | bool,
    ) -> float:
        rows = counted(observed)
        if not len(rows.truth):
            return float("nan")
        if of_class is None and average is None and rows.task == "binary":
            of_class = rows.positive
        if of_class is not None:
            return metric(against_rest(rows, of_class), **options)
        if average not in (None, "macro", "weighted"):
            raise ValueError(f"no {average} average of scores")
        columns = rows.classes if rows.task == "binary" else rows.probability_classes
        out = () if rows.averaged is None else rows.classes[rows.averaged :]
        classes = [name for name in columns if name not in out]
        values = [metric(against_rest(rows, name), **options) for name in classes]
        shares = [class_weight(rows, name) if average == "weighted" else 1.0 for name in classes]
        return float(np.average(values, weights=shares))

    return reference
