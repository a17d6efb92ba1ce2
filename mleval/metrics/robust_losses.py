"""Losses of regression that models are trained on, each the mean of one number a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.metrics.regression_rows import RegressionRows
from mleval.registry import Component, metric
from mleval.states import Means

loss = partial(metric, tasks=("regress",), state=Means, goal="min", range=(0, float("inf")))


def _huber_components(delta: float) -> tuple[Component, ...]:
    if not 0 < delta < float("inf"):
        raise UsageError(f"huber: delta must be above 0, not {delta:g}")

    def of(rows: RegressionRows) -> Floats:
        inside = np.minimum(rows.absolute_error, delta)
        return inside * (rows.absolute_error - 0.5 * inside)

    return (Component(f"huber({delta!r})", of),)


@loss(
    "huber",
    title="Huber loss",
    formula="½ e² where |e| ≤ δ, else δ (|e| − ½ δ); mean",
    source="Huber 1964; PyTorch HuberLoss",
    use="comparing with a model that was trained on it",
    beware="smooth_l1(beta=δ) is this divided by δ: alike at δ = 1 alone; for large δ this goes "
    "to ½ mse, smooth_l1 to 0",
    aliases=("huber_loss",),
    example="huber(delta=2)",
    components=_huber_components,
)
def huber(mean: Mapping[str, Any], *, delta: float = 1.0) -> Any:
    """Mean of half the squared error, which goes on as a straight line of slope δ beyond δ.

    >>> huber({"huber(1.0)": 0.5})
    0.5
    """
    return mean[f"huber({delta!r})"]


def _smooth_l1_components(beta: float) -> tuple[Component, ...]:
    if not 0 <= beta < float("inf"):
        raise UsageError(f"smooth_l1: beta must be at least 0, not {beta:g}")

    def of(rows: RegressionRows) -> Floats:
        if beta == 0:
            return rows.absolute_error
        inside = np.minimum(rows.absolute_error, beta)
        return inside / beta * (rows.absolute_error - 0.5 * inside)

    return (Component(f"smooth_l1({beta!r})", of),)


@loss(
    "smooth_l1",
    title="Smooth L1 loss",
    formula="½ e² / β where |e| < β, else |e| − ½ β; mean",
    source="Girshick 2015; PyTorch SmoothL1Loss",
    use="comparing with a model that was trained on it: boxes of object detectors",
    beware="huber(delta=β) is β times this: alike at β = 1 alone; for β = 0 this is mae",
    aliases=("smooth_l1_loss",),
    example="smooth_l1(beta=0.5)",
    components=_smooth_l1_components,
)
def smooth_l1(mean: Mapping[str, Any], *, beta: float = 1.0) -> Any:
    """Mean absolute error with the corner at 0 rounded off, slope 1 beyond β.

    >>> smooth_l1({"smooth_l1(1.0)": 0.5})
    0.5
    """
    return mean[f"smooth_l1({beta!r})"]


def _log_cosh(rows: RegressionRows) -> Floats:
    """Neither does cosh overflow, nor is a small error lost beside 1."""
    size = rows.absolute_error
    small = np.log1p(2 * np.square(np.sinh(np.minimum(size, 1) / 2)))
    losses: Floats = np.where(size < 1, small, size + np.log1p(np.exp(-2 * size)) - np.log(2))
    return losses


@loss(
    "log_cosh",
    title="Log-cosh loss",
    formula="log cosh(e), mean",
    source="Keras LogCosh",
    use="comparing with a model that was trained on it",
    beware="its bend is at an error of 1 in the unit of the truth, whatever that is: see huber",
    aliases=("logcosh",),
    components=lambda: (Component("log_cosh", _log_cosh),),
)
def log_cosh(mean: Mapping[str, Any]) -> Any:
    """Mean of ½ e² for small errors, which becomes |e| − log 2 for large ones.

    >>> log_cosh({"log_cosh": 0.5})
    0.5
    """
    return mean["log_cosh"]


def _pinball_components(q: float) -> tuple[Component, ...]:
    if not 0 < q < 1:
        raise UsageError(f"pinball: q must lie between 0 and 1, not {q:g}")
    return (Component(f"pinball({q!r})", lambda rows: pinball_losses(rows, q)),)


def pinball_losses(rows: RegressionRows, q: float) -> Floats:
    """(n,) of the column of that quantile, or of the prediction where there are none."""
    return losses_at(q, rows.truth - rows.at_level(q))


def losses_at(q: float, short: Floats) -> Floats:
    """(n,) of how far the quantile is below the truth."""
    losses: Floats = np.maximum(q * short, (q - 1) * short)
    return losses


@loss(
    "pinball",
    title="Pinball loss",
    formula="q · e⁺ + (1 − q) · e⁻ of e = truth − quantile, mean",
    source="Koenker & Bassett 1978",
    use="a quantile was predicted: the true one has the lowest loss",
    beware="without columns of quantiles it judges the prediction; q=0.5 is half the mae",
    aliases=("pinball_loss", "quantile_loss", "mean_pinball_loss"),
    example="pinball(q=0.9)",
    default=True,
    per="quantiles",
    components=_pinball_components,
)
def pinball(mean: Mapping[str, Any], *, q: float) -> Any:
    """Mean error of a predicted quantile: q for each unit too low, 1 − q for each too high.

    >>> pinball({"pinball(0.9)": 0.5}, q=0.9)
    0.5
    """
    return mean[f"pinball({q!r})"]
