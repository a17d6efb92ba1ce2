"""Metrics of rows with several labels: the mean over the rows of a number read off each."""

from __future__ import annotations

from functools import partial

import numpy as np

from mleval.registry import Proportion, metric
from mleval.states import ClassCounts, Confusion, ratio
from mleval.states.counts import Array

of_rows = partial(metric, tasks=("multilabel",), state=Confusion, over="row")


@of_rows(
    "subset_accuracy",
    title="Subset accuracy",
    goal="max",
    range=(0, 1),
    formula="rows whose predicted set is the true set / n",
    source="Ghamrawi & McCallum 2005",
    use="a row is of use only when every label of it is right",
    beware="one label too many counts like all wrong; falls as there are more labels: read it "
    "beside hamming_loss and f1[micro]",
    aliases=("exact_match_ratio",),
    default=True,
    undefined="no rows",
    proportion=Proportion(),
)
def subset_accuracy(c: ClassCounts) -> Array:
    """Share of the rows whose labels are all found and none too many.

    >>> subset_accuracy(ClassCounts(*map(np.array, ([2, 1], [0, 1], [0, 0], [1, 1])))).tolist()
    [1.0, 0.0]
    """
    return np.where(c.fp + c.fn == 0, 1.0, 0.0)


@of_rows(
    "hamming_loss",
    title="Hamming loss",
    goal="min",
    range=(0, 1),
    formula="(FP + FN) / (n · labels)",
    source="Schapire & Singer 2000",
    use="every label of every row is a decision of its own, and all cost alike",
    beware="with many labels that are seldom true, predicting nothing scores nearly 0",
    default=True,
    undefined="no labels",
)
def label_hamming_loss(c: ClassCounts) -> Array:
    """Share of the decisions, one a row and label, that are wrong.

    >>> label_hamming_loss(ClassCounts(*map(np.array, ([2, 1], [0, 1], [0, 0], [2, 2])))).tolist()
    [0.0, 0.25]
    """
    return ratio(c.fp + c.fn, c.total)
