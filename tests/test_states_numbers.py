"""States of numbers keep what they say: products about means, values in order, rows by key."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mleval.batch import Labels
from mleval.errors import NoInterval
from mleval.states import Kept, Means, Ordered, Product, ordered
from mleval.states.kept import lowest_rows
from mleval.uncertainty.order_statistics import quantile_interval

SEEDS = (0, 1, 2)
law = settings(derandomize=True, deadline=None, max_examples=50)


def chunks(rows: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The positions of rows in some order, cut in uneven parts, one of them empty."""
    cuts = sorted(rng.integers(0, rows, 5).tolist() + [rows // 2] * 2)
    return np.split(rng.permutation(rows), cuts)


# ---------------------------------------------------------------- Means of products


def exact(columns: dict[str, Any], weight: np.ndarray) -> dict[str, list[Any]]:
    """Means and covariances of columns x and y, and their sandwich covariance, in fractions."""
    x, y = ([Fraction(v) for v in columns[name].tolist()] for name in "xy")
    w = [Fraction(v) for v in weight.tolist()]
    total = sum(w)

    def mean(column: list[Fraction]) -> Fraction:
        return sum(a * b for a, b in zip(w, column, strict=True)) / total

    def off(column: list[Fraction]) -> list[Fraction]:
        middle = mean(column)
        return [v - middle for v in column]

    moved = [off(x), off(y)]
    for one, other in ((x, x), (x, y), (y, y)):
        moved.append(off([a * b for a, b in zip(off(one), off(other), strict=True)]))
    values = [mean(x), mean(y)]
    for one, other in ((x, x), (x, y), (y, y)):
        values.append(mean([a * b for a, b in zip(off(one), off(other), strict=True)]))
    spread = [
        [
            float(sum(c * c * a * b for c, a, b in zip(w, one, two, strict=True)) / total**2)
            for two in moved
        ]
        for one in moved
    ]
    return {"mean": [float(v) for v in values], "spread": spread}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("offset", [0.0, 1e8, -1e8, 1e15])
@pytest.mark.parametrize("seed", SEEDS)
def test_products_are_covariances_however_far_and_in_whatever_parts(
    seed: int, offset: float, weighted: bool
) -> None:
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=60) * 8) * (1 if abs(offset) < 1e15 else 4) + offset
    columns = {"x": x, "y": np.round(rng.normal(size=60) * 8) + x - offset}
    weight = rng.integers(1, 9, 60) / 8 if weighted else np.ones(60)
    products = {"x*x": Product("x", "x"), "x*y": Product("x", "y"), "y*y": Product("y", "y")}
    state = Means.empty()
    for rows in chunks(60, rng):
        some = {name: column[rows] for name, column in columns.items()}
        part = Means.of(some | products, weight[rows] if weighted else None)
        state = state.merge(part)
    found = exact(columns, weight)
    assert state.names == ("x", "y", "x*x", "x*y", "y*y")
    np.testing.assert_allclose(state.mean, found["mean"], rtol=1e-14, atol=1e-13)
    sizes = np.sqrt(np.outer(np.diag(found["spread"]), np.diag(found["spread"])))
    difference = np.abs(state.variance_of_mean() - found["spread"])
    assert (difference <= 1e-12 * sizes).all(), (difference / sizes).max()


def test_sums_of_blocks_are_the_sums_of_all_rows() -> None:
    rng = np.random.default_rng(0)
    x, weight = 1e8 + rng.normal(size=50), rng.random(50)
    square = Product("x", "x")
    blocks = [slice(0, 0), slice(0, 7), slice(7, 8), slice(8, 50)]
    one = Means.over(({"x": x[b], "square": square}, weight[b]) for b in blocks)
    other = Means.of({"x": x, "square": square}, weight)
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-13)
    np.testing.assert_allclose(one.variance_of_mean(), other.variance_of_mean(), rtol=1e-12)
    assert (one.low[0], one.high[0]) == (x.min(), x.max())


def test_a_component_may_be_one_number_for_all_rows() -> None:
    state = Means.of({"x": np.array([1.0, 2.0]), "flag": 0.0})
    assert state.readings()["flag"] == 0.0


def test_a_constant_column_has_no_variance_however_far_it_is() -> None:
    square = Product("x", "x")
    parts = [Means.of({"x": np.full(n, 1e15 / 3), "square": square}) for n in (7, 5, 1)]
    assert parts[0].merge(parts[1]).merge(parts[2]).value("square") == 0.0


def test_what_overflows_spoils_nothing_else() -> None:
    columns = {
        "x": np.array([1.0, 3.0]),
        "square": Product("x", "x"),
        "far": np.array([1.0, 1e200]),
    }
    columns["too far"] = np.array([1.0, np.inf])
    state = Means.of(columns).merge(Means.of(columns))
    assert state.value("square") == 1.0
    assert state.value("x") == 2.0


# ---------------------------------------------------------------- Ordered


def by_hand(values: list[float], weight: list[float], share: Fraction) -> float:
    """The averaged inverted distribution function, in fractions."""
    rows = sorted(zip(values, map(Fraction, weight), strict=True))
    target, reached = share * sum(w for _, w in rows), Fraction(0)
    distinct = sorted(set(values))
    for place, value in enumerate(distinct):
        reached += sum(w for v, w in rows if v == value)
        if reached == target and place + 1 < len(distinct):
            return (value + distinct[place + 1]) / 2
        if reached >= target:
            return value
    raise AssertionError


@law
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 4)), min_size=1, max_size=30),
    st.lists(st.integers(0, 30), max_size=4),
    st.booleans(),
    st.sampled_from([0, 1]),
)
def test_quantiles_are_the_averaged_inverted_distribution_function(
    rows: list[tuple[int, int]], cuts: list[int], weighted: bool, small: int
) -> None:
    values = np.array([v / 2 for v, _ in rows])
    weight = np.array([float(w) for _, w in rows]) if weighted else None
    state = Ordered.empty()
    for some in np.split(np.arange(len(rows)), sorted(min(c, len(rows)) for c in cuts)):
        mine = None if weight is None else weight[some]
        state = state.merge(Ordered.of(values[some], mine))
    weights = [1.0] * len(rows) if weight is None else weight.tolist()
    for numerator in (0, 1, 5, 10, 13, 18, 19, 20):
        share = Fraction(numerator, 20)
        assert state.quantile(numerator / 20) == by_hand(values.tolist(), weights, share)
    for value in (-5.0, 0.0, 0.25, 3.0):
        below = [w for v, w in zip(values, weights, strict=True) if v <= value]
        assert state.sums_at_most(value) == (sum(below), sum(w * w for w in below))
    sizes = np.abs(values).tolist()
    for numerator in (0, 1, 5, 10, 13, 18, 19, 20):
        share = Fraction(numerator, 20)
        found = state.magnitudes().magnitudes().quantile(numerator / 20)
        assert found == by_hand(sizes, weights, share)
    for value in (0.0, 0.25, 3.0):
        below = [w for v, w in zip(sizes, weights, strict=True) if v <= value]
        assert state.magnitudes().sums_at_most(value) == (sum(below), sum(w * w for w in below))
    for count in (1, 3, 10):
        assert state.largest(count) == (sorted(sizes)[-count] if len(sizes) > count else 0)


@pytest.mark.parametrize("weighing", ["none", "some parts", "all parts"])
def test_many_small_parts_are_pooled(weighing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordered, "_MANY_RUNS", 3)
    rng = np.random.default_rng(0)
    values, weight = rng.integers(0, 50, 200) / 4, rng.integers(1, 16, 200) / 4
    state = Ordered.empty()
    for place, rows in enumerate(np.split(rng.permutation(200), range(10, 200, 10))):
        bare = weighing == "none" or (weighing == "some parts" and place % 2)
        if bare:
            weight[rows] = 1.0
        state = state.merge(Ordered.of(values[rows], None if bare else weight[rows]))
        assert len(state.runs) <= 4
    for share in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        expected = by_hand(values.tolist(), weight.tolist(), share)
        assert state.quantile(float(share)) == expected


def test_magnitudes_share_the_memory_of_the_values_and_can_be_pooled() -> None:
    state = Ordered.of(np.array([-3.0, -1.0, 0.0, 2.0]))
    magnitudes = state.magnitudes()
    assert [np.shares_memory(run.held, state.runs[0].held) for run in magnitudes.runs] == [True] * 2
    assert magnitudes.to_arrays()["values"].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_values_of_either_sign_and_far_apart_are_in_order() -> None:
    state = Ordered.of(np.array([-1e300, 5.0, -0.0, 1e-300, 1e300]))
    assert [state.lowest_with(k / 5) for k in range(1, 6)] == [-1e300, 0.0, 1e-300, 5.0, 1e300]


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_limits_of_a_quantile_are_order_statistics(share: float) -> None:
    """Between the neighbours whose ranks the binomial says hold it with less and with more."""
    from scipy.stats import binom

    rows = 400
    values = np.arange(1.0, rows + 1)
    found = quantile_interval(Ordered.of(values), share, 0.95)
    for rank, tail in ((found.low, 0.025), (rows + 1 - found.high, 0.025)):
        at = share if rank == found.low else 1 - share
        below = [binom.cdf(k - 1, rows, at) for k in (int(rank), int(rank) + 1)]
        assert below[0] <= tail <= below[1]


def test_limits_beyond_the_last_row_are_none() -> None:
    few = Ordered.of(np.arange(5.0))
    with pytest.raises(NoInterval, match="few rows"):
        quantile_interval(few, 0.5, 0.95)
    with pytest.raises(NoInterval, match="few rows"):
        quantile_interval(Ordered.of(np.arange(300.0)), 0.99, 0.95)
    assert quantile_interval(Ordered.of(np.arange(400.0)), 0.99, 0.95).high < 400
    with pytest.raises(NoInterval, match="alike"):
        quantile_interval(Ordered.of(np.ones(100)), 0.5, 0.95)


def test_equal_weights_give_the_limits_of_no_weights() -> None:
    values = np.random.default_rng(0).normal(size=300)
    plain, weighted = (
        quantile_interval(Ordered.of(values, weight), 0.7, 0.95)
        for weight in (None, np.full(300, 0.3))
    )
    assert (plain.low, plain.high) == pytest.approx((weighted.low, weighted.high), rel=1e-12)


# ---------------------------------------------------------------- Kept


@law
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.text("ab", max_size=2)), max_size=20
    ),
    st.lists(st.integers(0, 20), max_size=4),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_the_lowest_rows_are_kept_in_whatever_parts_they_come(
    rows: list[tuple[int, int, str]], cuts: list[int], cap: int, random: Any
) -> None:
    expected = sorted(rows)[:cap]
    mixed = random.sample(rows, len(rows))
    states = []
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    for start, end in pairwise(edges):
        some = mixed[start:end]
        columns: dict[str, Any] = {
            "key": np.array([k for k, _, _ in some], float),
            "second": np.array([s for _, s, _ in some], float),
            "id": Labels.of([name for _, _, name in some]),
        }
        states.append(Kept.lowest(columns, cap))
    for order in (states, states[::-1]):
        whole = Kept.empty()
        for state in order:
            whole = whole.merge(state)
        assert whole.rows == len(rows)
        kept = [whole.columns.get(name, np.empty(0)).tolist() for name in ("key", "second", "id")]
        assert list(zip(*kept, strict=True)) == expected


def test_equal_rows_are_settled_by_the_later_columns() -> None:
    columns = [np.zeros(5), np.array([3.0, 1.0, 2.0, 1.0, 0.0])]
    assert lowest_rows(columns, 3).tolist() == [4, 1, 3]


def test_all_rows_are_kept_up_to_the_cap_and_none_beyond() -> None:
    parts = [Kept.of({"x": np.arange(n, dtype=float)}, cap=5) for n in (2, 3, 1)]
    both = parts[0].merge(parts[1])
    assert both.complete
    assert both.columns["x"].tolist() == [0.0, 1.0, 0.0, 1.0, 2.0]
    for beyond in (both.merge(parts[2]), parts[2].merge(both)):
        assert not beyond.complete
        assert (beyond.rows, beyond.columns) == (6, {})
        assert beyond.merge(parts[0]).rows == 8
    assert not Kept.of({"x": np.arange(6.0)}, cap=5).complete


def test_kept_rows_without_a_column_of_weights_count_once() -> None:
    assert Kept.of({"x": np.arange(2.0)}).weight.tolist() == [1.0, 1.0]
    assert Kept.of({"x": np.arange(2.0), "weight": np.array([2.0, 3.0])}).weight.tolist() == [2, 3]
