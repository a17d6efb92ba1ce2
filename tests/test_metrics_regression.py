"""Every metric of regression agrees with somebody else's, or both say that there is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from regression import cases, every, observed, read, state_of

from mleval.metrics import metrics
from mleval.metrics.regression_rows import RegressionRows
from mleval.references import reference
from mleval.registry import Metric

CATALOGUE = """
    mae mse rmse r2 explained_variance mape smape wape msle rmsle medae max_error bias huber
    smooth_l1 log_cosh pinball interval_coverage interval_width winkler crps_gaussian gaussian_nll
    poisson_deviance gamma_deviance tweedie_deviance d2_absolute_error d2_pinball d2_tweedie
    pearson rsq ccc spearman kendall nrmse p50 p90 p95 p99
"""
DEFAULT = "mae rmse bias mape medae r2 spearman"
OF_FORECASTS = "pinball interval_coverage interval_width winkler crps_gaussian"
TOLERANCE = 1e-12
CASES = {name: (rows, weight) for name, rows, weight in cases()}


def test_the_catalogue_is_registered() -> None:
    assert sorted(metric.name for metric in metrics("regress")) == sorted(CATALOGUE.split())


def test_the_default_report() -> None:
    default = [m for m in metrics("regress") if m.default]
    of_forecasts = [m for m in default if m.needs or m.per]
    assert {m.name for m in of_forecasts} == set(OF_FORECASTS.split())
    assert {m.name for m in default if m not in of_forecasts} == set(DEFAULT.split())


def scale(metric: Metric, options: dict[str, Any], rows: RegressionRows) -> float:
    """What differences are relative to: the mean absolute summand, 1 for bounded metrics."""
    powers = {"poisson_deviance": 1.0, "gamma_deviance": 2.0, "tweedie_deviance": None}
    if metric.name in powers:  # of three terms, which cancel where prediction is near truth
        power = options["power"] if powers[metric.name] is None else powers[metric.name]
        return float((rows.prediction ** (2 - power)).mean()) if power else 0.0
    if metric.name in ("msle", "rmsle"):
        return float(np.square(np.log1p(rows.truth)).mean())
    if metric.range[1] <= 2:
        return 1.0
    return 0.0 if metric.goal == "min" else float(rows.absolute_error.mean())


@pytest.mark.parametrize("case", CASES)
def test_every_number_agrees(case: str, record_property: Any) -> None:
    rows, weight = CASES[case]
    wrong, largest, compared, undefined = [], (0.0, ""), 0, 0
    for metric, options in every():
        by = reference("regress", metric.name)
        assert by is not None, metric.name
        ours = read(metric, options, state_of(metric, options, rows, weight))
        with np.errstate(all="ignore"):
            theirs = by.function(observed(rows, weight), **options)
        told = f"{metric.name}{options}: {ours} but {theirs!r} by {by.library}"
        compared += 1
        if math.isnan(ours.value) or not math.isfinite(theirs):
            if not (math.isnan(ours.value) and not math.isfinite(theirs)):
                wrong.append(told)
            assert math.isnan(ours.value) == bool(ours.undefined), told
            undefined += 1
            continue
        size = max(abs(ours.value), abs(theirs), scale(metric, options, rows))
        difference = abs(ours.value - theirs) / size if size else 0.0
        largest = max(largest, (difference, f"{metric.name}{options} on {case}"))
        if difference > TOLERANCE:
            wrong.append(f"{told}: {difference:.1e}")
    record_property("comparisons", compared)
    record_property("undefined in both", undefined)
    record_property("largest difference", list(largest))
    assert wrong == []


@pytest.mark.parametrize("case", CASES)
def test_limits_stand_around_every_value(case: str) -> None:
    rows, weight = CASES[case]
    wrong = []
    for metric, options in every():
        found = read(metric, options, state_of(metric, options, rows, weight))
        if found.undefined:
            continue
        assert bool(found.interval) != bool(found.no_interval), metric.name
        if found.interval:
            low, high = found.interval.low, found.interval.high
            slack = 1e-12 * max(1.0, abs(found.value))
            within = metric.range[0] <= low <= found.value + slack <= high + 2 * slack
            if not (within and high <= metric.range[1] and low < high):
                wrong.append((metric.name, options, found))
    assert wrong == []
