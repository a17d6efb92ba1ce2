"""Several models in one file: told apart when that is certain, one report each, best marked."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from command import run
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score

import mleval
from mleval.errors import InputError, UsageError
from mleval.report_set import ReportSet

ROWS = 200
RNG = np.random.default_rng(8)
TRUTH = RNG.integers(0, 2, ROWS)
SCORES = {"lr": np.round(TRUTH * 0.2 + RNG.random(ROWS) * 0.8, 4), "dt": RNG.random(ROWS).round(4)}
GUESSES = {name: (score > 0.5).astype(int) for name, score in SCORES.items()}
WORDS = np.array(["down", "flat", "up"])[RNG.integers(0, 3, ROWS)]
FORECASTS = {
    name: np.where(RNG.random(ROWS) < share, WORDS, np.roll(WORDS, 1))
    for name, share in (("ARIMA", 0.7), ("XGBoost", 0.4))
}


@pytest.fixture
def wide(tmp_path: Path) -> str:
    path = tmp_path / "wide.csv"
    columns = [range(ROWS), TRUTH, SCORES["lr"], GUESSES["lr"], SCORES["dt"], GUESSES["dt"]]
    lines = ["id,y_true,lr_proba,lr_pred,dt_proba,dt_pred"]
    lines += [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def long(tmp_path: Path, *, ids: bool, name: str = "model") -> str:
    path = tmp_path / "long.csv"
    rows = [(m, str(i), TRUTH[i], GUESSES[m][i]) for m in GUESSES for i in range(ROWS)]
    rows = [row if ids else (row[0], *row[2:]) for row in rows]
    head = f"{name},sample_id,y_true,y_pred" if ids else f"{name},y_true,y_pred"
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return str(path)


def expect(found: dict, *, scores: bool) -> None:
    assert list(found["systems"]) == ["lr", "dt"]
    for name, report in found["systems"].items():
        metrics = {spec: item["value"] for spec, item in report["metrics"].items()}
        assert metrics["f1"] == pytest.approx(f1_score(TRUTH, GUESSES[name]), abs=1e-12)
        if scores:
            assert metrics["roc_auc"] == pytest.approx(roc_auc_score(TRUTH, SCORES[name]))


def set_of(path: str, *flags: str) -> dict:
    result = run("classify", path, "--json", *flags)
    assert result.status == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["schema"] == "mleval.set/1"
    return found


def test_columns_of_each_model_beside_one_truth(wide: str) -> None:
    found = set_of(wide)
    expect(found, scores=True)
    assert found["best"]["roc_auc"] == ["lr"]
    assert set(found["systems"]["lr"]) == set(mleval.classify(wide, model="lr").to_dict())
    assert not any("passed over" in text for text in found["systems"]["lr"]["warnings"])


@pytest.mark.parametrize("kept", [2, 40, ROWS // 2, ROWS // 2 + 1])
def test_a_filter_that_keeps_few_rows_leaves_the_models_apart(tmp_path: Path, kept: int) -> None:
    path = long(tmp_path, ids=True)
    rows = slice(0, kept)
    flags = ("--filter", f"sample_id < {kept}")
    for name, found in set_of(path, *flags)["systems"].items():
        expected = accuracy_score(TRUTH[rows], GUESSES[name][rows])
        assert found["metrics"]["accuracy"]["value"] == pytest.approx(expected, abs=1e-12)
        alone = mleval.classify(path, filter=f"sample_id < {kept}", model=name)
        assert alone["accuracy"].value == pytest.approx(expected, abs=1e-12)


def test_ids_that_come_again_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("doc_id,label,pred\n1,1,1\n1,0,1\n2,0,0\n")
    told = "'doc_id' has 2 values in the first 3 rows: rows of one id are taken as independent"
    assert told in mleval.classify(path).warnings
    path.write_text("index,label,pred\n0,1,1\n1,0,1\n0,0,0\n")
    assert not any("independent" in text for text in mleval.classify(path).warnings)


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("name", ["model", "System", "model_name", "classifier", "run"])
def test_rows_of_each_model_under_its_name(tmp_path: Path, ids: bool, name: str) -> None:
    found = set_of(long(tmp_path, ids=ids, name=name))
    expect(found, scores=False)
    assert not any("may be mixed" in t for r in found["systems"].values() for t in r["warnings"])
    assert found["systems"]["dt"]["provenance"]["rows_used"] == ROWS


def test_columns_of_labels_under_the_models_names(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    columns = zip(WORDS, *FORECASTS.values(), strict=True)
    lines = [f"2020-{i},{','.join(row)}" for i, row in enumerate(columns)]
    path.write_text("\n".join(["date,actual,ARIMA,XGBoost", *lines]) + "\n")
    found = set_of(str(path))
    for name, guess in FORECASTS.items():
        value = found["systems"][name]["metrics"]["accuracy"]["value"]
        assert value == pytest.approx(accuracy_score(WORDS, guess), abs=1e-12)
    assert found["best"]["accuracy"] == ["ARIMA"]


def test_a_probability_column_a_class_of_each_model(tmp_path: Path) -> None:
    path = tmp_path / "families.csv"
    kinds = ("down", "flat", "up")
    shares = {name: RNG.dirichlet(np.ones(3), ROWS).round(4) for name in ("lr", "dt")}
    for table in shares.values():
        table[:, 2] = (1 - table[:, 0] - table[:, 1]).round(4)
    header = ["actual", "dt_pred", *(f"{m}_prob_{kind}" for m in shares for kind in kinds)]
    rows = zip(WORDS, FORECASTS["ARIMA"], *np.hstack(list(shares.values())).T, strict=True)
    path.write_text("\n".join([",".join(header), *(",".join(map(str, row)) for row in rows)]))
    found = set_of(str(path))["systems"]
    assert list(found) == ["dt", "lr"]  # as their columns stand in the file
    guesses = {"lr": np.array(kinds)[shares["lr"].argmax(axis=1)], "dt": FORECASTS["ARIMA"]}
    for name, report in found.items():
        metrics = {spec: item["value"] for spec, item in report["metrics"].items()}
        accuracy = accuracy_score(WORDS, guesses[name])
        assert metrics["accuracy"] == pytest.approx(accuracy, abs=1e-12)
        assert metrics["log_loss"] == pytest.approx(log_loss(WORDS, shares[name]), rel=1e-12)


def test_classes_of_two_models_by_number(tmp_path: Path) -> None:
    path = tmp_path / "families.csv"
    lines = ["y_true,lr_proba_0,lr_proba_1,dt_proba_0,dt_proba_1"]
    for truth, lr, dt in zip(TRUTH, SCORES["lr"], SCORES["dt"], strict=True):
        lines.append(f"{truth},{1 - lr:.4f},{lr},{1 - dt:.4f},{dt}")
    path.write_text("\n".join(lines) + "\n")
    for name, report in set_of(str(path))["systems"].items():
        expected = roc_auc_score(TRUTH, SCORES[name])
        assert report["metrics"]["roc_auc"]["value"] == pytest.approx(expected, abs=1e-12)


def test_the_table_has_a_column_a_model_and_marks_the_best(wide: str) -> None:
    result = run("classify", wide, "-m", "f1", "-m", "log_loss", "-m", "prevalence")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("binary classification  2 models · positive: 1 · 200 rows")
    (head,) = [line for line in lines if line.startswith("metric")]
    assert head.split() == ["metric", "lr", "95", "%", "interval", "dt", "95", "%", "interval"]
    marks = {line.split()[0]: line.count("★") for line in lines if line[:1].isalpha()}
    assert (marks["f1"], marks["log_loss"], marks["prevalence"]) == (1, 1, 0)
    assert "★ best value; where intervals overlap" in result.stdout
    narrow = run("classify", wide, "-m", "f1", COLUMNS="40").stdout
    assert "[" not in narrow.split("metric")[1]
    assert run("classify", wide, "-m", "f1", "--no-intervals").stdout.endswith("★ best value\n")


def test_markdown_csv_and_files(wide: str, tmp_path: Path) -> None:
    page = run("classify", wide, "--format", "markdown", "-m", "f1").stdout
    assert "| metric | lr | dt |" in page
    assert page.count("★") == 2
    files = [tmp_path / name for name in ("r.json", "r.md", "r.csv", "r.txt")]
    flags = [part for file in files for part in ("-o", str(file))]
    result = run("classify", wide, "-m", "f1", "-q", *flags)
    assert (result.status, result.stdout) == (0, "")
    assert files[1].read_text() == page
    rows = list(csv.DictReader(io.StringIO(files[2].read_text())))
    f1 = {(row["model"], row["class"]): row["value"] for row in rows if row["metric"] == "f1"}
    assert float(f1["lr", "1"]) == pytest.approx(f1_score(TRUTH, GUESSES["lr"]), abs=1e-12)
    loaded = ReportSet.from_dict(json.loads(files[0].read_text()))
    assert loaded["dt"]["f1"].value == pytest.approx(f1_score(TRUTH, GUESSES["dt"]))


def test_many_models_stand_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    names = [f"model_number_{k}" for k in range(12)]
    lines = ["y_true," + ",".join(f"{name}_pred" for name in names)]
    lines += [
        ",".join(map(str, [TRUTH[i], *GUESSES["lr"][i : i + 1].repeat(12)])) for i in range(50)
    ]
    path.write_text("\n".join(lines) + "\n")
    result = run("classify", str(path), "-m", "f1")
    assert result.status == 0, result.stderr
    assert all(len(line) <= 100 for line in result.stdout.splitlines())
    assert all(name in result.stdout for name in names)


def test_one_model_alone(wide: str, tmp_path: Path) -> None:
    for path in (wide, long(tmp_path, ids=True)):
        result = run("classify", path, "--model", "dt", "--json")
        found = json.loads(result.stdout)
        assert found["schema"] == "mleval.report/1"
        assert found["metrics"]["f1"]["value"] == pytest.approx(f1_score(TRUTH, GUESSES["dt"]))
        assert found["assumed"][0]["what"] == "model"


def test_an_unknown_model_is_told_with_the_nearest(wide: str) -> None:
    result = run("classify", wide, "--model", "lrr")
    assert (result.status, result.stdout) == (3, "")
    assert "no model 'lrr'; its models are 'lr', 'dt'" in result.stderr
    assert "did you mean 'lr'?" in result.stderr


def test_one_model_has_no_name() -> None:
    with pytest.raises(InputError, match="does not hold several models"):
        mleval.classify({"y_true": [1, 0], "y_pred": [1, 0]}, model="lr")


@pytest.mark.parametrize(
    "table",
    [
        {"y_true": ["a", "b"], "y_pred": ["a", "a"], "lr_pred": ["a", "b"], "dt_pred": ["a", "b"]},
        {"y_true": ["a", "b"], "a_proba": [0.7, 0.4], "b_proba": [0.3, 0.6]},
        {
            "y_true": ["a", "b"],
            "prob_a": [0.7, 0.4],
            "prob_b": [0.3, 0.6],
            "raw_prob_a": [0.7, 0.4],
            "raw_prob_b": [0.3, 0.6],
        },
        {"y_true": [1, 0], "y_pred": [1, 1], "smoker": [1, 0], "diabetic": [0, 1]},
        {"model": ["golf", "polo", "golf"], "id": [1, 2, 3], "label": [1, 0, 1], "pred": [1, 0, 0]},
        {"model": ["x", "x", "x"], "id": [1, 2, 3], "label": [1, 0, 1], "pred": [1, 0, 0]},
        {"model": ["x", "x", "y"], "label": [1, 0, 1], "pred": [1, 0, 0]},
    ],
)
def test_what_is_not_certain_stays_one_report(table) -> None:
    assert isinstance(mleval.classify(table), mleval.Report)


def test_what_is_not_certain_is_refused_as_ever() -> None:
    table = {"label": ["a", "b"], "lr_pred": ["a", "b"], "dt_pred": ["x", "y"]}
    with pytest.raises(InputError, match="2 columns may be the prediction"):
        mleval.classify(table)
    features = {"label": [1, 0], "smoker": [1, 0], "diabetic": [0, 1]}
    with pytest.raises(InputError, match="no prediction"):
        mleval.classify(features)


def test_filters_and_truth_files_go_with_it(wide: str, tmp_path: Path) -> None:
    found = mleval.classify(wide, filter="id < 100")
    assert found["lr"]["f1"].value == pytest.approx(f1_score(TRUTH[:100], GUESSES["lr"][:100]))
    predictions = {"id": list(range(ROWS)), **{f"{m}_pred": list(g) for m, g in GUESSES.items()}}
    truths = {"id": list(range(ROWS)), "y_true": list(TRUTH)}
    found = mleval.classify(predictions, truth_file=truths)
    assert found["dt"]["f1"].value == pytest.approx(f1_score(TRUTH, GUESSES["dt"]))


def test_every_model_is_verified(wide: str) -> None:
    result = run("classify", wide, "--verify", "-m", "f1")
    assert result.status == 0
    assert "lr: f1" in result.stdout
    assert "2 of 2 numbers agree" in result.stdout


def test_the_set_in_python(wide: str) -> None:
    reports = mleval.classify(wide)
    assert isinstance(reports, mleval.ReportSet)
    assert (list(reports), len(reports)) == (["lr", "dt"], 2)
    assert reports.to_frame().loc["f1", "lr"] == reports["lr"]["f1"].value
    assert reports.best("roc_auc") == ("lr",)
    assert "★" in repr(reports)
    with pytest.raises(UsageError, match="no model 'x'"):
        reports["x"]
    with pytest.raises(InputError, match="schema mleval"):
        ReportSet.from_dict(reports["lr"].to_dict())


def test_names_of_models_command_nothing() -> None:
    names = ["\x1b[31m", "=1+1", "a|b", "<b>"]
    table = {"y_true": ["no way", "yes way"] * 2, **{n: ["no way", "yes way"] * 2 for n in names}}
    reports = mleval.classify(table)
    assert list(reports) == names
    from mleval.rendering import render

    for name in ("table", "markdown", "csv", "json"):
        assert "\x1b" not in render(reports, name)
    assert "\n'=1+1," in render(reports, "csv")
    assert r"a\|b | &lt;b&gt; |" in render(reports, "markdown")


def test_inspect_tells_the_models(wide: str) -> None:
    found = json.loads(run("inspect", wide, "--json").stdout)
    assert found["models"] == ["lr", "dt"]
    assert {c["name"]: c["role"] for c in found["columns"]}["lr_proba"] == "score of lr"
    assert found["command"] == f"mleval classify {wide} --truth y_true"
