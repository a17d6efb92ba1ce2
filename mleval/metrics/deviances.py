"""Deviances of the Tweedie family: squared error, Poisson, gamma and what lies between."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.metrics.regression_rows import RegressionRows, refuse
from mleval.registry import Component, metric
from mleval.states import Means

deviance = partial(metric, tasks=("regress",), state=Means, goal="min", range=(0, float("inf")))
_TERMS = 24


def check_power(name: str, power: float) -> None:
    """Refuse a power that no distribution has."""
    if 0 < power < 1 or not math.isfinite(power):
        raise UsageError(f"{name}: power must be 0, 1 or more, or below 0, not {power:g}")


def impossible(truth: Floats, prediction: Floats, power: float) -> tuple[str, NDArray[np.bool_]]:
    """(n,) which rows have numbers that no distribution of that power has, and in words."""
    if power == 0:
        return "impossible", np.zeros(len(truth), np.bool_)
    if power < 0:
        return "prediction is 0 or less", prediction <= 0
    if power < 2:
        return "truth is below 0, or prediction 0 or less,", (truth < 0) | (prediction <= 0)
    return "truth or prediction is 0 or less", (truth <= 0) | (prediction <= 0)


def refuse_numbers(truth: Floats, prediction: Floats, power: float, weight: Floats) -> None:
    """Raise Undefined where there are such rows, with their count."""
    reason, rows = impossible(truth, prediction, power)
    total = float(weight.sum())
    weight2 = float(weight @ weight)
    refuse({reason: float(weight @ rows) / total, "weight": total, "weight2": weight2}, reason)


def unit_deviance(truth: Floats, prediction: Floats, power: float) -> Floats:
    """(n,) twice the log-likelihood that a prediction loses to the truth itself, over dispersion.

    By its closed form, and where prediction is so near truth that its terms cancel, by its series.
    """
    if power == 0:
        return np.square(truth - prediction)
    near = np.abs(truth - prediction) * (1 + abs(2 - power)) < 0.2 * prediction
    result = np.empty_like(truth)
    result[near] = deviance_of((truth - prediction)[near], prediction[near], power)
    result[~near] = _far(truth[~near], prediction[~near], 2 - power)
    return result


def deviance_of(difference: Floats | float, prediction: Floats, power: float) -> Floats:
    """The deviance where truth − prediction is small beside the prediction μ, by its series.

    μ^(2−p) d² (1 − p d/3 + p (p+1) d²/(3·4) − …), d = (truth − prediction) / μ.
    """
    if power == 0:
        return np.square(difference) + 0 * prediction
    d = difference / prediction
    factors = [1.0]
    for j in range(_TERMS):
        factors.append(-factors[-1] * (power + j) / (j + 3))
    series: Floats = np.polynomial.polynomial.polyval(d, np.array(factors))
    return prediction ** (2 - power) * d * d * series


def _far(truth: Floats, prediction: Floats, a: float) -> Floats:
    """The deviance by its closed form; a: 2 − power.

    Next to a = 0 and a = 1, where terms divided by almost nothing would cancel, by (rᵃ − 1) / a.
    """
    if -0.5 < a < 0.5:
        grown = 1 + _power_of_ratio(truth, prediction, a)
        return 2 * (truth * prediction ** (a - 1) - prediction**a * grown) / (1 - a)
    if 0.5 <= a <= 1:
        grown = _power_of_ratio(truth, prediction, a - 1) - 1
        return 2 * (truth * prediction ** (a - 1) * grown + prediction**a) / a
    own = np.maximum(truth, 0) ** a / (a * (a - 1))
    return 2 * (own - truth * prediction ** (a - 1) / (a - 1) + prediction**a / a)


def _power_of_ratio(truth: Floats, prediction: Floats, a: float) -> Floats:
    """(n,) (rᵃ − 1) / a of r = truth / prediction: log r for a = 0; without rᵃ for r = 0."""
    log = np.log(np.where(truth > 0, truth / prediction, 1.0))
    return log if a == 0 else np.where(truth > 0, np.expm1(a * log), -1.0) / a


def _components(power: float) -> tuple[Component, ...]:
    check_power("tweedie_deviance", power)
    nothing = np.empty(0)
    reason, _ = impossible(nothing, nothing, power)

    def of(rows: RegressionRows) -> Floats:
        """1 stands in for numbers that cannot be: they are counted beside it."""
        _, bad = impossible(rows.truth, rows.prediction, power)
        truth, prediction = (np.where(bad, 1.0, x) for x in (rows.truth, rows.prediction))
        return unit_deviance(truth, prediction, power)

    def bad(rows: RegressionRows) -> Floats:
        return impossible(rows.truth, rows.prediction, power)[1].astype(np.float64)

    return Component(f"deviance({power!r})", of), Component(reason, bad)


def _read(mean: Mapping[str, Any], power: float) -> Any:
    components = _components(power)
    refuse(mean, components[1].name)
    return mean[components[0].name]


@deviance(
    "poisson_deviance",
    title="Poisson deviance",
    formula="2 (truth · log(truth / prediction) − truth + prediction), mean",
    source="Nelder & Wedderburn 1972",
    use="counts whose variance grows with their mean",
    beware="predictions must be above 0 and truths not below it",
    aliases=("mean_poisson_deviance", "poisson"),
    components=lambda: _components(1.0),
)
def poisson_deviance(mean: Mapping[str, Any]) -> Any:
    """Mean deviance of counts.

    >>> poisson_deviance({"deviance(1.0)": 0.5, "truth is below 0, or prediction 0 or less,": 0})
    0.5
    """
    return _read(mean, 1.0)


@deviance(
    "gamma_deviance",
    title="Gamma deviance",
    formula="2 (log(prediction / truth) + truth / prediction − 1), mean",
    source="Nelder & Wedderburn 1972",
    use="positive amounts whose relative error is alike throughout: costs, durations",
    beware="truths and predictions must be above 0",
    aliases=("mean_gamma_deviance",),
    components=lambda: _components(2.0),
)
def gamma_deviance(mean: Mapping[str, Any]) -> Any:
    """Mean deviance of positive amounts; the unit does not matter.

    >>> gamma_deviance({"deviance(2.0)": 0.5, "truth or prediction is 0 or less": 0})
    0.5
    """
    return _read(mean, 2.0)


@deviance(
    "tweedie_deviance",
    title="Tweedie deviance",
    formula="2 (t^(2−p) / ((1−p)(2−p)) − t μ^(1−p) / (1−p) + μ^(2−p) / (2−p)), mean; "
    "t truth, μ prediction, p power",
    source="Tweedie 1984; Jørgensen 1987",
    use="amounts that are often 0: insurance claims, rain (power between 1 and 2)",
    beware="0 is mse, 1 poisson_deviance, 2 gamma_deviance; between 0 and 1 there is none; "
    "deviances of different powers do not compare",
    aliases=("mean_tweedie_deviance",),
    example="tweedie_deviance(power=1.5)",
    components=_components,
)
def tweedie_deviance(mean: Mapping[str, Any], *, power: float) -> Any:
    """Mean deviance of numbers whose variance is their mean to some power.

    >>> tweedie_deviance({"deviance(0.0)": 4.0, "impossible": 0.0}, power=0.0)
    4.0
    """
    return _read(mean, power)
