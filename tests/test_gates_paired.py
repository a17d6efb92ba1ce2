"""Differences of two runs on the same rows: which rows are the same, how sure they are."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from campaigns import FULL
from gate_samples import only

import mleval
from mleval.errors import InputError
from mleval.gates.paired import RowInfluences, interval, variance_of_difference
from mleval.gates.same_rows import matched_ids
from mleval.report import GateResult

Z = 1.959963984540054


def rows(values: Any, weight: Any = None) -> RowInfluences:
    """Of a mean of values."""
    values = np.asarray(values, float)
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, float)
    return RowInfluences(values - weight @ values / weight.sum(), weight)


def test_the_variance_is_that_of_the_differences_of_the_rows() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(size=50), random.normal(size=50)
    found = variance_of_difference(rows(a), rows(b), 1.0)
    assert found == pytest.approx(np.var(a - b, ddof=1) / 50, rel=1e-12)
    scaled = variance_of_difference(rows(a), rows(b), 0.9)
    assert scaled == pytest.approx(np.var(a - 0.9 * b, ddof=1) / 50, rel=1e-12)
    weight = random.integers(1, 4, 50).astype(float)
    weighted = variance_of_difference(rows(a, weight), rows(b, weight), 1.0)
    tenfold = variance_of_difference(rows(a, 10 * weight), rows(b, 10 * weight), 1.0)
    assert weighted == pytest.approx(tenfold, rel=1e-12)


def test_rows_are_told_by_their_ids() -> None:
    random = np.random.default_rng(4)
    a, b, order = random.normal(size=30), random.normal(size=30), random.permutation(30)
    ids = [f"x{n}" for n in range(30)]
    place = matched_ids(pa.array(ids), pa.array([ids[n] for n in order]), 30, 30, "b")
    found = variance_of_difference(rows(a), rows(b[order]), 1.0, place)
    assert found == pytest.approx(variance_of_difference(rows(a), rows(b), 1.0), rel=1e-12)


def test_five_of_the_ids_that_do_not_match_are_listed() -> None:
    ours = pa.array([f"a{n}" for n in range(8)])
    theirs = pa.array([*(f"b{n}" for n in range(3)), "a0"])
    with pytest.raises(InputError) as told:
        matched_ids(ours, theirs, 8, 4, "main.csv")
    assert told.value.args == (
        "7 ids are not in the baseline main.csv: a1, a2, a3, a4, a5, …",
        "3 ids are in it alone: b0, b1, b2",
    )
    with pytest.raises(InputError, match="ids come several times here: a"):
        matched_ids(pa.array(["a", "a"]), pa.array(["a"]), 2, 1, "main.csv")


def test_rows_without_ids_are_as_many() -> None:
    assert matched_ids(None, None, 5, 5, "main.csv") is None
    with pytest.raises(InputError, match=r"5 rows here, and 1,234 in the baseline main\.csv"):
        matched_ids(None, None, 5, 1234, "main.csv")


def test_rows_that_are_equal_leave_no_doubt() -> None:
    one = rows(np.random.default_rng(0).normal(size=99))
    variance = variance_of_difference(one, one, 1.0)
    assert (variance, interval(0.0, variance, 1.0, 0.95)) == (0.0, (0.0, 0.0))


def twice(seed: int, rows: int = 300, shared: float = 0.5) -> tuple[Any, Any]:
    """Two systems of equal skill on the same rows, each as a table with ids."""
    random = np.random.default_rng(seed)
    truth = (random.random(rows) < 0.4).astype(int)
    hard = random.normal(size=rows)  # what one finds hard the other does too
    tables = []
    for _ in range(2):
        noise = math.sqrt(shared) * hard + math.sqrt(1 - shared) * random.normal(size=rows)
        score = 1 / (1 + np.exp(-(2.2 * truth - 1.1 + noise)))
        table = {"id": np.arange(rows), "y_true": truth, "y_prob": score}
        tables.append(table | {"y_pred": (score >= 0.5).astype(int)})
    return tables[0], tables[1]


def compared(ours: Any, theirs: Any, gate: str, **more: Any) -> GateResult:
    return only(mleval.classify(ours, gates=gate, baseline=theirs, decide="interval", **more))


def test_the_interval_of_accuracy_is_that_of_the_rows_that_differ() -> None:
    ours, theirs = twice(1)
    right = [(table["y_pred"] == table["y_true"]).astype(float) for table in (ours, theirs)]
    for gate, slope, more in (
        ("accuracy >= baseline - 0.02", 1.0, 0.02),
        ("accuracy >= 2*baseline - 1", 2.0, 1.0),
    ):
        found = compared(ours, theirs, gate)
        apart = right[0] - slope * right[1]
        assert found.paired
        assert found.difference == pytest.approx(apart.mean() + more)
        error = math.sqrt(np.var(apart, ddof=1) / len(apart))
        assert found.difference_low == pytest.approx(apart.mean() + more - Z * error)
        assert found.difference_high == pytest.approx(apart.mean() + more + Z * error)


BOOTSTRAPPED = ("f1", "roc_auc", "log_loss", "f1 + roc_auc")
DRAWN = 150


@cache
def bootstrapped() -> dict[str, float]:
    """The standard error of each difference, by the same samples of rows for all."""
    tables, random = twice(2, 400), np.random.default_rng(0)
    gates = [f"{name} >= 0" for name in BOOTSTRAPPED]
    apart = np.zeros((DRAWN, len(gates)))
    for drawn in apart:
        rows = random.integers(0, 400, 400)
        for table, sign in zip(tables, (1, -1), strict=True):
            sample = {role: column[rows] for role, column in table.items() if role != "id"}
            report = mleval.classify(sample, gates=gates, metrics="f1", intervals=False)
            drawn += [sign * gate.value for gate in report.gates]  # type: ignore[union-attr]
    return dict(zip(BOOTSTRAPPED, np.std(apart, axis=0, ddof=1), strict=True))


@pytest.mark.parametrize("name", BOOTSTRAPPED)
def test_the_interval_is_as_wide_as_that_of_a_bootstrap_of_rows(name: str) -> None:
    found = compared(*twice(2, 400), f"{name} >= baseline")
    assert found.paired
    assert found.difference_low is not None
    assert found.difference_high is not None
    error = (found.difference_high - found.difference_low) / (2 * Z)
    assert error == pytest.approx(bootstrapped()[name], rel=4 / math.sqrt(2 * (DRAWN - 1)))


def test_rows_in_another_order_are_joined_by_their_ids() -> None:
    ours, theirs = twice(3)
    order = np.random.default_rng(0).permutation(300)
    shuffled = {role: column[order] for role, column in theirs.items()}
    plain, joined = (compared(ours, table, "f1 >= baseline") for table in (theirs, shuffled))
    assert joined.paired
    assert joined.difference_low == pytest.approx(plain.difference_low, rel=1e-9)


def test_ids_that_do_not_match_are_refused() -> None:
    ours, theirs = twice(4)
    theirs = theirs | {"id": theirs["id"] + 2}
    with pytest.raises(InputError) as told:
        compared(ours, theirs, "f1 >= baseline")
    assert told.value.args == (
        "2 ids are not in the baseline a dict: 0, 1",
        "2 ids are in it alone: 300, 301",
    )


def test_rows_without_ids_are_taken_in_turn() -> None:
    ours, theirs = ({k: v for k, v in table.items() if k != "id"} for table in twice(5))
    found = compared(ours, theirs, "f1 >= baseline")
    assert found.paired
    shorter = {role: column[:-3] for role, column in theirs.items()}
    with pytest.raises(InputError, match="300 rows here, and 297 in the baseline"):
        compared(ours, shorter, "f1 >= baseline")


def test_the_same_predictions_pass_for_certain() -> None:
    ours, _ = twice(6)
    for name in ("accuracy", "f1", "roc_auc", "log_loss", "f1 + roc_auc"):
        for sign in (">=", "<=", "=="):
            found = compared(ours, ours, f"{name} {sign} baseline")
            assert (found.status, found.difference_low, found.difference_high) == ("passed", 0, 0)


def test_a_metric_whose_rows_are_not_known_is_compared_without_them() -> None:
    ours, theirs = twice(7)
    found = compared(ours, theirs, "best_f1 >= baseline")
    assert found.status == "inconclusive"
    assert "maximum over thresholds" in str(found.reason)
    assert compared(ours, theirs, "f1.low >= baseline - 0.3").paired is False


def test_kept_rows_are_told_of() -> None:
    ours, theirs = twice(8)
    report = mleval.classify(ours, gates="f1 >= baseline", baseline=theirs)
    assert "memory=all rows (for the interval of a difference)" in map(str, report.assumed)
    saved = mleval.classify(ours, gates="f1 >= baseline", baseline=mleval.classify(theirs))
    assert not any(item.what == "memory" for item in saved.assumed)


def test_regressions_are_compared_row_by_row() -> None:
    random = np.random.default_rng(9)
    truth = random.normal(size=400)
    tables = [{"y_true": truth, "y_pred": truth + random.normal(0, 0.5, 400)} for _ in range(2)]
    report = mleval.regress(
        tables[0], gates=["mse <= baseline"], baseline=tables[1], decide="interval"
    )
    found = only(report)
    squares = [(table["y_pred"] - truth) ** 2 for table in tables]
    apart = squares[0] - squares[1]
    assert found.difference == pytest.approx(apart.mean())
    error = math.sqrt(np.var(apart, ddof=1) / 400)
    assert found.difference_high == pytest.approx(apart.mean() + Z * error)


RUNS = 2000 if FULL else 80


@pytest.mark.parametrize("name", ["accuracy", "f1", "roc_auc"])
def test_systems_of_equal_skill_fail_as_often_as_the_level_says(name: str) -> None:
    """Coverage of the paired difference, and how often a margin of 0 fails: 2.5 % of runs."""
    found = [compared(*twice(seed), f"{name} >= baseline", metrics=name) for seed in range(RUNS)]
    _require_coverage(found)


def test_regressions_of_equal_skill_fail_as_often_as_the_level_says() -> None:
    found = []
    for seed in range(RUNS):
        random = np.random.default_rng(seed)
        truth, hard = random.normal(size=(2, 300))
        ours, theirs = (
            {"y_true": truth, "y_pred": truth + 0.5 * hard + random.normal(0, 0.5, 300)}
            for _ in range(2)
        )
        gate = {"gates": "rmse <= baseline", "decide": "interval", "metrics": "rmse"}
        found.append(only(mleval.regress(ours, baseline=theirs, **gate)))
    _require_coverage(found)


def _require_coverage(found: list[GateResult]) -> None:
    ends = [(result.difference_low, result.difference_high) for result in found]
    inside = sum(low <= 0 <= high for low, high in ends) / len(ends)
    failed = sum(result.status == "failed" for result in found) / len(ends)
    spread = 4 * math.sqrt(0.05 * 0.95 / len(ends))
    assert 0.93 - spread <= inside <= 0.97 + spread
    assert failed <= 0.035 + 4 * math.sqrt(0.025 * 0.975 / len(ends))
