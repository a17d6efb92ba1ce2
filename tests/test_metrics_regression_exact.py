"""Regression in exact arithmetic: far from zero, in any parts, and where terms cancel."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
import pytest
from exact_regression import (
    FORMULAS,
    Exact,
    deviance,
    log_cosh,
    log_difference,
    near,
    of_correlation,
)
from regression import Options, Read, part, read, state_of, value_of

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.metrics import find
from mleval.metrics.deviances import unit_deviance
from mleval.metrics.regression_rows import RegressionRows
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Kept, Means, Ordered
from mleval.uncertainty.intervals import delta

EMPTY = {Means: Means.empty, Ordered: Ordered.empty, Kept: Kept.empty}
SEEDS = (0, 1, 2)


def parsed(text: str) -> tuple[Metric, Options]:
    spec = Spec.parse(text)
    metric = find(spec.name, "regress")
    return metric, metric.options_of(spec)


def chunks(rows: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The positions of rows in some order, cut in uneven parts, some of them empty."""
    cuts = sorted(rng.integers(0, rows, 5).tolist() + [rows // 2] * 2)
    return np.split(rng.permutation(rows), cuts)


def split(text: str, rows: RegressionRows, weight: Floats | None, seed: int) -> Read:
    """A metric of rows that came in parts, in any order, merged one to another."""
    metric, options = parsed(text)
    state = EMPTY[metric.state]()
    for some in chunks(len(rows.truth), np.random.default_rng(seed)):
        mine = None if weight is None else weight[some]
        state = state.merge(state_of(metric, options, part(rows, some), mine))
    return read(metric, options, state)


def far(offset: float, seed: int, *, apart: float = 0.0) -> tuple[RegressionRows, Floats]:
    """Steps that numbers of such a size can express; predictions are `apart` from the truth."""
    rng = np.random.default_rng(seed)
    step = 1.0 if abs(offset) < 1e15 else 4.0
    truth = np.round(rng.normal(size=60) * 8) / 4 * step
    error = np.round(rng.normal(size=60) * 4) / 4 * step
    return RegressionRows(truth + offset, truth + offset + error + apart), rng.integers(
        1, 9, 60
    ) / 8


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("offset", "apart"),
    [(16.0, 0.0), (1e8, 0.0), (-1e8, 1.0), (1e8, 1e8), (1e15, 0.0), (1e15, 4.0)],
)
def test_far_from_zero_and_in_parts_every_digit_is_kept(
    offset: float, apart: float, weighted: bool, text: str
) -> None:
    if text == "smape" and offset == 1e15:
        return  # shares of 1e-15 are taken for rounding
    for seed in SEEDS:
        rows, weight = far(offset, seed, apart=apart)
        given = weight if weighted else None
        value, influence = FORMULAS[text](Exact.of(rows.truth, rows.prediction, given))
        found = split(text, rows, given, seed)
        metric, _ = parsed(text)
        scale = 1.0 if metric.range[1] <= 2 else 0.0
        if text == "bias":  # errors of both signs cancel
            scale = float(rows.absolute_error.mean())
        assert near(found.value, float(value), scale), (found, float(value))
        if influence is None:
            continue
        spread = Exact.of(rows.truth, rows.prediction, given).spread(influence)
        expected = None
        with suppress(NoInterval):  # of a bias that leaves nothing of the rest
            expected = delta(float(value), spread, metric.range, 0.95)
            if text in ("pearson", "rsq"):
                expected = of_correlation(text, float(value), spread, len(rows.truth), given)
        assert bool(expected) == bool(found.interval), found
        if not expected or not found.interval:
            continue
        limits = (found.interval.low, found.interval.high)
        assert limits == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-9)


def test_an_error_whose_mean_is_nearly_zero_keeps_its_digits() -> None:
    rng = np.random.default_rng(0)
    error = rng.normal(size=1000)
    error -= error.mean()
    truth = rng.normal(size=1000)
    rows = RegressionRows(truth, truth + error)
    value, _ = FORMULAS["bias"](Exact.of(rows.truth, rows.prediction))
    assert abs(split("bias", rows, None, 0).value - float(value)) < 1e-12 * np.abs(error).mean()


def test_sorted_rows_whose_parts_are_far_apart() -> None:
    rng = np.random.default_rng(0)
    truth = np.concatenate([rng.normal(size=40), 1e8 + rng.normal(size=40)])
    rows = RegressionRows(truth, truth + rng.normal(size=80))
    for text in ("r2", "pearson", "ccc", "explained_variance"):
        metric, options = parsed(text)
        low, high = (part(rows, slice(*ends)) for ends in ((0, 40), (40, 80)))
        states = [state_of(metric, options, some) for some in (low, high)]
        value, _ = FORMULAS[text](Exact.of(rows.truth, rows.prediction))
        for state in (states[0].merge(states[1]), states[1].merge(states[0])):
            assert near(read(metric, options, state).value, float(value), 1.0)


def test_blocks_are_one_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, weight = far(1e8, 5)
    whole = {text: value_of_text(text, rows, weight) for text in FORMULAS}
    monkeypatch.setattr(RegressionRows.blocks, "__defaults__", (7,))
    for text, found in whole.items():
        assert near(value_of_text(text, rows, weight).value, found.value, 1.0), text


def value_of_text(text: str, rows: RegressionRows, weight: Floats | None) -> Read:
    metric, options = parsed(text)
    return read(metric, options, state_of(metric, options, rows, weight))


# ---------------------------------------------------------------- terms that cancel


NEXT_TO_1_AND_2 = (1 + 1e-8, 1 + 1e-6, 1.0001, 1.9999, 2 - 1e-8, 2 + 1e-8, 2 + 1e-6)
POWERS = (-1.5, 0.0, 1.0, 1.4999, 1.5, 2.0, 2.4999, 2.5, 3.0, 7.0, *NEXT_TO_1_AND_2)


@pytest.mark.parametrize("power", POWERS)
def test_deviances_near_the_truth_keep_their_digits(power: float) -> None:
    for size in (1e-3, 1.0, 1e8):
        for off in (0.0, 1e-12, 1e-6, 1e-3, 0.02, 0.05, -0.07, -1e-9):
            truth = size * (1 + off)
            found = unit_deviance(np.array([truth]), np.array([size]), power)[0]
            expected = deviance(truth, size, power)
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-60)


@pytest.mark.parametrize("power", POWERS)
def test_deviances_far_from_the_truth(power: float) -> None:
    for truth, prediction in (
        (3.0, 1.0),
        (1.0, 3.0),
        (1.0, 1.2),
        (1e-8, 1e3),
        (1e6, 1.0),
        (2.0, 1.9),
    ):
        found = unit_deviance(np.array([truth]), np.array([prediction]), power)[0]
        assert found == pytest.approx(deviance(truth, prediction, power), rel=1e-12, abs=0)


@pytest.mark.parametrize("power", [1.0, 1 + 1e-8, 1.5, 2 - 1e-8])
def test_a_truth_of_nothing_has_a_deviance(power: float) -> None:
    found = unit_deviance(np.array([0.0]), np.array([2.0]), power)[0]
    assert found == pytest.approx(deviance(0.0, 2.0, power), rel=1e-14)


def test_a_share_of_deviance_far_from_zero() -> None:
    rng = np.random.default_rng(0)
    truth = 1e8 + np.round(rng.normal(size=50) * 8)
    prediction = truth + np.round(rng.normal(size=50) * 3)
    mean = Exact.of(truth, prediction).mean([*map(int, truth.tolist())])
    for power in (1.0, 1.5, 2.0):
        model = math.fsum(deviance(t, p, power) for t, p in zip(truth, prediction, strict=True))
        null = math.fsum(deviance(t, float(mean), power) for t in truth)
        found = value_of("d2_tweedie", RegressionRows(truth, prediction), power=power)
        assert found.value == pytest.approx(1 - model / null, rel=1e-12)


def test_small_and_large_errors_in_a_log_cosh() -> None:
    for error in (1e-12, 1e-8, 1e-3, 0.3, 0.999, 1.0, 1.001, 20.0, 700.0, 1e5, 1e9):
        rows = RegressionRows(np.zeros(2), np.array([error, -error]))
        assert value_of("log_cosh", rows).value == pytest.approx(log_cosh(error), rel=1e-14, abs=0)
    largest = RegressionRows(np.zeros(1), np.array([1e300]))
    assert value_of("log_cosh", largest).value == 1e300


def test_logarithms_nearly_equal_or_far_apart_keep_their_digits() -> None:
    near = [(t, t + off) for t, off in ((1, 1e-9), (1e6, 1e-4), (-0.5, 1e-10), (0, 1e-12), (3, 5))]
    far = [(1e8, 1.1), (1e8, 0.9), (1e16, 0.0), (1e300, 1e-300), (5, -0.9)]
    for truth, prediction in (*near, *far, *(pair[::-1] for pair in far)):
        rows = RegressionRows(np.array([float(truth)]), np.array([prediction]))
        expected = log_difference(float(truth), prediction)
        assert value_of("msle", rows).value == pytest.approx(expected, rel=1e-12, abs=0)
        assert value_of("rmsle", rows).value == pytest.approx(expected**0.5, rel=1e-12, abs=0)


# ---------------------------------------------------------------- training losses, as formulas


def some_errors() -> tuple[RegressionRows, list[float]]:
    rng = np.random.default_rng(0)
    error = np.concatenate([rng.normal(size=40) * 2, [0.0, 1.0, -1.0, 0.5, 2.0]])
    return RegressionRows(np.zeros(45), error), error.tolist()


@pytest.mark.parametrize("delta", [0.5, 1.0, 2.0])
def test_huber_is_pytorchs(delta: float) -> None:
    """torch.nn.HuberLoss: ½ x² if |x| < δ, else δ (|x| − ½ δ); reduction "mean"."""
    rows, errors = some_errors()
    losses = [0.5 * x * x if abs(x) < delta else delta * (abs(x) - 0.5 * delta) for x in errors]
    found = value_of("huber", rows, delta=delta).value
    assert found == pytest.approx(math.fsum(losses) / len(losses), rel=1e-13)


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_smooth_l1_is_pytorchs_and_huber_over_beta(beta: float) -> None:
    """torch.nn.SmoothL1Loss: ½ x² / β if |x| < β, else |x| − ½ β; reduction "mean"."""
    rows, errors = some_errors()
    losses = [0.5 * x * x / beta if abs(x) < beta else abs(x) - 0.5 * beta for x in errors]
    found = value_of("smooth_l1", rows, beta=beta).value
    assert found == pytest.approx(math.fsum(losses) / len(losses), rel=1e-13)
    assert found == pytest.approx(value_of("huber", rows, delta=beta).value / beta, rel=1e-13)


def test_a_smooth_l1_without_bend_is_the_mean_absolute_error() -> None:
    rows, _ = some_errors()
    assert value_of("smooth_l1", rows, beta=0.0).value == value_of("mae", rows).value


def test_the_gaussian_likelihood_is_pytorchs_in_full() -> None:
    """torch.nn.GaussianNLLLoss(full=True): ½ (log var + (x − μ)² / var) + ½ log 2π."""
    rng = np.random.default_rng(0)
    truth, mean, std = rng.normal(size=30), rng.normal(size=30), rng.random(30) + 0.1
    losses = [
        0.5 * (math.log(s * s) + (t - m) ** 2 / (s * s)) + 0.5 * math.log(2 * math.pi)
        for t, m, s in zip(truth.tolist(), mean.tolist(), std.tolist(), strict=True)
    ]
    found = value_of("gaussian_nll", RegressionRows(truth, mean, std=std)).value
    assert found == pytest.approx(math.fsum(losses) / 30, rel=1e-13)


@pytest.mark.parametrize(
    ("truth", "mean", "std"), [(0.3, 0.0, 1.0), (5.0, 4.0, 0.2), (-9.0, 3.0, 2.0)]
)
def test_the_ranked_probability_score_is_its_integral(
    truth: float, mean: float, std: float
) -> None:
    """∫ (F(x) − [x ≥ truth])² dx."""
    from scipy.integrate import quad
    from scipy.stats import norm

    below, _ = quad(lambda x: norm.cdf(x, mean, std) ** 2, -np.inf, truth)
    above, _ = quad(lambda x: norm.sf(x, mean, std) ** 2, truth, np.inf)
    rows = RegressionRows(np.array([truth]), np.array([mean]), std=np.array([std]))
    assert value_of("crps_gaussian", rows).value == pytest.approx(below + above, rel=1e-7)


def test_a_certain_forecast_scores_its_absolute_error() -> None:
    rows = RegressionRows(np.array([1.0, 2.0]), np.array([1.0, 5.0]), std=np.zeros(2))
    assert value_of("crps_gaussian", rows).value == value_of("mae", rows).value == 1.5


# ---------------------------------------------------------------- quantiles


def test_percentiles_are_numpys_averaged_inverted_distribution_function() -> None:
    rng = np.random.default_rng(0)
    for size in (1, 2, 7, 10, 100, 1000):
        for error in (rng.normal(size=size), rng.integers(0, 4, size).astype(float)):
            rows = RegressionRows(np.zeros(size), error)
            for percent in (50, 90, 95, 99):
                theirs = np.quantile(np.abs(error), percent / 100, method="averaged_inverted_cdf")
                assert value_of(f"p{percent}", rows).value == pytest.approx(theirs, rel=1e-15)


def test_a_weight_is_as_many_rows_in_a_percentile() -> None:
    rng = np.random.default_rng(0)
    error, weight = rng.integers(0, 9, 40) / 4, rng.integers(1, 5, 40)
    often = np.repeat(error, weight)
    for percent in (50, 90, 95, 99):
        found = value_of(f"p{percent}", RegressionRows(np.zeros(40), error), weight.astype(float))
        plain = value_of(f"p{percent}", RegressionRows(np.zeros(len(often)), often))
        assert found.value == plain.value


def test_quantile_columns_have_their_own_pinball_loss() -> None:
    rows = RegressionRows(np.array([1.0, 2.0]), np.zeros(2), quantiles={0.9: np.array([2.0, 1.0])})
    assert value_of("pinball", rows, q=0.9).value == pytest.approx((0.1 * 1 + 0.9 * 1) / 2)
