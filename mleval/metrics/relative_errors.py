"""Metrics of errors in proportion to something: the truth of the row, all truth, its spread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.metrics.regression_rows import (
    ABSOLUTE_ERROR,
    SQUARED_ERROR,
    TRUTH,
    TRUTH_VARIANCE,
    RegressionRows,
    refuse,
)
from mleval.registry import Component, metric
from mleval.states import Means

of_means = partial(metric, tasks=("regress",), state=Means)
loss = partial(of_means, goal="min", range=(0, float("inf")))

NO_TRUTH = Component("truth is 0", lambda rows: (rows.truth == 0).astype(np.float64))


def _relative_error(rows: RegressionRows) -> Floats:
    """|error| / |truth|; 0 where truth is 0, which `NO_TRUTH` counts."""
    size = np.abs(rows.truth)
    return np.divide(rows.absolute_error, size, out=np.zeros_like(size), where=size > 0)


@loss(
    "mape",
    title="Mean absolute percentage error",
    formula="Σ |prediction − truth| / |truth| / n, as a fraction",
    source="de Myttenaere et al. 2016",
    use="errors count in proportion to the truth, which is well above 0 throughout",
    beware="undefined where truth is 0 and ruled by the rows where it is near; it prefers "
    "predictions that are too low: see wape and smape",
    aliases=("mean_absolute_percentage_error", "neg_mean_absolute_percentage_error"),
    default=True,
    components=lambda: (Component("relative_error", _relative_error), NO_TRUTH),
)
def mape(mean: Mapping[str, Any]) -> Any:
    """Mean error as a fraction of the truth, not in percent.

    >>> mape({"relative_error": 0.1, "truth is 0": 0.0})
    0.1
    """
    refuse(mean, "truth is 0")
    return mean["relative_error"]


def _symmetric_error(rows: RegressionRows) -> Floats:
    """Of shares of the larger of the two sizes, whose sum neither overflows nor loses digits."""
    sizes = np.abs(rows.truth), np.abs(rows.prediction)
    larger = np.maximum(*sizes)
    larger[larger == 0] = 1.0  # both are 0, and so is the error
    return 2 * (rows.absolute_error / larger) / (1 + np.minimum(*sizes) / larger)


@of_means(
    "smape",
    title="Symmetric mean absolute percentage error",
    goal="min",
    range=(0, 2),
    formula="Σ |prediction − truth| / ((|truth| + |prediction|) / 2) / n, on 0-2; 0/0 counts 0",
    source="Makridakis 1993, the variant of the M4 competition",
    use="mape is wanted and truth may be 0",
    beware="other variants are on 0-1 or leave out the absolute values; where truth is 0 any "
    "prediction but 0 scores 2",
    aliases=("symmetric_mean_absolute_percentage_error",),
    interval="delta",
    components=lambda: (Component("symmetric_error", _symmetric_error),),
)
def smape(mean: Mapping[str, Any]) -> Any:
    """Mean error as a fraction of the middle between the sizes of truth and prediction.

    >>> smape({"symmetric_error": 0.1})
    0.1
    """
    return mean["symmetric_error"]


@loss(
    "wape",
    title="Weighted absolute percentage error",
    formula="Σ |prediction − truth| / Σ |truth|",
    source="Kolassa & Schütz 2007",
    use="an error as a fraction is wanted and some truths are 0 or small: demand, sales",
    beware="the rows with the largest truth rule it",
    aliases=("mad_mean_ratio", "weighted_absolute_percentage_error", "nmae"),
    undefined="truth is 0 in every row",
    components=lambda: (
        ABSOLUTE_ERROR,
        Component("absolute_truth", lambda rows: np.abs(rows.truth)),
    ),
)
def wape(mean: Mapping[str, Any]) -> Any:
    """All error together as a fraction of all truth.

    >>> wape({"absolute_error": 2.0, "absolute_truth": 8.0})
    0.25
    """
    if not mean["absolute_truth"] > 0:
        return float("nan")
    return mean["absolute_error"] / mean["absolute_truth"]


def _no_logarithm(rows: RegressionRows) -> Floats:
    return ((rows.truth <= -1) | (rows.prediction <= -1)).astype(np.float64)


def _squared_log_error(rows: RegressionRows) -> Floats:
    """(log(1 + prediction) − log(1 + truth))²; 0 where there is no logarithm.

    By the ratio to the smaller of the two, whose logarithm never cancels.
    """
    smaller = np.minimum(rows.truth, rows.prediction)
    ratio = np.zeros_like(smaller)
    np.divide(rows.absolute_error, 1 + smaller, out=ratio, where=smaller > -1)
    return np.square(np.log1p(ratio))


LOG_COMPONENTS = (
    Component("squared_log_error", _squared_log_error),
    Component("truth or prediction is −1 or less", _no_logarithm),
)


@loss(
    "msle",
    title="Mean squared logarithmic error",
    formula="Σ (log(1 + prediction) − log(1 + truth))² / n",
    source="scikit-learn",
    use="ratios matter, not differences: prices, counts that grow",
    beware="too low costs more than too high; the 1 that is added matters where truth is small",
    aliases=("mean_squared_log_error", "neg_mean_squared_log_error"),
    components=lambda: LOG_COMPONENTS,
)
def msle(mean: Mapping[str, Any]) -> Any:
    """Mean squared difference of the logarithms, 1 added to each number.

    >>> msle({"squared_log_error": 0.04, "truth or prediction is −1 or less": 0.0})
    0.04
    """
    refuse(mean, "truth or prediction is −1 or less")
    return mean["squared_log_error"]


@loss(
    "rmsle",
    title="Root mean squared logarithmic error",
    formula="√(Σ (log(1 + prediction) − log(1 + truth))² / n)",
    source="scikit-learn",
    use="as msle; below about 0.2 it reads as a relative error",
    beware="as msle",
    aliases=("root_mean_squared_log_error", "neg_root_mean_squared_log_error"),
    components=lambda: LOG_COMPONENTS,
)
def rmsle(mean: Mapping[str, Any]) -> Any:
    """Root of the mean squared difference of the logarithms, 1 added to each number.

    >>> float(rmsle({"squared_log_error": 0.04, "truth or prediction is −1 or less": 0.0}))
    0.2
    """
    return np.sqrt(msle(mean))


By = Literal["range", "mean", "std"]


@loss(
    "nrmse",
    title="Normalised root mean squared error",
    formula="rmse / (max − min of truth), / |mean of truth| or / its standard deviation (÷ n)",
    source="Otto et al. 2018",
    use="errors of targets with different units are to be compared",
    beware="three numbers go by this name; by=range grows smaller with more rows and has no "
    "interval; by=std is √(1 − r2)",
    undefined="truth is constant, or its mean 0",
    example="nrmse(by=mean)",
    components=lambda by: (
        SQUARED_ERROR,
        TRUTH,
        *([TRUTH_VARIANCE] if by == "std" else []),
    ),
)
def nrmse(mean: Mapping[str, Any], *, by: By = "range") -> Any:
    """Root mean squared error as a fraction of how large the truth is, or how widely it varies.

    >>> float(nrmse({"squared_error": 4.0, "truth": -8.0}, by="mean"))
    0.25
    """
    if by == "range":
        size = mean["max truth"] - mean["min truth"]
    elif by == "mean":
        size = np.abs(mean["truth"])
    else:
        size = np.sqrt(mean["truth*truth"])
    if not size > 0:
        raise Undefined("the mean of truth is 0" if by == "mean" else "truth is constant")
    return np.sqrt(mean["squared_error"]) / size
