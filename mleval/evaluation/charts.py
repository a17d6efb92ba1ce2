"""Charts of what several commands have: scores of two classes, and the values of a column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.metrics.calibration import bins_of
from mleval.metrics.curves import pr_curve, roc_curve
from mleval.report import finite
from mleval.report_charts import POINTS, Cell, Chart
from mleval.states import BinaryScores, Ordered
from mleval.states.vocabulary import distinct
from mleval.uncertainty.intervals import wilson

BINS = 40  # of a histogram
FEW = 500  # rows of which a histogram has half as many bins
_TAIL = 0.005  # the share of the values in each of the outermost bins
_WIDE = 5.0


def columns(**given: Iterable[float | None]) -> Chart:
    """A chart of these columns, each as JSON has it: null for what is not finite."""
    found: dict[str, list[Cell]] = {}
    for name, column in given.items():
        found[name] = [None if item is None else finite(float(item)) for item in column]
    return found


def event_charts(scores: BinaryScores, level: float | None) -> dict[str, Chart]:
    """Both curves with bands, and the counts at each threshold, where both classes occur."""
    if not (scores.positives and scores.negatives):
        return {}
    fpr, tpr, at = roc_curve(scores)
    recall, precision, cut = pr_curve(scores)
    low, high = band(tpr, np.full(len(tpr), scores.effective_positives), level)
    least, most = band(precision, _rows_at_least(scores, cut), level)
    return {
        "roc": columns(fpr=fpr, tpr=tpr, low=low, high=high, threshold=at),
        "pr": columns(recall=recall, precision=precision, low=least, high=most, threshold=cut),
        "thresholds": _thresholds(scores),
    }


def band(
    shares: Floats, rows: Floats, level: float | None
) -> tuple[list[float | None], list[float | None]]:
    """The ends of Wilson's interval of each share of so many effective rows, where it has one."""
    low: list[float | None] = []
    high: list[float | None] = []
    for share, n in zip(shares.tolist(), rows.tolist(), strict=True):
        try:
            found = None if level is None else wilson(min(max(share, 0.0), 1.0), n, level)
        except NoInterval:
            found = None
        low.append(None if found is None else found.low)
        high.append(None if found is None else found.high)
    return low, high


def _rows_at_least(scores: BinaryScores, thresholds: Floats) -> Floats:
    """(Σw)² / Σw² of the rows with each score or more."""
    places = np.searchsorted(scores.scores, thresholds)
    squares = (scores.positive2 + scores.negative2)[::-1].cumsum()[::-1]
    sums = np.append(scores.positives_at_least + scores.negatives_at_least, 0.0)[places]
    return np.asarray(sums**2 / np.maximum(np.append(squares, 0.0)[places], 1e-300))


def _thresholds(scores: BinaryScores) -> Chart:
    """The counts with some of the scores as the threshold: even in rank, and even in value."""
    held = scores.scores
    places: NDArray[np.intp] = np.arange(len(held))
    if len(held) > POINTS:
        half = POINTS // 2
        ranked = scores.positives_at_least + scores.negatives_at_least
        by_rank = len(held) - np.searchsorted(ranked[::-1], np.linspace(0, ranked[0], half)) - 1
        by_value = np.searchsorted(held, np.linspace(held[0], held[-1], half))
        places = distinct(np.sort(np.concatenate([by_rank.clip(0), by_value])))
    tp, fp = scores.positives_at_least[places], scores.negatives_at_least[places]
    return columns(
        threshold=held[places],
        tp=tp,
        fp=fp,
        fn=np.maximum(scores.positives_at_least[0] - tp, 0.0),
        tn=np.maximum(scores.negatives_at_least[0] - fp, 0.0),
    )


def score_chart(scores: BinaryScores, *, probability: bool) -> Chart:
    """A histogram of the scores of either class; those of probabilities are from 0 to 1."""
    bins = BINS if scores.total >= FEW else BINS // 2
    p = scores.probability if probability else scores.scores
    below = np.append(scores.positives_at_least + scores.negatives_at_least, 0.0)
    edges = np.arange(bins + 1) / bins
    if not probability:
        ends = np.array([1 - _TAIL, _TAIL]) * below[0]
        places = (len(p) - np.searchsorted(below[::-1], ends)).clip(0, len(p) - 1)
        edges = between(float(p[places[0]]), float(p[places[1]]), bins)
    cuts = np.searchsorted(p, edges)
    cuts[0], cuts[-1] = 0, len(p)
    of_each = (np.append(side, 0.0)[cuts] for side in sides(scores))
    positive, negative = (np.maximum(-np.diff(side), 0.0) for side in of_each)
    return columns(lowest=edges[:-1], highest=edges[1:], positive=positive, negative=negative)


def sides(scores: BinaryScores) -> tuple[Floats, Floats]:
    """(s,) Σw of either class with at least each score."""
    return scores.positives_at_least, scores.negatives_at_least


def between(low: float, high: float, bins: int) -> Floats:
    """Edges of bins of equal width; around a single value, where there is but one."""
    if not low < high:
        reach = max(abs(low) * 1e-6, 0.5 if abs(low) < 1e5 else abs(low) * 1e-3)
        half = reach / bins  # of a bin: the value is to be in the middle of one
        low, high = low - reach + half, high + reach + half
    return np.linspace(low, high, bins + 1)


def reliability_chart(scores: BinaryScores, level: float | None) -> Chart:
    """The bins of the calibration error that hold rows, with the interval of each frequency."""
    found = bins_of(scores, 15, "uniform")
    square = np.bincount(found.place, scores.positive2 + scores.negative2)
    low, high = band(found.frequency, found.weight**2 / square, level)
    return columns(
        lowest=found.lowest,
        highest=found.highest,
        weight=found.weight,
        confidence=found.confidence,
        frequency=found.frequency,
        low=low,
        high=high,
    )


def histogram(values: Ordered, *, ratios: bool = False) -> Chart:
    """The weight in each of some bins, of which the outermost hold the tails.

    ratios: positive numbers of different sizes have bins of equal ratios, not widths.

    >>> histogram(Ordered.of(np.array([1.0, 1.0, 3.0])))["weight"][::19]
    [2.0, 1.0]
    """
    bins = BINS if values.weight >= FEW else BINS // 2
    low, high = values.quantile(_TAIL), values.quantile(1 - _TAIL)
    logs = ratios and 0 < low * _WIDE < high
    edges = np.geomspace(low, high, bins + 1) if logs else between(low, high, bins)
    below = [0.0, *(values.sums_at_most(edge)[0] for edge in edges[1:-1]), values.weight]
    weight = [b - a for a, b in pairwise(below)]
    return columns(lowest=edges[:-1], highest=edges[1:], weight=weight)


def one_vs_rest(classes: Mapping[str, BinaryScores]) -> dict[str, Chart]:
    """The curves of each class against the rest, and the mean of all as class null.

    Together they have no more points for many classes than for few.
    """
    both = {name: s for name, s in classes.items() if s.positives and s.negatives}
    if not both:
        return {}
    points = int(np.clip(6000 // len(both), 12, 128))
    rocs = {name: roc_curve(s, points)[:2] for name, s in both.items()}
    prs = {name: pr_curve(s, points)[:2] for name, s in both.items()}
    grid = np.linspace(0, 1, 101)
    mean = sum((np.interp(grid, *roc_curve(s)[:2]) for s in both.values()), np.zeros(101))
    found: dict[str, Chart] = {
        "roc_by_class": _of_classes(("fpr", "tpr"), rocs),
        "pr_by_class": _of_classes(("recall", "precision"), prs),
    }
    roc = found["roc_by_class"]
    macro = columns(fpr=[0.0, *grid], tpr=[0.0, *(mean / len(both))])
    found["roc_by_class"] = {
        "class": [*roc["class"], *([None] * 102)],
        "fpr": [*roc["fpr"], *macro["fpr"]],
        "tpr": [*roc["tpr"], *macro["tpr"]],
    }
    return found


def _of_classes(
    names: Sequence[str], curves: Mapping[str, tuple[Floats, Floats]]
) -> dict[str, list[Cell]]:
    x, y = (np.concatenate([curve[at] for curve in curves.values()]) for at in (0, 1))
    classes: list[Cell] = [name for name, (along, _) in curves.items() for _ in along]
    return {"class": classes, **columns(**{names[0]: x, names[1]: y})}


def is_finite(values: Ordered) -> bool:
    """Whether there are values, and all of them are numbers."""
    return bool(values.runs) and all(math.isfinite(values.quantile(end)) for end in (0.0, 1.0))
