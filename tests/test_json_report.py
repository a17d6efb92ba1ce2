"""The JSON report: its schema, what is null in it and why, and the way there and back."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from jsonschema import Draft202012Validator
from rendering_samples import binary, digits, hostile, single
from sklearn.metrics import auc
from traps import reported, values

import mleval
from mleval.errors import InputError
from mleval.report import Estimate, Report
from mleval.spec import Spec

SAMPLES = Path(__file__).parent.parent / "sample_data"
SCHEMA: dict[str, Any] = json.loads(files("mleval").joinpath("report.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
CLASSIFIED = ("cancer.csv", "digits.csv", "wine.jsonl", "progression.parquet")

DEGENERATE = {
    "one row": "y_true,y_pred,y_prob\n1,1,.9\n",
    "one class": "y_true,y_pred\na,a\na,a\n",
    "only positives": "y_true,y_prob\n1,.5\n1,.6\n",
    "only negatives": "y_true,y_prob\n0,.5\n0,.6\n",
    "perfect": "y_true,y_pred,y_prob\n1,1,1\n0,0,0\n",
    "all wrong": "y_true,y_pred,y_prob\n1,0,0\n0,1,1\n",
    "one score": "y_true,y_prob\n1,.5\n0,.5\n",
    "ranking only": "y_true,score\n1,1e300\n0,-1e300\n1,2\n0,3\n",
    "logits beyond rounding": "y_true,logit_1\n1,800\n0,900\n1,-800\n0,-900\n",
    "no prediction right": "y_true,y_pred\na,b\nb,c\nc,a\n",
    "a class never predicted": "y_true,y_pred\na,a\nb,a\nc,c\n",
    "certain classes": "label,prob_a,prob_b,prob_c\na,0,1,0\nb,0,1,0\na,0,1,0\n",
    "confidence": "y_true,y_pred,confidence\na,a,.9\nb,b,.8\nc,b,.4\n",
    "class scores": "label,score_a,score_b,score_c\na,3,1,0\nb,-1,2,0\nc,.1,.1,.8\n",
    "weights": "y_true,y_pred,sample_weight\n1,1,1e-9\n0,1,1e9\n1,0,0\n",
    "rows left out": "y_true,y_pred\n1,1\n,0\n0,0\n",
    "several labels": "y_true,y_pred\na|b,a\n,b\nb,b\na|c,a|c\n",
    "numbers as labels": "y_true,y_pred\n1,1.0\n0,0.0\n",
    "labels of every kind": 'y_true,y_pred\n"a\nb",[x]\n日本語,日本語\n"""",""""\n',
}


DEGENERATE_NUMBERS = {
    "one row": "y_true,y_pred\n1,2\n",
    "constant truth": "y_true,y_pred\n1,2\n1,3\n1,1\n",
    "perfect": "y_true,y_pred\n1,1\n2,2\n",
    "zeros": "y_true,y_pred\n0,0\n0,0\n",
    "negative": "y_true,y_pred\n-1,-2\n-3,4\n",
    "huge": "y_true,y_pred\n1e300,-1e300\n1,2\n3,4\n",
    "beyond a float": "y_true,y_pred\n1e308,-1e308\n1,2\n",
    "tiny": "y_true,y_pred\n1e-300,2e-300\n3e-300,1e-300\n",
    "far from zero": "y_true,y_pred\n1e15,1.000000000000001e15\n1.1e15,1.2e15\n",
    "weights": "y_true,y_pred,sample_weight\n1,2,1e-9\n2,3,1e9\n4,4,0\n",
    "no spread": "y_true,y_pred,std,lower,upper\n1,2,0,2,2\n2,2,0,2,2\n",
    "quantiles": "y_true,q10,q50,q90\n1,0,1,2\n2,3,4,5\n",
    "odd targets": 'a b_true,"c,d_true",a b_pred,"c,d_pred"\n1,2,3,4\n2,2,3,4\n',
    "words as ids": 'id,y_true,y_pred\n"a\nb",1,2\n"""",3,3\n',
}


def invalid(report: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(report)]


def strictly(text: str) -> dict[str, Any]:
    """The JSON text, without what is only Python's: NaN and Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    found: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return found


def test_the_schema_has_the_fields_of_a_report_and_of_an_estimate_and_no_others() -> None:
    told = [field.name for field in fields(Report) if field.compare]
    assert list(SCHEMA["properties"]) == ["schema", *told]
    always = [name for name in SCHEMA["properties"] if name != "charts"]  # are asked for
    assert SCHEMA["required"] == always
    known = {"class" if f.name == "of_class" else f.name for f in fields(Estimate)}
    assert set(SCHEMA["$defs"]["estimate"]["properties"]) == known


@pytest.mark.parametrize("name", CLASSIFIED)
@pytest.mark.parametrize("flags", [(), ("--no-intervals",), ("--zero-division", "nan")])
def test_the_report_of_a_sample_file_is_valid(name: str, flags: tuple[str, ...]) -> None:
    result = run("classify", str(SAMPLES / name), "--json", "-q", *flags)
    report = strictly(result.stdout)
    assert invalid(report) == []
    for spec in report["metrics"]:
        assert str(Spec.parse(spec)) == spec


@pytest.mark.parametrize("flags", [(), ("-m", "all"), ("--no-intervals",)])
@pytest.mark.parametrize("name", ["diabetes.csv", "forecasts.csv", "fitness.csv"])
def test_the_report_of_numbers_is_valid(name: str, flags: tuple[str, ...]) -> None:
    report = strictly(run("regress", str(SAMPLES / name), "--json", "-q", *flags).stdout)
    assert invalid(report) == []
    assert Report.from_dict(report).to_dict() == report


@pytest.mark.parametrize("what", DEGENERATE_NUMBERS)
def test_the_report_of_degenerate_numbers_is_valid(tmp_path: Path, what: str) -> None:
    content = DEGENERATE_NUMBERS[what]
    for flags in ((), ("-m", "all", "--worst", "3")):
        report = reported(tmp_path, content, *flags, command="regress")
        assert invalid(report) == []
        assert Report.from_dict(report).to_dict() == report


@pytest.mark.parametrize("what", DEGENERATE)
def test_the_report_of_a_degenerate_input_is_valid(tmp_path: Path, what: str) -> None:
    report = reported(tmp_path, DEGENERATE[what])
    assert invalid(report) == []
    assert Report.from_dict(report).to_dict() == report


def test_every_metric_gives_a_valid_report() -> None:
    result = run("classify", str(SAMPLES / "cancer.csv"), "--json", "-q", "-m", "all")
    assert invalid(strictly(result.stdout)) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda report: report.update(schema="mleval.report/2"),
        lambda report: report.update(colour="red"),
        lambda report: report.pop("warnings"),
        lambda report: report["metrics"]["f1"].update(value=None),
        lambda report: report["metrics"]["f1"].update(low=None),
        lambda report: report["metrics"]["f1"].update(undefined="no rows"),
        lambda report: report["metrics"]["f1"].update(goal="best"),
        lambda report: report["metrics"]["f1"].pop("range"),
        lambda report: report["confusion"]["cells"].append(["a", "b"]),
        lambda report: report["curves"]["roc"]["fpr"].extend([0.0] * 600),
    ],
)
def test_the_schema_refuses_what_is_no_report(damage: Any) -> None:
    report = mleval.classify(SAMPLES / "cancer.csv").to_dict()
    assert invalid(report) == []
    damage(report)
    assert invalid(report)


def test_a_value_is_two_keys_away() -> None:
    report = strictly(run("classify", str(SAMPLES / "digits.csv"), "--json", "-q").stdout)
    assert 0.5 < report["metrics"]["f1[macro]"]["value"] < 1


def test_keys_of_a_binary_report_are_bare_with_the_class_beside(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,y_pred,y_prob\n1,1,.9\n0,1,.7\n0,0,.2\n")
    assert not any("[" in spec for spec in report["metrics"])
    assert report["metrics"]["f1"]["class"] == "1"
    assert report["metrics"]["f1"]["value"] == pytest.approx(2 / 3)
    several = reported(tmp_path, "y_true,y_pred\na,a\nb,a\nc,c\n")
    assert not any("class" in item for item in several["metrics"].values())


def test_what_is_undefined_is_null_with_a_reason(tmp_path: Path) -> None:
    metrics = reported(tmp_path, DEGENERATE["only positives"])["metrics"]
    assert metrics["roc_auc"]["value"] is None
    assert metrics["roc_auc"]["undefined"] == "no negative rows"
    assert (metrics["roc_auc"]["low"], metrics["roc_auc"]["high"]) == (None, None)


def test_what_has_no_interval_says_why(tmp_path: Path) -> None:
    text = "y_true,y_prob\n" + "1,.8\n0,.3\n1,.4\n0,.6\n" * 20
    metrics = reported(tmp_path, text)["metrics"]
    assert metrics["best_f1"]["low"] is None
    assert metrics["best_f1"]["no_interval"]
    assert metrics["best_f1"]["threshold"] in (0.3, 0.4, 0.6, 0.8)
    without = reported(tmp_path, text, "--no-intervals")["metrics"]
    assert {item["level"] for item in without.values()} == {None}


def test_infinity_is_null_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mleval.evaluation.classification import estimates
    from mleval.evaluation.estimates import Way
    from mleval.states import Confusion

    ways = dict(estimates._WAYS)
    ways[Confusion] = Way(lambda *_: math.inf, ways[Confusion].interval)
    monkeypatch.setattr(estimates, "_WAYS", ways)
    report = reported(tmp_path, "y_true,y_pred\n1,1\n0,0\n")
    assert invalid(report) == []
    assert set(values(report).values()) == {None}
    assert report["metrics"]["accuracy"]["undefined"].startswith("infinite: ")


def test_curves_have_at_most_512_points_and_keep_their_ends() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 20_000)
    report = mleval.classify(truth=truth, score=rng.random(20_000) * 0.5 + truth * 0.3).to_dict()
    assert invalid(report) == []
    assert set(report["curves"]) == {"roc", "pr", "reliability"}
    roc = report["curves"]["roc"]
    assert 100 < len(roc["fpr"]) <= 512
    assert len(roc["fpr"]) == len(roc["tpr"]) == len(roc["threshold"])
    assert (roc["fpr"][0], roc["tpr"][0], roc["threshold"][0]) == (0, 0, None)
    assert (roc["fpr"][-1], roc["tpr"][-1]) == (1, 1)
    assert auc(roc["fpr"], roc["tpr"]) == pytest.approx(
        report["metrics"]["roc_auc"]["value"], abs=1e-3
    )


@pytest.mark.parametrize("make", [binary, digits, single], ids=lambda make: make.__name__)
def test_a_report_made_by_hand_comes_back_as_it_was(make: Any, tmp_path: Path) -> None:
    report = make()
    report.save(tmp_path / "report.json")
    assert Report.load(tmp_path / "report.json") == report


@pytest.mark.parametrize("name", CLASSIFIED)
def test_a_saved_report_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    report = mleval.classify(SAMPLES / name)
    report.save(tmp_path / "report.json")
    assert Report.load(tmp_path / "report.json") == report
    assert strictly((tmp_path / "report.json").read_text(encoding="utf-8")) == report.to_dict()


def test_the_names_of_classes_come_back_whatever_they_are(tmp_path: Path) -> None:
    report = hostile()
    report.save(tmp_path / "report.json")
    assert Report.load(tmp_path / "report.json") == report


def test_a_frame_has_a_row_a_metric() -> None:
    report = mleval.classify(SAMPLES / "cancer.csv")
    frame = report.to_frame()
    assert list(frame.index) == list(report)
    assert frame.index.name == "metric"
    assert frame.loc["f1", "value"] == report["f1"].value
    assert frame.loc["f1", "class"] == "malignant"
    assert {"low", "high", "level", "method", "goal", "range", "n"} <= set(frame)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "expected a report, found a JSON list"),
        ("{}", "expected a report of schema mleval.report/1, found None"),
        ('{"schema": "mleval.report/9"}', "found 'mleval.report/9'"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(InputError, match=message):
        Report.load(tmp_path / "report.json")


@pytest.mark.parametrize("field", SCHEMA["required"])
def test_a_report_without_a_part_of_it_is_refused(tmp_path: Path, field: str) -> None:
    report = single().to_dict()
    del report[field]
    (tmp_path / "report.json").write_text(json.dumps(report))
    with pytest.raises(InputError):
        Report.load(tmp_path / "report.json")


@pytest.mark.parametrize("field", ["inputs", "assumed", "metrics", "classes", "confusion"])
def test_a_report_with_a_damaged_part_is_refused(tmp_path: Path, field: str) -> None:
    (tmp_path / "report.json").write_text(json.dumps(single().to_dict() | {field: 3}))
    with pytest.raises(InputError, match="not a whole report"):
        Report.load(tmp_path / "report.json")
