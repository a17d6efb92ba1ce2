"""Metrics of class probabilities, each the mean of one number a row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.metrics.losses import check_focal
from mleval.registry import Component, Proportion, metric
from mleval.states import Means
from mleval.states.score_table import CLIP


@dataclass(frozen=True)
class ClassRows:
    """n rows with a number for each of k classes.

    truth: (n,) the position of the true class; values: (k, n) probabilities, or logits;
    truth_probabilities: (k, n) how likely each class is in truth, where labels are soft.

    >>> rows = ClassRows(np.array([1]), np.array([[0.25], [0.75]]))
    >>> rows.true_probability.tolist()
    [0.75]
    """

    truth: NDArray[np.int64]
    values: Floats
    logits: bool = False
    truth_probabilities: Floats | None = None

    @cached_property
    def log_probabilities(self) -> Floats:
        """(k, n) of logits: z − log Σ exp z, exact however large they are."""
        shifted = self.values - self.values.max(axis=0)
        result: Floats = shifted - np.log(np.exp(shifted).sum(axis=0))
        return result

    @cached_property
    def probabilities(self) -> Floats:
        """(k, n)."""
        return np.exp(self.log_probabilities) if self.logits else self.values

    @cached_property
    def best(self) -> NDArray[np.intp]:
        """(n,) the position of the highest value, the first of equal ones."""
        best: NDArray[np.intp] = self.values.argmax(axis=0)
        return best

    @cached_property
    def true_probability(self) -> Floats:
        """(n,) the probability of the true class."""
        result: Floats = self.probabilities[self.truth, np.arange(len(self.truth))]
        return result

    @cached_property
    def true_log_probability(self) -> Floats:
        """(n,) its logarithm; a probability is clipped to [2.2e-16, 1 − 2.2e-16] first."""
        if self.logits:
            result: Floats = self.log_probabilities[self.truth, np.arange(len(self.truth))]
            return result
        return np.log(np.clip(self.true_probability, CLIP, 1 - CLIP))


def top_label(rows: ClassRows) -> tuple[Floats, NDArray[np.bool_]]:
    """(n,) the highest probability and whether it is of the true class; the first wins ties."""
    confidence: Floats = rows.probabilities[rows.best, np.arange(len(rows.best))]
    return confidence, rows.best == rows.truth


def _clipped(rows: ClassRows) -> Floats:
    """1 where the true class's probability is nearer 0 or 1 than a logarithm is taken of."""
    true = rows.true_probability
    found: Floats = ((true < CLIP) | (true > 1 - CLIP)).astype(np.float64)
    return found * 0.0 if rows.logits else found


def _squared_error(rows: ClassRows) -> Floats:
    """Σ_c (p_c − y_c)², of the differences themselves: Σp² − 2p + 1 has no digits near 0."""
    difference = rows.probabilities.copy()
    difference[rows.truth, np.arange(len(rows.truth))] -= 1.0
    result: Floats = np.einsum("kn,kn->n", difference, difference)
    return result


@metric(
    "log_loss",
    title="Log loss",
    tasks=("multiclass",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="−Σ log p_true / n",
    source="Good 1952",
    use="the probabilities themselves are used: it rewards honest ones, and is what training "
    "minimises",
    beware="one confident mistake can dominate it; probabilities are clipped at 2.2e-16, logits "
    "(--score-scale logit) are exact",
    aliases=("logloss", "neg_log_loss", "categorical_cross_entropy", "nll"),
    default=True,
    scale="probability",
    components=lambda: (
        Component("log_loss", lambda rows: -rows.true_log_probability),
        Component("clipped", _clipped),
    ),
)
def log_loss(mean: Mapping[str, Any]) -> Any:
    """Mean negative logarithm of the probability given to the true class.

    >>> log_loss({"log_loss": 0.25})
    0.25
    """
    return mean["log_loss"]


@metric(
    "brier",
    title="Brier score",
    tasks=("multiclass",),
    state=Means,
    goal="min",
    range=(0, 2),
    formula="Σ Σ_c (p_c − y_c)² / n, on 0-2",
    source="Brier 1950",
    use="the probabilities are used and single confident mistakes should not dominate",
    beware="on 0-2 over several classes, on 0-1 in a binary task: do not compare the two",
    aliases=("brier_score", "neg_brier_score", "brier_score_loss"),
    default=True,
    scale="probability",
    components=lambda: (Component("squared_error", _squared_error),),
)
def brier(mean: Mapping[str, Any]) -> Any:
    """Mean squared distance between the probabilities and the truth, summed over classes.

    >>> brier({"squared_error": 0.5})
    0.5
    """
    return mean["squared_error"]


def _focal_components(alpha: float, gamma: float) -> tuple[Component, ...]:
    check_focal(alpha, gamma, highest_alpha=math.inf)

    def loss(rows: ClassRows) -> Floats:
        log = rows.true_log_probability
        result: Floats = -alpha * (-np.expm1(log)) ** gamma * log
        return result

    return (Component(f"focal_loss({alpha!r},{gamma!r})", loss),)


@metric(
    "focal_loss",
    title="Focal loss",
    tasks=("multiclass",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="−α (1 − p_true)^γ log p_true, mean",
    source="Lin et al. 2017",
    use="comparing with a model that was trained on it",
    beware="α is the same for every class here; it is no proper score: it does not reward "
    "honest probabilities",
    scale="probability",
    components=_focal_components,
)
def focal_loss(mean: Mapping[str, Any], *, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    """Log loss that turns down the rows that are already right.

    >>> focal_loss({"focal_loss(0.25,2.0)": 0.5})
    0.5
    """
    return mean[f"focal_loss({alpha!r},{gamma!r})"]


def _top_k_components(k: int) -> tuple[Component, ...]:
    if k < 1:
        raise UsageError(f"top_k_accuracy: k must be at least 1, not {k}")

    def hit(rows: ClassRows) -> Floats:
        """As scikit-learn ranks: of equal values the later column comes first."""
        true = rows.values[rows.truth, np.arange(len(rows.truth))]
        later = np.arange(len(rows.values))[:, None] > rows.truth
        ahead = (rows.values > true) | ((rows.values == true) & later)
        found: Floats = (ahead.sum(axis=0) < k).astype(np.float64)
        return found

    return (Component(f"top_k({k})", hit),)


@metric(
    "top_k_accuracy",
    title="Top-k accuracy",
    tasks=("multiclass",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula="share of rows whose class is among the k with the highest scores",
    source="Russakovsky et al. 2015",
    use="somebody picks from a short list of suggestions",
    beware="with few classes it is near 1 for any model; of equal scores the later column counts "
    "as higher, as in scikit-learn",
    components=_top_k_components,
    proportion=Proportion(),
)
def top_k_accuracy(mean: Mapping[str, Any], *, k: int = 2) -> Any:
    """Share of rows whose true class is among the k highest.

    >>> top_k_accuracy({"top_k(2)": 0.9})
    0.9
    """
    return mean[f"top_k({k})"]
