"""Metrics of one class against the rest, read off its four counts."""

from __future__ import annotations

from functools import partial

from mleval.errors import UsageError
from mleval.registry import Proportion, metric
from mleval.states import ClassCounts, Confusion, ratio
from mleval.states.counts import Array

one_vs_rest = partial(
    metric, tasks=("binary", "multiclass", "multilabel"), state=Confusion, over="class"
)


@one_vs_rest(
    "precision",
    title="Precision",
    goal="max",
    range=(0, 1),
    formula="TP / (TP + FP)",
    source="Kent et al. 1955",
    use="a false alarm is what costs: spam filters, alerts that wake somebody up",
    beware="says nothing of the positives that were missed; moves with the prevalence",
    aliases=("ppv", "positive_predictive_value", "precision_score"),
    default=("macro", "weighted"),
    undefined="nothing was predicted as {class}",
    proportion=Proportion(trials=lambda c: c.tp + c.fp),
)
def precision(c: ClassCounts) -> Array:
    """Share of the rows predicted as the class that are of the class.

    >>> precision(ClassCounts(tp=8.0, fp=2.0, fn=4.0, tn=6.0)).item()
    0.8
    """
    return ratio(c.tp, c.tp + c.fp)


@one_vs_rest(
    "recall",
    title="Recall",
    goal="max",
    range=(0, 1),
    formula="TP / (TP + FN)",
    source="Kent et al. 1955",
    use="a miss is what costs: screening for a disease, fraud, safety",
    beware="predicting the class everywhere scores 1; read it beside precision or specificity",
    aliases=("sensitivity", "tpr", "true_positive_rate", "recall_score"),
    default=("macro", "weighted"),
    undefined="no row is {class}",
    proportion=Proportion(trials=lambda c: c.tp + c.fn),
)
def recall(c: ClassCounts) -> Array:
    """Share of the rows of the class that were predicted as it.

    >>> recall(ClassCounts(tp=8.0, fp=2.0, fn=2.0, tn=8.0)).item()
    0.8
    """
    return ratio(c.tp, c.tp + c.fn)


@one_vs_rest(
    "f1",
    title="F1 score",
    goal="max",
    range=(0, 1),
    formula="2·TP / (2·TP + FP + FN)",
    source="van Rijsbergen 1979",
    use="one number for a rare class when misses and false alarms weigh about the same",
    beware="ignores the true negatives, and moves with the prevalence: compare it only between "
    "models on the same rows",
    aliases=("f_measure", "f_score", "f1_score", "dice"),
    default=("macro", "weighted"),
    undefined="no row is, or was predicted as, {class}",
    proportion=Proportion(
        trials=lambda c: c.tp + c.fp + c.fn,
        to_share=lambda f: f / (2 - f),
        from_share=lambda jaccard: 2 * jaccard / (1 + jaccard),
    ),
)
def f1(c: ClassCounts) -> Array:
    """Harmonic mean of precision and recall.

    >>> f1(ClassCounts(tp=6.0, fp=2.0, fn=6.0, tn=6.0)).item()
    0.6
    """
    return ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn)


@one_vs_rest(
    "fbeta",
    title="F-beta score",
    goal="max",
    range=(0, 1),
    formula="(1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)",
    source="van Rijsbergen 1979",
    use="recall counts β times as much as precision: β = 2 when misses hurt more, 0.5 when false "
    "alarms do",
    beware="β is a choice: fix it before seeing results; if you know what errors cost, use cost",
    aliases=("f_beta", "fbeta_score"),
    undefined="no row is, or was predicted as, {class}",
    example="fbeta(beta=2)",
)
def fbeta(c: ClassCounts, *, beta: float) -> Array:
    """Weighted harmonic mean of precision and recall, recall weighing β² times as much.

    Raises:
        UsageError: beta is negative or not a number.

    >>> fbeta(ClassCounts(tp=5.0, fp=5.0, fn=0.0, tn=0.0), beta=2.0).item()  # 25 / (25 + 5)
    0.8333333333333334
    """
    if not beta >= 0:
        raise UsageError(f"fbeta: beta must be 0 or more, not {beta}", hint="fbeta(beta=2)")
    recall_share = 1 - 1 / (1 + beta * beta)
    return ratio(c.tp, c.tp + recall_share * c.fn + (1 - recall_share) * c.fp)


@one_vs_rest(
    "jaccard",
    title="Jaccard index",
    goal="max",
    range=(0, 1),
    formula="TP / (TP + FP + FN)",
    source="Jaccard 1901",
    use="overlap of the rows predicted with the rows that are: segmentation, retrieved sets",
    beware="orders models exactly as F1 does and is never higher: reporting both says it twice",
    aliases=("jaccard_score", "iou", "intersection_over_union", "critical_success_index"),
    undefined="no row is, or was predicted as, {class}",
    proportion=Proportion(trials=lambda c: c.tp + c.fp + c.fn),
)
def jaccard(c: ClassCounts) -> Array:
    """Share of the rows that are of the class or predicted as it that are both.

    >>> jaccard(ClassCounts(tp=6.0, fp=2.0, fn=4.0, tn=8.0)).item()
    0.5
    """
    return ratio(c.tp, c.tp + c.fp + c.fn)


@one_vs_rest(
    "specificity",
    title="Specificity",
    goal="max",
    range=(0, 1),
    formula="TN / (TN + FP)",
    source="Yerushalmy 1947",
    use="how well the rows that are not the class are left alone; the partner of recall",
    beware="close to 1 for any rare class: 99 % of a million negatives is still 10,000 alarms",
    aliases=("tnr", "true_negative_rate", "selectivity"),
    default=("macro",),
    undefined="every row is {class}",
    proportion=Proportion(trials=lambda c: c.tn + c.fp),
)
def specificity(c: ClassCounts) -> Array:
    """Share of the rows not of the class that were not predicted as it.

    >>> specificity(ClassCounts(tp=8.0, fp=2.0, fn=4.0, tn=6.0)).item()
    0.75
    """
    return ratio(c.tn, c.tn + c.fp)


@one_vs_rest(
    "npv",
    title="Negative predictive value",
    goal="max",
    range=(0, 1),
    formula="TN / (TN + FN)",
    source="Vecchio 1966",
    use="how far an all-clear can be trusted: ruling a disease out",
    beware="close to 1 for any rare class, whatever the model; moves with the prevalence",
    aliases=("negative_predictive_value",),
    undefined="everything was predicted as {class}",
    proportion=Proportion(trials=lambda c: c.tn + c.fn),
)
def npv(c: ClassCounts) -> Array:
    """Share of the rows not predicted as the class that are not of it.

    >>> npv(ClassCounts(tp=8.0, fp=2.0, fn=4.0, tn=6.0)).item()
    0.6
    """
    return ratio(c.tn, c.tn + c.fn)


@one_vs_rest(
    "fpr",
    title="False positive rate",
    goal="min",
    range=(0, 1),
    formula="FP / (FP + TN)",
    source="Green & Swets 1966",
    use="the share of innocent rows that raise an alarm: what a user who is no case will see",
    beware="not the share of alarms that are false, which is 1 − precision",
    aliases=("false_positive_rate", "fall_out"),
    undefined="every row is {class}",
    proportion=Proportion(trials=lambda c: c.fp + c.tn),
)
def fpr(c: ClassCounts) -> Array:
    """Share of the rows not of the class that were predicted as it.

    >>> fpr(ClassCounts(tp=8.0, fp=2.0, fn=4.0, tn=6.0)).item()
    0.25
    """
    return ratio(c.fp, c.fp + c.tn)


@one_vs_rest(
    "fnr",
    title="False negative rate",
    goal="min",
    range=(0, 1),
    formula="FN / (FN + TP)",
    source="Green & Swets 1966",
    use="the share of cases that slip through, when that is how people speak of it",
    beware="1 − recall: reporting both says it twice",
    aliases=("false_negative_rate", "miss_rate"),
    undefined="no row is {class}",
    proportion=Proportion(trials=lambda c: c.fn + c.tp),
)
def fnr(c: ClassCounts) -> Array:
    """Share of the rows of the class that were not predicted as it.

    >>> fnr(ClassCounts(tp=6.0, fp=2.0, fn=2.0, tn=8.0)).item()
    0.25
    """
    return ratio(c.fn, c.fn + c.tp)


@one_vs_rest(
    "informedness",
    title="Informedness",
    goal="max",
    range=(-1, 1),
    formula="TP / (TP + FN) + TN / (TN + FP) − 1",
    source="Powers 2011",
    use="how much better than guessing, whatever the prevalence: 0 is chance, 1 perfect",
    beware="is of the labels given; youden is its maximum over thresholds, and flatters",
    aliases=("bookmaker_informedness", "delta_p_prime"),
    undefined="it takes rows that are {class} and rows that are not",
)
def informedness(c: ClassCounts) -> Array:
    """Recall plus specificity minus 1.

    >>> informedness(ClassCounts(tp=3.0, fp=1.0, fn=1.0, tn=3.0)).item()
    0.5
    """
    return recall(c) + specificity(c) - 1


@one_vs_rest(
    "markedness",
    title="Markedness",
    goal="max",
    range=(-1, 1),
    formula="TP / (TP + FP) + TN / (TN + FN) − 1",
    source="Powers 2011",
    use="how far a prediction, yes or no, can be taken at its word: 0 is chance, 1 perfect",
    beware="moves with the prevalence, unlike informedness",
    aliases=("delta_p",),
    undefined="it takes rows predicted as {class} and rows that are not",
)
def markedness(c: ClassCounts) -> Array:
    """Precision plus negative predictive value minus 1.

    >>> markedness(ClassCounts(tp=3.0, fp=1.0, fn=1.0, tn=3.0)).item()
    0.5
    """
    return precision(c) + npv(c) - 1


@one_vs_rest(
    "prevalence",
    title="Prevalence",
    goal="none",
    range=(0, 1),
    formula="(TP + FN) / n",
    source="Porta 2014",
    use="before reading precision, npv, F1 or average precision: all of them move with it",
    beware="is of the data, not of the model; and of these data, perhaps not of those in use",
    aliases=("base_rate", "positive_rate"),
    undefined="no rows",
    proportion=Proportion(trials=lambda c: c.total),
)
def prevalence(c: ClassCounts) -> Array:
    """Share of the rows that are of the class.

    >>> prevalence(ClassCounts(tp=3.0, fp=4.0, fn=2.0, tn=11.0)).item()
    0.25
    """
    return ratio(c.tp + c.fn, c.total)
