"""Errors of predicted numbers, averaged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.metrics.regression_rows import ABSOLUTE_ERROR, ERROR, SQUARED_ERROR
from mleval.registry import Component, metric
from mleval.states import Means, Ordered

_LINE: dict[str, Any] = {"tasks": ("regress",), "state": Means, "default": True}
_INF = float("inf")


@metric(
    "mae",
    **_LINE,
    title="Mean absolute error",
    goal="min",
    range=(0, _INF),
    formula="Σ |p − t| / n",
    source="Gauss 1821",
    use="errors count by their size",
    beware="it is in the unit of the truth",
    components=lambda: (ABSOLUTE_ERROR,),
)
def mae(means: Mapping[str, Any]) -> Any:
    """Mean of the absolute errors."""
    return means["absolute_error"]


@metric(
    "rmse",
    **_LINE,
    title="Root mean squared error",
    goal="min",
    range=(0, _INF),
    formula="√(Σ (p − t)² / n)",
    source="Gauss 1821",
    use="large errors count more",
    beware="a few rows can make most of it",
    components=lambda: (SQUARED_ERROR,),
)
def rmse(means: Mapping[str, Any]) -> Any:
    """Square root of the mean squared error."""
    return means["squared_error"] ** 0.5


@metric(
    "bias",
    **_LINE,
    title="Bias",
    goal="zero",
    range=(-_INF, _INF),
    formula="Σ (p − t) / n",
    source="Gauss 1821",
    use="whether predictions are too high or too low on the whole",
    beware="errors of both signs cancel",
    components=lambda: (ERROR,),
)
def bias(means: Mapping[str, Any]) -> Any:
    """Mean of prediction − truth."""
    return means["error"]


@metric(
    "medae",
    tasks=("regress",),
    default=True,
    state=Ordered,
    title="Median absolute error",
    goal="min",
    range=(0, _INF),
    formula="median |p − t|",
    source="Gauss 1816",
    use="what an error is like, whatever the largest are",
    beware="half of the errors may be anything",
)
def medae(errors: Ordered) -> float:
    """Median of the absolute errors."""
    return errors.quantile(0.5)


@metric(
    "interval_coverage",
    **_LINE,
    title="Interval coverage",
    goal="none",
    range=(0, 1),
    formula="share of rows with lower ≤ t ≤ upper",
    source="definition",
    use="whether intervals hold what they promise",
    beware="wide intervals cover everything",
    needs=("lower", "upper"),
    components=lambda: (
        Component(
            "covered",
            lambda rows: ((rows.lower <= rows.truth) & (rows.truth <= rows.upper)).astype(
                np.float64
            ),
        ),
    ),
)
def interval_coverage(means: Mapping[str, Any]) -> Any:
    """Share of the rows whose truth lies within the predicted interval."""
    return means["covered"]
