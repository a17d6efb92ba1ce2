"""Gates that compare with a baseline, and those of several models."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from gate_samples import CANCER, labels, numbers, only

import mleval
from mleval.errors import InputError
from mleval.report import Report
from mleval.report_set import ReportSet


def test_a_saved_report_is_compared_as_of_other_rows(tmp_path: Path) -> None:
    before, now = labels(seed=1, wrong=0.15), labels(seed=2, wrong=0.3)
    path = tmp_path / "before.json"
    earlier = mleval.classify(**before)
    earlier.save(path)
    gates = ["accuracy >= baseline - 0.05", "accuracy >= baseline * 0.5"]
    report = mleval.classify(**now, gates=gates, baseline=path, decide="interval")
    drop, half = report.gates
    a, b = report["accuracy"], earlier["accuracy"]
    assert None not in (a.value, a.low, a.high, b.value, b.low, b.high)
    assert drop.baseline == b.value
    assert drop.limit == b.value - 0.05
    assert drop.paired is False
    assert drop.difference == pytest.approx(a.value - b.value + 0.05)
    # Newcombe's method 10: each end from the two limits that pull there.
    low = a.value - b.value - math.sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = a.value - b.value + math.sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    assert drop.difference_low == pytest.approx(low + 0.05, rel=1e-12)
    assert drop.difference_high == pytest.approx(high + 0.05, rel=1e-12)
    assert drop.status == "failed"
    scaled = a.value - 0.5 * b.value
    low = scaled - math.sqrt((a.value - a.low) ** 2 + (0.5 * (b.high - b.value)) ** 2)
    assert half.difference_low == pytest.approx(low, rel=1e-12)
    assert half.status == "passed"


def test_a_metric_that_is_better_low_has_a_baseline(tmp_path: Path) -> None:
    mleval.regress(**numbers(seed=1)).save(tmp_path / "before.json")
    gates = ["rmse <= baseline * 1.5", "rmse <= baseline * 0.1"]
    report = mleval.regress(**numbers(seed=2), gates=gates, baseline=tmp_path / "before.json")
    assert [result.status for result in report.gates] == ["passed", "failed"]


def test_equal_files_pass_a_gate_on_their_difference() -> None:
    gates = ["f1 >= baseline", "f1 == baseline", "roc_auc <= baseline"]
    report = mleval.classify(CANCER, gates=gates, baseline=CANCER)
    assert [(r.status, r.difference) for r in report.gates] == [("passed", 0.0)] * 3


def test_earlier_predictions_are_evaluated_in_the_same_way(tmp_path: Path) -> None:
    text = CANCER.read_text().replace(",malignant,", ",benign,", 9)
    (tmp_path / "before.csv").write_text(text)
    wanted = mleval.classify(tmp_path / "before.csv", positive="benign", metrics="npv")["npv"].value
    gate = "npv >= baseline"
    report = mleval.classify(
        CANCER, positive="benign", gates=gate, baseline=tmp_path / "before.csv"
    )
    assert only(report).baseline == wanted


def test_a_baseline_may_be_a_report_or_a_table() -> None:
    data = labels()
    table = {"y_true": data["truth"], "y_pred": data["prediction"]}
    earlier = mleval.classify(table)
    for baseline in (earlier, table):
        report = mleval.classify(table, gates="f1 >= baseline", baseline=baseline)
        assert only(report).baseline == earlier["f1"].value


def test_what_the_baseline_lacks_fails_with_the_reason(tmp_path: Path) -> None:
    mleval.classify(CANCER, metrics="recall").save(tmp_path / "b.json")
    report = mleval.classify(CANCER, gates="f1 >= baseline", baseline=tmp_path / "b.json")
    assert only(report).reason == "in the baseline: the report does not hold f1; it has recall"
    assert not report.passed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"task": "multiclass"},
            "the task is binary here, and multiclass in the baseline a Report",
        ),
        ({"signature": {"positive": "benign"}}, "positive is malignant here, and benign in"),
        ({"signature": {"weighted": True}}, "weighted is false here, and true in"),
        ({"labels": {"benign": "harmless"}}, "the labels benign, malignant here, and harmless, "),
    ],
)
def test_what_is_not_alike_is_refused_with_both_shown(change: dict[str, Any], told: str) -> None:
    earlier = mleval.classify(CANCER).to_dict()
    for old, new in change.get("labels", {}).items():
        for cell in earlier["confusion"]["cells"]:
            cell[0] = new if cell[0] == old else cell[0]
    earlier["signature"] |= change.get("signature", {})
    earlier["task"] = change.get("task", earlier["task"])
    baseline = Report.from_dict(earlier)
    with pytest.raises(InputError) as raised:
        mleval.classify(CANCER, gates="f1 >= baseline", baseline=baseline)
    assert told in str(raised.value)
    assert "--force" in str(raised.value.hint)
    forced = mleval.classify(CANCER, gates="f1 >= baseline", baseline=baseline, force=True)
    assert only(forced).baseline == earlier["metrics"]["f1"]["value"]


def test_a_derived_metric_more_does_not_keep_reports_apart() -> None:
    earlier = mleval.classify(CANCER, metrics=["f1", "x = f1 + recall"])
    gate = "f1 >= baseline"
    assert mleval.classify(CANCER, gates=gate, baseline=earlier).passed
    other = mleval.classify(CANCER, metrics=["f1", "x = f1 - recall"])
    with pytest.raises(InputError, match="derived is"):
        mleval.check(other, gate, baseline=earlier)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = tmp_path / "models.csv"
    path.write_text("label,lr_pred,dt_pred\na,a,b\nb,b,b\na,a,a\nb,a,b\na,a,a\n")
    return path


def test_every_model_has_every_gate(models: Path) -> None:
    reports = mleval.classify(models, gates=["accuracy >= 0.8", "recall[class=b] >= 0.9"])
    assert isinstance(reports, ReportSet)
    found = {name: [r.status for r in report.gates] for name, report in reports.systems.items()}
    assert found == {"lr": ["passed", "failed"], "dt": ["passed", "passed"]}
    assert not reports.passed


def test_models_are_compared_by_name(models: Path, tmp_path: Path) -> None:
    before = mleval.classify(models)
    reports = mleval.classify(models, gates="accuracy >= baseline", baseline=before)
    assert {only(report).baseline for report in reports.systems.values()} == {0.8}
    with pytest.raises(InputError, match="holds several models: lr, dt"):
        mleval.check(before["lr"], "accuracy >= baseline", baseline=before)
    renamed = ReportSet(systems={"svm": before["lr"], "dt": before["dt"]})
    with pytest.raises(InputError, match="holds no model 'svm': lr, dt"):
        mleval.check(renamed, "accuracy >= baseline", baseline=before)
    one = mleval.check(before, "accuracy >= baseline", baseline=before["dt"])
    assert one.passed
