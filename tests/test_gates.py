"""Gates: what they compare, and how they are decided."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gate_samples import CANCER, SAMPLES, labels, numbers, only
from sklearn.metrics import f1_score, mean_absolute_error, mean_squared_error, recall_score

import mleval
from mleval.report import Estimate, GateResult, Report


def decided(gate: str, by: str = "point", **data: Any) -> GateResult:
    return only(mleval.classify(**(data or labels()), gates=gate, decide=by))


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "=="])
@pytest.mark.parametrize("limit", [0.5, 0.75, 1.0])
def test_a_value_is_compared_as_it_was_computed(sign: str, limit: float) -> None:
    data = {"truth": [1, 1, 1, 1], "prediction": [1, 1, 1, 0]}  # recall 3/4 exactly
    holds = {"<": limit > 0.75, "<=": limit >= 0.75, ">": limit < 0.75, ">=": limit <= 0.75}
    holds["=="] = limit == 0.75
    result = only(mleval.classify(**data, positive="1", gates=f"recall {sign} {limit}"))
    assert result.passed == holds[sign]
    assert (result.value, result.limit) == (0.75, limit)


def test_a_value_is_not_rounded_before_it_is_compared() -> None:
    assert (
        decided("recall >= 0.6666666666666667", truth=[1, 1, 1, 0], prediction=[1, 1, 0, 0]).status
        == "failed"
    )
    found = mleval.classify(truth=[1, 1, 1, 0], prediction=[1, 1, 0, 0], gates="recall >= 2/3")
    assert found.passed


def test_expressions_are_what_they_are_of_the_references() -> None:
    data = numbers()
    gates = ["0.7*mse + 0.3*mae < 3", "sqrt(mse) <= 1.5*mae", "max(mse, mae) > 0"]
    report = mleval.regress(**data, gates=gates)
    mse = mean_squared_error(data["truth"], data["prediction"])
    mae = mean_absolute_error(data["truth"], data["prediction"])
    wanted = [(0.7 * mse + 0.3 * mae, 3.0), (math.sqrt(mse), 1.5 * mae), (max(mse, mae), 0.0)]
    for result, (value, limit) in zip(report.gates, wanted, strict=True):
        assert result.value == pytest.approx(value, rel=1e-12)
        assert result.limit == pytest.approx(limit, rel=1e-12)
        assert result.passed == (value > 0 if limit == 0 else value <= limit)


def test_metrics_that_nobody_asked_for_are_computed_and_not_reported() -> None:
    data = labels()
    report = mleval.classify(**data, metrics="accuracy", gates=["f1 > 0.5", "fbeta(beta=2) > 0.1"])
    assert list(report) == ["accuracy"]
    assert [result.gate for result in report.gates] == ["f1 > 0.5", "fbeta(beta=2) > 0.1"]
    assert report.gates[0].value == pytest.approx(f1_score(data["truth"], data["prediction"]))
    plain = mleval.classify(**data)
    assert list(mleval.classify(**data, gates="npv > 0.1")) == list(plain)


def test_a_class_and_an_average_have_gates() -> None:
    truth, prediction = ["a", "b", "c", "a", "b"], ["a", "b", "a", "a", "c"]
    report = mleval.classify(
        truth=truth,
        prediction=prediction,
        gates=["recall[class=b] >= 0.5", "f1[macro] > 0", "f1 > 0"],
    )
    recall = recall_score(truth, prediction, average=None)[1]
    f1 = f1_score(truth, prediction, average="macro")
    assert [result.value for result in report.gates] == pytest.approx([recall, f1, f1])


def test_a_derived_metric_has_gates_by_its_name() -> None:
    data = numbers()
    report = mleval.regress(
        **data,
        metrics=["both = mse + mae"],
        gates=["both < 10", "both.high < 10", "both - mae < 10", "both - mae == mse"],
    )
    whole = report["both"]
    assert [result.value for result in report.gates[:2]] == [whole.value, whole.high]
    assert report.gates[2].value == pytest.approx(
        mean_squared_error(data["truth"], data["prediction"]), rel=1e-12
    )


def test_the_ends_of_intervals_have_gates() -> None:
    report = mleval.classify(CANCER, gates=["roc_auc.low >= 0.85", "roc_auc.high < 0.9"])
    assert [result.value for result in report.gates] == [
        report["roc_auc"].low,
        report["roc_auc"].high,
    ]
    assert [result.status for result in report.gates] == ["passed", "failed"]


@pytest.mark.parametrize(
    ("low", "high", "sign", "status"),
    [
        (0.7, 0.9, ">=", "inconclusive"),
        (0.8, 0.9, ">=", "passed"),
        (0.8, 0.9, ">", "inconclusive"),
        (0.7, 0.8, ">", "failed"),
        (0.7, 0.8, ">=", "inconclusive"),
        (0.7, 0.79, ">=", "failed"),
        (0.7, 0.8, "<=", "passed"),
        (0.7, 0.8, "<", "inconclusive"),
        (0.8, 0.9, "<", "failed"),
        (0.8, 0.8, "==", "passed"),
        (0.7, 0.9, "==", "inconclusive"),
        (0.81, 0.9, "==", "failed"),
    ],
)
def test_an_interval_passes_whole_fails_whole_or_neither(
    low: float, high: float, sign: str, status: str
) -> None:
    item = Estimate(value=(low + high) / 2, low=low, high=high, level=0.95, n=100)
    report = Report(task="binary", metrics={"f1": item})
    result = only(mleval.check(report, f"f1 {sign} 0.8", decide="interval"))
    assert result.status == status
    assert (result.rows is not None or result.reason is not None) == (status == "inconclusive")


def test_the_rows_that_would_settle_it_part_the_interval_from_the_limit() -> None:
    item = Estimate(value=0.82, low=0.78, high=0.86, level=0.95, n=400)
    report = Report(task="binary", metrics={"f1": item})
    result = only(mleval.check(report, "f1 >= 0.8", decide="interval"))
    assert result.rows == 400 * (0.04 / 0.02) ** 2
    on_it = only(mleval.check(report, "f1 >= 0.82", decide="interval"))
    assert (on_it.status, on_it.rows) == ("inconclusive", None)
    assert "no number of rows" in str(on_it.reason)


def test_a_wilson_interval_with_so_many_rows_is_settled() -> None:
    data = labels(200)
    first = decided("accuracy >= 0.75", "interval", **data)
    assert first.status == "inconclusive"
    assert first.rows
    again = math.ceil(first.rows / 200) + 1
    more = {name: np.tile(column, again) for name, column in data.items()}
    assert decided("accuracy >= 0.75", "interval", **more).status == "passed"


def test_an_undefined_metric_fails_with_the_reason() -> None:
    data = {"truth": [0, 0, 0], "prediction": [0, 0, 0]}
    report = mleval.classify(**data, positive="1", gates=["recall >= 0", "1 - recall >= 0"])
    assert not report.passed
    assert [result.status for result in report.gates] == ["failed", "failed"]
    assert report.gates[0].reason == report["recall"].undefined
    assert report.gates[1].reason == f"recall: {report['recall'].undefined}"


@pytest.mark.parametrize(
    "gate", ["f1/(f1 - f1) < 3", "f1 < f1/(recall - recall)", "sqrt(f1 - 2) < 3"]
)
def test_what_is_no_number_fails(gate: str) -> None:
    result = decided(gate)
    assert result.status == "failed"
    assert "divides by 0" in str(result.reason)


def test_without_an_interval_an_interval_decides_nothing() -> None:
    result = only(mleval.classify(CANCER, gates="best_f1 >= 0.1", decide="interval"))
    assert result.status == "inconclusive"
    assert "maximum over thresholds" in str(result.reason)
    ends = only(mleval.classify(CANCER, gates="best_f1.low >= 0.1"))
    assert ends.status == "failed"
    assert "maximum over thresholds" in str(ends.reason)


def test_every_gate_is_evaluated_and_each_once() -> None:
    gates = ["f1 >= 0.99", "f1>=.99", "recall >= 0.99", "accuracy >= 0.1"]
    report = mleval.classify(**labels(), gates=gates)
    assert [result.status for result in report.gates] == ["failed", "failed", "passed"]


def test_two_metrics_of_the_same_rows_go_together() -> None:
    """accuracy and zero_one_loss move as one: their sum is 1, and no row moves it."""
    result = decided("accuracy + zero_one_loss == 1", "interval")
    assert result.value == pytest.approx(1.0)
    assert "zero variance" in str(result.reason)
    apart = decided("accuracy >= zero_one_loss", "interval")  # twice accuracy less 1
    plain = mleval.classify(**labels())["accuracy"]
    assert plain.value is not None
    assert apart.difference == pytest.approx(2 * plain.value - 1)
    error = math.sqrt(plain.value * (1 - plain.value) / 300)
    assert apart.difference_low is not None
    half = 1.959963984540054 * 2 * error
    assert apart.difference - apart.difference_low == pytest.approx(half, rel=5e-3)  # n or n − 1


def test_a_saved_report_gives_the_same_results(tmp_path: Path) -> None:
    gates = ["f1 >= 0.8", "recall > 0.1", "roc_auc.low >= 0.85", "1 - f1 < 0.9", "f1 >= 0.7"]
    report = mleval.classify(CANCER, gates=gates, decide="interval")
    report.save(tmp_path / "r.json")
    again = mleval.check(tmp_path / "r.json", gates, decide="interval")
    for ours, saved in zip(report.gates, again.gates, strict=True):
        assert (ours.status, ours.value, ours.limit) == (saved.status, saved.value, saved.limit)
    assert Report.load(tmp_path / "r.json").gates == report.gates


def test_how_metrics_of_a_saved_report_go_together_is_not_known() -> None:
    report = mleval.classify(CANCER)
    result = only(mleval.check(report, "f1 + recall >= 0.1", decide="interval"))
    assert result.status == "inconclusive"
    assert "does not keep how its metrics go together" in str(result.reason)
    assert mleval.check(report, "f1 + recall >= 0.1").passed


def test_what_a_saved_report_lacks_fails_with_what_it_has() -> None:
    report = mleval.classify(CANCER, metrics=["f1", "recall"])
    result = only(mleval.check(report, "precision >= 0.1"))
    assert (result.status, result.value) == ("failed", None)
    assert result.reason == "the report does not hold precision; it has f1, recall"


def test_what_was_derived_is_known_by_its_name_in_a_saved_report() -> None:
    report = mleval.classify(CANCER, metrics=["twice = 2*f1"])
    assert mleval.check(report, ["twice > 1", "twice.low > 1"]).passed


def test_pairs_have_gates() -> None:
    report = mleval.pairs(SAMPLES / "digit_pairs.csv", gates=["roc_auc > 0.5", "eer < 0.01"])
    assert [result.value for result in report.gates] == [
        report["roc_auc"].value,
        report["eer"].value,
    ]


def test_a_target_has_gates() -> None:
    random = np.random.default_rng(5)
    truth = random.normal(size=(60, 2))
    prediction = truth + random.normal(0, [0.1, 2.0], truth.shape)
    gates = ["rmse[target=0] < 0.5", "rmse[target=1] < 0.5"]
    report = mleval.regress(truth=truth, prediction=prediction, gates=gates)
    assert [result.status for result in report.gates] == ["passed", "failed"]
    errors = [math.sqrt(mean_squared_error(truth[:, t], prediction[:, t])) for t in (0, 1)]
    assert [result.value for result in report.gates] == pytest.approx(errors)
    assert [r.status for r in mleval.check(report, gates).gates] == ["passed", "failed"]
