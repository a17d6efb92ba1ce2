"""The laws of states, for every registered metric: however rows are cut up, it reads the same."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evidence import binary_batch, class_batch, evidence_of, merged, plan_of, state_type, take
from hypothesis import given, settings
from hypothesis import strategies as st
from registered import specs, write_costs

from mleval.batch import Batch
from mleval.evaluation.classification.estimates import estimate, missing
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.plan import Plan
from mleval.evaluation.requests import Request, requests_for
from mleval.evaluation.run import evaluate
from mleval.options import ClassifyOptions
from mleval.registry import Task
from mleval.report import Estimate

NAMES = ("1", "2", "10")  # in the order of numbers, which is not that of text
MERGEABLE = {"confusion", "score", "argmax", "top", "means", *(f"class {name}" for name in NAMES)}
TASKS = pytest.mark.parametrize("task", ["binary", "multiclass"])
# Their value itself depends on the unit of weight, and why.
OF_WEIGHT_UNITS = {
    "precision_at_k": "k is a number of rows",
    "ece(debias=true)": "what is taken off is the noise of so many rows",
}
law = settings(derandomize=True, deadline=None, max_examples=20)


@cache
def costs() -> Path:
    from tempfile import mkdtemp

    return write_costs(Path(mkdtemp()) / "costs.csv", ("0", *NAMES))


@cache
def requests(task: Task) -> list[Request]:
    return requests_for(task, specs(task, ("0", "1") if task == "binary" else NAMES, costs()))


@cache
def plan(task: Task) -> Plan:
    return plan_of(requests(task))


@st.composite
def batches(draw: st.DrawFn, task: Task, *, weighted: bool | None = None) -> Batch:
    """Few rows, tied scores, classes that may be absent; weights, whole, or none."""
    rows = draw(st.integers(1, 24))

    def column(highest: int) -> Any:
        return np.array(draw(st.lists(st.integers(0, highest), min_size=rows, max_size=rows)))

    weighted = draw(st.booleans()) if weighted is None else weighted
    weight = column(4) + 1.0 if weighted else None
    if task == "binary":
        return binary_batch(column(1), column(1), column(8) / 8, weight)
    table = np.stack([column(6), column(6), column(6) + 1])
    return class_batch(column(2), column(2), table / table.sum(axis=0), NAMES, weight)


def parts_of(draw: st.DrawFn, batch: Batch) -> list[Batch]:
    """The rows in some order, cut anywhere, perhaps with parts of no rows."""
    order = np.array(draw(st.permutations(range(batch.rows))), dtype=np.intp)
    cuts = draw(st.lists(st.integers(0, batch.rows), max_size=4))
    return [take(batch, rows) for rows in np.split(order, sorted(cuts))]


def states_of(task: Task, batch: Batch) -> dict[str, Any]:
    return dict(plan(task).states_of(batch))


def read(task: Task, states: dict[str, Any], batch: Batch) -> dict[str, Estimate]:
    """Every metric, off states of rows such as those of `batch`."""
    evidence = evidence_of(states, batch)
    return read_off(task, evidence)


def read_off(task: Task, evidence: Evidence) -> dict[str, Estimate]:
    return {
        request.key: estimate(request, evidence, 0.95)
        for request in requests(task)
        if missing(request, evidence) is None
    }


def differing(
    one: dict[str, Estimate], other: dict[str, Estimate], *, but: Iterable[str] = ()
) -> list[str]:
    """The metrics whose value or limits differ, or of which only one has them."""
    assert list(one) == list(other)
    return [
        f"{key}: {a} / {b}"
        for (key, a), b in zip(one.items(), other.values(), strict=True)
        if not key.startswith(tuple(but)) and not alike(a, b)
    ]


def alike(a: Estimate, b: Estimate) -> bool:
    values = near(a.value, b.value, 1e-12) and near(a.threshold, b.threshold, 0)
    limits = near(a.low, b.low, 1e-9) and near(a.high, b.high, 1e-9)
    return values and limits and bool(a.no_interval) == bool(b.no_interval)


def near(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1.0)


def values_only(found: dict[str, Estimate]) -> dict[str, Estimate]:
    none = {"low": None, "high": None, "no_interval": None}
    return {key: replace(estimate, **none) for key, estimate in found.items()}


@TASKS
def test_every_split_of_the_rows_in_every_order_reads_the_same(task: Task) -> None:
    @law
    @given(st.data())
    def run(data: st.DataObject) -> None:
        batch = data.draw(batches(task))
        parts = parts_of(data.draw, batch)
        split = merged(*(states_of(task, part) for part in parts))
        assert differing(read(task, states_of(task, batch), batch), read(task, split, batch)) == []

    run()


@TASKS
def test_merging_is_associative_and_commutative(task: Task) -> None:
    @law
    @given(st.data())
    def run(data: st.DataObject) -> None:
        several = [data.draw(batches(task, weighted=True)) for _ in range(3)]
        a, b, c = (states_of(task, batch) for batch in several)
        whole = read(task, merged(merged(a, b), c), several[0])
        assert differing(whole, read(task, merged(a, merged(b, c)), several[0])) == []
        assert differing(whole, read(task, merged(c, b, a), several[0])) == []

    run()


@TASKS
def test_the_state_of_no_rows_changes_nothing(task: Task) -> None:
    @law
    @given(batches(task))
    def run(batch: Batch) -> None:
        states = states_of(task, batch)
        nothing = {name: state_type(name).empty() for name in states if name in MERGEABLE}
        plain = read(task, states, batch)
        assert plain == read(task, merged(states, nothing), batch)
        first = merged(nothing, states)
        assert plain == read(task, {name: first[name] for name in states}, batch)

    run()


@TASKS
def test_nothing_changes_what_it_is_given(task: Task) -> None:
    @law
    @given(st.data())
    def run(data: st.DataObject) -> None:
        one, other = (data.draw(batches(task)) for _ in range(2))
        for batch in (one, other):
            freeze(batch.columns.values())
        several = [states_of(task, batch) for batch in (one, other)]
        kept = [arrays_of(states) for states in several]
        read(task, merged(*several), one)
        for states in several:
            read(task, states, one)
        for before, states in zip(kept, several, strict=True):
            for key, array in arrays_of(states).items():
                np.testing.assert_array_equal(array, before[key], strict=True)

    run()


def freeze(columns: Iterable[Any]) -> None:
    """Make a write to an array of these an error."""
    for column in columns:
        array = column if isinstance(column, np.ndarray) else None
        for name in ("codes", "values"):
            array = getattr(column, name, array)
        assert isinstance(array, np.ndarray)
        array.flags.writeable = False


def arrays_of(states: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name} {key}": array.copy()
        for name, state in states.items()
        if name in MERGEABLE
        for key, array in state.to_arrays().items()
    }


@TASKS
def test_a_weight_of_two_is_the_row_twice(task: Task) -> None:
    @law
    @given(batches(task, weighted=True))
    def run(batch: Batch) -> None:
        times = batch.numbers("weight").astype(int)
        repeated = take(batch, np.repeat(np.arange(batch.rows), times))
        columns = {role: c for role, c in repeated.columns.items() if role != "weight"}
        plain = Batch(repeated.rows, columns)
        once = values_only(read(task, states_of(task, batch), batch))
        often = values_only(read(task, states_of(task, plain), batch))
        assert differing(once, often) == []

    run()


@TASKS
def test_the_unit_of_weight_is_of_no_consequence(task: Task) -> None:
    @law
    @given(batches(task, weighted=True), st.sampled_from([2.0**-20, 0.1, 3.0, 1e6 / 7]))
    def run(batch: Batch, unit: float) -> None:
        scaled = {**batch.columns, "weight": batch.numbers("weight") * unit}
        other = Batch(batch.rows, scaled)
        found = [read(task, states_of(task, one), one) for one in (batch, other)]
        assert differing(*found, but=OF_WEIGHT_UNITS) == []

    run()


@TASKS
def test_states_come_back_from_a_file_as_they_were(task: Task) -> None:
    @law
    @given(batches(task))
    def run(batch: Batch) -> None:
        states = states_of(task, batch)
        back = {
            name: saved_and_loaded(state) if name in MERGEABLE else state
            for name, state in states.items()
        }
        assert read(task, states, batch) == read(task, back, batch)

    run()


def saved_and_loaded(state: Any) -> Any:
    file = io.BytesIO()
    np.savez(file, **state.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return type(state).from_arrays(dict(arrays))


@pytest.mark.parametrize("state", sorted({state_type(n) for n in MERGEABLE}, key=repr))
def test_the_state_of_no_rows_comes_back_from_a_file(state: Any) -> None:
    back = saved_and_loaded(state.empty())
    for key, array in state.empty().to_arrays().items():
        np.testing.assert_array_equal(back.to_arrays()[key], array, strict=True)


@TASKS
def test_rows_of_weight_zero_change_nothing(task: Task) -> None:
    @settings(law, max_examples=5)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        batch = data.draw(batches(task, weighted=True))
        other = data.draw(batches(task, weighted=True))
        some = [columns_of(task, one) for one in (batch, other)]
        some[1]["sample_weight"] = [0.0] * other.rows
        both = {name: [*some[0][name], *some[1][name]] for name in some[0]}
        found = []
        for columns in (some[0], both):
            evaluated = evaluate(columns, options_of(task))
            found.append(read_off(task, evaluated.evidence))
        assert differing(*found) == []

    run()


def options_of(task: Task) -> ClassifyOptions:
    """Everything that probabilities answer."""
    every = tuple(r.spec for r in requests(task) if r.metric.scale != "decision")
    classes = ("0", "1") if task == "binary" else NAMES
    return ClassifyOptions(task=task, classes=classes, metrics=every)


def columns_of(task: Task, batch: Batch) -> dict[str, Any]:
    """The columns of a batch as a file has them."""
    labels: Callable[[str], list[str]] = lambda role: [  # noqa: E731
        batch.labels(role).names[code] for code in batch.labels(role).codes
    ]
    columns: dict[str, Any] = {"y_true": labels("truth"), "y_pred": labels("prediction")}
    if task == "binary":
        columns["probability"] = batch.numbers("score").tolist()
    else:
        values = batch.family("probabilities").values
        columns |= {f"prob_{n}": v.tolist() for n, v in zip(NAMES, values, strict=True)}
    assert batch.weight is None or math.isfinite(batch.weight.sum())
    return columns | {"sample_weight": batch.numbers("weight").tolist()}
