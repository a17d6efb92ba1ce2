"""Fitting mappings: by maximum likelihood, or isotonic."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.calibrating.mappings import (
    Isotonic,
    Mapping,
    OneVsRest,
    Platt,
    Temperature,
    log_probabilities,
)
from mleval.diagnosis.ranked import Ranked
from mleval.diagnosis.rows import Codes
from mleval.errors import Undefined
from mleval.metrics.curves import class_totals
from mleval.metrics.recalibration import fitted_line, log_odds, newton
from mleval.states import BinaryScores

_SHARPEST = 1e3  # 1 / temperature
_STEPS = 60


def platt(scores: BinaryScores) -> Platt:
    """The line of `calibration_slope`. Raises Undefined where no finite one fits best."""
    intercept, slope = fitted_line(scores)[1]
    return Platt(float(slope), float(intercept))


def temperature(scores: BinaryScores) -> Temperature:
    """The line through no change at a half. Raises Undefined where no finite one fits best."""
    class_totals(scores)
    z = log_odds(scores)
    if not (scores.positive[z < 0].any() or scores.negative[z > 0].any()):
        raise Undefined("no row is on the wrong side of a half: no finite temperature fits best")
    return _of_sharpness(float(newton(scores, z[None], np.zeros_like(z))[0]))


def _of_sharpness(sharpness: float) -> Temperature:
    if not 1 / _SHARPEST < sharpness < _SHARPEST:
        raise Undefined("no temperature above 0 fits best")
    return Temperature(1 / sharpness)


def isotonic(scores: BinaryScores) -> Isotonic:
    """scikit-learn's, between 1 / (n + 2) and 1 − that: n rows cannot tell a rarer event from none.

    n: the effective rows, (Σw)² / Σw². Source of the ends: Laplace's rule of succession.
    """
    from sklearn.isotonic import IsotonicRegression

    class_totals(scores)
    weight = scores.positive + scores.negative
    rows = scores.total**2 / float(scores.positive2.sum() + scores.negative2.sum())
    least = 1 / (rows + 2)
    model = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip")
    model.fit(scores.probability, scores.positive / weight, sample_weight=weight)
    return Isotonic(
        np.asarray(model.X_thresholds_, np.float64), np.asarray(model.y_thresholds_, np.float64)
    )


BINARY: Table[str, Callable[[BinaryScores], Mapping]] = {
    "platt": platt,
    "temperature": temperature,
    "isotonic": isotonic,
}


def temperature_of(truth: Codes, probability: Floats, weight: Floats | None) -> Temperature:
    """Of (n, K) probabilities: Newton's steps on 1 / temperature, in which the loss is convex.

    Raises Undefined where no finite one fits best.
    """
    logs = log_probabilities(probability)
    right = logs[np.arange(len(truth)), truth]
    mass = np.ones(len(truth)) if weight is None else weight
    if (right >= logs.max(axis=1)).all():
        raise Undefined("no row is wrong: no finite temperature fits best")
    sharpness, now = 1.0, np.inf
    step = 0.0
    for _ in range(_STEPS):
        powers = logs * (sharpness + step)
        top = powers.max(axis=1, keepdims=True)
        chance = np.exp(powers - top)
        total = chance.sum(axis=1, keepdims=True)
        loss = float(mass @ (top[:, 0] + np.log(total[:, 0]) - (sharpness + step) * right))
        if loss > now + 1e-12 * abs(now):
            step /= 2
            continue
        sharpness, now = sharpness + step, loss
        if step and abs(step) <= 1e-12 * abs(sharpness):
            break
        chance /= total
        mean = np.einsum("ij,ij->i", chance, logs)
        bend = float(mass @ np.einsum("ij,ij->i", chance, np.square(logs - mean[:, None])))
        if not bend > 0:
            raise Undefined("all classes are as likely in every row")
        step = float(mass @ (right - mean)) / bend
    return _of_sharpness(sharpness)


def one_vs_rest(truth: Codes, probability: Floats, weight: Floats | None) -> OneVsRest:
    """Of (n, K) probabilities. A class that no row is of, or all are, keeps its share of rows."""
    curves = []
    for k in range(probability.shape[1]):
        scores = Ranked.of(probability[:, k], truth == k, weight).among()
        try:
            curves.append(isotonic(scores))
        except Undefined:
            share = scores.positives / scores.total
            curves.append(Isotonic(np.zeros(1), np.array([share])))
    return OneVsRest(tuple(curves))


SEVERAL: Table[str, Callable[[Codes, Floats, Floats | None], Mapping]] = {
    "temperature": temperature_of,
    "isotonic": one_vs_rest,
}
