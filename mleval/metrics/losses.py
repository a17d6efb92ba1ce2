"""Losses of a binary score, each the mean over the rows of a function of score and class."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined, UsageError
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable

Losses = tuple[Floats, Floats]  # (s,) the loss of a positive and of a negative at each score


def mean_of(scores: BinaryScores, losses: Losses) -> float:
    """The mean loss over all rows. Raises Undefined without rows."""
    if not scores.total:
        raise Undefined("no rows")
    return float((scores.positive @ losses[0] + scores.negative @ losses[1]) / scores.total)


def influence_of(losses: Callable[..., Losses]) -> Callable[..., Losses]:
    """The influence of a mean: how far a row's loss is from it."""

    def influence(scores: BinaryScores, **options: Any) -> Losses:
        positive, negative = losses(scores, **options)
        mean = mean_of(scores, (positive, negative))
        return positive - mean, negative - mean

    return influence


def _log_losses(scores: BinaryScores) -> Losses:
    return -scores.log_probability, -scores.log_complement


@metric(
    "log_loss",
    title="Log loss",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, float("inf")),
    formula="−Σ (y log p + (1 − y) log(1 − p)) / n",
    source="Good 1952",
    use="the probabilities themselves are used: it rewards honest ones, and is what training "
    "minimises",
    beware="one confident mistake can dominate it; probabilities are clipped at 2.2e-16, logits "
    "(--score-scale logit) are exact",
    aliases=("logloss", "neg_log_loss", "binary_cross_entropy", "bce"),
    default=True,
    scale="probability",
    influence=influence_of(_log_losses),
)
def log_loss(scores: BinaryScores) -> float:
    """Mean negative logarithm of the probability given to what happened.

    >>> one = np.ones(1)
    >>> round(log_loss(BinaryScores(np.array([0.5]), one, one, one, one)), 6)
    0.693147
    """
    return mean_of(scores, _log_losses(scores))


def _squared_errors(scores: BinaryScores) -> Losses:
    p = scores.probability
    miss = np.exp(scores.log_complement) if scores.logit else 1.0 - p
    return miss * miss, p * p


@metric(
    "brier",
    title="Brier score",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, 1),
    formula="Σ (p − y)² / n, on 0-1",
    source="Brier 1950",
    use="the probabilities are used and single confident mistakes should not dominate",
    beware="a rare class makes it small for any model: see brier_skill; several classes: on 0-2",
    aliases=("brier_score", "neg_brier_score", "brier_score_loss"),
    default=True,
    scale="probability",
    influence=influence_of(_squared_errors),
)
def brier(scores: BinaryScores) -> float:
    """Mean squared difference between the probability and what happened (1 or 0).

    >>> one = np.ones(1)
    >>> brier(BinaryScores(np.array([0.5]), one, one, one, one))
    0.25
    """
    return mean_of(scores, _squared_errors(scores))


def _brier_skill_influence(scores: BinaryScores) -> Losses:
    """Of 1 − B / (π(1 − π)), by the chain rule over B and π."""
    positive, negative = influence_of(_squared_errors)(scores)
    share = scores.positives / scores.total
    chance = share * (1 - share)
    score = brier(scores)
    slope = score * (1 - 2 * share) / chance**2
    return slope * (1 - share) - positive / chance, -slope * share - negative / chance


@metric(
    "brier_skill",
    title="Brier skill score",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="class",
    goal="max",
    range=(-float("inf"), 1),
    formula="1 − brier / (π (1 − π)), π the share of positives",
    source="Murphy 1973",
    use="comparing probabilities across data sets with different shares of positives",
    beware="0 is a model that always says the base rate; it can be far below",
    aliases=("bss", "brier_skill_score"),
    scale="probability",
    influence=_brier_skill_influence,
)
def brier_skill(scores: BinaryScores) -> float:
    """How much of the Brier score of the base rate the model takes away.

    >>> one = np.ones(2)
    >>> brier_skill(BinaryScores(np.array([0.0, 1.0]), one - [1, 0], one - [0, 1], one, one))
    1.0
    """
    if not scores.positives or not scores.negatives:
        raise Undefined("every row is of one class: the base rate leaves nothing to explain")
    share = scores.positives / scores.total
    return 1 - brier(scores) / (share * (1 - share))


def check_focal(alpha: float, gamma: float, *, highest_alpha: float) -> None:
    """Refuse an α that would make a loss negative, and a γ that would make it infinite."""
    if not 0 <= alpha <= highest_alpha:
        limits = "at least 0" if highest_alpha == math.inf else f"from 0 to {highest_alpha:g}"
        raise UsageError(f"focal_loss: alpha must be {limits}, not {alpha:g}")
    if not gamma >= 0:
        raise UsageError(f"focal_loss: gamma must be at least 0, not {gamma:g}")


def _focal_losses(
    scores: BinaryScores, *, alpha: float = 0.25, gamma: float = 2.0, balanced: bool = True
) -> Losses:
    check_focal(alpha, gamma, highest_alpha=1.0 if balanced else math.inf)
    log_p, log_q = scores.log_probability, scores.log_complement
    p, q = np.exp(log_p), np.exp(log_q)
    other = 1 - alpha if balanced else alpha
    return -alpha * q**gamma * log_p, -other * p**gamma * log_q


@metric(
    "focal_loss",
    title="Focal loss",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, float("inf")),
    formula="−α_t (1 − p_t)^γ log p_t, mean; p_t the probability of what happened, α_t α for "
    "positives and 1 − α for negatives",
    source="Lin et al. 2017",
    use="comparing with a model that was trained on it",
    beware="no proper score: it does not reward honest probabilities; balanced=false makes α "
    "the same for both classes",
    scale="probability",
    influence=influence_of(_focal_losses),
)
def focal_loss(
    scores: BinaryScores, *, alpha: float = 0.25, gamma: float = 2.0, balanced: bool = True
) -> float:
    """Log loss that turns down the rows that are already right.

    >>> one = np.ones(1)
    >>> round(focal_loss(BinaryScores(np.array([0.5]), one, one, one, one)), 6)
    0.086643
    """
    return mean_of(scores, _focal_losses(scores, alpha=alpha, gamma=gamma, balanced=balanced))


def _hinge_losses(scores: BinaryScores) -> Losses:
    return np.maximum(1.0 - scores.scores, 0.0), np.maximum(1.0 + scores.scores, 0.0)


@metric(
    "hinge_loss",
    title="Hinge loss",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, float("inf")),
    formula="Σ max(0, 1 − y·s) / n, y in −1/+1, s a decision score",
    source="Rosasco et al. 2004",
    use="judging a support vector machine by what it was trained on",
    beware="takes decision scores, not probabilities: say --score-scale any",
    aliases=("hinge",),
    scale="decision",
    influence=influence_of(_hinge_losses),
)
def hinge_loss(scores: BinaryScores) -> float:
    """Mean distance to the right side of the margin.

    >>> one = np.ones(1)
    >>> hinge_loss(BinaryScores(np.array([0.5]), one, one, one, one))
    1.0
    """
    return mean_of(scores, _hinge_losses(scores))
