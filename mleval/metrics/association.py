"""Correlations of prediction and truth: linear, in agreement, and of ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.metrics.ranks import Ranking, concordance
from mleval.metrics.regression_rows import (
    COVARIANCE,
    ERROR,
    PREDICTION,
    PREDICTION_VARIANCE,
    SQUARED_ERROR,
    TRUTH,
    TRUTH_VARIANCE,
)
from mleval.registry import Component, metric
from mleval.states import Kept, Means

of_both = partial(metric, tasks=("regress",), goal="max")
correlation = partial(of_both, interval="delta")
CONSTANT = "truth or prediction has a single value"
_BOTH = (TRUTH, PREDICTION, TRUTH_VARIANCE, PREDICTION_VARIANCE)


@of_both(
    "pearson",
    interval="fisher",
    title="Pearson correlation",
    state=Means,
    range=(-1, 1),
    formula="Cov(truth, prediction) / √(Var(truth) · Var(prediction))",
    source="Pearson 1896",
    use="predictions are rescaled afterwards: only whether they rise together in a line matters",
    beware="blind to bias and scale: predictions ten times too large can score 1; see ccc and r2",
    aliases=("pearsonr", "correlation"),
    undefined=CONSTANT,
    components=lambda: (*_BOTH, COVARIANCE),
)
def pearson(mean: Mapping[str, Any]) -> Any:
    """How close prediction and truth are to a rising straight line.

    >>> float(pearson(
    ...     {"truth*truth": 4.0, "prediction*prediction": 1.0, "truth*prediction": 1.0}))
    0.5
    """
    one, other = mean["truth*truth"], mean["prediction*prediction"]
    if not (one > 0 and other > 0):
        raise Undefined(CONSTANT)
    return mean["truth*prediction"] / np.sqrt(one) / np.sqrt(other)


@of_both(
    "rsq",
    interval="fisher squared",
    title="Squared correlation",
    state=Means,
    range=(0, 1),
    formula="pearson²",
    source="Wright 1921; yardstick's rsq",
    use="a number that was published as R² is to be matched: many tools mean this one",
    beware="never below 0 and blind to bias and scale: r2 is the share of variance explained",
    aliases=("r_squared", "squared_correlation"),
    undefined=CONSTANT,
    components=lambda: (*_BOTH, COVARIANCE),
)
def rsq(mean: Mapping[str, Any]) -> Any:
    """Square of the Pearson correlation of prediction and truth.

    >>> float(rsq({"truth*truth": 4.0, "prediction*prediction": 1.0, "truth*prediction": 1.0}))
    0.25
    """
    return np.square(pearson(mean))


@correlation(
    "ccc",
    title="Concordance correlation",
    state=Means,
    range=(-1, 1),
    formula="2 Cov(truth, prediction) / (Var(truth) + Var(prediction) + bias²), variances ÷ n",
    source="Lin 1989",
    use="two measurements are to agree, not only to go together: emotion, imaging",
    beware="like any correlation it grows with the spread of the truth; some divide by n − 1",
    aliases=("lins_ccc", "concordance_correlation"),
    undefined="truth and prediction have the same single value",
    components=lambda: (*_BOTH, SQUARED_ERROR, ERROR),
)
def ccc(mean: Mapping[str, Any]) -> Any:
    """How close prediction and truth are to being equal, on the scale of a correlation.

    >>> ccc({"truth*truth": 2.0, "prediction*prediction": 2.0, "error": 0.0,
    ...      "squared_error": 1.0})
    0.75
    """
    spread = mean["truth*truth"] + mean["prediction*prediction"] + mean["error"] * mean["error"]
    if not spread > 0:
        raise Undefined("truth and prediction have the same single value")
    return 1 - mean["squared_error"] / spread


of_ranks = partial(
    correlation,
    state=Kept,
    range=(-1, 1),
    undefined=CONSTANT,
    components=lambda: (
        Component("truth", lambda rows: rows.truth),
        Component("prediction", lambda rows: rows.prediction),
    ),
)


def _columns(rows: Kept) -> tuple[Floats, Floats, Floats]:
    """Truth and prediction, and the share of each row in Σw. Raises Undefined where one is flat."""
    truth, prediction = rows.columns["truth"], rows.columns["prediction"]
    if not len(truth) or truth.min() == truth.max() or prediction.min() == prediction.max():
        raise Undefined(CONSTANT)
    return truth, prediction, rows.weight / rows.weight.sum()


def _shares(rows: Kept) -> tuple[Ranking, Ranking, Floats, Floats, Floats]:
    """The order by truth and by prediction, the middle shares of both less ½, and the weights."""
    truth, prediction, weight = _columns(rows)
    one, other = Ranking(truth), Ranking(prediction)
    return one, other, one.middle(weight) - 0.5, other.middle(weight) - 0.5, weight


def _spearman_influence(rows: Kept) -> Floats:
    """Of C / √(V·U), C and V the (co)variances of the middle shares F and G less ½.

    A row moves C by its own product, and by how it moves the shares of all others: for each Σ w G
    of the rows above it in x, and half of those level, less the mean; likewise for y.
    """
    one, other, f, g, weight = _shares(rows)
    wf, wg = weight * f, weight * g
    c, v, u = wf @ g, wf @ f, wg @ g
    # Σ w G above and half level is minus the same below: all together it is 0
    of_c = f * g - one.middle(wg) - other.middle(wf) - 3 * c
    of_v = f * f - 2 * one.middle(wf) - 3 * v
    of_u = g * g - 2 * other.middle(wg) - 3 * u
    moved: Floats = (of_c - c * (of_v / v + of_u / u) / 2) / np.sqrt(v * u)
    return moved


@of_ranks(
    "spearman",
    title="Spearman rank correlation",
    formula="Pearson correlation of the ranks, ties their mean rank",
    source="Spearman 1904",
    use="only the order of the predictions matters, or the relation is no straight line",
    beware="keeps every row in memory: of more than a million it has to be asked for",
    aliases=("spearmanr", "spearman_rho"),
    default=True,
    most_rows=1_000_000,
    influence=_spearman_influence,
)
def spearman(rows: Kept) -> float:
    """How close prediction and truth are to rising together, by ranks.

    >>> truth, prediction = np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])
    >>> round(spearman(Kept.of({"truth": truth, "prediction": prediction})), 12)
    0.5
    """
    _, _, f, g, weight = _shares(rows)
    return float((weight * f) @ g / np.sqrt(((weight * f) @ f) * ((weight * g) @ g)))


def _kendall_influence(rows: Kept) -> Floats:
    """Of N / √(D·E), each the mean over pairs of rows: a row moves it by its own pairs twice."""
    truth, prediction, weight = _columns(rows)
    n, d, e = concordance(truth, prediction, weight)
    means = weight @ n, weight @ d, weight @ e
    scale = np.sqrt(means[1] * means[2])
    part = (d / means[1] + e / means[2]) / 2
    moved: Floats = 2 * (n / scale - means[0] / scale * part)
    return moved


@of_ranks(
    "kendall",
    title="Kendall rank correlation",
    formula="(pairs in order − pairs reversed) / √(pairs untied in truth · in prediction), τ-b",
    source="Kendall 1945",
    use="as spearman, with a meaning: how much oftener two rows are in order than not",
    beware="nearer 0 than spearman on the same rows; keeps every row in memory",
    aliases=("kendalltau", "kendall_tau"),
    influence=_kendall_influence,
)
def kendall(rows: Kept) -> float:
    """How much oftener two rows are predicted in their true order than in reverse.

    >>> truth, prediction = np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])
    >>> round(kendall(Kept.of({"truth": truth, "prediction": prediction})), 12)
    0.333333333333
    """
    truth, prediction, _ = _columns(rows)
    weight = rows.weight  # as they are: whole numbers are counted exactly
    n, d, e = (float(weight @ column) for column in concordance(truth, prediction, weight))
    return n / math.sqrt(d) / math.sqrt(e)
