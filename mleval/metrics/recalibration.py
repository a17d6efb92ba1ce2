"""Calibration by models of it: a logistic line through the log-odds, and Murphy's decomposition."""

from __future__ import annotations

import contextlib

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.metrics.curves import class_totals
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable

_MOST_STEPS = 100


def log_odds(scores: BinaryScores) -> Floats:
    """(s,) of each distinct score, finite."""
    return scores.scores if scores.logit else scores.log_probability - scores.log_complement


def expit(z: Floats) -> Floats:
    """1 / (1 + e^−z), with all digits in both tails."""
    return np.exp(-np.logaddexp(0.0, -z))


def newton(scores: BinaryScores, design: Floats, offset: Floats) -> Floats:
    """(d,) the maximum-likelihood coefficients of positives on `design` (d, s), by Newton steps.

    A step that does not raise the likelihood is halved: the likelihood is concave, so this ends.
    """
    beta = np.zeros(len(design))
    weight = scores.positive + scores.negative

    def loss(candidate: Floats) -> float:
        z = offset + candidate @ design
        return float(
            scores.positive @ np.logaddexp(0.0, -z) + scores.negative @ np.logaddexp(0.0, z)
        )

    now = loss(beta)
    for _ in range(_MOST_STEPS):
        z = offset + beta @ design
        p, q = expit(z), expit(-z)  # q, not 1 - p: certain rows keep their digits
        slope = design @ (scores.positive * q - scores.negative * p)
        step = _step((design * (weight * p * q)) @ design.T, slope)
        while not (after := loss(beta + step)) <= now + 1e-12 * abs(now):
            step = step / 2
        beta, now = beta + step, after
        if np.abs(step).max() <= 1e-14 * (1 + np.abs(beta).max()):
            break
    return beta


def _step(information: Floats, slope: Floats) -> Floats:
    """Newton's step. Raises Undefined where the likelihood is flat to rounding."""
    step: Floats = np.full(len(slope), np.inf)
    with contextlib.suppress(np.linalg.LinAlgError):
        step[:] = np.linalg.solve(information, slope)
    if not np.isfinite(step).all():
        raise Undefined("the probabilities are so near 0 and 1 that nothing says how far off")
    return step


def last_influence(
    scores: BinaryScores, design: Floats, beta: Floats, offset: Floats
) -> tuple[Floats, Floats]:
    """Of the last coefficient: H⁻¹ times the score of a row, (y − p)·x."""
    z = offset + beta @ design
    p, q = expit(z), expit(-z)
    weight = scores.positive + scores.negative
    information = (design * (weight * p * q)) @ design.T / scores.total
    pull = np.linalg.solve(information, np.eye(len(beta))[-1]) @ design
    return q * pull, -p * pull


def fitted_line(scores: BinaryScores) -> tuple[Floats, Floats]:
    """The design (2, s) of the joint fit and its coefficients. Raises Undefined without a fit."""
    class_totals(scores)
    z = log_odds(scores)
    if z[0] == z[-1]:
        raise Undefined("all scores are alike")
    held = np.flatnonzero(scores.positive), np.flatnonzero(scores.negative)
    if held[0][0] >= held[1][-1] or held[1][0] >= held[0][-1]:
        raise Undefined("the scores separate the classes: no finite slope fits best")
    design = np.stack([np.ones_like(z), z])
    return design, newton(scores, design, np.zeros_like(z))


def slope_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    """Of `calibration_slope`: of a positive and of a negative at each score."""
    design, beta = fitted_line(scores)
    return last_influence(scores, design, beta, np.zeros(design.shape[1]))


@metric(
    "calibration_slope",
    title="Calibration slope",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="none",
    range=(-float("inf"), float("inf")),
    formula="b of logit P(y = 1) = a + b·logit p, by maximum likelihood",
    source="Cox 1958",
    use="telling over- from underconfidence: below 1 the probabilities are too extreme",
    beware="1 is right, not more; judge it together with calibration_intercept",
    scale="probability",
    influence=slope_influence,
)
def calibration_slope(scores: BinaryScores) -> float:
    """How much the stated log-odds must be stretched to fit what happened.

    >>> p, one = np.array([0.25, 0.75]), np.ones(2)
    >>> even = BinaryScores(p, np.array([1.0, 3]), np.array([3.0, 1]), one, one)
    >>> round(calibration_slope(even), 9)
    1.0
    """
    return float(fitted_line(scores)[1][1])


def _level(scores: BinaryScores) -> tuple[Floats, Floats, Floats]:
    """The design (1, s) with the slope held at 1, its coefficient and the offset."""
    class_totals(scores)
    z = log_odds(scores)
    design = np.ones((1, len(z)))
    return design, newton(scores, design, z), z


def intercept_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    """Of `calibration_intercept`, likewise."""
    return last_influence(scores, *_level(scores))


@metric(
    "calibration_intercept",
    title="Calibration intercept",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="zero",
    range=(-float("inf"), float("inf")),
    formula="a of logit P(y = 1) = a + logit p, by maximum likelihood",
    source="Cox 1958; Steyerberg 2009, calibration in the large",
    use="telling whether probabilities are too low (above 0) or too high (below 0) over all",
    beware="0 can hide probabilities that are too extreme: see calibration_slope",
    scale="probability",
    influence=intercept_influence,
)
def calibration_intercept(scores: BinaryScores) -> float:
    """How much must be added to the stated log-odds to fit what happened.

    >>> p, one = np.array([0.25, 0.75]), np.ones(2)
    >>> even = BinaryScores(p, np.array([1.0, 3]), np.array([3.0, 1]), one, one)
    >>> abs(round(calibration_intercept(even), 9))
    0.0
    """
    return float(_level(scores)[1][0])


def _murphy(scores: BinaryScores) -> tuple[Floats, Floats, Floats, float]:
    """Each distinct probability, its share of rows and its frequency; the frequency over all."""
    if not scores.total:
        raise Undefined("no rows")
    p = scores.probability
    starts = np.flatnonzero(np.concatenate([[True], p[1:] != p[:-1]]))  # log-odds may share one
    weight = np.add.reduceat(scores.positive + scores.negative, starts)
    frequency = np.add.reduceat(scores.positive, starts) / weight
    return p[starts], weight / scores.total, frequency, scores.positives / scores.total


_NOISE = "over distinct probabilities noise alone moves it: there are few rows at each"


@metric(
    "brier_reliability",
    title="Brier reliability",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="class",
    goal="min",
    range=(0, 1),
    formula="Σ_p (W_p / W) (p − frequency_p)², over distinct probabilities p",
    source="Murphy 1973",
    use="the part of the Brier score that recalibrating would take away",
    beware="needs probabilities that repeat: with all distinct it is the Brier score itself",
    scale="probability",
    no_interval=_NOISE,
)
def brier_reliability(scores: BinaryScores) -> float:
    """Mean squared distance between stated probability and frequency: brier = rel − res + unc.

    >>> half, one = np.array([0.5, 0.5]), np.ones(2)
    >>> round(brier_reliability(BinaryScores(np.array([0.2, 0.9]), half, half, one, one)), 6)
    0.125
    """
    p, share, frequency, _ = _murphy(scores)
    return float(share @ (p - frequency) ** 2)


@metric(
    "brier_resolution",
    title="Brier resolution",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="class",
    goal="max",
    range=(0, 0.25),
    formula="Σ_p (W_p / W) (frequency_p − π)², over distinct probabilities p",
    source="Murphy 1973",
    use="how far the probabilities tell rows apart, calibrated or not",
    beware="needs probabilities that repeat: with all distinct it is the whole uncertainty",
    scale="probability",
    no_interval=_NOISE,
)
def brier_resolution(scores: BinaryScores) -> float:
    """Mean squared distance between the frequency at a probability and over all.

    >>> half, one = np.array([0.5, 0.5]), np.ones(2)
    >>> brier_resolution(BinaryScores(np.array([0.2, 0.9]), half, half, one, one))
    0.0
    """
    _, share, frequency, rate = _murphy(scores)
    return float(share @ (frequency - rate) ** 2)


@metric(
    "brier_uncertainty",
    title="Brier uncertainty",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="class",
    goal="none",
    range=(0, 0.25),
    formula="π (1 − π), π the share of positives",
    source="Murphy 1973",
    use="the Brier score of always saying the base rate: what there is to gain",
    beware="a fact about the data, not about the model",
    scale="probability",
    no_interval="π (1 − π) is flat where the classes are alike: see the interval of prevalence",
)
def brier_uncertainty(scores: BinaryScores) -> float:
    """The variance of what happened.

    >>> half, one = np.array([0.5, 0.5]), np.ones(2)
    >>> brier_uncertainty(BinaryScores(np.array([0.2, 0.9]), half, half, one, one))
    0.25
    """
    rate = scores.positives / scores.total if scores.total else 0.0
    return rate * (1 - rate)
