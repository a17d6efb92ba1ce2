"""Files that tools write here and now: pandas, polars, NumPy and pyarrow, each in its own ways."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from formats import P2, PRED2, SCORE, TRUTH2, N, close, report, value
from sklearn import metrics

from mleval.reading import open_source

OUTPUTS = Path(__file__).parent / "tool_outputs"
"""Written by the tools themselves: see make_tool_outputs.py."""

FRAME = pd.DataFrame({"label": TRUTH2, "prediction": PRED2, "probability": SCORE})
LISTS = FRAME.assign(probability=P2.tolist())


def savetxt(path):
    np.savetxt(path, FRAME.to_numpy(), delimiter=",", fmt=["%d", "%d", "%.18e"])


WRITERS = {
    "pandas to_csv": ("p.csv", FRAME.to_csv),
    "pandas to_csv without index": ("p.csv", lambda path: FRAME.to_csv(path, index=False)),
    "pandas to_csv, German": (
        "p.csv",
        lambda path: FRAME.to_csv(path, index=False, sep=";", decimal=","),
    ),
    "pandas to_csv, bz2": ("p.csv.bz2", FRAME.to_csv),
    "pandas to_csv, xz": ("p.csv.xz", FRAME.to_csv),
    "pandas to_csv, UTF-16": ("p.csv", lambda path: FRAME.to_csv(path, encoding="utf-16")),
    "pandas to_csv, arrays": ("p.csv", LISTS.to_csv),
    "pandas to_csv, NumPy arrays": (
        "p.csv",
        FRAME.assign(probability=[np.array(row) for row in P2]).to_csv,
    ),
    "pandas to_json": ("p.json", FRAME.to_json),
    "pandas to_json, index": ("p.json", lambda path: FRAME.to_json(path, orient="index")),
    "pandas to_json, records": ("p.json", lambda path: FRAME.to_json(path, orient="records")),
    "pandas to_json, split": ("p.json", lambda path: FRAME.to_json(path, orient="split")),
    "pandas to_json, table": ("p.json", lambda path: FRAME.to_json(path, orient="table")),
    "pandas to_json, lines": (
        "p.json",
        lambda path: LISTS.to_json(path, orient="records", lines=True),
    ),
    "pandas to_json, indented": (
        "p.json",
        lambda path: LISTS.to_json(path, orient="records", indent=2),
    ),
    "pandas to_parquet": ("p.parquet", LISTS.to_parquet),
    "pandas to_feather": ("p.feather", LISTS.to_feather),
    "polars write_csv": ("p.csv", pl.from_pandas(FRAME).write_csv),
    "polars write_ndjson": ("p.ndjson", pl.from_pandas(LISTS).write_ndjson),
    "polars write_json": ("p.json", pl.from_pandas(LISTS).write_json),
    "polars write_parquet": ("p.parquet", pl.from_pandas(LISTS).write_parquet),
    "polars write_ipc": ("p.arrow", pl.from_pandas(LISTS).write_ipc),
    "polars write_ipc_stream": ("p.arrows", pl.from_pandas(LISTS).write_ipc_stream),
    "polars arrays": (
        "p.parquet",
        pl.from_pandas(LISTS).with_columns(pl.col("probability").list.to_array(2)).write_parquet,
    ),
}
NUMBERED = {
    "NumPy savetxt": ("p.csv", savetxt, ("1", "2", "3")),
    "pandas to_csv without header": (
        "p.csv",
        lambda path: FRAME.to_csv(path, index=False, header=False),
        ("1", "2", "3"),
    ),
    "pandas to_json, values": (
        "p.json",
        lambda path: FRAME.to_json(path, orient="values"),
        ("1", "2", "3"),
    ),
    "NumPy save": ("p.npy", lambda path: np.save(path, FRAME.to_numpy()), ("0", "1", "2")),
}


def check(found: dict) -> None:
    assert found["metrics"]["accuracy"]["n"] == N
    assert value(found, "accuracy") == close(metrics.accuracy_score(TRUTH2, PRED2))
    assert value(found, "roc_auc") == close(metrics.roc_auc_score(TRUTH2, SCORE))


@pytest.mark.parametrize("name", WRITERS)
def test_what_tools_write_is_read(tmp_path, name):
    file, write = WRITERS[name][:2]
    write(tmp_path / file)
    check(report(tmp_path / file))


@pytest.mark.parametrize("name", NUMBERED)
def test_what_tools_write_without_names_is_read_by_number(tmp_path, name):
    file, write, (truth, pred, score) = NUMBERED[name]
    write(tmp_path / file)
    check(report(tmp_path / file, "--truth", truth, "--pred", pred, "--score", score))


@pytest.mark.parametrize("tool", ["lightgbm", "xgboost"])
@pytest.mark.parametrize(("task", "classes"), [("binary", 1), ("multiclass", 3)])
def test_one_value_a_line_and_one_class_a_column(tmp_path, tool, task, classes):
    path = OUTPUTS / f"{tool}_{task}.txt"
    truth = json.loads((OUTPUTS / f"truth_{task}.json").read_text())
    source = open_source(path)
    assert source.names == tuple(str(k + 1) for k in range(classes))
    assert source.head().num_rows == len(truth)
    exact = np.loadtxt(path, ndmin=2)
    (load,) = source.parts(dict.fromkeys(source.names, "number"))
    table = load()
    for k, name in enumerate(source.names):
        assert table.column(name).to_pylist() == exact[:, k].tolist()
    joined = "".join(
        f"{t}\t{line}\n" for t, line in zip(truth, path.read_text().splitlines(), strict=True)
    )
    (tmp_path / "p.txt").write_text(joined.replace(" ", "\t"))
    if task == "binary":
        found = report(tmp_path / "p.txt", "--truth", "1", "--score", "2")
        assert value(found, "roc_auc") == close(metrics.roc_auc_score(truth, exact[:, 0]))


def test_vowpal_wabbit_writes_signs(tmp_path):
    (tmp_path / "p.txt").write_text("1\n-1\n-1\n1\n")
    source = open_source(tmp_path / "p.txt")
    assert source.names == ("1",)
    assert source.head().num_rows == 4
