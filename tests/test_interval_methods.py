"""The methods of intervals, against published figures and against solving for them anew."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from scipy import stats

from mleval.errors import NoInterval
from mleval.uncertainty.intervals import (
    at_the_edge,
    delta,
    newcombe,
    normal_quantile,
    quantile,
    scale_of,
    wilson,
)

Z = NormalDist().inv_cdf(0.975)

# ---------------------------------------------------------------- Wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_figures(
    hits: int, trials: int, low: float, high: float
) -> None:
    found = wilson(hits / trials, trials, 0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)
    assert found.method == "wilson"


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
@pytest.mark.parametrize(("share", "trials"), [(0.3, 17), (0.01, 250.5), (0.999, 40)])
def test_wilson_limits_are_the_shares_a_score_test_just_keeps(
    share: float, trials: float, level: float
) -> None:
    found = wilson(share, trials, level)
    for limit in (found.low, found.high):
        score = abs(share - limit) / math.sqrt(limit * (1 - limit) / trials)
        assert score == pytest.approx(normal_quantile(level), rel=1e-9)


def test_wilson_ends_at_0_and_1_exactly() -> None:
    assert wilson(0.0, 7, 0.95).low == 0.0
    assert wilson(1.0, 7, 0.95).high == 1.0
    assert wilson(1.0, 7, 0.95).low == pytest.approx(7 / (7 + Z**2))
    with pytest.raises(NoInterval):
        wilson(0.5, 0, 0.95)


# ---------------------------------------------------------------- Newcombe, method 5


def variance(theta: float, m: float, n: float) -> float:
    """Hanley and McNeil's, both sizes in place of either alone, as method 5 has it."""
    star = (m + n) / 2 - 1
    inner = 1 + star * (1 - theta) / (2 - theta) + star * theta / (1 + theta)
    return theta * (1 - theta) * inner / (m * n)


@pytest.mark.parametrize("auc", [0.02, 0.35, 0.5, 0.84, 0.97])
@pytest.mark.parametrize(("m", "n"), [(3, 5), (10, 200), (58, 51)])
def test_newcombe_limits_are_the_areas_that_lie_just_so_many_errors_away(
    auc: float, m: int, n: int
) -> None:
    found = newcombe(auc, m, n, 0.95)
    assert 0 < found.low < auc < found.high < 1
    for limit in (found.low, found.high):
        assert abs(limit - auc) == pytest.approx(Z * math.sqrt(variance(limit, m, n)), rel=1e-9)
    # No other area between: every one inside is nearer than that, on a grid.
    for step in range(1, 1000):
        theta = step / 1000
        inside = abs(theta - auc) <= Z * math.sqrt(variance(theta, m, n))
        assert inside == (found.low <= theta <= found.high)


def test_newcombe_is_the_same_seen_from_the_other_class() -> None:
    found, turned = newcombe(0.8, 12, 7, 0.95), newcombe(0.2, 7, 12, 0.95)
    assert (found.low, found.high) == pytest.approx((1 - turned.high, 1 - turned.low), rel=1e-9)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (10, 10), (400, 9)])
def test_a_perfect_area_is_not_certain(m: int, n: int) -> None:
    best, worst = newcombe(1.0, m, n, 0.95), newcombe(0.0, m, n, 0.95)
    assert (best.high, worst.low) == (1.0, 0.0)
    assert worst.high == pytest.approx(1 - best.low, rel=1e-9)
    assert (1 - best.low) == pytest.approx(Z * math.sqrt(variance(best.low, m, n)), rel=1e-9)
    with pytest.raises(NoInterval):
        newcombe(1.0, 0, 5, 0.95)


# ---------------------------------------------------------------- scales and the delta method

LIMITS = [(0.0, 1.0), (-1.0, 1.0), (0.0, 2.0), (0.0, math.inf), (-math.inf, 1.0)]
EVERY = [*LIMITS, (-math.inf, math.inf)]


def inside(limits: tuple[float, float]) -> list[float]:
    low = limits[0] if math.isfinite(limits[0]) else limits[1] - 5 if limits[1] < math.inf else -3
    high = limits[1] if math.isfinite(limits[1]) else low + 5
    return [low + (high - low) * share for share in (0.001, 0.2, 0.5, 0.9)]


@pytest.mark.parametrize("limits", EVERY)
def test_a_scale_maps_back_what_it_maps_and_rises(limits: tuple[float, float]) -> None:
    scale = scale_of(limits)
    for x in inside(limits):
        assert scale.back(scale.forward(x)) == pytest.approx(x, rel=1e-12, abs=1e-12)
        h = 1e-7 * max(abs(x - limits[0]) if math.isfinite(limits[0]) else 1, 1e-3)
        slope = (scale.forward(x + h) - scale.forward(x - h)) / (2 * h)
        assert scale.slope(x) == pytest.approx(slope, rel=1e-5)
        assert scale.slope(x) > 0


@pytest.mark.parametrize("limits", EVERY)
@pytest.mark.parametrize("variance", [1e-8, 0.01, 4.0, 1e6])
def test_limits_stay_in_the_range_however_large_the_variance(
    limits: tuple[float, float], variance: float
) -> None:
    for x in inside(limits):
        found = delta(x, variance, limits, 0.95)
        assert limits[0] <= found.low <= x <= found.high <= limits[1]
        assert found.low < found.high


@pytest.mark.parametrize("limits", EVERY)
def test_a_small_variance_gives_plus_minus_z_standard_errors(limits: tuple[float, float]) -> None:
    for x in inside(limits)[1:]:
        found = delta(x, 1e-12, limits, 0.95)
        assert found.high - x == pytest.approx(Z * 1e-6, rel=1e-4)
        assert x - found.low == pytest.approx(Z * 1e-6, rel=1e-4)


def test_the_logit_scale_is_the_textbooks() -> None:
    found = delta(0.9, 0.03**2, (0, 1), 0.95)
    odds, error = math.log(9), 0.03 / (0.9 * 0.1)
    for limit, sign in ((found.low, -1), (found.high, 1)):
        assert math.log(limit / (1 - limit)) == pytest.approx(odds + sign * Z * error, rel=1e-12)


def test_the_log_scale_is_the_textbooks() -> None:
    found = delta(2.0, 0.25, (0, math.inf), 0.9)
    factor = math.exp(normal_quantile(0.9) * 0.5 / 2.0)
    assert (found.low, found.high) == pytest.approx((2 / factor, 2 * factor), rel=1e-12)


@pytest.mark.parametrize("variance", [0.0, -1e-40, math.nan])
def test_without_variance_there_is_no_interval(variance: float) -> None:
    with pytest.raises(NoInterval):
        delta(0.5, variance, (0, 1), 0.95)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_at_the_edge_the_delta_method_gives_way_to_wilson(value: float) -> None:
    with pytest.raises(NoInterval):
        delta(value, 0.1, (0, 1), 0.95)
    found = at_the_edge(value, (0, 1), 12, 0.95)
    wide = Z**2 / (12 + Z**2)
    assert (found.low, found.high) == pytest.approx((1 - wide, 1) if value else (0, wide))
    assert found.method == "wilson at the smallest class"
    both = at_the_edge(2 * value - 1, (-1, 1), 12, 0.95)
    assert (both.low, both.high) == pytest.approx((2 * found.low - 1, 2 * found.high - 1))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 10, 29, 100, 999])
def test_the_quantile_of_t_leaves_as_much_beyond_it(level: float, degrees: int) -> None:
    found = quantile(level, degrees)
    assert 2 * stats.t.sf(found, degrees) == pytest.approx(1 - level, abs=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_beyond_a_thousand_degrees_the_normal_is_near_enough(level: float) -> None:
    assert quantile(level, 1000) == pytest.approx(stats.t.ppf(0.5 + level / 2, 1000), rel=4e-3)
