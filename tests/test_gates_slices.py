"""Gates on slices: one by its name, or the worst, by value and by interval."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gate_samples import only
from sklearn.metrics import accuracy_score, f1_score

import mleval
from mleval.errors import InputError, UsageError

WRONG = {"DE": 0.1, "FR": 0.2, "IT": 0.35}


def data(rows: int = 400, wrong: dict[str, float] = WRONG, seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    country = np.repeat(list(wrong), rows)
    truth = random.integers(0, 2, len(country))
    flipped = random.random(len(country)) < np.repeat(list(wrong.values()), rows)
    prediction = np.where(flipped, 1 - truth, truth)
    return {"country": country, "truth": truth, "prediction": prediction}


def of(table: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: column[table["country"] == name] for key, column in table.items()}


def gated(table: dict[str, Any], gate: str, **options: Any) -> Any:
    return only(mleval.classify(table, gates=gate, positive=1, **options))


def test_a_slice_and_the_worst_are_as_scikit_learn_has_them() -> None:
    table = data()
    each = {n: f1_score(of(table, n)["truth"], of(table, n)["prediction"]) for n in WRONG}
    assert gated(table, "f1{country=FR} > 0").value == pytest.approx(each["FR"], rel=1e-12)
    worst = gated(table, "f1{worst country} > 0.9")
    assert worst.value == pytest.approx(min(each.values()), rel=1e-12)
    assert (worst.status, worst.reason) == ("failed", "the worst is IT")
    assert gated(table, "f1{worst country} > 0.5").status == "passed"


def test_a_gate_makes_the_slices_that_it_is_of_and_finds_them_in_a_saved_report(
    tmp_path: Path,
) -> None:
    gates = ["f1{Country=DE} >= 0.7", "2*f1{worst country} >= 0.7", "my{country=IT} > 0"]
    report = mleval.classify(
        data(), gates=gates, metrics=["accuracy", "my = f1 - accuracy"], positive=1
    )
    assert report.slices[0].column == "country"
    assert [row.name for row in report.slices[0].slices] == ["IT", "FR", "DE"]
    report.save(tmp_path / "r.json")
    saved = mleval.check(tmp_path / "r.json", gates)
    assert [gate.value for gate in saved.gates] == [gate.value for gate in report.gates]
    assert [gate.status for gate in saved.gates] == ["passed"] * 3


def test_an_interval_of_a_slice_is_that_of_its_rows_alone() -> None:
    table = data()
    alone = mleval.classify(of(table, "FR"), positive=1)["accuracy"]
    for limit in (0.7, 0.8, 0.9):
        gate = gated(table, f"accuracy{{country=FR}} >= {limit}", decide="interval")
        assert (gate.low, gate.high) == (alone.low, alone.high)
        whole = (alone.low >= limit, alone.high < limit)
        assert gate.status == {(True, False): "passed", (False, True): "failed"}.get(
            whole, "inconclusive"
        )


@pytest.mark.parametrize("limit", np.arange(0.5, 0.95, 0.02).round(2).tolist())
@pytest.mark.parametrize("metric", ["accuracy", "f1"])
def test_the_worst_by_interval_passes_with_all_and_fails_with_one_at_the_level_of_holm(
    metric: str, limit: float
) -> None:
    table = data(150)
    gate = gated(table, f"{metric}{{worst country}} >= {limit}", decide="interval")
    own, corrected = (
        [mleval.classify(of(table, n), positive=1, level=level)[metric] for n in WRONG]
        for level in (0.95, 1 - 0.05 / 3)
    )
    if all(item.low >= limit for item in own if item.low is not None):
        assert gate.status == "passed"
    elif any(item.high < limit for item in corrected if item.high is not None):
        assert gate.status == "failed"
        assert "fails in IT" in str(gate.reason)
    else:
        assert gate.status == "inconclusive"
        assert "open in " in str(gate.reason)


def test_slices_that_are_all_perfect_pass_or_fail_by_what_their_rows_tell() -> None:
    table = data(100, {"a": 0.0, "b": 0.0, "c": 0.0})
    alone = mleval.classify(of(table, "a"), positive=1)["accuracy"]
    assert alone.low is not None
    below, above = alone.low - 1e-6, alone.low + 1e-6
    decided = [
        gated(table, f"accuracy{{worst country}} >= {limit}", decide="interval").status
        for limit in (below, above)
    ]
    assert decided == ["passed", "inconclusive"]
    level = 1 - 0.05 / 3
    corrected = mleval.classify(of(table, "a"), positive=1, level=level)["accuracy"].low
    assert corrected is not None
    decided = [
        gated(table, f"accuracy{{worst country}} < {limit}", decide="interval").status
        for limit in (corrected - 1e-6, corrected + 1e-6)
    ]
    assert decided == ["failed", "inconclusive"]


def test_on_slices_of_one_skill_an_interval_fails_as_rarely_as_its_level_says() -> None:
    """Limits at the true share: 200 runs of 5 slices, each to fail in 5 % at the most."""
    random = np.random.default_rng(3)
    failed = 0
    for _ in range(200):
        right = random.random(5 * 200) < 0.8
        truth = random.integers(0, 2, len(right))
        table = {
            "country": np.repeat(list("abcde"), 200),
            "truth": truth,
            "prediction": np.where(right, truth, 1 - truth),
        }
        options: Any = {"metrics": "accuracy", "decide": "interval"}
        failed += gated(table, "accuracy{worst country} >= 0.8", **options).status == "failed"
    assert failed <= 200 * 0.05 + 4 * (200 * 0.05 * 0.95) ** 0.5


def test_the_worst_error_is_the_largest_and_a_worst_by_no_goal_is_refused() -> None:
    table = {"truth": np.arange(40.0), "prediction": np.arange(40.0), "site": ["a", "b"] * 20}
    table["prediction"] = np.arange(40.0) + np.tile([1.0, 3.0], 20)
    found = only(mleval.regress(table, gates="mae{worst site} <= 2"))
    assert (found.value, found.status, found.reason) == (3.0, "failed", "the worst is b")
    with pytest.raises(UsageError, match="has no better and no worse"):
        gated(data(), "prevalence{worst country} <= 0.5")


def test_every_slice_must_pass_whatever_is_better() -> None:
    """Of a bias the worst for a gate is the nearest to failing, not the largest."""
    table = {"y_true": np.zeros(300), "y_pred": np.repeat([-5.0, 0.5, 0.0], 100)}
    table["kind"] = np.repeat(list("abc"), 100)
    report = mleval.regress(table, gates=["bias{worst kind} <= 0.1", "bias{worst kind} >= -1"])
    found = [(result.status, result.value, result.reason) for result in report.gates]
    assert found == [("failed", 0.5, "the worst is b"), ("failed", -5.0, "the worst is a")]
    slices = mleval.classify(data(), by="country", positive=1).slices[0].slices
    lows = {row.metrics["f1"].low: row.name for row in slices}
    low = gated(data(), "f1{worst country}.low >= 0.99")
    assert (low.value, low.reason) == (min(lows), f"the worst is {lows[min(lows)]}")  # type: ignore[type-var]


def test_a_slice_without_a_value_fails_with_its_reason() -> None:
    table = data()
    score = np.where(table["country"] == "DE", 0.4, 0.6)
    table["truth"] = np.where(table["country"] == "DE", 1, table["truth"])
    found = gated({**table, "score": score}, "roc_auc{worst country} >= 0.1")
    assert (found.value, found.status) == (None, "failed")
    assert found.reason is not None
    assert found.reason.startswith("country=DE: ")


def test_a_slice_that_is_not_there_is_refused_and_the_nearest_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no slice by country is called 'FRA'") as raised:
        gated(data(), "f1{country=FRA} >= 0.5")
    assert raised.value.hint == "did you mean FR?"
    report = mleval.classify(data(), by="country", positive=1)
    with pytest.raises(InputError, match="no slice by country is called 'FRA'"):
        mleval.check(report, "f1{country=FRA} >= 0.5")
    with pytest.raises(InputError, match="has no column 'contry'"):
        gated(data(), "f1{worst contry} >= 0.5")


def test_a_saved_report_without_the_slices_fails() -> None:
    report = mleval.classify(data(), positive=1)
    for gate in ("f1{worst country} >= 0.1", "f1{country=DE} >= 0.1"):
        found = only(mleval.check(report, gate))
        assert found.status == "failed"
        assert "no slices by 'country'" in str(found.reason)


def test_slices_against_the_baseline_are_of_the_same_slice_there() -> None:
    ours, other = data(seed=0), data(seed=1)
    wrong = other["truth"] != other["prediction"]
    theirs = ours | {"prediction": np.where(wrong, 1 - ours["truth"], ours["truth"])}
    there = of(theirs, "DE")
    gate = gated(ours, "accuracy{country=DE} >= baseline - 0.2", baseline=theirs)
    assert gate.baseline == pytest.approx(accuracy_score(there["truth"], there["prediction"]))
    assert gate.status == "passed"
    worst = "accuracy{worst country} >= baseline - 0.01"
    unsure = gated(ours, worst, baseline=theirs, decide="interval")
    assert unsure.status == "inconclusive"
    assert "no interval of its own" in str(unsure.reason)


def scored(seed: int) -> dict[str, Any]:
    """The same rows for every seed: some countries are of few, and some rows of none."""
    random = np.random.default_rng(0)
    country = random.choice(["DE", "FR", "LU", ""], 600, p=[0.5, 0.4, 0.01, 0.09])
    truth, patient = random.integers(0, 2, 600), np.arange(600) // 3
    noise = np.random.default_rng(seed).normal(size=600) + random.normal(size=200)[patient]
    score = 1 / (1 + np.exp(-(2 * truth - 1 + noise)))
    rows = {"id": np.arange(600), "country": country, "truth": truth, "patient": patient}
    return rows | {"score": score, "prediction": (score > 0.5).astype(int)}


@pytest.mark.parametrize("cluster", [None, "patient"])
@pytest.mark.parametrize("name", ["DE", "FR", "(missing)", "(other)"])
def test_a_slice_and_a_baseline_of_the_same_rows_are_compared_row_by_row(
    name: str, cluster: str | None
) -> None:
    """As the rows of the slice alone are, whatever the order of the baseline."""
    ours, theirs = scored(1), scored(2)
    value = {"(missing)": "", "(other)": "LU"}.get(name, name)
    sides = [of(table, value) for table in (ours, theirs)]
    order = np.random.default_rng(3).permutation(600)
    shuffled = {key: column[order] for key, column in theirs.items()}
    for metric in ("f1", "roc_auc", "my", "accuracy + roc_auc", "2*log_loss"):
        low, metrics = "log" in metric, ["my = f1 - accuracy"]
        sign = "<= baseline + 0.1" if low else ">= baseline - 0.1"
        parts = [part if part == "+" else f'{part}{{country="{name}"}}' for part in metric.split()]
        more: Any = {"decide": "interval", "metrics": metrics, "cluster": cluster, "id": "id"}
        found = gated(ours, f"{' '.join(parts)} {sign}", baseline=shuffled, **more)
        alone = gated(sides[0], f"{metric} {sign}", baseline=sides[1], **more)
        assert found.paired
        assert alone.paired
        assert found.value == pytest.approx(alone.value, rel=1e-12)
        ends = (alone.difference_low, alone.difference_high)
        assert (found.difference_low, found.difference_high) == pytest.approx(ends, rel=1e-9)


def test_several_slices_are_combined_by_their_values() -> None:
    table = data()
    two = "accuracy{country=DE} - accuracy{country=IT} <= 0.1"
    assert gated(table, two).status == "failed"
    assert gated(table, two, decide="interval").status == "inconclusive"
