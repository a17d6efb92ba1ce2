"""ROC and precision-recall curves of two classes by score, and what metrics on them share."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined, UsageError
from mleval.states import BinaryScores
from mleval.states.vocabulary import distinct

SLACK = 1e-12  # shares of weights that are equal may differ by this much in rounding

Curve = tuple[Floats, Floats, Floats]


def positive_total(scores: BinaryScores) -> float:
    """Σw of the positives, to the bit where their running sum ends; Undefined without any."""
    if not scores.positives:
        raise Undefined("no positive rows")
    return float(scores.positives_at_least[0])


def class_totals(scores: BinaryScores) -> tuple[float, float]:
    """Σw of the positives and of the negatives likewise; Undefined when a class is absent."""
    positives = positive_total(scores)
    if not scores.negatives:
        raise Undefined("no negative rows")
    return positives, float(scores.negatives_at_least[0])


def check_share(option: str, value: float, *, zero: bool = False) -> None:
    """Refuse an option that is not a share of 1; 0 is one only where it is said to be."""
    if not (0 < value <= 1 or (zero and value == 0)):
        raise UsageError(
            f"{option} must be {'from 0 to 1' if zero else 'above 0 and at most 1'}, not {value:g}"
        )


def rates(scores: BinaryScores) -> tuple[Floats, Floats]:
    """(s,) false and true positive rate with each distinct score as the threshold."""
    positives, negatives = class_totals(scores)
    return scores.negatives_at_least / negatives, scores.positives_at_least / positives


def precisions(scores: BinaryScores) -> Floats:
    """(s,) precision with each distinct score as the threshold."""
    return scores.positives_at_least / (scores.positives_at_least + scores.negatives_at_least)


def from_top(at_least: Floats) -> Floats:
    """(s + 1,) a running sum from the highest score down, beginning with 0 for no rows at all."""
    return np.concatenate([np.zeros(1), at_least[::-1]])


def roc_curve(scores: BinaryScores, points: int = 512) -> Curve:
    """False positive rate, true positive rate and threshold, thinned, from (0, 0) to (1, 1).

    A row counts as positive when its score is at least the threshold; the first is infinite.

    >>> one, none = np.ones(3), np.zeros(3)
    >>> s = BinaryScores(np.array([0.1, 0.5, 0.9]), np.array([0.0, 1, 1]), np.array([1.0, 1, 0]),
    ...                  one, one)
    >>> [axis.tolist() for axis in roc_curve(s)]
    [[0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0], [inf, 0.9, 0.5, 0.1]]
    """
    fpr, tpr = rates(scores)
    return _thinned(from_top(fpr), from_top(tpr), _thresholds(scores), points)


def pr_curve(scores: BinaryScores, points: int = 512) -> Curve:
    """Recall, precision and threshold, thinned, from (0, 1), where nothing is predicted.

    >>> s = BinaryScores(np.array([0.1, 0.5]), np.array([1.0, 1]), np.array([2.0, 0]),
    ...                  np.ones(2), np.ones(2))
    >>> [axis.tolist() for axis in pr_curve(s)]
    [[0.0, 0.5, 1.0], [1.0, 1.0, 0.5], [inf, 0.5, 0.1]]
    """
    recall = scores.positives_at_least / positive_total(scores)
    precision = np.concatenate([np.ones(1), precisions(scores)[::-1]])
    return _thinned(from_top(recall), precision, _thresholds(scores), points)


def _thresholds(scores: BinaryScores) -> Floats:
    return np.concatenate([np.full(1, np.inf), scores.scores[::-1]])


def _thinned(x: Floats, y: Floats, threshold: Floats, points: int) -> Curve:
    """The corners of a curve; when they are too many, those nearest to even steps along it."""
    fresh = np.append(True, (x[1:] != x[:-1]) | (y[1:] != y[:-1]))
    x, y, threshold = x[fresh], y[fresh], threshold[fresh]
    across, up = np.diff(x), np.diff(y)
    one, other = across[:-1] * up[1:], across[1:] * up[:-1]
    turns = np.abs(one - other) > 1e-9 * (np.abs(one) + np.abs(other))
    kept = np.concatenate([[0], np.flatnonzero(turns) + 1, [len(x) - 1]])
    if len(kept) > points:
        steps = np.abs(np.diff(x[kept])) + np.abs(np.diff(y[kept]))
        along = np.concatenate([np.zeros(1), steps.cumsum()])
        places = np.searchsorted(along, np.linspace(0, along[-1], points)[:-1])
        kept = kept[distinct(np.append(places, len(kept) - 1))]
    return x[kept], y[kept], threshold[kept]
