"""Tables of calibration: bins, the parts of the Brier score, what mappings would give."""

from __future__ import annotations

import numpy as np

from mleval.diagnosis.calibrating.comparing import Compared
from mleval.diagnosis.calibrating.direction import Direction
from mleval.diagnosis.finding import Cell, Exhibit, Ranged
from mleval.metrics.calibration import bins_of, ece
from mleval.metrics.losses import brier
from mleval.states import BinaryScores
from mleval.uncertainty.intervals import wilson

_BINS = 15  # those of `ece`


def reliability(event: BinaryScores, what: str, level: float) -> Exhibit:
    """A row a bin that holds rows; Wilson's interval of how often it came true."""
    found = bins_of(event, _BINS, "uniform")
    squares = np.bincount(found.place, event.positive2 + event.negative2)
    rows: list[tuple[Cell, ...]] = []
    for low, high, weight, square, stated, true in zip(
        found.lowest.tolist(),
        found.highest.tolist(),
        found.weight.tolist(),
        squares.tolist(),
        found.confidence.tolist(),
        found.frequency.tolist(),
        strict=True,
    ):
        ends = wilson(true, weight**2 / square, level)
        count = int(weight) if weight.is_integer() else weight
        span = f"{low:.3f} to {high:.3f}"
        rows.append((span, count, stated, Ranged(true, ends.low, ends.high), true - stated))
    return Exhibit(
        name="reliability",
        title=f"how often {what} by the probability that is stated",
        columns=("probability", "rows", "stated", "came true", "gap"),
        rows=tuple(rows),
        note=f"ece is the mean distance of the two: {ece(event):.4f}",
        most=_BINS,
        aside=True,
    )


def numbers(event: BinaryScores, found: Direction) -> Exhibit:
    """Slope and intercept, and what the Brier score is made of."""
    rows: list[tuple[Cell, ...]] = []
    if found.slope.value is not None:
        rows.append(("calibration slope", found.slope, "1 is right, below it is too sure"))
    if found.intercept.value is not None:
        rows.append(("calibration intercept", found.intercept, "0 is right, above it is too low"))
    if found.temperature is not None:
        rows.append(("temperature", found.temperature, "1 is right, above it is too sure"))
    score, reliable, resolved, uncertain = brier_parts(event)
    rows += [
        ("brier score", score, "reliability − resolution + uncertainty"),
        ("reliability", reliable, "what recalibrating could take away"),
        ("resolution", resolved, "how far rows are told apart"),
        ("uncertainty", uncertain, "the score of always saying the base rate"),
    ]
    return Exhibit(
        name="calibration",
        title="calibration in numbers",
        columns=("measure", "value", "how to read it"),
        rows=tuple(rows),
        note="parts of the Brier score by isotonic regression, which needs no bins",
        most=8,
        aside=True,
    )


def brier_parts(event: BinaryScores) -> tuple[float, float, float, float]:
    """The Brier score, reliability, resolution and uncertainty; the first is B − C + D of them.

    Reliability: what isotonic regression on the same rows takes away; resolution: by how much that
    is below the score of the base rate. Source: Dimitriadis, Gneiting & Jordan 2021 (CORP).
    """
    from sklearn.isotonic import IsotonicRegression

    weight = event.positive + event.negative
    rates = IsotonicRegression().fit_transform(
        event.probability, event.positive / weight, sample_weight=weight
    )
    rate = event.positives / event.total
    score, uncertain = brier(event), rate * (1 - rate)
    fitted = float(
        (event.positive @ np.square(1 - rates) + event.negative @ np.square(rates)) / event.total
    )
    return score, score - fitted, uncertain - fitted, uncertain


def mappings(found: Compared) -> Exhibit:
    """A row for the probabilities as they are, and for every mapping."""
    now = found.now
    rows: list[tuple[Cell, ...]] = [("as they are", now.log_loss, None, now.brier, None, now.ece)]
    rows += [
        (one.method, one.then.log_loss, one.log_loss, one.then.brier, one.brier, one.then.ece)
        for one in found.tried
    ]
    return Exhibit(
        name="recalibration",
        title="what recalibrating would give",
        columns=("by", "log loss", "change", "brier", "change of brier", "ece"),
        rows=tuple(rows),
        note="each fifth of the rows by a mapping fitted to the others",
    )
