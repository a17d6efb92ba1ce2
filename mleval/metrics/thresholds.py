"""Metrics that are the best over all thresholds; a row is predicted from its threshold up."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.metrics.curves import SLACK, check_share, positive_total, precisions, rates
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable

_MAXIMUM = "a maximum over thresholds has no normal sampling distribution"


def highest_best(values: Floats, scores: BinaryScores) -> float:
    """The threshold with the largest value, the highest of equals."""
    return float(scores.scores[np.flatnonzero(values >= values.max() - SLACK)[-1]])


@metric(
    "ks",
    title="Kolmogorov-Smirnov distance",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max |TPR − FPR| over thresholds",
    source="Smirnov 1939",
    use="credit scoring; how far apart the scores of the two classes are at their farthest",
    beware="two-sided: scores that rank backwards get a high value too; see youden",
    aliases=("ks_statistic", "kolmogorov_smirnov"),
    undefined="one of the classes has no rows",
    example="ks",
    no_interval=_MAXIMUM,
)
def ks(scores: BinaryScores) -> float:
    """The largest distance between the score distributions of the two classes.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 3]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> ks(table)  # at 0.8: 3/4 − 0/4
    0.75
    """
    fpr, tpr = rates(scores)
    return float(np.abs(tpr - fpr).max())


def youden_threshold(scores: BinaryScores) -> float:
    """The highest threshold at which TPR − FPR is largest."""
    fpr, tpr = rates(scores)
    return highest_best(tpr - fpr, scores)


@metric(
    "youden",
    title="Youden's J at the best threshold",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max TPR − FPR over thresholds",
    source="Youden 1950",
    use="a threshold is sought where misses and false alarms count alike, as in diagnostics",
    beware="chosen on the rows it is computed on, so optimistic; ignores the prevalence",
    aliases=("youden_j", "youdens_j", "j_statistic"),
    undefined="one of the classes has no rows",
    example="youden",
    no_interval=_MAXIMUM,
    threshold=youden_threshold,
)
def youden(scores: BinaryScores) -> float:
    """The largest true positive rate less false positive rate that a threshold gives.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 3]),
    ...                      np.array([2.0, 2, 0]), np.ones(3), np.ones(3))
    >>> youden(table), youden_threshold(table)
    (0.75, 0.8)
    """
    fpr, tpr = rates(scores)
    return float((tpr - fpr).max())


def _f1_by_threshold(scores: BinaryScores) -> Floats:
    positives = positive_total(scores)
    found = scores.positives_at_least
    return 2 * found / (found + scores.negatives_at_least + positives)


def best_f1_threshold(scores: BinaryScores) -> float:
    """The highest threshold at which F1 is largest."""
    return highest_best(_f1_by_threshold(scores), scores)


@metric(
    "best_f1",
    title="F1 at the best threshold",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max 2TP / (2TP + FP + FN) over thresholds",
    source="Lipton, Elkan & Naryanaswamy 2014",
    use="how good F1 could be, and at which threshold, when the one in use is arbitrary",
    beware="chosen on the rows it is computed on, so optimistic: fix the threshold on other rows",
    aliases=("max_f1", "f1_max"),
    default=True,
    undefined="no positive rows",
    example="best_f1",
    no_interval=_MAXIMUM,
    threshold=best_f1_threshold,
)
def best_f1(scores: BinaryScores) -> float:
    """The largest F1 that a threshold gives.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 1]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> best_f1(table), best_f1_threshold(table)  # 2 found, 1 false alarm
    (0.8, 0.4)
    """
    return float(_f1_by_threshold(scores).max())


@metric(
    "recall_at_precision",
    title="Recall at a precision",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max TP / (TP + FN) over thresholds with TP / (TP + FP) ≥ precision",
    source="Davis & Goadrich 2006 (the curve)",
    use="false alarms are bounded by contract and as many positives as possible are wanted",
    beware="rests on the few rows above the threshold where the precision is high",
    aliases=("r_at_p",),
    undefined="no threshold reaches the precision",
    example="recall_at_precision(precision=0.9)",
    no_interval=_MAXIMUM,
)
def recall_at_precision(scores: BinaryScores, *, precision: float) -> float:
    """The largest recall among the thresholds whose precision is at least that asked for.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 2, 1]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> recall_at_precision(table, precision=0.7)  # at 0.4: 3 found, 1 false alarm, 1 missed
    0.75
    """
    check_share("precision", precision)
    positives = positive_total(scores)
    reached = np.flatnonzero(precisions(scores) >= precision - SLACK)
    if not len(reached):
        raise Undefined(f"no threshold reaches a precision of {precision:g}")
    return float(scores.positives_at_least[reached[0]]) / positives


@metric(
    "precision_at_recall",
    title="Precision at a recall",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="max TP / (TP + FP) over thresholds with TP / (TP + FN) ≥ recall",
    source="Davis & Goadrich 2006 (the curve)",
    use="a share of the positives has to be found, and the false alarms are the price",
    beware="moves with the prevalence, as precision does",
    aliases=("p_at_r",),
    undefined="no positive rows",
    example="precision_at_recall(recall=0.8)",
    no_interval=_MAXIMUM,
)
def precision_at_recall(scores: BinaryScores, *, recall: float) -> float:
    """The largest precision among the thresholds whose recall is at least that asked for.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 2, 1]),
    ...                      np.array([3.0, 1, 0]), np.ones(3), np.ones(3))
    >>> precision_at_recall(table, recall=0.5)  # at 0.4: 3 of 4
    0.75
    """
    check_share("recall", recall)
    positives = positive_total(scores)
    reached = scores.positives_at_least / positives >= recall - SLACK
    return float(precisions(scores)[reached].max())
