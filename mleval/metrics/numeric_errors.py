"""Metrics of how far predicted numbers are from true ones, in the unit of the truth."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.metrics.regression_rows import ABSOLUTE_ERROR, ERROR, SQUARED_ERROR
from mleval.registry import metric
from mleval.states import Means

of_means = partial(metric, tasks=("regress",), state=Means)
loss = partial(of_means, goal="min", range=(0, float("inf")))


@loss(
    "mae",
    title="Mean absolute error",
    formula="Σ |prediction − truth| / n",
    source="Willmott & Matsuura 2005",
    use="an error twice as large is twice as bad; in the unit of the truth",
    beware="a model that minimises it predicts medians, not means",
    aliases=("mean_absolute_error", "l1_loss", "neg_mean_absolute_error"),
    default=True,
    components=lambda: (ABSOLUTE_ERROR,),
)
def mae(mean: Mapping[str, Any]) -> Any:
    """Mean distance between prediction and truth.

    >>> mae({"absolute_error": 0.5})
    0.5
    """
    return mean["absolute_error"]


@loss(
    "mse",
    title="Mean squared error",
    formula="Σ (prediction − truth)² / n",
    source="Gauss 1821",
    use="comparing with a training loss; large errors are much worse than small ones",
    beware="in the square of the unit: rmse is easier to read; a few rows can dominate it",
    aliases=("mean_squared_error", "l2_loss", "neg_mean_squared_error"),
    components=lambda: (SQUARED_ERROR,),
)
def mse(mean: Mapping[str, Any]) -> Any:
    """Mean squared difference of prediction and truth.

    >>> mse({"squared_error": 4.0})
    4.0
    """
    return mean["squared_error"]


@loss(
    "rmse",
    title="Root mean squared error",
    formula="√(Σ (prediction − truth)² / n)",
    source="Gauss 1821",
    use="large errors are much worse than small ones; in the unit of the truth",
    beware="a few rows can dominate it: read it beside mae and medae",
    aliases=("root_mean_squared_error", "neg_root_mean_squared_error"),
    default=True,
    components=lambda: (SQUARED_ERROR,),
)
def rmse(mean: Mapping[str, Any]) -> Any:
    """Root of the mean squared difference of prediction and truth.

    >>> float(rmse({"squared_error": 4.0}))
    2.0
    """
    return np.sqrt(mean["squared_error"])


@of_means(
    "bias",
    title="Bias",
    goal="zero",
    range=(-float("inf"), float("inf")),
    formula="Σ (prediction − truth) / n",
    source="Willmott 1982",
    use="seeing whether predictions are too high (above 0) or too low on the whole",
    beware="errors of both signs cancel: 0 says nothing of how large they are",
    aliases=("mean_error", "mean_bias_error", "mbe"),
    default=True,
    components=lambda: (ERROR,),
)
def bias(mean: Mapping[str, Any]) -> Any:
    """How much too high the predictions are on average.

    >>> bias({"error": -0.5})
    -0.5
    """
    return mean["error"]


@loss(
    "max_error",
    title="Largest error",
    formula="max |prediction − truth|",
    source="scikit-learn",
    use="a single large error is what must not happen",
    beware="grows with the number of rows: compare it on the same rows only",
    no_interval="a maximum has no normal sampling distribution",
    components=lambda: (ABSOLUTE_ERROR,),
)
def max_error(mean: Mapping[str, Any]) -> Any:
    """The largest distance between prediction and truth.

    >>> max_error({"max absolute_error": 7.0})
    7.0
    """
    return mean["max absolute_error"]
