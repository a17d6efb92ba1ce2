"""Metrics of how much of the truth's variation is explained: 1 − a loss / that of a constant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined, UsageError
from mleval.metrics.deviances import check_power, deviance_of, refuse_numbers, unit_deviance
from mleval.metrics.regression_rows import (
    ERROR,
    ERROR_VARIANCE,
    SQUARED_ERROR,
    TRUTH,
    TRUTH_VARIANCE,
)
from mleval.metrics.robust_losses import losses_at
from mleval.registry import Component, metric
from mleval.states import Kept, Means, Ordered

explained = partial(metric, tasks=("regress",), goal="max", range=(-float("inf"), 1))
CONSTANT = "truth has a single value: there is nothing to explain"


@explained(
    "r2",
    title="Coefficient of determination",
    state=Means,
    formula="1 − Σ (truth − prediction)² / Σ (truth − mean of truth)²",
    source="Wright 1921",
    use="how much better than always predicting the mean, whatever the unit",
    beware="below 0 for a model worse than the mean; grows with the spread of the truth: other "
    "rows, another r2; not the squared correlation, which is rsq",
    aliases=("r2_score", "nse", "nash_sutcliffe"),
    default=True,
    undefined=CONSTANT,
    components=lambda: (SQUARED_ERROR, TRUTH, TRUTH_VARIANCE),
)
def r2(mean: Mapping[str, Any]) -> Any:
    """Share of the truth's variance that the predictions account for.

    >>> r2({"squared_error": 1.0, "truth*truth": 4.0})
    0.75
    """
    return _share(mean, "squared_error")


@explained(
    "explained_variance",
    title="Explained variance",
    state=Means,
    formula="1 − Var(prediction − truth) / Var(truth)",
    source="scikit-learn",
    use="r2 where a constant bias is corrected afterwards",
    beware="a bias costs nothing: predictions that are all 1000 too high can score 1",
    aliases=("explained_variance_score",),
    undefined=CONSTANT,
    components=lambda: (ERROR, ERROR_VARIANCE, TRUTH, TRUTH_VARIANCE),
)
def explained_variance(mean: Mapping[str, Any]) -> Any:
    """Share of the truth's variance that is not left in the errors, their mean set aside.

    >>> explained_variance({"error*error": 1.0, "truth*truth": 4.0})
    0.75
    """
    return _share(mean, "error*error")


def _share(mean: Mapping[str, Any], left: str) -> Any:
    if not mean["truth*truth"] > 0:
        raise Undefined(CONSTANT)
    return 1 - mean[left] / mean["truth*truth"]


# What the model loses in each row, and what the best constant loses.
Losses = tuple[Floats, Floats]

of_rows = partial(
    explained,
    state=Kept,
    components=lambda **_: (
        Component("truth", lambda rows: rows.truth),
        Component("prediction", lambda rows: rows.prediction),
    ),
)


def share_of(rows: Kept, losses: Losses) -> float:
    """1 − Σw·loss / Σw·loss of the constant. Raises Undefined where that is 0."""
    model, constant = (float(rows.weight @ of) for of in losses)
    if not constant > 0:
        raise Undefined(CONSTANT)
    return 1 - model / constant


def influence_of(losses: Callable[..., Losses]) -> Callable[..., Floats]:
    """How far each row moves the share; the constant is the best one, so that it does not count."""

    def influence(rows: Kept, **options: Any) -> Floats:
        model, constant = losses(rows, **options)
        total = rows.weight.sum()
        means = rows.weight @ model / total, rows.weight @ constant / total
        moved: Floats = (means[0] / means[1] * constant - model) / means[1]
        return moved

    return influence


def _of_quantile(rows: Kept, *, q: float) -> Losses:
    if not 0 < q < 1:
        raise UsageError(f"d2_pinball: q must lie between 0 and 1, not {q:g}")
    return _beside_constant(rows, rows.columns[f"quantile {q!r}"], q)


def _of_median(rows: Kept) -> Losses:
    return _beside_constant(rows, rows.columns["prediction"], 0.5)


def _beside_constant(rows: Kept, predicted: Floats, q: float) -> Losses:
    truth = rows.columns["truth"]
    constant = Ordered.of(truth, rows.weight).quantile(q)
    return losses_at(q, truth - predicted), losses_at(q, truth - constant)


@of_rows(
    "d2_absolute_error",
    title="D², absolute error",
    formula="1 − Σ |truth − prediction| / Σ |truth − median of truth|",
    source="Hastie, Tibshirani & Wainwright 2015; scikit-learn",
    use="as r2, where a few wild rows should not decide",
    beware="keeps every row in memory",
    aliases=("d2_absolute_error_score",),
    undefined=CONSTANT,
    influence=influence_of(_of_median),
)
def d2_absolute_error(rows: Kept) -> float:
    """How much better than always predicting the median, by absolute errors.

    >>> truth, prediction = np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 5.0])
    >>> d2_absolute_error(Kept.of({"truth": truth, "prediction": prediction}))
    0.75
    """
    return share_of(rows, _of_median(rows))


@of_rows(
    "d2_pinball",
    title="D², pinball loss",
    formula="1 − pinball(q) / pinball(q) of always predicting the q-quantile of truth",
    source="Koenker & Machado 1999; scikit-learn",
    use="as r2, where a quantile was predicted",
    beware="without columns of quantiles it judges the prediction; scikit-learn interpolates the "
    "quantile of truth unless rows have weights, which is "
    "not the best constant; keeps every row in memory",
    aliases=("d2_pinball_score",),
    undefined=CONSTANT,
    example="d2_pinball(q=0.9)",
    per="quantiles",
    influence=influence_of(_of_quantile),
    components=lambda q: (
        Component("truth", lambda rows: rows.truth),
        Component(f"quantile {q!r}", lambda rows: rows.at_level(q)),
    ),
)
def d2_pinball(rows: Kept, *, q: float) -> float:
    """How much better a predicted quantile is than the quantile of all truths.

    >>> truth, median = np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 5.0])
    >>> d2_pinball(Kept.of({"truth": truth, "quantile 0.5": median}), q=0.5)
    0.75
    """
    return share_of(rows, _of_quantile(rows, q=q))


def _of_power(rows: Kept, *, power: float) -> Losses:
    check_power("d2_tweedie", power)
    truth, prediction = rows.columns["truth"], rows.columns["prediction"]
    refuse_numbers(truth, prediction, power, rows.weight)
    if truth.min() == truth.max():
        raise Undefined(CONSTANT)
    constant = np.full_like(truth, truth[0] + _mean(rows, truth - truth[0]))
    # The mean m may be no float: D(t, m) = D(t, c) − D(m, c) − (how D slopes at c) (m − c) (t − m).
    away = _mean(rows, truth - constant)
    slope = 2 * away * constant**-power
    return (
        unit_deviance(truth, prediction, power),
        unit_deviance(truth, constant, power)
        - deviance_of(away, constant, power)
        - slope * (truth - constant - away),
    )


def _mean(rows: Kept, column: Floats) -> float:
    return float(rows.weight @ column / rows.weight.sum())


@of_rows(
    "d2_tweedie",
    title="D², Tweedie deviance",
    formula="1 − tweedie_deviance(power) / that of always predicting the mean of truth",
    source="Hastie, Tibshirani & Wainwright 2015; scikit-learn",
    use="as r2, for counts (power=1) or positive amounts (power=2)",
    beware="power=0 is r2; keeps every row in memory",
    aliases=("d2_tweedie_score",),
    undefined=CONSTANT,
    example="d2_tweedie(power=1)",
    influence=influence_of(_of_power),
)
def d2_tweedie(rows: Kept, *, power: float) -> float:
    """Share of the truth's deviance that the predictions account for.

    >>> truth, prediction = np.array([1.0, 3.0]), np.array([1.0, 4.0])
    >>> d2_tweedie(Kept.of({"truth": truth, "prediction": prediction}), power=0)
    0.5
    """
    return share_of(rows, _of_power(rows, power=power))
