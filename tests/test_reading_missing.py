"""What a missing cell is: the same in every format, and in Python."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import feather, parquet
from test_reading import columns, loaded, refusal, spelled, written

Rows = Mapping[str, Sequence[str | None]]


def in_every_format(folder: Path, rows: Rows) -> Iterator[tuple[str, Any]]:
    """The same rows as each format writes text, "" for a missing cell."""
    blank = {name: [cell or "" for cell in cells] for name, cells in rows.items()}
    yield from as_text(folder, blank)
    yield from as_json(folder, blank)
    yield from as_arrow(folder, blank)
    yield "pandas", pd.DataFrame(blank)
    yield "polars", pl.DataFrame(blank)
    yield "lists", blank
    yield "objects", {n: np.array(c, dtype=object) for n, c in blank.items()}


def as_text(folder: Path, rows: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Any]]:
    lines = [list(rows), *zip(*rows.values(), strict=True)]
    text = "".join(",".join(line) + "\n" for line in lines)
    yield "csv", written(folder, text, "x.csv")
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    yield "quoted csv", written(folder, text, "q.csv")


def as_json(folder: Path, rows: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Any]]:
    objects = [dict(zip(rows, line, strict=True)) for line in zip(*rows.values(), strict=True)]
    lists = [{name: [cell] for name, cell in row.items()} for row in objects]
    yield "json", written(folder, json.dumps(objects), "x.json")
    yield "json lines", written(folder, "\n".join(map(json.dumps, objects)), "x.jsonl")
    yield "json by column", written(folder, json.dumps(rows), "c.json")
    yield "json lists", written(folder, "\n".join(map(json.dumps, lists)), "l.jsonl")


def as_arrow(folder: Path, rows: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Any]]:
    table = pa.table(rows)
    parquet.write_table(table, folder / "x.parquet")
    feather.write_feather(table, folder / "x.feather")
    structured = np.array(list(zip(*rows.values(), strict=True)), dtype=[(n, "U9") for n in rows])
    stream = io.BytesIO()
    np.save(stream, structured)
    yield "parquet", folder / "x.parquet"
    yield "feather", folder / "x.feather"
    yield "numpy", written(folder, stream.getvalue(), "x.npy")
    yield "arrow", table
    yield "sliced", pa.concat_tables([table, table]).combine_chunks().slice(table.num_rows)
    yield "dictionary", pa.table({n: pa.array(c).dictionary_encode() for n, c in rows.items()})
    yield "large", table.cast(pa.schema([(n, pa.large_string()) for n in rows]))


def test_the_empty_text_is_an_empty_cell_in_every_format(tmp_path):
    rows: dict[str, Sequence[str | None]] = {
        "id": ["x", "y", None, "z"],
        "label": ["a", None, "b", "a"],
        "pred": ["a", "b", "b", None],
        "score": ["0.5", "1", "0.25", "0.75"],
    }
    for name, data in in_every_format(tmp_path, rows):
        (batch,), tally = loaded(data, ids=True, missing="drop")
        assert dict(tally.left_out) == {"no truth": 1, "missing prediction": 1}, name
        assert spelled(batch.labels("truth")) == ["a", "b"], name
        assert batch.texts("id").cells(np.arange(2)).tolist() == ["x", ""], name
        assert batch.numbers("score").tolist() == [0.5, 0.25], name


def test_an_empty_score_is_missing_in_every_format(tmp_path):
    rows = {"label": ["a", "b", "a"], "pred": ["a", "b", "b"], "score": ["0.5", "", "1"]}
    for name, data in in_every_format(tmp_path, rows):
        assert "found 1 empty cell in 'score'" in refusal(data)[0], name
        assert columns(data, missing="drop")["score"] == [0.5, 1], name


def test_an_empty_mark_is_missing_in_every_format(tmp_path):
    rows = {"a_true": ["1", "", "0"], "a_pred": ["1", "1", "0"]}
    rows |= {"b_true": ["1", "1", "0"], "b_pred": ["1", "0", ""]}
    for name, data in in_every_format(tmp_path, rows):
        _, tally = loaded(data, missing="drop")
        assert dict(tally.left_out) == {"no truth": 1, "missing prediction": 1}, name


@pytest.mark.parametrize("gap", [None, float("nan"), np.float32("nan"), "", pd.NA, pd.NaT])
def test_what_stands_for_no_label_in_python(gap):
    expected = {"truth": ["a", "b"], "prediction": ["a", "a"]}
    cells = {"label": ["a", gap, "b"], "pred": ["a", "b", "a"]}
    assert columns(cells) == expected
    assert columns({n: np.array(c, dtype=object) for n, c in cells.items()}) == expected
    assert columns(pd.DataFrame(cells)) == expected
    mixed = {"label": [1, gap, "b"], "pred": [1, "b", 1]}
    assert columns(mixed) == {"truth": ["1", "b"], "prediction": ["1", "1"]}
    integers = {"label": [1, gap, 0], "pred": [1, 1, 0]}
    assert columns(integers) == {"truth": ["1", "0"], "prediction": ["1", "0"]}


def test_words_for_missing_are_labels_in_python_too():
    cells = ["nan", "None", "NA", "null", " "]
    assert columns({"label": cells, "pred": cells})["truth"] == cells


def test_lists_beside_gaps_and_beside_text():
    cells = {"label": [["a"], float("nan"), ["b"]], "pred": [["a"], ["b"], ["a"]]}
    assert columns(cells) == {"truth": ["a", "b"], "prediction": ["a", "a"]}
    message, hint = refusal({"label": [["a"], "b"], "pred": ["a", "b"]})
    assert "column 'label' is no column of values (list)" in message
    assert "lists alike" in hint


def test_nan_among_labels_of_json_is_no_class(tmp_path):
    text = '{"label": "a", "pred": "a"}\n{"label": NaN, "pred": "a"}\n'
    assert columns(written(tmp_path, text, "x.jsonl"))["truth"] == ["a"]
    text = '{"label": ["a", NaN], "pred": ["a", "b"]}'
    assert columns(written(tmp_path, text, "x.json"))["truth"] == ["a"]
