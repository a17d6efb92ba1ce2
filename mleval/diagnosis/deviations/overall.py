"""Predictions that are off everywhere: too high or too low, of too little or too much spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.deviations.corrections import (
    Rows,
    fit_line,
    gain_of,
    is_sure,
    line,
    shift,
)
from mleval.diagnosis.finding import Finding
from mleval.diagnosis.wording import number

_SURE = 0.99
MATTERS = 0.01  # of the mean squared error: what a correction must gain to be named


def overall(
    residual: Floats, predicted: Floats, weight: Floats, first: Rows, level: float
) -> Iterator[Finding]:
    """A constant bias, then the slope of truth against prediction."""
    mean = float(weight @ residual / weight.sum())
    correction = shift(residual, weight)
    if is_sure(gain_of(correction, residual, weight, first, _SURE)):
        gain = gain_of(correction, residual, weight, first, level)
        if gain.recovers >= MATTERS:
            told = "low" if mean > 0 else "high"
            yield Finding(
                part="residuals",
                kind="bias",
                says=f"predictions are {number(abs(mean))} too {told} on average",
                gain=gain,
                step=f"Add {number(mean)} to every prediction, or look why they are too {told}",
                evidence={"bias": -mean},
            )
    yield from _slope(residual - mean, predicted, weight, first, level)


def _slope(
    residual: Floats, predicted: Floats, weight: Floats, first: Rows, level: float
) -> Iterator[Finding]:
    correction = line(residual, weight, predicted)
    if not np.ptp(predicted) > 0:
        return
    if not is_sure(gain_of(correction, residual, weight, first, _SURE)):
        return
    gain = gain_of(correction, residual, weight, first, level)
    slope = 1 + fit_line(predicted, residual, weight)[0]
    if gain.recovers < MATTERS:
        return
    little = slope > 1
    told = "little: they are drawn to the mean" if little else "much: they overreach"
    yield Finding(
        part="residuals",
        kind="shrunk" if little else "overreaching",
        says=f"predictions vary too {told} (truth grows by {number(slope)} where they grow by 1)",
        gain=gain,
        step="Regularise less, or fit truth to prediction by a line on other rows"
        if little
        else "Regularise more, or fit truth to prediction by a line on other rows",
        evidence={"slope": slope},
    )
