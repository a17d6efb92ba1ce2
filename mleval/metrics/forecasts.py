"""Metrics of predicted intervals and of predicted normal distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.metrics.regression_rows import RegressionRows, refuse
from mleval.registry import Component, Proportion, metric
from mleval.states import Means

of_interval = partial(metric, tasks=("regress",), state=Means, needs=("lower", "upper"))
of_normal = partial(metric, tasks=("regress",), state=Means, goal="min", needs=("std",))


def _limits(rows: RegressionRows) -> tuple[Floats, Floats]:
    assert rows.lower is not None
    assert rows.upper is not None
    return rows.lower, rows.upper


def _covered(rows: RegressionRows) -> Floats:
    lower, upper = _limits(rows)
    return ((lower <= rows.truth) & (rows.truth <= upper)).astype(np.float64)


def _width(rows: RegressionRows) -> Floats:
    lower, upper = _limits(rows)
    return upper - lower


@of_interval(
    "interval_coverage",
    title="Coverage of predicted intervals",
    goal="none",
    range=(0, 1),
    formula="rows with lower ≤ truth ≤ upper / n",
    source="Christoffersen 1998",
    use="checking a promise: intervals of 90 % are to hold the truth in 90 % of the rows",
    beware="wide enough intervals cover everything: read it beside interval_width or winkler",
    aliases=("picp", "coverage"),
    proportion=Proportion(),
    default=True,
    components=lambda: (Component("covered", _covered),),
)
def interval_coverage(mean: Mapping[str, Any]) -> Any:
    """Share of the rows whose truth lies in the predicted interval, its ends included.

    >>> interval_coverage({"covered": 0.9})
    0.9
    """
    return mean["covered"]


@of_interval(
    "interval_width",
    title="Width of predicted intervals",
    goal="min",
    range=(0, float("inf")),
    formula="Σ (upper − lower) / n",
    source="Gneiting, Balabdaoui & Raftery 2007",
    use="of intervals that cover as often as they promise, the narrow ones say more",
    beware="narrow intervals that miss the truth are no good: see interval_coverage",
    aliases=("mpiw", "sharpness"),
    default=True,
    components=lambda: (Component("width", _width),),
)
def interval_width(mean: Mapping[str, Any]) -> Any:
    """Mean width of the predicted intervals.

    >>> interval_width({"width": 3.0})
    3.0
    """
    return mean["width"]


def _winkler_components(level: float | None) -> tuple[Component, ...]:
    if level is not None and not 0 < level < 1:
        raise UsageError(f"winkler: level must lie between 0 and 1, not {level:g}")

    def score(rows: RegressionRows) -> Floats:
        lower, upper = _limits(rows)
        outside = np.maximum(lower - rows.truth, 0) + np.maximum(rows.truth - upper, 0)
        return upper - lower + 2 / (1 - rows.promised(level)) * outside

    return (Component(f"winkler({level!r})", score),)


@of_interval(
    "winkler",
    title="Winkler interval score",
    goal="min",
    range=(0, float("inf")),
    formula="upper − lower + 2/(1 − level) · distance of truth to the interval, mean",
    source="Winkler 1972; Gneiting & Raftery 2007",
    use="coverage and width of predicted intervals in one number that cannot be cheated",
    beware="level is what the intervals promise, 0.9 for 90 %: another level, another score; it "
    "may be left away where the names of the columns tell it, such as lower_90 and upper_90",
    aliases=("interval_score", "winkler_score"),
    default=True,
    example="winkler(level=0.9)",
    components=_winkler_components,
)
def winkler(mean: Mapping[str, Any], *, level: float | None = None) -> Any:
    """Mean width of the intervals and a fine for each truth outside, the farther the higher.

    >>> winkler({"winkler(0.9)": 3.0}, level=0.9)
    3.0
    """
    return mean[f"winkler({level!r})"]


def _crps(rows: RegressionRows) -> Floats:
    """Of a standard deviation of 0 it is the absolute error."""
    from scipy.special import erf  # start-up: only this metric needs it

    assert rows.std is not None
    size = rows.absolute_error
    z = np.divide(size, rows.std, out=np.full_like(size, np.inf), where=rows.std > 0)
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    score: Floats = size * erf(z / math.sqrt(2))
    return score + rows.std * (2 * density - 1 / math.sqrt(math.pi))


@of_normal(
    "crps_gaussian",
    title="Continuous ranked probability score, normal",
    range=(0, float("inf")),
    formula="σ (z (2Φ(z) − 1) + 2φ(z) − 1/√π), z = (truth − prediction) / σ, mean",
    source="Gneiting et al. 2005",
    use="a normal distribution was predicted; in the unit of the truth, and at σ = 0 the mae",
    beware="the columns are mean and standard deviation, not variance",
    aliases=("crps",),
    default=True,
    components=lambda: (Component("crps_gaussian", _crps),),
)
def crps_gaussian(mean: Mapping[str, Any]) -> Any:
    """Mean distance between a predicted normal distribution and what came, as a step at it.

    >>> crps_gaussian({"crps_gaussian": 0.5})
    0.5
    """
    return mean["crps_gaussian"]


def _without_spread(rows: RegressionRows) -> Floats:
    assert rows.std is not None
    return (rows.std <= 0).astype(np.float64)


def _negative_log_density(rows: RegressionRows) -> Floats:
    assert rows.std is not None
    std = np.where(rows.std > 0, rows.std, 1.0)
    return 0.5 * np.square(rows.error / std) + np.log(std) + 0.5 * math.log(2 * math.pi)


@of_normal(
    "gaussian_nll",
    title="Gaussian negative log-likelihood",
    range=(-float("inf"), float("inf")),
    formula="½ log(2πσ²) + (truth − prediction)² / 2σ², mean",
    source="Nix & Weigend 1994; PyTorch GaussianNLLLoss(full=True)",
    use="a normal distribution was predicted; what such models are trained on",
    beware="below 0 where σ is small; PyTorch's default leaves out ½ log 2π = 0.919; one "
    "overconfident row can dominate it: see crps_gaussian",
    aliases=("nll",),
    components=lambda: (
        Component("gaussian_nll", _negative_log_density),
        Component("std is 0", _without_spread),
    ),
)
def gaussian_nll(mean: Mapping[str, Any]) -> Any:
    """Mean negative logarithm of the predicted normal density at the truth.

    >>> gaussian_nll({"gaussian_nll": 0.5, "std is 0": 0.0})
    0.5
    """
    refuse(mean, "std is 0")
    return mean["gaussian_nll"]
