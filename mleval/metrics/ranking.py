"""Metrics of how well scores put the positives above the negatives, over all thresholds."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.metrics.curves import check_share, class_totals, positive_total, precisions
from mleval.registry import metric
from mleval.states import BinaryScores, ScoreTable


def _passed_and_room(scores: BinaryScores, max_fpr: float) -> tuple[Floats, Floats]:
    """(s,) The share of each score that the ROC has passed at max_fpr, and its way since then.

    A positive lifts the curve from its score on, so the area is the mean room of the positives:
    the way from there to max_fpr. Tied scores are one straight segment, passed bit by bit.
    """
    check_share("max_fpr", max_fpr)
    _, negatives = class_totals(scores)
    if max_fpr == 1:
        return np.ones(1), 1 - (scores.negatives_at_least - 0.5 * scores.negative) / negatives
    step = scores.negative / negatives
    left = np.maximum(max_fpr - (scores.negatives_at_least - scores.negative) / negatives, 0)
    taken = np.minimum(left, step)
    passed = np.divide(taken, step, out=(left > 0).astype(np.float64), where=step > 0)
    return passed, left - taken + 0.5 * taken * passed


def auc_influence(scores: BinaryScores, *, max_fpr: float = 1.0) -> tuple[Floats, Floats]:
    """Exact influences on `roc_auc`: DeLong's placements, centred."""
    positives, negatives = class_totals(scores)
    passed, room = _passed_and_room(scores, max_fpr)
    reached = scores.positive * passed
    behind = reached.cumsum() - reached + 0.5 * reached * passed
    mean_room = (scores.positive * room).sum() / positives
    mean_behind = (scores.negative * behind).sum() / negatives
    scale = scores.total / (positives * max_fpr * (2 - max_fpr))
    return scale * (room - mean_room), scale / negatives * (mean_behind - behind)


@metric(
    "roc_auc",
    title="ROC AUC",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="P(s⁺ > s⁻) + ½ P(s⁺ = s⁻); up to FPR m: ½ (1 + (A − m²/2) / (m − m²/2))",
    source="Hanley & McNeil 1982; partial area: McClish 1989",
    use="models are compared by how they rank, whatever the threshold and the prevalence",
    beware="flatters when positives are rare: see average_precision; says nothing of calibration",
    aliases=("auc", "auroc"),
    default=True,
    undefined="one of the classes has no rows",
    example="roc_auc(max_fpr=0.1)",
    influence=auc_influence,
    interval="auc",
)
def roc_auc(scores: BinaryScores, *, max_fpr: float = 1.0) -> float:
    """The probability that a positive scores above a negative, ties counting a half.

    With max_fpr below 1, the standardised area under the curve up to there: 0.5 is chance, 1
    perfect, as scikit-learn has it.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 1]),
    ...                      np.array([1.0, 1, 0]), np.ones(3), np.ones(3))
    >>> roc_auc(table)  # of 4 pairs 3 in order, 1 tied
    0.875
    """
    _, room = _passed_and_room(scores, max_fpr)
    area = float((scores.positive * room).sum()) / scores.positives
    chance = max_fpr**2 / 2
    return 0.5 + (area - chance) / (2 * (max_fpr - chance))


@metric(
    "roc_auc_ovr",
    title="ROC AUC, one class against the rest",
    tasks=("multiclass",),
    state=ScoreTable,
    over="class",
    goal="max",
    range=(0, 1),
    formula="ROC AUC of P(class) for the class against all others, averaged over the classes",
    source="Provost & Domingos 2000; weighted: Fawcett 2006",
    use="probabilities of several classes are to rank the rows of each class first",
    beware="a rare class against a large rest looks easy; the rest shifts with the class balance",
    aliases=("roc_auc", "auc", "auroc"),
    default=("macro",),
    undefined="{class} or its rest has no rows",
    example="roc_auc_ovr[weighted]",
    influence=auc_influence,
    interval="auc",
)
@metric(
    "roc_auc_ovo",
    title="ROC AUC, one class against another",
    tasks=("multiclass",),
    state=ScoreTable,
    over="pair",
    goal="max",
    range=(0, 1),
    formula="mean over pairs (a, b) of ½ (AUC of P(a) + AUC of P(b)) on the rows of a and b",
    source="Hand & Till 2001",
    use="as roc_auc_ovr, where the class balance should not matter",
    beware="K (K − 1) / 2 pairs, of which those of rare classes are as noisy as they are few",
    aliases=("hand_till",),
    undefined="a class has no rows",
    example="roc_auc_ovo[weighted]",
    influence=auc_influence,
    interval="auc",
)
@metric(
    "roc_auc",
    title="ROC AUC",
    tasks=("multilabel",),
    state=ScoreTable,
    over="class",
    goal="max",
    range=(0, 1),
    formula="ROC AUC of P(label) for the label against the rows without it, averaged over labels",
    source="Hanley & McNeil 1982; averages: Tsoumakas et al. 2010",
    use="each label has its own score, and no threshold is fixed",
    beware="micro pools the scores of all labels, which must then be on one scale",
    aliases=("auc", "auroc", "roc_auc_ovr"),
    default=("macro",),
    undefined="{class} or its rest has no rows",
    example="roc_auc[micro]",
    influence=auc_influence,
    interval="auc",
)
def class_auc(scores: BinaryScores) -> float:
    """The probability that a row of the class gets a higher score for it than another row.

    >>> table = BinaryScores(np.array([0.2, 0.3]), np.array([0.0, 2]), np.array([3.0, 0]),
    ...                      np.ones(2), np.ones(2))
    >>> class_auc(table)
    1.0
    """
    return roc_auc(scores)


def _gini_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    of_positive, of_negative = auc_influence(scores)
    return 2 * of_positive, 2 * of_negative


@metric(
    "gini",
    title="Gini coefficient",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(-1, 1),
    formula="2 AUC − 1",
    source="Somers 1962 (his D of score on truth)",
    use="credit scoring, where the AUC is quoted so that chance is 0",
    beware="not the Gini impurity of trees, nor the Gini index of incomes",
    aliases=("somers_d", "accuracy_ratio"),
    undefined="one of the classes has no rows",
    example="gini",
    influence=_gini_influence,
    interval="auc",
)
def gini(scores: BinaryScores) -> float:
    """How much oftener a positive scores above a negative than below.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1, 1]),
    ...                      np.array([1.0, 1, 0]), np.ones(3), np.ones(3))
    >>> gini(table)
    0.75
    """
    return 2 * roc_auc(scores) - 1


def _next(at: Floats, beyond: float) -> Floats:
    """(s,) Each value replaced by the one at the next higher score, `beyond` at the top."""
    return np.append(at[1:], beyond)


def _recall_mean_influence(
    scores: BinaryScores, height: Floats, counted: Floats
) -> tuple[Floats, Floats]:
    """Exact influences on Σ positive · height / P.

    counted: (s,) how often the precision at each score occurs in that sum. A row raises or lowers
    the precision at its own score and at all below.
    """
    positives = positive_total(scores)
    predicted = scores.positives_at_least + scores.negatives_at_least
    counted = counted / (predicted * predicted)
    gain = (counted * scores.negatives_at_least).cumsum()
    loss = (counted * scores.positives_at_least).cumsum()
    mean = (scores.positive * height).sum() / positives
    scale = scores.total / positives
    return scale * (height + gain - mean), -scale * loss


def _average_precision_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    return _recall_mean_influence(scores, precisions(scores), scores.positive)


@metric(
    "average_precision",
    title="Average precision",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="Σ (R_i − R_{i−1}) P_i, down the distinct scores",
    source="Buckley & Voorhees 2000; step sum as in scikit-learn",
    use="positives are rare and what is found at the top of the list matters",
    beware="chance is the prevalence, not 0.5: data sets of different balance do not compare",
    aliases=("ap", "auprc"),
    default=True,
    undefined="no positive rows",
    example="average_precision",
    influence=_average_precision_influence,
)
@metric(
    "average_precision",
    title="Average precision",
    tasks=("multiclass", "multilabel"),
    state=ScoreTable,
    over="class",
    goal="max",
    range=(0, 1),
    formula="Σ (R_i − R_{i−1}) P_i, down the distinct scores of P(class); averaged over classes",
    source="Buckley & Voorhees 2000; step sum as in scikit-learn",
    use="rare classes matter, and each is looked for on its own",
    beware="chance is the prevalence of each class: the mean hides easy and hard ones",
    aliases=("ap", "auprc"),
    default=("macro",),
    undefined="no rows of {class}",
    example="average_precision[macro]",
    influence=_average_precision_influence,
)
def average_precision(scores: BinaryScores) -> float:
    """The mean over the positives of the precision when each is just included.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 0, 1]),
    ...                      np.array([0.0, 2, 0]), np.ones(3), np.ones(3))
    >>> average_precision(table)  # the first found at precision 1, the second at 2/4
    0.75
    """
    positives = positive_total(scores)
    return float((scores.positive * precisions(scores)).sum()) / positives


def _pr_auc_influence(scores: BinaryScores) -> tuple[Floats, Floats]:
    precision = precisions(scores)
    found_below = np.concatenate([np.zeros(1), scores.positive[:-1]])
    height, counted = precision + _next(precision, 1.0), scores.positive + found_below
    return _recall_mean_influence(scores, 0.5 * height, 0.5 * counted)


@metric(
    "pr_auc",
    title="Area under the precision-recall curve (trapezoid)",
    tasks=("binary",),
    state=ScoreTable,
    over="event",
    goal="max",
    range=(0, 1),
    formula="Σ (R_i − R_{i−1}) (P_i + P_{i−1}) / 2, beginning at R = 0, P = 1",
    source="Davis & Goadrich 2006, who warn of it",
    use="a published number by auc(recall, precision) is to be matched",
    beware="straight lines between the points are optimistic: prefer average_precision",
    aliases=("auc_pr", "prauc"),
    undefined="no positive rows",
    example="pr_auc",
    influence=_pr_auc_influence,
)
def pr_auc(scores: BinaryScores) -> float:
    """The area under straight lines through the points of the precision-recall curve.

    >>> table = BinaryScores(np.array([0.1, 0.4, 0.8]), np.array([1.0, 0, 1]),
    ...                      np.array([0.0, 2, 0]), np.ones(3), np.ones(3))
    >>> round(pr_auc(table), 12)  # ½ · 1 + ½ · (1/3 + 2/4) / 2
    0.708333333333
    """
    positives = positive_total(scores)
    precision = precisions(scores)
    heights = 0.5 * (precision + _next(precision, 1.0))
    return float((scores.positive * heights).sum()) / positives
