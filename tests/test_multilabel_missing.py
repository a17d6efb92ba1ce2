"""Several labels a row, of which some are missing: in a cell, a column, or the other file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from multilabel_small import (
    COUNTED,
    PREDICTION,
    TRUTH,
    close,
    expected,
    lists,
    marked,
    values,
    write,
)

import mleval
from mleval.errors import InputError

IDS = [f"r{at}" for at in range(40)]

KEPT = np.arange(40) % 5 != 0
SHAPES = ("bars", "lists.jsonl", "lists.parquet", "marks")


def two_files(folder: Path, shape: str) -> dict[str, Any]:
    """All truths, and the predictions of the rows KEPT, in two files."""
    rows = np.flatnonzero(KEPT)
    ids = {"id": IDS}, {"id": [IDS[at] for at in rows]}
    if shape == "marks":
        pair = marked("{}_true", TRUTH), marked("{}_pred", PREDICTION[KEPT])
    else:
        pair = {"label": lists(TRUTH)}, {"pred": lists(PREDICTION[KEPT])}
    both = [left | right for left, right in zip(ids, pair, strict=True)]
    paths = []
    for name, columns in zip("tp", both, strict=True):
        path = folder / f"{name}.{shape.partition('.')[2] or 'csv'}"
        if shape == "bars":
            cells = {k: ["|".join(v) if k != "id" else v for v in c] for k, c in columns.items()}
            write(path, cells)
        elif shape == "marks":
            write(path, columns)
        elif path.suffix == ".jsonl":
            lines = [
                json.dumps(dict(zip(columns, row, strict=True)))
                for row in zip(*columns.values(), strict=True)
            ]
            path.write_text("\n".join(lines))
        else:
            pq.write_table(pa.table(columns), path)
        paths.append(path)
    return {"data": paths[1], "truth_file": paths[0], "metrics": [*COUNTED]}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_truth_without_a_prediction(tmp_path: Path, shape: str) -> None:
    asked = two_files(tmp_path, shape)
    with pytest.raises(InputError, match=r"8 ids of \S+t\.\w+ missing in \S+p\.\w+"):
        mleval.classify(**asked)
    dropped = mleval.classify(**asked, missing="drop")
    assert close(values(dropped), expected(TRUTH[KEPT], PREDICTION[KEPT]))
    assert dropped.provenance["left_out"] == {"missing prediction": 8}


def test_a_missing_set_that_counts_as_wrong_misses_every_true_label(tmp_path: Path) -> None:
    asked = two_files(tmp_path, "lists.jsonl")
    empty = int((TRUTH[~KEPT].sum(axis=1) == 0).sum())
    assert empty == 3
    for shape in SHAPES[:3]:
        asked = two_files(tmp_path, shape)
        with pytest.raises(InputError, match=f"every empty set of true labels, found {empty}"):
            mleval.classify(**asked, missing="wrong")
    truth = TRUTH.copy()
    truth[TRUTH.sum(axis=1) == 0, 0] = 1  # no set is empty
    cells: dict[str, Any] = {"label": lists(truth), "pred": lists(PREDICTION)}
    cells["pred"] = [p if kept else None for p, kept in zip(cells["pred"], KEPT, strict=True)]
    report = mleval.classify(cells, missing="wrong", metrics=[*COUNTED])
    assert close(values(report), expected(truth, np.where(KEPT[:, None], PREDICTION, 0)))
    assert "8 rows without a prediction count as wrong" in report.warnings


def test_a_missing_mark_that_counts_as_wrong_is_what_is_not_true(tmp_path: Path) -> None:
    report = mleval.classify(**two_files(tmp_path, "marks"), missing="wrong")
    opposite = np.where(KEPT[:, None], PREDICTION, 1 - TRUTH)
    assert close(values(report), expected(TRUTH, opposite))
    assert "8 rows without a prediction count as wrong" in report.warnings
    gaps = np.random.default_rng(1).random(TRUTH.shape) < 0.1
    columns = marked("{}_true", TRUTH) | marked("{}_pred", np.where(gaps, None, PREDICTION))
    path = write(tmp_path / "a.csv", columns)
    report = mleval.classify(path, missing="wrong", metrics=[*COUNTED], verify=True)
    assert close(values(report), expected(TRUTH, np.where(gaps, 1 - TRUTH, PREDICTION)))
    rows = int(gaps.any(axis=1).sum())
    assert f"{rows} rows without a prediction count as wrong" in report.warnings
    dropped = mleval.classify(path, missing="drop", metrics=[*COUNTED])
    whole = ~gaps.any(axis=1)
    assert close(values(dropped), expected(TRUTH[whole], PREDICTION[whole]))
    with pytest.raises(InputError, match="expected a prediction beside every truth"):
        mleval.classify(path)


HELD = {"label": [["a", "b"], None, [], ["b"], ["a"]], "pred": [["a"], ["a"], [], None, ["a", "b"]]}


def in_memory(_: Path) -> Any:
    return HELD


def as_json_lines(folder: Path) -> Path:
    lines = [{"label": a, "pred": b} for a, b in zip(*HELD.values(), strict=True)]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder / "a.jsonl"


def as_json(folder: Path) -> Path:
    (folder / "a.json").write_text(json.dumps(HELD))
    return folder / "a.json"


def as_parquet(folder: Path) -> Path:
    held = pa.table({name: pa.array(c, pa.list_(pa.string())) for name, c in HELD.items()})
    pq.write_table(held, folder / "a.parquet")
    return folder / "a.parquet"


def as_printed(folder: Path) -> Path:
    cells = {name: ["" if c is None else str(c) for c in cells] for name, cells in HELD.items()}
    return write(folder / "a.csv", cells)


@pytest.mark.parametrize("made", [in_memory, as_json_lines, as_json, as_parquet, as_printed])
def test_an_empty_list_is_the_empty_set_and_none_is_missing(tmp_path: Path, made: Any) -> None:
    data = made(tmp_path)
    with pytest.raises(InputError, match="found 1 empty cell in 'pred'"):
        mleval.classify(data, task="multilabel")
    report = mleval.classify(data, task="multilabel", missing="drop", metrics=[*COUNTED])
    assert report.provenance["left_out"] == {"no truth": 1, "missing prediction": 1}
    truth, prediction = [[1, 1], [0, 0], [1, 0]], [[1, 0], [0, 0], [1, 1]]
    assert close(values(report), expected(np.array(truth), np.array(prediction)))
    report = mleval.classify(data, task="multilabel", missing="wrong", metrics=[*COUNTED])
    assert report.provenance["left_out"] == {"no truth": 1}
    truth, prediction = [*truth, [0, 1]], [*prediction, [0, 0]]
    assert close(values(report), expected(np.array(truth), np.array(prediction)))


def test_between_bars_an_empty_cell_is_the_empty_set(tmp_path: Path) -> None:
    cells = {"label": ["a|b", "", "b"], "pred": ["a|b", "a", ""]}
    report = mleval.classify(write(tmp_path / "a.csv", cells), label_sep="|", metrics=[*COUNTED])
    truth, prediction = np.array([[1, 1], [0, 0], [0, 1]]), np.array([[1, 1], [1, 0], [0, 0]])
    assert close(values(report), expected(truth, prediction))
    assert "1 row has no true label: the empty set" in report.warnings


def test_a_missing_mark_of_truth_leaves_the_row_out(tmp_path: Path) -> None:
    truth = np.where(np.arange(120).reshape(40, 3) % 17 == 0, None, TRUTH)
    columns = marked("{}_true", truth) | marked("{}_pred", PREDICTION)
    report = mleval.classify(write(tmp_path / "a.csv", columns), metrics=[*COUNTED])
    whole = np.array([None not in row for row in truth])
    assert close(values(report), expected(TRUTH[whole], PREDICTION[whole]))
    assert report.provenance["left_out"] == {"no truth": int((~whole).sum())}


def test_lists_that_later_rows_spell_otherwise_are_joined(tmp_path: Path) -> None:
    """Integers are read in one way, and in another where a part of the file holds text too."""
    wide, rows = "z" * 1000, 12_000
    truth = [[1, 2] if at < rows // 2 else ["x"] * (at % 2) for at in range(rows)]
    lines = [json.dumps({"id": at, "label": some, "pad": wide}) for at, some in enumerate(truth)]
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    lines = [json.dumps({"id": at, "pred": list(map(str, some))}) for at, some in enumerate(truth)]
    (tmp_path / "p.jsonl").write_text("\n".join(lines[: rows - 2]))
    asked = {"data": tmp_path / "p.jsonl", "truth_file": tmp_path / "t.jsonl"}
    report = mleval.classify(**asked, missing="drop")
    assert report["subset_accuracy"].value == 1
    support = {name: row.support for name, row in report.classes.items()}
    assert support == {"1": rows / 2, "2": rows / 2, "x": rows / 4 - 1}
