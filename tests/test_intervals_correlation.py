"""Correlations of few rows, and of columns that have nothing to do with each other."""

from __future__ import annotations

import numpy as np
import pytest
from regression import value_of
from regression_simulation import errors

from mleval.metrics.regression_rows import RegressionRows

REPETITIONS = 1500
LEAST = 0.95 - 4 * (0.95 * 0.05 / REPETITIONS) ** 0.5


def drawn(seed: int, rows: int, slope: float, kind: str = "normal") -> RegressionRows:
    rng = np.random.default_rng(seed)
    truth = errors(kind)(rng, rows)
    return RegressionRows(truth, slope * truth + errors(kind)(rng, rows))


@pytest.mark.parametrize("rows", [4, 5, 10, 30, 100])
@pytest.mark.parametrize("name", ["pearson", "rsq"])
@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0])
def test_an_interval_holds_the_true_correlation(name: str, rows: int, slope: float) -> None:
    true = slope / (1 + slope**2) ** 0.5
    true = true if name == "pearson" else true**2
    holds = 0
    for seed in range(REPETITIONS):
        interval = value_of(name, drawn(seed, rows, slope)).interval
        assert interval is not None
        holds += interval.low <= true <= interval.high
    assert holds / REPETITIONS >= LEAST


@pytest.mark.parametrize("slope", [0.1, 1.0, 10.0, -2.0])
def test_the_interval_is_never_narrower_than_scipys(slope: float) -> None:
    from scipy.stats import pearsonr

    for seed in range(20):
        rows = drawn(seed, 12, slope, "laplace")
        scipys = pearsonr(rows.truth, rows.prediction).confidence_interval(0.95)
        found = value_of("pearson", rows).interval
        assert found is not None
        assert found.low <= scipys.low + 1e-12
        assert found.high >= scipys.high - 1e-12


def test_the_square_is_that_of_the_interval_of_the_correlation() -> None:
    for seed, slope in enumerate((0.0, 0.1, -0.1, 1.0, -1.0)):
        rows = drawn(seed, 60, slope)
        root, square = value_of("pearson", rows).interval, value_of("rsq", rows).interval
        assert root is not None
        assert square is not None
        ends = sorted((root.low**2, root.high**2))
        low = 0.0 if root.low < 0 < root.high else ends[0]
        assert (square.low, square.high) == pytest.approx((low, ends[1]), rel=1e-9, abs=1e-15)


def test_three_rows_have_no_interval() -> None:
    for name in ("pearson", "rsq"):
        assert "three rows" in value_of(name, drawn(0, 3, 1.0)).no_interval
