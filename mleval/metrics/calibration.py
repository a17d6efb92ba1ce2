"""Whether probabilities mean what they say, bin by bin.

They are read off an event and its probability: binary, the positive class; over several classes,
that the class with the highest probability is the true one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined, UsageError
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable
from mleval.states.vocabulary import distinct

Strategy = Literal["uniform", "quantile"]
_SLACK = 1e-12  # of all rows: how near a cumulated weight is taken to meet a quantile
_TOLERABLE_BIAS = 0.25  # of a standard error: above it an interval around a biased value misleads


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins of a reliability diagram that hold rows.

    place: (s,) the bin of each distinct score; weight, confidence, frequency: (b,) Σw, the mean
    probability and the share of events; lowest, highest: (b,) the probabilities at its ends.
    """

    place: NDArray[np.intp]
    weight: Floats
    confidence: Floats
    frequency: Floats
    lowest: Floats
    highest: Floats

    @property
    def gap(self) -> Floats:
        """(b,) frequency − confidence."""
        return self.frequency - self.confidence


def bins_of(scores: BinaryScores, bins: int, strategy: Strategy) -> Bins:
    """Equal widths on 0-1, the last closed; or equal weights, ties together; none of them empty.

    Raises Undefined without rows, UsageError for fewer than one bin.
    """
    if bins < 1:
        raise UsageError(f"bins must be at least 1, not {bins}", hint="for example ece(bins=15)")
    if not scores.total:
        raise Undefined("no rows")
    p, weight = scores.probability, scores.positive + scores.negative
    edges = np.arange(1, bins) / bins
    if strategy == "quantile":
        edges = _quantiles(p, weight, edges)
    starts = np.searchsorted(p, edges, "left")
    starts = distinct(np.concatenate([[0], starts[starts < len(p)]]))
    mass = np.add.reduceat(weight, starts)
    ends = np.append(starts[1:], len(p))
    return Bins(
        np.repeat(np.arange(len(starts)), ends - starts),
        mass,
        np.add.reduceat(weight * p, starts) / mass,
        np.add.reduceat(scores.positive, starts) / mass,
        p[starts],
        p[ends - 1],
    )


def _quantiles(p: Floats, weight: Floats, shares: Floats) -> Floats:
    """The averaged inverted CDF: between two values where the cumulated weight meets the share."""
    below = np.cumsum(weight)
    target, slack = shares * below[-1], _SLACK * below[-1]
    first = np.minimum(np.searchsorted(below, target - slack, "left"), len(p) - 1)
    meets = below[first] <= target + slack
    following = np.minimum(first + 1, len(p) - 1)
    quantiles: Floats = np.where(meets, (p[first] + p[following]) / 2, p[first])
    return quantiles


def reliability(scores: BinaryScores, bins: int = 15) -> dict[str, Floats]:
    """The columns of a reliability diagram: a row a bin that holds rows."""
    found = bins_of(scores, bins, "uniform")
    return {
        "lowest": found.lowest,
        "highest": found.highest,
        "weight": found.weight,
        "confidence": found.confidence,
        "frequency": found.frequency,
    }


def _noisy_gap(gap: float, share: float, rows: float) -> float:
    """E|N(d, s²)| with s² = share (1 − share) / rows: what a gap of d looks like with noise."""
    deviation = math.sqrt(max(share * (1 - share), 0.0) / rows)
    if deviation == 0:
        return abs(gap)
    scaled = gap / (deviation * math.sqrt(2))
    return deviation * math.sqrt(2 / math.pi) * math.exp(-(scaled**2)) + gap * math.erf(scaled)


def _with_noise(found: Bins, share: Floats, rows: Floats) -> float:
    """The calibration error to expect if the gaps found were the true ones.

    share, rows: (b,) how often the event comes true in each bin, and of how many rows.
    """
    columns = (found.gap.tolist(), share.tolist(), rows.tolist())
    noisy = [_noisy_gap(*bin_) for bin_ in zip(*columns, strict=True)]
    return float(np.array(noisy) @ found.weight / found.weight.sum())


def _bias(scores: BinaryScores, found: Bins, value: float) -> float:
    """How much of the calibration error noise is likely to have made.

    Weighted rows are worth (Σw)² / Σw² rows, and half a row of either outcome is added: a bin of
    few rows that all came out alike is not free of noise.
    """
    rows = found.weight**2 / np.bincount(found.place, scores.positive2 + scores.negative2)
    share = (found.frequency * rows + 0.5) / (rows + 1)
    return _with_noise(found, share, rows) - value


def _ece_influence(
    scores: BinaryScores, *, bins: int = 15, strategy: Strategy = "uniform", debias: bool = False
) -> tuple[Floats, Floats]:
    """Of Σ|Σ w(y − p)| / W with the bins held: the sign of the bin's gap times y − p."""
    if debias:
        raise NoInterval("the correction of its bias has no simple sampling distribution")
    found = bins_of(scores, bins, strategy)
    value = float(np.abs(found.gap) @ found.weight / found.weight.sum())
    sign, p = np.sign(found.gap)[found.place], scores.probability
    positive, negative = sign * (1 - p) - value, -sign * p - value
    spread = scores.positive2 @ positive**2 + scores.negative2 @ negative**2
    if _bias(scores, found, value) > _TOLERABLE_BIAS * math.sqrt(spread) / scores.total:
        raise NoInterval("near calibration noise alone makes it, so it is biased upward")
    return positive, negative


@metric(
    "ece",
    title="Expected calibration error",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, 1),
    formula="Σ_b (W_b / W) |frequency_b − mean probability_b|",
    source="Naeini et al. 2015; Guo et al. 2017; debiased: Kumar et al. 2019",
    use="a stated 80 % should come true 80 % of the time",
    beware="depends on the bins and is biased upward by noise, the more the more bins; "
    "a model that always says the base rate has none. Several classes: of the top label",
    aliases=("expected_calibration_error",),
    default=True,
    scale="probability",
    influence=_ece_influence,
)
def ece(
    scores: BinaryScores, *, bins: int = 15, strategy: Strategy = "uniform", debias: bool = False
) -> float:
    """Mean distance between stated probability and frequency, over bins.

    >>> half, one = np.array([0.5, 0.5]), np.ones(2)
    >>> ece(BinaryScores(np.array([0.2, 0.9]), half, half, one, one))
    0.35
    """
    found = bins_of(scores, bins, strategy)
    value = float(np.abs(found.gap) @ found.weight / found.weight.sum())
    if not debias:
        return value
    return max(0.0, 2 * value - _with_noise(found, found.frequency, found.weight))


@metric(
    "mce",
    title="Maximum calibration error",
    tasks=("binary", "multiclass"),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, 1),
    formula="max_b |frequency_b − mean probability_b|",
    source="Naeini et al. 2015",
    use="the worst stated probability matters",
    beware="the emptiest bin usually decides: look at its rows in the reliability table",
    aliases=("maximum_calibration_error",),
    scale="probability",
    no_interval="a maximum over bins has no normal sampling distribution",
)
def mce(scores: BinaryScores, *, bins: int = 15, strategy: Strategy = "uniform") -> float:
    """Largest distance between stated probability and frequency, over bins.

    >>> half, one = np.array([0.5, 0.5]), np.ones(2)
    >>> mce(BinaryScores(np.array([0.2, 0.9]), half, half, one, one))
    0.4
    """
    return float(np.abs(bins_of(scores, bins, strategy).gap).max())
