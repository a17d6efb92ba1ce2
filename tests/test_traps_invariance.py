"""The same rows give the same report, whatever their order, their files and their format."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import run

import mleval
from mleval.reading import ranges

ROWS = 240


def binary() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, ROWS)
    score = np.clip(truth * 0.3 + rng.random(ROWS) * 0.7, 0, 1).round(2)
    guess = (score > 0.45).astype(int)
    weight = rng.integers(1, 4, ROWS) / 2
    return pd.DataFrame(
        {"y_true": truth, "y_pred": guess, "y_prob": score, "sample_weight": weight}
    )


def multiclass() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    names = np.array(["ant", "bee", "NA"])
    truth = rng.integers(0, 3, ROWS)
    raw = rng.random((ROWS, 3)) + np.eye(3)[truth]
    share = (raw / raw.sum(axis=1, keepdims=True)).round(6)
    columns = {f"prob_{name}": share[:, place] for place, name in enumerate(names)}
    return pd.DataFrame(
        {"label": names[truth], "prediction": names[share.argmax(axis=1)]} | columns
    )


TABLES = {"binary": binary(), "multiclass": multiclass()}
WRITERS = {
    "x.csv": lambda table: table.to_csv(index=False).encode(),
    "x.tsv": lambda table: table.to_csv(index=False, sep="\t").encode(),
    "x.csv.gz": lambda table: gzip.compress(table.to_csv(index=False).encode()),
    "x.jsonl": lambda table: table.to_json(orient="records", lines=True).encode(),
    "x.parquet": lambda table: _parquet(table),
}


def _parquet(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def substance(report: dict[str, Any]) -> dict[str, Any]:
    """All that a report says of the rows, and nothing of where they came from."""
    kept = {
        key: report[key]
        for key in ("task", "assumed", "metrics", "classes", "confusion", "curves", "warnings")
    }
    origin = ("digest",)
    kept["provenance"] = {k: v for k, v in report["provenance"].items() if k not in origin}
    return kept


def numbers(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of a report by its path."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {path: value}
    return {p: v for key, item in items for p, v in numbers(item, f"{path}/{key}").items()}


def of_files(*names: str) -> dict[str, Any]:
    result = run("classify", *names, "--json", "-q")
    assert (result.status, result.stderr) == (0, "")
    return substance(json.loads(result.stdout))


def close(found: dict[str, Any], expected: dict[str, Any]) -> None:
    one, other = numbers(found), numbers(expected)
    assert list(one) == list(other)
    for path, value in other.items():
        if isinstance(value, float) and isinstance(one[path], float):
            assert one[path] == pytest.approx(value, rel=1e-9, abs=1e-12), path
        else:
            assert one[path] == value, path


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> pd.DataFrame:
    return TABLES[request.param]


@pytest.fixture
def expected(table: pd.DataFrame, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "x.csv"
    file.write_bytes(WRITERS["x.csv"](table))
    return of_files(str(file))


@pytest.mark.parametrize("name", WRITERS)
def test_the_format_changes_nothing(table, expected, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(WRITERS[name](table))
    assert of_files(str(file)) == expected


def test_a_table_in_memory_is_what_a_file_is(table, expected) -> None:
    assert substance(mleval.classify(table).to_dict()) == expected
    columns = {name: table[name].to_numpy() for name in table}
    assert substance(mleval.classify(columns).to_dict()) == expected


def test_standard_input_is_what_a_file_is(table, expected) -> None:
    result = run("classify", "-", "--json", "-q", stdin=table.to_csv(index=False).encode())
    assert substance(json.loads(result.stdout)) == expected


@pytest.mark.parametrize("cuts", [(1,), (7, 100), (80, 160, 239)])
def test_shards_cut_anywhere_change_nothing(table, expected, tmp_path: Path, cuts) -> None:
    names = []
    for place, (start, end) in enumerate(zip((0, *cuts), (*cuts, ROWS), strict=True)):
        file = tmp_path / f"part-{place}.csv"
        table.iloc[start:end].to_csv(file, index=False)
        names.append(str(file))
    close(of_files(*names), expected)
    close(of_files(*names[::-1]), expected)
    close(of_files(str(tmp_path / "part-*.csv")), expected)


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.jsonl"])
def test_the_stretches_in_which_a_file_is_read_change_nothing(
    table, expected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(WRITERS[name](table))
    monkeypatch.setattr(ranges, "RANGE_BYTES", 300)
    close(of_files(str(file)), expected)


def test_what_labels_are_is_decided_by_all_rows_not_by_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["1,1.0\n"] * 30 + ["0,0.0\n"] * 30 + ["x,x\n"]
    (tmp_path / "x.csv").write_text("y_true,y_pred\n" + "".join(rows))
    whole = of_files(str(tmp_path / "x.csv"))
    assert whole["provenance"]["labels"] == ["0", "0.0", "1", "1.0", "x"]
    monkeypatch.setattr(ranges, "RANGE_BYTES", 64)
    assert of_files(str(tmp_path / "x.csv")) == whole


def test_the_order_of_rows_and_columns_changes_nothing(table, expected, tmp_path: Path) -> None:
    file = tmp_path / "shuffled.csv"
    shuffled = table.sample(frac=1, random_state=3)
    shuffled.to_csv(file, index=False)
    close(of_files(str(file)), expected)
    labels = [name for name in table if not name.startswith("prob_")]
    shuffled[[*labels[::-1], *(n for n in table if n not in labels)]].to_csv(file, index=False)
    close(of_files(str(file)), expected)


def test_shards_may_differ_in_the_spelling_and_the_type_of_labels(tmp_path: Path) -> None:
    pd.DataFrame({"y_true": [1, 0], "y_pred": [1, 1]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"y_true": [1.0, 0.0], "y_pred": [1, 0]}).to_csv(tmp_path / "b.csv", index=False)
    report = of_files(str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert report["provenance"]["labels"] == ["0", "1"]
    assert report["metrics"]["accuracy"]["value"] == 0.75


def test_shards_need_the_same_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,y_pred\n1,1\n")
    (tmp_path / "b.csv").write_text("y_true,guess\n0,0\n")
    result = run("classify", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert (result.status, result.stdout) == (3, "")
    assert "b.csv lacks 'y_pred' and has also 'guess'" in result.stderr
