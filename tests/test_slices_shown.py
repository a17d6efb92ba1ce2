"""Slices as they are shown: on the command line, in every format, safe and narrow."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import rendering_samples as samples
from command import run
from rich.cells import cell_len

import mleval
from mleval.rendering import render
from mleval.report import Report
from mleval.spec import Slice, Spec

SCHEMA = json.loads((Path(mleval.__file__).parent / "report.schema.json").read_text())


_OF_DIFFERENCES = {
    "difference": "value",
    "difference_low": "low",
    "difference_high": "high",
    "p": "p",
}


def written(folder: Path, groups: list[str], models: tuple[str, ...] = ("pred",)) -> str:
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, len(groups))
    columns: dict[str, Any] = {"y_true": truth.tolist()}
    for name in models:
        columns[name] = np.where(random.random(len(groups)) < 0.2, 1 - truth, truth).tolist()
    path = folder / "preds.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*columns, "country"])
        rows.writerows(zip(*columns.values(), groups, strict=True))
    return str(path)


def hostile() -> Report:
    groups = [name for name in samples.HOSTILE if "\ud800" not in name for _ in range(20)]
    truth = [0, 1] * (len(groups) // 2)
    data = {"y_true": truth, "y_pred": truth[::-1], "<b>co|l\x1b[31m*": groups}
    return mleval.classify(data, by="<b>co|l\x1b[31m*", metrics=["accuracy", "f1"])


@pytest.mark.parametrize("format_", ["table", "markdown", "csv", "html-fragment", "json"])
def test_names_from_data_act_on_nothing(format_: str) -> None:
    text = render(hostile(), format_)
    assert not set(text) & set("\x1b\x00\x7f\x9b\u202e\u2066\r")
    if format_ in ("markdown", "html-fragment"):
        assert "<script" not in text
        assert "<b>co" not in text
    if format_ == "csv":
        assert not any(row[0].startswith("=") for row in csv.reader(io.StringIO(text)))
    if format_ == "markdown":
        tables = [line for line in text.splitlines() if line.startswith("|")]
        assert len({line.replace(r"\|", "").count("|") for line in tables}) <= 3


def test_the_table_fits_sixty_columns() -> None:
    for width in (60, 80, 100):
        lines = render(hostile(), "table", width=width).splitlines()
        assert max(map(cell_len, lines)) <= width


def test_json_is_valid_against_its_schema(tmp_path: Path) -> None:
    path = written(tmp_path, ["DE", "FR", ""] * 30)
    report = json.loads(run("classify", path, "--by", "country", "--json", "-q").stdout)
    jsonschema.validate(report, SCHEMA)
    (table,) = report["slices"]
    assert [row["kind"] for row in table["slices"]].count("missing") == 1
    assert set(table["slices"][0]["metrics"]) == set(report["metrics"])


def test_csv_has_a_row_a_slice_and_metric_under_its_spec(tmp_path: Path) -> None:
    path = written(tmp_path, ["DE", "New York"] * 30)
    text = run("classify", path, "--by", "country", "-m", "f1", "--format", "csv").stdout
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(text))}
    spec = str(Spec("f1", slice=Slice("country", "New York")))
    assert rows[spec]["n"] == "30"
    assert float(rows[spec]["low"]) < float(rows[spec]["value"]) < float(rows[spec]["high"])
    assert rows['support{country="New York"}']["value"] == "30"
    report = json.loads(run("classify", path, "--by", "country", "-m", "f1", "--json").stdout)
    (apart,) = (row for row in report["slices"][0]["slices"] if row["name"] == "New York")
    expected = {name: apart["differences"]["f1"][field] for name, field in _OF_DIFFERENCES.items()}
    assert {name: float(rows[spec][name]) for name in expected} == expected
    assert {rows["f1"][name] for name in expected} == {""}
    assert Spec.parse(spec).slice == Slice("country", "New York")


def test_of_many_slices_the_worst_are_shown(tmp_path: Path) -> None:
    path = written(tmp_path, [f"c{i % 50}" for i in range(1000)])
    shown = run("classify", path, "--by", "country").stdout
    assert "the 20 worst of 50 slices by accuracy; JSON has them all" in shown
    report = json.loads(run("classify", path, "--by", "country", "--json").stdout)
    assert len(report["slices"][0]["slices"]) == 50


def test_of_several_models_each_slice_has_a_column_a_model(tmp_path: Path) -> None:
    path = written(tmp_path, ["DE", "FR"] * 50, ("lr_pred", "dt_pred"))
    shown = run("classify", path, "--by", "country").stdout
    assert "accuracy by country" in shown
    marked = run("classify", path, "--by", "country", "--format", "markdown").stdout
    assert "| accuracy by country | lr | dt |" in marked
    both = json.loads(run("classify", path, "--by", "country", "--json").stdout)
    assert all(report["slices"] for report in both["systems"].values())


def test_standard_input_is_read_twice_for_bins(tmp_path: Path) -> None:
    path = Path(written(tmp_path, [str(i) for i in range(100)]))
    found = run(
        "classify", "-", "--by", "country", "--bins", "2", "--json", stdin=path.read_bytes()
    )
    rows = json.loads(found.stdout)["slices"][0]["slices"]
    assert {row["name"]: row["rows"] for row in rows} == {"<50": 50, ">=50": 50}


def test_by_can_stand_in_the_configuration(tmp_path: Path) -> None:
    path = written(tmp_path, ["DE", "FR"] * 50)
    (tmp_path / "mleval.toml").write_text('[classify]\nby = ["country"]\nmin-slice = 20\n')
    report = json.loads(run("classify", path, "--json", directory=tmp_path).stdout)
    assert [row["rows"] for row in report["slices"][0]["slices"]] == [50, 50]


@pytest.mark.parametrize(
    ("flags", "status", "told"),
    [
        (("--by", "contry"), 3, "did you mean 'country'?"),
        (("--by", "country", "--bins", "1"), 2, "expected 2 bins or more"),
        (("--bins", "3"), 2, "--by age"),
        (("--by", "country", "--min-slice", "0"), 2, "--min-slice is 1 row or more"),
        (("--by", "country", "--max-slices", "1"), 2, "--max-slices is 2 or more"),
        (("--by", ""), 2, "by names a column"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, flags: tuple[str, ...], status: int, told: str
) -> None:
    found = run("classify", written(tmp_path, ["DE", "FR"] * 50), *flags)
    assert found.status == status
    assert told in found.stderr
    assert not found.stdout
