"""The laws of states for the metrics of regression: however rows are cut up, they read the same."""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regression import Read, every, part, read, state_of

from mleval.batch import Floats
from mleval.metrics.regression_rows import RegressionRows
from mleval.registry import Metric
from mleval.states import Kept, Means, Ordered

EMPTY = {Means: Means.empty, Ordered: Ordered.empty, Kept: Kept.empty}
law = settings(derandomize=True, deadline=None, max_examples=20)
Sample = tuple[RegressionRows, Floats | None]
EVERY = every()


@st.composite
def samples(draw: st.DrawFn, *, weighted: bool | None = None) -> Sample:
    """Few rows, tied and zero among them, near 0 or far from it; weights, whole, or none."""
    rows = draw(st.integers(1, 24))
    offset = draw(st.sampled_from([0.0, 0.0, 1.0, 1e8]))

    def column(lowest: int, highest: int) -> Floats:
        numbers = st.integers(lowest, highest)
        return np.array(draw(st.lists(numbers, min_size=rows, max_size=rows)), float)

    truth, prediction = column(0, 6) + offset, column(1, 12) / 2 + offset
    middle = prediction - column(0, 2)
    weighted = draw(st.booleans()) if weighted is None else weighted
    weight = column(1, 5) if weighted else None
    forecast = RegressionRows(truth, prediction, middle, middle + column(0, 4), column(1, 4))
    return forecast, weight


def pieces(draw: st.DrawFn, sample: Sample) -> list[Sample]:
    """The rows in some order, cut anywhere, perhaps with parts of no rows."""
    rows, weight = sample
    size = len(rows.truth)
    order = np.array(draw(st.permutations(range(size))), dtype=np.intp)
    cuts = draw(st.lists(st.integers(0, size), max_size=4))
    parts = np.split(order, sorted(cuts))
    return [(part(rows, some), None if weight is None else weight[some]) for some in parts]


def states_of(sample: Sample) -> list[Any]:
    return [state_of(metric, options, *sample) for metric, options in EVERY]


def merged(several: list[list[Any]]) -> list[Any]:
    """States by metric, merged from left to right."""
    whole = [EMPTY[metric.state]() for metric, _ in EVERY]
    for states in several:
        whole = [a.merge(b) for a, b in zip(whole, states, strict=True)]
    return whole


def differing(one: list[Any], other: list[Any], *, limits: bool = True) -> list[str]:
    """The metrics that read otherwise off one state than off the other."""
    found = []
    for (metric, options), a, b in zip(EVERY, one, other, strict=True):
        first, second = (read(metric, options, state) for state in (a, b))
        if not alike(first, second, metric, limits=limits):
            found.append(f"{metric.name}{options}: {first} / {second}")
    return found


def alike(a: Read, b: Read, metric: Metric, *, limits: bool) -> bool:
    values = near(a.value, b.value, 1e-12) and reason(a.undefined) == reason(b.undefined)
    if not limits or not values:
        return values
    if not (a.interval and b.interval):
        return bool(a.interval) == bool(b.interval)
    ends = ((a.interval.low, b.interval.low), (a.interval.high, b.interval.high))
    return all(near(one, other, 1e-9) for one, other in ends)


def reason(undefined: str) -> str:
    """Why there is no value, rows and what they weigh told alike: a weight of two is two rows."""
    told = r" in (?:([\d,.]+) rows?|rows that weigh ([\d,.]+) of .+)$"
    return re.sub(told, r" in \1\2", undefined)


def near(a: float, b: float, tolerance: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1.0)


@law
@given(st.data())
def test_every_split_of_the_rows_in_every_order_reads_the_same(data: st.DataObject) -> None:
    sample = data.draw(samples())
    split = merged([states_of(piece) for piece in pieces(data.draw, sample)])
    assert differing(states_of(sample), split) == []


@law
@given(samples(weighted=True), samples(weighted=True), samples(weighted=True))
def test_merging_is_associative_and_commutative(one: Sample, two: Sample, three: Sample) -> None:
    a, b, c = (states_of(sample) for sample in (one, two, three))
    whole = merged([merged([a, b]), c])
    assert differing(whole, merged([a, merged([b, c])])) == []
    assert differing(whole, merged([c, b, a])) == []


@law
@given(samples())
def test_the_state_of_no_rows_changes_nothing(sample: Sample) -> None:
    states = states_of(sample)
    nothing = [EMPTY[metric.state]() for metric, _ in EVERY]
    for both in (merged([states, nothing]), merged([nothing, states])):
        for (metric, options), a, b in zip(EVERY, states, both, strict=True):
            assert same(read(metric, options, a), read(metric, options, b)), metric.name


def same(one: Read, other: Read) -> bool:
    return repr(one) == repr(other)  # nan is nan


@law
@given(samples(), samples())
def test_nothing_changes_what_it_is_given(one: Sample, other: Sample) -> None:
    for rows, weight in (one, other):
        for column in (rows.truth, rows.prediction, rows.lower, rows.upper, rows.std, weight):
            if column is not None:
                column.flags.writeable = False
    several = [states_of(sample) for sample in (one, other)]
    if (one[1] is None) != (other[1] is None):
        return
    before = [[arrays_of(state) for state in states] for states in several]
    merged(several)
    for states in several:
        for (metric, options), state in zip(EVERY, states, strict=True):
            read(metric, options, state)
    for states, arrays in zip(several, before, strict=True):
        for state, kept in zip(states, arrays, strict=True):
            for name, array in arrays_of(state).items():
                np.testing.assert_array_equal(array, kept[name], strict=True)


def arrays_of(state: Any) -> dict[str, Any]:
    return {name: array.copy() for name, array in state.to_arrays().items()}


@law
@given(samples(weighted=True))
def test_a_weight_of_two_is_the_row_twice(sample: Sample) -> None:
    rows, weight = sample
    assert weight is not None
    often = part(rows, np.repeat(np.arange(len(weight)), weight.astype(int)))
    assert differing(states_of(sample), states_of((often, None)), limits=False) == []


@law
@given(samples(weighted=True), st.sampled_from([2.0**-20, 0.1, 3.0, 1e6 / 7]))
def test_the_unit_of_weight_is_of_no_consequence(sample: Sample, unit: float) -> None:
    rows, weight = sample
    assert weight is not None
    for (metric, options), a, b in zip(
        EVERY, states_of(sample), states_of((rows, weight * unit)), strict=True
    ):
        one, other = read(metric, options, a), read(metric, options, b)
        if one.undefined and other.undefined:
            continue  # the reason counts rows, by their weight
        assert alike(one, other, metric, limits=True), (metric.name, options, one, other)


@law
@given(samples())
def test_states_come_back_from_a_file_as_they_were(sample: Sample) -> None:
    for (metric, options), state in zip(EVERY, states_of(sample), strict=True):
        one, other = (read(metric, options, s) for s in (state, saved_and_loaded(state)))
        assert same(one, other), metric.name


@pytest.mark.parametrize("state", EMPTY)
def test_the_state_of_no_rows_comes_back_from_a_file(state: Any) -> None:
    back = saved_and_loaded(state.empty())
    for key, array in state.empty().to_arrays().items():
        np.testing.assert_array_equal(back.to_arrays()[key], array, strict=True)


def saved_and_loaded(state: Any) -> Any:
    file = io.BytesIO()
    np.savez(file, **state.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return type(state).from_arrays(dict(arrays))
