"""Differences of two runs on the same rows: which rows are the same, how sure they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from gate_samples import labels

import mleval
from mleval.errors import InputError
from mleval.expression import Expression, Gate
from mleval.gates.baseline import Paired
from mleval.gates.checking import check
from mleval.gates.numbers import SavedNumbers
from mleval.gates.paired import RowInfluences, interval, matched, variance_of_difference

Z = 1.959963984540054


def rows(values: Any, weight: Any = None, ids: Any = None) -> RowInfluences:
    """Of a mean of values."""
    values = np.asarray(values, float)
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, float)
    return RowInfluences(values - weight @ values / weight.sum(), weight, ids)


def test_the_variance_is_that_of_the_differences_of_the_rows() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(size=50), random.normal(size=50)
    found = variance_of_difference(rows(a), rows(b), 1.0, "b")
    assert found == pytest.approx(np.var(a - b, ddof=1) / 50, rel=1e-12)
    scaled = variance_of_difference(rows(a), rows(b), 0.9, "b")
    assert scaled == pytest.approx(np.var(a - 0.9 * b, ddof=1) / 50, rel=1e-12)
    weight = random.integers(1, 4, 50).astype(float)
    weighted = variance_of_difference(rows(a, weight), rows(b, weight), 1.0, "b")
    tenfold = variance_of_difference(rows(a, 10 * weight), rows(b, 10 * weight), 1.0, "b")
    assert weighted == pytest.approx(tenfold, rel=1e-12)


def test_rows_are_told_by_their_ids() -> None:
    random = np.random.default_rng(4)
    a, b, order = random.normal(size=30), random.normal(size=30), random.permutation(30)
    ids = [f"x{n}" for n in range(30)]
    shuffled = rows(b[order], ids=[ids[n] for n in order])
    found = variance_of_difference(rows(a, ids=ids), shuffled, 1.0, "b")
    assert found == pytest.approx(variance_of_difference(rows(a), rows(b), 1.0, "b"), rel=1e-12)


def test_five_of_the_ids_that_do_not_match_are_listed() -> None:
    ours, theirs = [f"a{n}" for n in range(8)], [f"b{n}" for n in range(3)] + ["a0"]
    with pytest.raises(InputError) as told:
        matched(ours, theirs, 8, 4, "main.csv")
    assert told.value.args == (
        "7 ids are not in the baseline main.csv: a1, a2, a3, a4, a5, …",
        "3 ids are in it alone: b0, b1, b2",
    )
    with pytest.raises(InputError, match="ids come several times here: a"):
        matched(["a", "a"], ["a"], 2, 1, "main.csv")


def test_rows_without_ids_are_as_many() -> None:
    assert matched(None, None, 5, 5, "main.csv") is None
    with pytest.raises(InputError, match=r"5 rows here, and 1,234 in the baseline main\.csv"):
        matched(None, None, 5, 1234, "main.csv")


def test_rows_that_are_equal_leave_no_doubt() -> None:
    one = rows(np.random.default_rng(0).normal(size=99))
    variance = variance_of_difference(one, one, 1.0, "b")
    assert (variance, interval(0.0, variance, 1.0, 0.95)) == (0.0, (0.0, 0.0))


class KeptRows(SavedNumbers):
    """The accuracy of a report whose rows are kept."""

    right: Any

    def by_row(self, expression: Expression) -> RowInfluences | None:
        return rows(self.right)


def kept(data: dict[str, Any]) -> KeptRows:
    numbers = KeptRows(mleval.classify(**data, metrics="accuracy"))
    object.__setattr__(numbers, "right", np.asarray(data["truth"]) == data["prediction"])
    return numbers


def test_a_gate_on_the_same_rows_has_a_paired_interval() -> None:
    now, before = labels(seed=1), labels(seed=1)
    flipped = np.arange(300) < 9
    before["prediction"] = np.where(flipped, 1 - before["prediction"], before["prediction"])
    ours, theirs = kept(now), kept(before)
    apart = ours.right.astype(float) - theirs.right
    gate = Gate.parse("accuracy >= baseline - 0.02")
    found = check(gate, ours, Paired(theirs, "main.csv"), "interval")
    error = math.sqrt(np.var(apart, ddof=1) / 300)
    assert found.paired
    assert found.difference == pytest.approx(apart.mean() + 0.02)
    assert found.difference_low == pytest.approx(apart.mean() + 0.02 - Z * error)
    assert found.difference_high == pytest.approx(apart.mean() + 0.02 + Z * error)
    twice = check(Gate.parse("accuracy >= 2*baseline - 1"), ours, Paired(theirs, "b"), "interval")
    error = math.sqrt(np.var(ours.right - 2.0 * theirs.right, ddof=1) / 300)
    assert twice.difference_high == pytest.approx(float(twice.difference or 0) + Z * error)


def test_the_same_predictions_pass_for_certain() -> None:
    one = kept(labels())
    found = check(Gate.parse("accuracy >= baseline"), one, Paired(one, "b"), "interval")
    assert (found.status, found.difference_low, found.difference_high) == ("passed", 0.0, 0.0)


def test_systems_of_equal_skill_fail_as_often_as_the_level_says() -> None:
    """Coverage of the paired difference, and how often a margin of 0 fails: 2.5 % of runs."""
    random = np.random.default_rng(8)
    runs, size = 2000, 400
    hard = random.random((runs, size))  # what both find hard they tend to get wrong together
    wrong = [(hard + random.normal(0, 0.2, hard.shape)) > 0.85 for _ in range(2)]
    inside = failed = 0
    for one, other in zip(*(~side for side in wrong), strict=True):
        variance = variance_of_difference(rows(one), rows(other), 1.0, "b")
        low, high = interval(one.mean() - other.mean(), variance, 1.0, 0.95)
        inside += low <= 0 <= high
        failed += high < 0
    error = math.sqrt(0.05 * 0.95 / runs)
    assert 0.93 - 4 * error <= inside / runs <= 0.97 + 4 * error
    assert failed / runs <= 0.025 + 4 * math.sqrt(0.025 * 0.975 / runs)
