"""The laws of states for the metrics of text: however segments are cut up, they read the same."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from hypothesis import given, settings
from hypothesis import strategies as st
from text_samples import LATIN
from text_values import asked, every_spec, state_of

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.estimates import _within
from mleval.evaluation.moments import interval_on
from mleval.metrics.text_rows import TextRows
from mleval.states import Means, NgramSet
from mleval.uncertainty.intervals import Interval

# How a text is cut into tokens is of no consequence to states; one order of BLEU is like another.
_ALIKE = (
    "tokenize",
    "stemmer",
    "lowercase",
    "normalize",
    "=false",
    "[precision]",
    "bleu1(",
    "bleu2(",
)
EVERY = {spec: asked(spec) for spec in every_spec() if not any(part in spec for part in _ALIKE)}
EMPTY = {Means: Means.empty, NgramSet: NgramSet.empty}
# Their value itself depends on the unit of weight, and why.
OF_WEIGHT_UNITS = {
    "bleu": "what smoothing adds is a number of n-grams",
    "distinct": "n-grams weigh as much as their segments, distinct ones are counted",
}
law = settings(derandomize=True, deadline=None, max_examples=200 if FULL else 8)


@dataclass(frozen=True)
class Sample:
    """Segments, each a hypothesis and its references, and what they weigh."""

    segments: list[tuple[str, ...]]
    references: int
    weight: Floats | None

    @property
    def rows(self) -> TextRows:
        """The segments, with nothing made of them yet."""
        columns = [[segment[i] for segment in self.segments] for i in range(self.references + 1)]
        return TextRows.of(columns[0], columns[1:])

    def take(self, at: Any) -> Sample:
        """Some of the segments, in that order."""
        weight = None if self.weight is None else self.weight[at]
        return Sample([self.segments[i] for i in at], self.references, weight)


@dataclass(frozen=True)
class Read:
    """A metric read off a state: its value, or why there is none; its interval, or why not."""

    value: float = math.nan
    interval: Interval | None = None
    reason: str = ""


@st.composite
def samples(draw: st.DrawFn, *, weighted: bool | None = None) -> Sample:
    """Few segments of few words, so that much of it matches; some have none."""
    references = draw(st.integers(1, 2))
    words = st.lists(st.sampled_from([*LATIN[:6], "cats.", "日本", "é\xa0e\u0301"]), max_size=9)
    segment = st.tuples(*[words.map(" ".join)] * (references + 1))
    segments = draw(st.lists(segment, min_size=1, max_size=7))
    weighted = draw(st.booleans()) if weighted is None else weighted
    weights = st.lists(st.integers(1, 4), min_size=len(segments), max_size=len(segments))
    return Sample(segments, references, np.array(draw(weights), float) if weighted else None)


def states_of(sample: Sample) -> dict[str, Any]:
    rows = sample.rows
    return {spec: state_of(*it, rows, sample.weight) for spec, it in EVERY.items()}


def merged(*several: dict[str, Any]) -> dict[str, Any]:
    """States by metric, merged from left to right."""
    whole = several[0]
    for states in several[1:]:
        whole = {spec: state.merge(states[spec]) for spec, state in whole.items()}
    return whole


def read(spec: str, state: Any) -> Read:
    metric, options = EVERY[spec]
    told = state.readings() if isinstance(state, Means) else state
    with np.errstate(all="ignore"):
        try:
            value = _within(float(metric.function(told, **options)), metric.range)
            if metric.no_interval or math.isnan(value):
                return Read(value, reason=metric.no_interval)
            return Read(value, interval_on(metric, options, state, 0.95, value))
        except Undefined as error:
            return Read(reason=error.reason)
        except NoInterval as error:
            return Read(value, reason=error.reason)


def differing(one: dict[str, Any], other: dict[str, Any], *, limits: bool = True) -> list[str]:
    """The metrics that read otherwise off one state than off the other."""
    found = []
    for spec, state in one.items():
        a, b = read(spec, state), read(spec, other[spec])
        if not alike(a, b, limits=limits):
            found.append(f"{spec}: {a} / {b}")
    return found


def alike(a: Read, b: Read, *, limits: bool) -> bool:
    if not near(a.value, b.value, 1e-12):
        return False
    if not limits or (a.interval is None and b.interval is None):
        return a.reason == b.reason or not limits
    if a.interval is None or b.interval is None:
        return no_variance(a) and no_variance(b)
    ends = ((a.interval.low, b.interval.low), (a.interval.high, b.interval.high))
    return all(near(one, other, 1e-9) for one, other in ends)


def no_variance(found: Read) -> bool:
    """Whether no segment moves it, or only by what rounding left of a variance: √ε in a limit."""
    if found.interval is None:
        return "zero variance" in found.reason
    return near(found.interval.low, found.interval.high, 4 * math.sqrt(np.finfo(float).eps))


def near(a: float, b: float, tolerance: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1.0)


@law
@given(st.data())
def test_every_split_of_the_segments_in_every_order_reads_the_same(data: st.DataObject) -> None:
    sample = data.draw(samples())
    order = data.draw(st.permutations(range(len(sample.segments))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=3)))
    pieces = [sample.take(some.astype(int)) for some in np.split(np.array(order), cuts)]
    assert differing(states_of(sample), merged(*map(states_of, pieces))) == []


@law
@given(st.data())
def test_merging_is_associative_and_commutative(data: st.DataObject) -> None:
    a, b, c = (states_of(data.draw(samples(weighted=True))) for _ in range(3))
    whole = merged(merged(a, b), c)
    assert differing(whole, merged(a, merged(b, c))) == []
    assert differing(whole, merged(c, b, a)) == []


@law
@given(samples())
def test_the_state_of_no_segments_changes_nothing(sample: Sample) -> None:
    states = states_of(sample)
    nothing = {spec: EMPTY[metric.state]() for spec, (metric, _) in EVERY.items()}
    for both in (merged(states, nothing), merged(nothing, states)):
        for spec, state in states.items():
            assert repr(read(spec, state)) == repr(read(spec, both[spec]))  # nan is nan


@law
@given(samples(weighted=True), samples(weighted=True))
def test_nothing_changes_what_it_is_given(one: Sample, other: Sample) -> None:
    for sample in (one, other):
        assert sample.weight is not None
        sample.weight.flags.writeable = False
    several = [states_of(sample) for sample in (one, other)]
    before = [{spec: arrays_of(state) for spec, state in states.items()} for states in several]
    merged(*several)
    for states, kept in zip(several, before, strict=True):
        for spec, state in states.items():
            read(spec, state)
            for name, array in arrays_of(state).items():
                np.testing.assert_array_equal(array, kept[spec][name], strict=True)


def arrays_of(state: Any) -> dict[str, Any]:
    return {name: array.copy() for name, array in state.to_arrays().items()}


@law
@given(samples(weighted=True))
def test_a_weight_of_two_is_the_segment_twice(sample: Sample) -> None:
    assert sample.weight is not None
    at = np.repeat(np.arange(len(sample.segments)), sample.weight.astype(int))
    often = Sample([sample.segments[i] for i in at], sample.references, None)
    assert differing(states_of(sample), states_of(often), limits=False) == []


@law
@given(samples(weighted=True), st.sampled_from([2.0**-20, 0.1, 3.0, 1e6 / 7]))
def test_the_unit_of_weight_is_of_no_consequence(sample: Sample, unit: float) -> None:
    assert sample.weight is not None
    scaled = Sample(sample.segments, sample.references, sample.weight * unit)
    one, other = (
        {spec: state for spec, state in states_of(some).items() if not of_weight_units(spec)}
        for some in (sample, scaled)
    )
    assert differing(one, other) == []


def of_weight_units(spec: str) -> bool:
    return spec.startswith(tuple(OF_WEIGHT_UNITS))


@law
@given(samples())
def test_states_come_back_from_a_file_as_they_were(sample: Sample) -> None:
    for spec, state in states_of(sample).items():
        assert repr(read(spec, state)) == repr(read(spec, saved_and_loaded(state)))


@pytest.mark.parametrize("state", EMPTY)
def test_the_state_of_no_segments_comes_back_from_a_file(state: Any) -> None:
    back = saved_and_loaded(state.empty())
    for key, array in state.empty().to_arrays().items():
        np.testing.assert_array_equal(back.to_arrays()[key], array, strict=True)


def saved_and_loaded(state: Any) -> Any:
    file = io.BytesIO()
    np.savez(file, **state.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return type(state).from_arrays(dict(arrays))
