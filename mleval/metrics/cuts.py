"""Metrics read off where a limit cuts the ranking: a share of the rows, an error rate.

Their uncertainty depends on the scores around the cut, whose place is itself uncertain. The slope
of the curve there is taken as the secant over ±2 standard errors of that place: the range in which
other samples would cut. Windows of n^(4/5) rows are wider and bias it where the curve bends.
"""

from __future__ import annotations

import math

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined, UsageError
from mleval.metrics.curves import SLACK, check_share, class_totals, from_top, positive_total, rates
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable


def _window(share: float, rows: float) -> tuple[float, float]:
    """The shares two standard errors, and at least a row, to either side of one."""
    half = max(2 * math.sqrt(share * (1 - share) / rows), 1 / rows)
    return max(share - half, 0.0), min(share + half, 1.0)


def _effective_rows(scores: BinaryScores) -> float:
    return scores.total**2 / float(scores.positive2.sum() + scores.negative2.sum())


def _above(scores: BinaryScores, at: int, share: float) -> Floats:
    """(s,) How much of each score is above a cut that takes `share` of the rows of one of them."""
    above = np.zeros(len(scores.scores))
    above[at] = share
    above[at + 1 :] = 1
    return above


def _found(scores: BinaryScores, *sizes: float) -> list[float]:
    """Σw of the positives among so many rows with the highest scores, tied ones in random order."""
    tp, fp = from_top(scores.positives_at_least), from_top(scores.negatives_at_least)
    found: list[float] = np.interp(sizes, tp + fp, tp).tolist()
    return found


def _crossing(scores: BinaryScores) -> tuple[int, float, float]:
    """Where FPR + TPR reaches 1: at which score, how far along its segment, and the FPR there."""
    fpr, tpr = rates(scores)
    at = int(np.count_nonzero(fpr + tpr >= 1)) - 1
    fpr0, tpr0 = (fpr[at + 1], tpr[at + 1]) if at + 1 < len(fpr) else (0.0, 0.0)
    way = float((1 - fpr0 - tpr0) / (fpr[at] + tpr[at] - fpr0 - tpr0))
    return at, way, float(fpr0 + way * (fpr[at] - fpr0))


def eer_threshold(scores: BinaryScores) -> float:
    """Of `eer`: the highest score from which up TPR + FPR reaches 1."""
    return float(scores.scores[_crossing(scores)[0]])


def eer_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    """Of `eer`: its crossing moves until both errors are equal again, the steeper one the less."""
    positives, negatives = class_totals(scores)
    total = scores.total
    at, way, rate = _crossing(scores)
    share = (positives * (1 - rate) + negatives * rate) / total
    fewest = min(scores.effective_positives, scores.effective_negatives)
    low, high = (total * end for end in _window(share, fewest))
    found_low, found_high = _found(scores, low, high)
    of_positives = (found_high - found_low) / positives
    of_negatives = (high - low - (found_high - found_low)) / negatives
    weight = of_positives / (of_positives + of_negatives)
    above = _above(scores, at, way)
    return (
        total / positives * (1 - weight) * (1 - above - rate),
        total / negatives * weight * (above - rate),
    )


@metric(
    "eer",
    title="Equal error rate",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="min",
    range=(0, 1),
    formula="FPR where FPR = 1 − TPR on the ROC of straight lines",
    source="ISO/IEC 19795-1",
    use="verification of speakers, faces or pairs: one number where both errors are alike",
    beware="no system need run there; both errors count alike whatever the prevalence",
    aliases=("equal_error_rate",),
    undefined="one of the classes has no rows",
    example="eer",
    influence=eer_influence,
)
def eer(scores: BinaryScores) -> float:
    """The rate of false alarms where it equals the rate of misses.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 0, 3]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> eer(table)  # from 0.4 up 1 of 4 negatives is let in and 1 of 4 positives kept out
    0.25
    """
    return _crossing(scores)[2]


def _within(scores: BinaryScores, fpr: float) -> int:
    """How many thresholds, from the highest down, have a false positive rate of at most fpr."""
    _, negatives = class_totals(scores)
    return int(np.count_nonzero(scores.negatives_at_least / negatives <= fpr + SLACK))


def _highest_tpr(scores: BinaryScores, fpr: float) -> float:
    positives, within = positive_total(scores), _within(scores, fpr)
    return float(scores.positives_at_least[-within]) / positives if within else 0.0


def _tpr_at_fpr_influence(scores: BinaryScores, *, fpr: float) -> tuple[Floats, Floats]:
    """A negative above the cut pushes it up, and the positives passed on the way are lost."""
    positives, negatives = class_totals(scores)
    _refuse_jump(scores, fpr)
    low, high = _window(fpr, scores.effective_negatives)
    slope = (_highest_tpr(scores, high) - _highest_tpr(scores, low)) / (high - low)
    within = _within(scores, fpr)
    above = _above(scores, len(scores.scores) - within - 1, 0.0)
    tpr = float((above * scores.positive).sum()) / positives
    met = float((above * scores.negative).sum()) / negatives
    return (
        scores.total / positives * (above - tpr),
        scores.total / negatives * slope * (met - above),
    )


def _refuse_jump(scores: BinaryScores, fpr: float) -> None:
    """No interval where one score more takes the false positive rate far across the limit.

    Then samples fall on one side or the other of the jump, and nothing about that is normal. It
    does no harm when the limit is far from both its ends, measured in standard errors.
    """
    rate, _ = rates(scores)
    within = _within(scores, fpr)
    error = math.sqrt(fpr * (1 - fpr) / scores.effective_negatives)
    if not error or within == len(rate):
        raise NoInterval(f"a false positive rate of {fpr:g} rests on the outermost row alone")
    low, high = (rate[-within] if within else 0.0), rate[-within - 1]
    if high - low > error and min(fpr - low, high - fpr) < 3 * error:
        raise NoInterval(
            f"few or tied scores: the false positive rate jumps from {low:.3g} to {high:.3g}"
        )


@metric(
    "tpr_at_fpr",
    title="True positive rate at a false positive rate",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max TPR over thresholds with FPR ≤ fpr, nothing interpolated",
    source="ISO/IEC 19795-1 (1 − FNMR at an FMR)",
    use="the rate of false alarms is fixed: intrusion detection, biometrics, screening",
    beware="needs ten negatives or more above the cut: 1,000 for a rate of 0.01",
    aliases=("recall_at_fpr", "sensitivity_at_fpr"),
    undefined="one of the classes has no rows",
    example="tpr_at_fpr(fpr=0.01)",
    influence=_tpr_at_fpr_influence,
)
def tpr_at_fpr(scores: BinaryScores, *, fpr: float) -> float:
    """The largest true positive rate among thresholds whose false positive rate is low enough.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 1, 2]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> tpr_at_fpr(table, fpr=0.25), tpr_at_fpr(table, fpr=0.2)
    (0.75, 0.5)
    """
    check_share("fpr", fpr, zero=True)
    class_totals(scores)
    return _highest_tpr(scores, fpr)


def _precision_at_k_influence(scores: BinaryScores, *, k: float) -> tuple[Floats, Floats]:
    """A row above the cut pushes one out, which is positive as often as those around the cut."""
    total, precision = scores.total, precision_at_k(scores, k=k)
    if precision in (0, 1):
        raise NoInterval(f"the {k:g} highest are all of one class")
    low, high = (total * end for end in _window(min(k / total, 1), _effective_rows(scores)))
    found_low, found_high = _found(scores, low, high)
    local = (found_high - found_low) / (high - low)
    predicted = scores.positives_at_least + scores.negatives_at_least
    at = max(int(np.count_nonzero(predicted >= k)) - 1, 0)
    tied = scores.positive[at] + scores.negative[at]
    above = _above(scores, at, (k - predicted[at] + tied) / tied)
    centre = (precision - local) * k / total
    return total / k * (above * (1 - local) - centre), total / k * (-above * local - centre)


@metric(
    "precision_at_k",
    title="Precision among the k highest",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="Σw of the positives among the k highest scores / k, tied rows in random order",
    source="McSherry & Najork 2008 (ties)",
    use="only k rows can be acted on: inspections, phone calls, screen places",
    beware="k is a number of rows (of weight), so data sets of different size do not compare",
    aliases=("p_at_k",),
    undefined="there are fewer than k rows",
    example="precision_at_k(k=100)",
    influence=_precision_at_k_influence,
)
def precision_at_k(scores: BinaryScores, *, k: float) -> float:
    """The share of positives among the k rows with the highest scores.

    k is in units of weight; of rows tied at the cut, their expectation in random order counts.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 1]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> precision_at_k(table, k=2)  # one for sure, and one of a tied pair
    0.75
    """
    if not k > 0:
        raise UsageError(f"k must be above 0, not {k:g}")
    if k > scores.total * (1 + SLACK):
        raise Undefined(f"there are fewer than {k:g} rows")
    return _found(scores, k)[0] / k


def _lift_at_influence(scores: BinaryScores, *, fraction: float) -> tuple[Floats, Floats]:
    if fraction == 1:
        raise NoInterval("the lift of all rows is always 1")
    prevalence, lift = scores.positives / scores.total, lift_at(scores, fraction=fraction)
    of_positive, of_negative = _precision_at_k_influence(scores, k=fraction * scores.total)
    return (
        (of_positive - lift * (1 - prevalence)) / prevalence,
        (of_negative + lift * prevalence) / prevalence,
    )


@metric(
    "lift_at",
    title="Lift among the highest",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, math.inf),
    formula="precision among the highest fraction of the rows / prevalence",
    source="Ling & Li 1998",
    use="direct marketing, churn: how many times better than drawing rows at random",
    beware="cannot exceed 1 / prevalence or 1 / fraction: 3 may be perfect",
    aliases=("lift",),
    undefined="no positive rows",
    example="lift_at(fraction=0.1)",
    influence=_lift_at_influence,
)
def lift_at(scores: BinaryScores, *, fraction: float) -> float:
    """How many times as many positives a highest share of the rows holds as one drawn at random.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 1]),
    ...                      np.array([6.0, 1, 1]), np.ones(3), np.ones(3))
    >>> lift_at(table, fraction=0.2)  # 1 of the 2 highest against 2 of all 10
    2.5
    """
    check_share("fraction", fraction)
    prevalence = positive_total(scores) / scores.total
    return precision_at_k(scores, k=fraction * scores.total) / prevalence
