"""Metrics of all classes at once, read off the whole confusion matrix."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np

from mleval.errors import InputError, Undefined
from mleval.registry import Proportion, metric
from mleval.states import Confusion, Counts, ratio
from mleval.states.counts import Array
from mleval.states.vocabulary import distinct

whole_matrix = partial(metric, tasks=("binary", "multiclass"), state=Confusion)


@whole_matrix(
    "accuracy",
    title="Accuracy",
    goal="max",
    range=(0, 1),
    formula="right rows / n",
    source="Finley 1884",
    use="classes of about the same size whose errors cost about the same",
    beware="with a rare class, never predicting it scores nearly 1: compare with the share of the "
    "largest class",
    aliases=("accuracy_score",),
    default=True,
    undefined="no rows",
    proportion=Proportion(trials=lambda counts: counts.total),
)
def accuracy(counts: Counts) -> Array:
    """Share of the rows whose prediction is the truth.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [5, 1, 1, 3]  # truth, prediction, rows
    >>> accuracy(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.8
    """
    return ratio(counts.diagonal.sum(), counts.total)


@whole_matrix(
    "zero_one_loss",
    title="Zero-one loss",
    goal="min",
    range=(0, 1),
    formula="wrong rows / n",
    source="Wald 1950",
    use="an error rate is what the field reports",
    beware="1 − accuracy, with all its traps: reporting both says it twice",
    aliases=("error_rate", "misclassification_rate"),
    undefined="no rows",
    proportion=Proportion(trials=lambda counts: counts.total),
)
def zero_one_loss(counts: Counts) -> Array:
    """Share of the rows whose prediction is not the truth.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [5, 1, 1, 3]  # truth, prediction, rows
    >>> zero_one_loss(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.2
    """
    return ratio(counts.total - counts.diagonal.sum(), counts.total)


@whole_matrix(
    "hamming_loss",
    title="Hamming loss",
    goal="min",
    range=(0, 1),
    formula="wrong labels / labels",
    source="Schapire & Singer 2000",
    use="comparing with figures for several labels a row, where it is at home",
    beware="with one label a row it is the zero-one loss by another name",
    undefined="no rows",
    proportion=Proportion(trials=lambda counts: counts.total),
)
def hamming_loss(counts: Counts) -> Array:
    """Share of the labels that are wrong; of one label a row here.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [5, 1, 1, 3]  # truth, prediction, rows
    >>> hamming_loss(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.2
    """
    return zero_one_loss(counts)


@whole_matrix(
    "balanced_accuracy",
    title="Balanced accuracy",
    goal="max",
    range=(0, 1),
    formula="mean over the truth's classes of TP / (TP + FN)",
    source="Brodersen et al. 2010",
    use="classes of unequal size that matter equally; guessing scores 1 / classes",
    beware="blind to how many false alarms a rare class gets: read it beside precision; a class of "
    "few rows makes it jump",
    aliases=("balanced_accuracy_score",),
    default=True,
    undefined="no rows",
)
def balanced_accuracy(counts: Counts) -> Array:
    """Mean recall of the classes that occur in the truth.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [8, 2, 2, 2]  # truth, prediction, rows
    >>> balanced_accuracy(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.65
    """
    recalls = _recalls(counts)
    return ratio(recalls.sum(), np.float64(len(recalls)))


@whole_matrix(
    "g_mean",
    title="G-mean",
    goal="max",
    range=(0, 1),
    formula="geometric mean over the truth's classes of TP / (TP + FN); binary: √(TPR · TNR)",
    source="Kubat & Matwin 1997; Sun et al. 2006",
    use="every class must be found: one that is neglected drags it down more than a plain mean",
    beware="0 as soon as one class is never found, which with many classes is soon",
    aliases=("geometric_mean", "geometric_mean_score"),
    undefined="one of the two classes has no rows",
)
def g_mean(counts: Counts) -> Array:
    """Geometric mean of the recalls of the classes that occur in the truth.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [9, 1, 6, 4]  # truth, prediction, rows
    >>> round(float(g_mean(Counts.of_cells(("n", "p"), *map(np.array, cells)))), 12)  # √(0.9 · 0.4)
    0.6
    """
    recalls = _recalls(counts)
    if len(recalls) == 0 or len(recalls) < len(counts.classes) == 2:
        raise Undefined("one of the two classes has no rows" if len(recalls) else "no rows")
    if (recalls == 0).any():
        return recalls.sum() * 0.0  # 0 with a gradient of 0: the true one is not finite
    return np.exp(np.log(recalls).sum() / len(recalls))


@whole_matrix(
    "mcc",
    title="Matthews correlation coefficient",
    goal="max",
    range=(-1, 1),
    formula="Σ(TP·TN − FP·FN) / √(Σt(n − t) · Σp(n − p)), sums over classes of t true, p predicted",
    source="Matthews 1975; Gorodkin 2004",
    use="one number that is high only when every class is found and every prediction trustworthy; "
    "safe with unequal classes",
    beware="0 is chance, not 0.5; moves with the prevalence, so it does not carry over to other "
    "class shares",
    aliases=("matthews_corrcoef", "matthews_correlation", "phi", "phi_coefficient"),
    default=True,
    undefined="the truth or the prediction is constant",
)
def mcc(counts: Counts) -> Array:
    """Correlation of truth and prediction as indicators of the classes.

    A row without a prediction counts as predicted to be of a class of its own.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [3, 1, 1, 3]  # truth, prediction, rows
    >>> mcc(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.5
    """
    _require_variety(counts)
    total, truth, prediction = counts.total, counts.truth, counts.prediction
    nothing = counts.cells[counts.cell_prediction < 0].sum()
    spread = (prediction * (total - prediction)).sum() + nothing * (total - nothing)
    return _agreement(counts) / np.sqrt((truth * (total - truth)).sum() * spread)


@whole_matrix(
    "kappa",
    title="Cohen's kappa",
    goal="max",
    range=(-1, 1),
    formula="1 − Σ w·observed / Σ w·expected; w = 1 off the diagonal, |i − j| or (i − j)²",
    source="Cohen 1960; 1968",
    use="two raters, or a model and a rater: agreement beyond what their class shares would give; "
    "with weights=quadratic for grades in order",
    beware="low by construction when one class dominates; weights need the classes in order: text "
    "labels by --classes; quadratic weights rise with the number of grades",
    aliases=("cohen_kappa", "cohens_kappa", "cohen_kappa_score"),
    default=True,
    undefined="the truth or the prediction is constant",
    example="kappa(weights=quadratic)",
)
def kappa(counts: Counts, *, weights: Literal["none", "linear", "quadratic"] = "none") -> Array:
    """Agreement beyond chance; with weights, a miss by more classes weighs more.

    Raises:
        InputError: with weights, when nothing says in what order the classes are.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [3, 1, 1, 3]  # truth, prediction, rows
    >>> kappa(Counts.of_cells(("n", "p"), *map(np.array, cells))).item()
    0.5
    >>> cells = [0, 1, 2, 2], [0, 1, 0, 2], [2, 2, 1, 1]  # truth, prediction, rows
    >>> kappa(Counts.of_cells(("1", "2", "3"), *map(np.array, cells)), weights="linear").item()
    0.625
    """
    _require_variety(counts)
    if weights == "none":
        return _agreement(counts) / (counts.truth * (counts.total - counts.prediction)).sum()
    if not counts.ordered and len(counts.classes) > 2:
        raise InputError(
            f"kappa(weights={weights}): the order of the classes is not known",
            hint="give it, lowest first: --classes low,medium,high",
        )
    if (counts.cell_prediction < 0).any():
        raise Undefined("rows without a prediction have no place in the order of the classes")
    power = 1 if weights == "linear" else 2
    i, j = np.indices((len(counts.classes), len(counts.classes))).reshape(2, -1)
    expected = (counts.truth[i] * counts.prediction[j] * np.abs(i - j) ** power).sum()
    apart = np.abs(counts.cell_truth - counts.cell_prediction) ** power
    return 1 - (counts.cells * apart).sum() * counts.total / expected


def _recalls(counts: Counts) -> Array:
    """The recall of each class that occurs in the truth."""
    occurs = counts.truth > 0
    return counts.diagonal[occurs] / counts.truth[occurs]


def _agreement(counts: Counts) -> Array:
    """n·(right rows) − Σ truth·prediction, without the cancellation when a class is rare."""
    c = counts.by_class()
    return (c.tp * c.tn - c.fp * c.fn).sum()


def _require_variety(counts: Counts) -> None:
    """Raise Undefined when all rows have one truth or one prediction."""
    occurs = counts.cells > 0
    columns = {"truth": counts.cell_truth, "prediction": counts.cell_prediction}
    constant = [name for name, codes in columns.items() if len(distinct(codes[occurs])) < 2]
    if constant:
        verb = "is" if len(constant) == 1 else "are"
        raise Undefined(f"the {' and the '.join(constant)} {verb} constant")
