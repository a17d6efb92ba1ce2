"""The JSON of every command is as its packaged schema says, and the schemas say what it means."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from command import run
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import mleval
from mleval.errors import InputError

SAMPLES = Path(__file__).parent.parent / "sample_data"
SCHEMAS: dict[str, Any] = {
    name: json.loads(files("mleval").joinpath(f"{name}.schema.json").read_text())
    for name in ("report", "set", "inspect", "history", "diagnosis", "calibration")
}
_TOGETHER: Registry[Any] = Registry().with_resources(
    (f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
MODELS = "label,lr_pred,lr_prob_a,lr_prob_b,dt_pred\na,a,.9,.1,b\nb,b,.2,.8,b\na,b,.4,.6,a\n"


def invalid(name: str, found: Any) -> list[str]:
    validator = Draft202012Validator(SCHEMAS[name], registry=_TOGETHER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(found)]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = tmp_path / "models.csv"
    path.write_text(MODELS)
    return path


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_a_schema_and_describes_every_field(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])

    def undescribed(part: Any, path: str) -> list[str]:
        if not isinstance(part, dict):
            return []
        found = []
        for name, field in part.get("properties", {}).items():
            if not {"description", "$ref"} & set(field):
                found.append(f"{path}/{name}")
            found += undescribed(field, f"{path}/{name}")
        for name, field in part.get("$defs", {}).items():
            found += [] if "description" in field else [name]
            found += undescribed(field, name)
        return found

    assert undescribed(SCHEMAS[name], "") == []


@pytest.mark.parametrize("flags", [(), ("--no-intervals",), ("-m", "roc_auc")])
def test_the_reports_of_several_models_are_valid(models: Path, flags: tuple[str, ...]) -> None:
    if "roc_auc" in flags:
        models.write_text("label,lr_prob,dt_prob\n1,.9,.8\n0,.4,.5\n1,.3,.6\n")
    result = run("classify", str(models), "--json", "-q", *flags)
    found = json.loads(result.stdout)
    assert found["schema"] == SCHEMAS["set"]["title"]
    assert invalid("set", found) == []


def test_reports_with_gates_are_valid() -> None:
    gates = [
        "f1 >= 0.7",
        "f1 >= 0.99",
        "f1.low >= 0.1",
        "f1 >= baseline - 0.1",
        "best_f1.low > 0",
        "f1/(f1-f1) > 0",
    ]
    flags = [word for gate in gates for word in ("--gate", gate)]
    path = str(SAMPLES / "cancer.csv")
    for decide in ("point", "interval"):
        more = (*flags, "--baseline", path, "--decide", decide, "--json", "-q")
        found = json.loads(run("classify", path, *more).stdout)
        assert {item["decide"] for item in found["gates"]} == {decide}
        assert invalid("report", found) == []
        for field, wrong in (("status", "maybe"), ("limit", "x"), ("high", None), ("colour", 1)):
            damaged = json.loads(json.dumps(found))
            damaged["gates"][0][field] = wrong
            assert invalid("report", damaged)


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found.update(schema="mleval.set/2"),
        lambda found: found.pop("best"),
        lambda found: found.update(colour="red"),
        lambda found: found["systems"].clear(),
        lambda found: found["best"].update(accuracy="lr"),
        lambda found: found["systems"]["lr"]["metrics"]["accuracy"].update(value=None),
    ],
)
def test_the_schema_of_a_set_refuses_what_is_none(models: Path, damage: Any) -> None:
    found = mleval.classify(models).to_dict()
    assert invalid("set", found) == []
    damage(found)
    assert invalid("set", found)


def test_reports_of_several_models_are_read_back(models: Path, tmp_path: Path) -> None:
    reports = mleval.classify(models)
    path = tmp_path / "reports.json"
    reports.save(path)
    assert mleval.ReportSet.load(path) == reports


def test_each_kind_of_report_says_what_reads_the_other(models: Path, tmp_path: Path) -> None:
    reports = mleval.classify(models)
    several, one = tmp_path / "several.json", tmp_path / "one.json"
    reports.save(several)
    reports["lr"].save(one)
    with pytest.raises(
        InputError, match=r"several\.json: expected .* found 'mleval.set/1'"
    ) as told:
        mleval.Report.load(several)
    assert "ReportSet" in str(told.value.hint)
    with pytest.raises(InputError, match=r"one\.json: expected a report of schema mleval.set/1"):
        mleval.ReportSet.load(one)


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"schema": "mleval.set/1", "systems": {"a": 3}}']
)
def test_what_is_no_set_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match=r"x\.json"):
        mleval.ReportSet.load(tmp_path / "x.json")
    with pytest.raises(InputError, match=r"y\.json"):
        mleval.ReportSet.load(tmp_path / "y.json")


def inspected(*args: object) -> dict[str, Any]:
    result = run("inspect", *map(str, args), "--json")
    assert result.status == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.[cjp]*")), ids=lambda path: path.name)
def test_the_inspection_of_a_sample_file_is_valid(path: Path) -> None:
    assert invalid("inspect", inspected(path)) == []


def test_inspections_of_models_truth_files_and_refusals_are_valid(
    models: Path, tmp_path: Path
) -> None:
    truths = tmp_path / "t.csv"
    truths.write_text("y_true\na\nb\na\n")
    for args in ((models,), (models, "--truth-file", truths), (truths,), (models, "--pred", "x")):
        assert invalid("inspect", inspected(*args)) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found.update(schema="mleval.inspect/2"),
        lambda found: found.update(colour="red"),
        lambda found: found.pop("columns"),
        lambda found: found.update(command=None),
        lambda found: found.update(refusal="no truth"),
        lambda found: found.update(truth_file={"file": "t.csv"}),
        lambda found: found["columns"][0].update(type="float"),
        lambda found: found["columns"][0]["examples"].extend(["a"] * 4),
        lambda found: found["roles"][0].pop("why"),
    ],
)
def test_the_schema_of_an_inspection_refuses_what_is_none(models: Path, damage: Any) -> None:
    found = inspected(models)
    assert invalid("inspect", found) == []
    damage(found)
    assert invalid("inspect", found)


def test_saved_calibrations_are_valid(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    for sample in ("cancer.csv", "digits.csv"):
        path = SAMPLES / sample
        assert run("diagnose", str(path), "-q", "--save-calibration", str(file)).status == 0
        found = json.loads(file.read_text())
        assert invalid("calibration", found) == []
        for field, wrong in (("method", "beta"), ("classes", ["a"]), ("parameters", {}), ("x", 1)):
            assert invalid("calibration", found | {field: wrong})
