"""How probabilities are off: too sure, not sure enough, too high, too low, or the wrong way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from mleval.batch import Floats
from mleval.diagnosis.calibrating.fitting import temperature_of
from mleval.diagnosis.calibrating.forecasts import Binary, Several
from mleval.diagnosis.calibrating.mappings import Platt
from mleval.diagnosis.finding import Ranged
from mleval.errors import Undefined
from mleval.metrics.losses import log_loss
from mleval.metrics.recalibration import (
    calibration_intercept,
    fitted_line,
    intercept_influence,
    log_odds,
    newton,
    slope_influence,
)
from mleval.states import BinaryScores
from mleval.uncertainty.intervals import normal_quantile

Kind = Literal[
    "overconfident",
    "underconfident",
    "probabilities_too_high",
    "probabilities_too_low",
    "probabilities_reversed",
    "miscalibrated",
]
_NONE = Ranged(None)
_PART = 0.25  # of what a mapping gains: what one number must gain to be the reason


@dataclass(frozen=True, slots=True)
class Direction:
    """slope, intercept: of log-odds, as in the catalogue; temperature: of several classes.

    kind: which of them says the most.
    """

    kind: Kind
    slope: Ranged = _NONE
    intercept: Ranged = _NONE
    temperature: float | None = None


def direction(data: Binary | Several, gained: float, level: float) -> Direction:
    """gained: what the best mapping takes from the log loss."""
    if isinstance(data, Several):
        return _of_several(data, gained)
    scores = data.ranked.among()
    intercept, slope = _lines(scores, level)
    if slope.value is None:
        return Direction("miscalibrated", slope, intercept)
    if slope.value < 0:
        return Direction("probabilities_reversed", slope, intercept)
    z = log_odds(scores)
    scale = float(newton(scores, z[None], 0 * z)[0])
    shift = intercept.value or 0.0
    now = log_loss(scores)
    by_scale, by_shift = (
        now - log_loss(replace(scores, scores=line.apply(scores.probability)))
        for line in (Platt(scale, 0.0), Platt(1.0, shift))
    )
    kind: Kind = "miscalibrated"
    if max(by_scale, by_shift) >= _PART * gained:
        if by_scale >= by_shift:
            kind = "overconfident" if scale < 1 else "underconfident"
        else:
            kind = "probabilities_too_low" if shift > 0 else "probabilities_too_high"
    return Direction(kind, slope, intercept)


def _lines(scores: BinaryScores, level: float) -> tuple[Ranged, Ranged]:
    """The calibration intercept and slope, None where there are none."""
    found = []
    for value, influence in (
        (calibration_intercept, intercept_influence),
        (lambda s: float(fitted_line(s)[1][1]), slope_influence),
    ):
        try:
            found.append(_ranged(value(scores), influence(scores), scores, level))
        except Undefined:
            found.append(Ranged(None))
    return found[0], found[1]


def _ranged(
    value: float, influence: tuple[Floats, Floats], scores: BinaryScores, level: float
) -> Ranged:
    positive, negative = influence
    squares = scores.positive2 @ positive**2 + scores.negative2 @ negative**2
    rows = scores.total**2 / float(scores.positive2.sum() + scores.negative2.sum())
    half = normal_quantile(level) * math.sqrt(squares * rows / (rows - 1)) / scores.total
    return Ranged(value, value - half, value + half)


def _of_several(data: Several, gained: float) -> Direction:
    try:
        fitted = temperature_of(data.truth, data.probability, data.weight)
    except Undefined:
        return Direction("miscalibrated")
    losses = [data.losses(p)[0] for p in (data.probability, fitted.apply(data.probability))]
    apart = losses[0] - losses[1]
    weight = data.weight
    by_scale = float(apart.mean() if weight is None else apart @ weight / weight.sum())
    kind: Kind = "miscalibrated"
    if by_scale >= _PART * gained:
        kind = "overconfident" if fitted.temperature > 1 else "underconfident"
    return Direction(kind, temperature=fitted.temperature)
