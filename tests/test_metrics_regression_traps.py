"""What other tools get wrong about predicted numbers, and what mleval says there."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from regression import every, read, state_of, value_of, with_forecasts

from mleval.errors import InputError, UsageError
from mleval.metrics import find
from mleval.metrics.regression_rows import RegressionRows
from mleval.states import Means


def rows(truth: Any, prediction: Any) -> RegressionRows:
    return RegressionRows(np.array(truth, float), np.array(prediction, float))


CONSTANT = rows([3.0, 3.0, 3.0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "name", ["r2", "explained_variance", "d2_absolute_error", "d2_tweedie", "d2_pinball"]
)
@pytest.mark.parametrize("some", [CONSTANT, rows([3.0], [2.0])], ids=["constant truth", "one row"])
def test_of_a_single_value_nothing_is_explained(name: str, some: RegressionRows) -> None:
    options = {"d2_tweedie": {"power": 1}, "d2_pinball": {"q": 0.9}}.get(name, {})
    found = value_of(name, some, **options)
    assert math.isnan(found.value)
    assert found.undefined == "truth has a single value: there is nothing to explain"


@pytest.mark.parametrize("name", ["pearson", "rsq", "spearman", "kendall"])
def test_a_column_that_does_not_move_correlates_with_nothing(name: str) -> None:
    for some in (CONSTANT, rows([1.0, 2.0, 3.0], [3.0, 3.0, 3.0]), rows([3.0], [2.0])):
        assert value_of(name, some).undefined == "truth or prediction has a single value"


def test_a_relative_error_of_nothing_is_not_1e15_but_undefined_with_the_count() -> None:
    found = value_of("mape", rows([0.0, 1.0, 0.0, 2.0], [0.5, 1.0, 0.0, 2.0]))
    assert found.undefined == "truth is 0 in 2 rows"
    one = value_of("mape", rows([0.0, 1.0], [0.5, 1.0]))
    assert one.undefined == "truth is 0 in 1 row"
    many = rows(np.zeros(12_345), np.ones(12_345))
    assert value_of("mape", many).undefined == "truth is 0 in 12,345 rows"


def test_weighted_rows_are_not_counted_by_their_weight() -> None:
    some, weight = rows([0.0, 1.0, 0.0, 2.0], [0.5, 1.0, 0.0, 2.0]), np.full(4, 1000.0)
    assert (
        value_of("mape", some, weight).undefined == "truth is 0 in rows that weigh 2,000 of 4,000"
    )
    gamma = value_of("d2_tweedie", some, weight, power=2).undefined
    assert gamma == "truth or prediction is 0 or less in rows that weigh 2,000 of 4,000"
    assert value_of("mape", some, np.ones(4)).undefined == "truth is 0 in 2 rows"


def test_beside_it_two_relative_errors_are_defined() -> None:
    some = rows([0.0, 1.0, 0.0, 3.0], [1.0, 1.0, 0.0, 3.0])
    assert value_of("wape", some).value == 1 / 4
    assert value_of("smape", some).value == 2 / 4  # a row of 2, three of 0


@pytest.mark.parametrize("unit", [5e-324, 1e-310, 1.0, 1e300, 1.5e308])
def test_smape_is_the_same_in_any_unit(unit: float) -> None:
    assert value_of("smape", rows([unit, unit], [0.0, unit])).value == 1.0
    one = rows([unit], [unit * (2 / 3)])
    truth, prediction = Fraction(one.truth[0]), Fraction(one.prediction[0])
    expected = float(2 * abs(prediction - truth) / (truth + prediction))
    assert value_of("smape", one).value == pytest.approx(expected, rel=1e-15)


def test_relative_errors_are_fractions() -> None:
    some = rows([100.0, 200.0], [90.0, 220.0])
    assert value_of("mape", some).value == pytest.approx(0.1)
    assert value_of("wape", some).value == pytest.approx(0.1)


def test_the_share_explained_is_not_the_squared_correlation() -> None:
    some = rows([1.0, 2.0, 3.0], [110.0, 120.0, 130.0])
    assert value_of("rsq", some).value == pytest.approx(1.0)
    assert value_of("r2", some).value < -1000
    assert value_of("ccc", some).value < 0.01
    assert find("r_squared", "regress").name == "rsq"
    assert find("r2_score", "regress").name == "r2"


@pytest.mark.parametrize(
    ("name", "options", "some", "reason"),
    [
        ("msle", {}, rows([1.0, -1.0, 2.0], [1.0, 1.0, -3.0]), "truth or prediction is −1 or less"),
        (
            "rmsle",
            {},
            rows([1.0, 1.0, 2.0], [-1.0, -2.0, 3.0]),
            "truth or prediction is −1 or less",
        ),
        ("gamma_deviance", {}, rows([1.0, 0.0, 2.0], [1.0, 1.0, -3.0]), "truth or prediction is 0"),
        ("poisson_deviance", {}, rows([0.0, -1.0, 2.0], [1.0, 1.0, 0.0]), "truth is below 0, or"),
        ("tweedie_deviance", {"power": -1}, rows([1, 1, 1], [0, -1, 1]), "prediction is 0 or less"),
        (
            "d2_tweedie",
            {"power": 2},
            rows([1.0, 0.0, 2.0], [1.0, 1.0, -3.0]),
            "truth or prediction",
        ),
    ],
)
def test_where_there_is_no_logarithm_there_is_no_value(
    name: str, options: Any, some: RegressionRows, reason: str
) -> None:
    found = value_of(name, some, **options)
    assert math.isnan(found.value)
    assert found.undefined.startswith(reason)
    assert found.undefined.endswith("in 2 rows")


def test_a_likelihood_needs_a_spread() -> None:
    some = RegressionRows(np.ones(3), np.ones(3), std=np.array([1.0, 0.0, 2.0]))
    assert value_of("gaussian_nll", some).undefined == "std is 0 in 1 row"


def test_numbers_that_cannot_be_spoil_no_other_metric() -> None:
    """All means are kept together: an infinite one would leave nothing of them."""
    some = with_forecasts(rows([0.0, -2.0, 3.0, 1.0], [1.0, -1.5, 0.0, 1.5]))
    means = [(m, o) for m, o in every() if m.state is Means]
    components = {c.name: c for m, o in means for c in m.components(**o)}
    whole = Means.of({name: c.of(some) for name, c in components.items()})
    assert np.isfinite(whole.mean).all()
    assert np.isfinite(whole.variance_of_mean()).all()
    for metric, options in means:
        alone = read(metric, options, state_of(metric, options, some))
        found = read(metric, options, whole)
        assert (found.undefined, found.no_interval) == (alone.undefined, alone.no_interval)
        assert found.value == pytest.approx(alone.value, rel=1e-13, nan_ok=True), metric.name


def test_squares_beyond_what_a_float_holds_are_told_and_nothing_else_is_lost() -> None:
    some = rows([1e200, 2e200, 4e200], [1e200, 2.5e200, 3e200])
    assert value_of("mae", some).value == pytest.approx(0.5e200)
    assert value_of("medae", some).value == pytest.approx(0.5e200)
    assert not math.isfinite(value_of("mse", some).value)
    assert math.isnan(value_of("r2", some).value)


def test_a_quantile_that_was_not_predicted_is_named() -> None:
    some = RegressionRows(np.ones(2), np.ones(2), quantiles={0.9: np.ones(2), 0.1: np.zeros(2)})
    with pytest.raises(InputError, match=r"no column is of the quantile 0\.5") as error:
        value_of("pinball", some, q=0.5)
    assert error.value.hint == "there are columns of 0.1, 0.9"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("huber", {"delta": 0.0}),
        ("huber", {"delta": math.inf}),
        ("smooth_l1", {"beta": -1.0}),
        ("pinball", {"q": 1.0}),
        ("winkler", {"level": 95.0}),
        ("tweedie_deviance", {"power": 0.5}),
        ("d2_tweedie", {"power": 0.5}),
        ("d2_pinball", {"q": 0.0}),
    ],
)
def test_options_without_sense_are_refused(name: str, options: Any) -> None:
    some = with_forecasts(rows([1.0, 2.0], [2.0, 1.0]))
    with pytest.raises(UsageError, match=name):
        value_of(name, some, **options)


def test_an_extreme_has_no_interval() -> None:
    rng = np.random.default_rng(0)
    some = rows(rng.normal(size=50), rng.normal(size=50))
    assert "maximum" in value_of("max_error", some).no_interval
    assert "extreme" in value_of("nrmse", some, by="range").no_interval
    assert value_of("nrmse", some, by="std").interval


def test_perfection_and_a_single_row_have_no_interval() -> None:
    perfect = rows([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    for name in ("mae", "rmse", "r2", "pearson", "spearman", "smape", "ccc"):
        found = value_of(name, perfect)
        assert found.no_interval, name
        assert found.value == (0.0 if name in ("mae", "rmse", "smape") else 1.0)
    assert value_of("mae", rows([1.0], [2.0])).no_interval == "one row"
