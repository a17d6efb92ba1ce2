"""Where tables come from: files and shards, standard input, gzip, Parquet, JSON lines, memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from test_reading import ROWS, columns, loaded, refusal, written

from mleval.errors import InputError, UsageError
from mleval.reading import find_roles, memory, open_source, ranges, read

EXPECTED = {
    "truth": ["1", "0", "1", "0"],
    "prediction": ["1", "1", "0", "0"],
    "score": [0.9, 0.6, 0.4, 0.1],
}
PLAIN = {"label": [1, 0, 1, 0], "pred": [1, 1, 0, 0], "score": [0.9, 0.6, 0.4, 0.1]}


class Stdin:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def parquet_file(folder, data, name="preds.parquet", **options):
    table = data if isinstance(data, pa.Table) else pa.table(data)
    parquet.write_table(table, folder / name, **options)
    return folder / name


# Files


def test_shards_are_one_table_whatever_the_order_of_their_columns(tmp_path):
    written(tmp_path, ROWS, "part-1.csv")
    written(tmp_path, "score,label,pred\n0.5,1,0\n", "part-2.csv")
    written(tmp_path, "label,pred,score\n", "part-3.csv")
    found = columns(str(tmp_path / "part-*.csv"))
    assert found["truth"] == [*EXPECTED["truth"], "1"]
    assert found["score"] == [*EXPECTED["score"], 0.5]
    assert columns([tmp_path / "part-1.csv", tmp_path / "part-2.csv"]) == found


def test_shards_of_other_columns_are_refused(tmp_path):
    one = written(tmp_path, ROWS, "a.csv")
    two = written(tmp_path, "label,pred,proba\n1,1,1\n", "b.csv")
    with pytest.raises(InputError) as raised:
        open_source([one, two])
    assert "b.csv lacks 'score' and has also 'proba'" in str(raised.value)
    assert "'label', 'pred', 'score'" in str(raised.value)


def test_places_name_the_shard(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RANGE_BYTES", 20)
    one = written(tmp_path, ROWS, "a.csv")
    two = written(tmp_path, ROWS + "1,1,x\n", "b.csv")
    message, _ = refusal([one, two])
    assert f"{two}, line 6: 'x'" in message


def test_an_empty_head_is_taken_from_the_next_shard(tmp_path):
    one = written(tmp_path, "label,pred,score\n", "a.csv")
    two = written(tmp_path, ROWS, "b.csv")
    assert open_source([one, two]).head().num_rows == 4


def test_a_file_named_twice_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path, ROWS, "a.csv")
    with pytest.raises(UsageError, match="is named twice: its rows would count twice"):
        open_source([path, str(path)])
    (tmp_path / "b.csv").symlink_to(path)
    (tmp_path / "c.csv").hardlink_to(path)
    for other in ("b.csv", "c.csv", f"../{tmp_path.name}/a.csv"):
        with pytest.raises(UsageError, match="is the same file as"):
            open_source([path, tmp_path / other])
    with pytest.raises(UsageError):
        open_source([str(tmp_path / "a*.csv"), str(path)])
    monkeypatch.setattr(sys, "stdin", Stdin(ROWS.encode()))
    with pytest.raises(UsageError, match="standard input is named twice"):
        open_source(["-", "-"])


def test_empty_shards_are_skipped(tmp_path):
    shards = [written(tmp_path, "", "a.csv"), written(tmp_path, ROWS, "b.csv")]
    assert columns(shards) == columns([shards[1]])
    source = open_source(shards)
    assert source.notices == (f"{shards[0]} is empty (0 bytes): skipped",)
    assert source.files == (shards[1],)
    with pytest.raises(InputError, match=r"a\.csv is empty"):
        open_source([shards[0], written(tmp_path, "", "c.csv")])


def test_a_missing_file_names_its_neighbours(tmp_path):
    written(tmp_path, ROWS, "preds.csv")
    with pytest.raises(InputError) as raised:
        open_source(tmp_path / "pred.csv")
    assert "no file" in str(raised.value)
    assert "'preds.csv'" in str(raised.value.hint)
    with pytest.raises(InputError) as raised:
        open_source(str(tmp_path / "nowhere" / "pred.csv"))
    assert "no directory" in str(raised.value.hint)
    with pytest.raises(InputError, match="no file matches"):
        open_source(str(tmp_path / "*.tsv"))


def test_directories_and_other_things_are_refused(tmp_path):
    with pytest.raises(InputError, match="is a directory") as raised:
        open_source(tmp_path)
    assert "*.csv" in str(raised.value.hint)
    for thing in (3, None, [1], []):
        with pytest.raises(UsageError):
            open_source(thing)


def test_a_file_name_with_brackets_is_a_file_first(tmp_path):
    assert columns(str(written(tmp_path, ROWS, "preds[1].csv"))) == EXPECTED


@pytest.mark.parametrize(
    ("start", "what", "hint"),
    [
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "Git LFS pointer",
            "git lfs",
        ),
        (b"PK\x03\x04\x00\x00", "Excel", "CSV"),
        (b"\x93NUMPY\x01\x00", "NumPy", "cut short"),
        (b"ARROW1\x00\x00", "Arrow", "cut short"),
        (b"<!DOCTYPE html><html>", "web page", "raw"),
        (b"BZh91AY&SY", "bzip2", "cut short"),
        (b"\x28\xb5\x2f\xfd\x00\x00", "zstandard", "copy or download"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path, start, what, hint):
    message, told = refusal(written(tmp_path, start))
    assert what in message
    assert hint in told


def test_first_bytes_tell_more_than_the_ending(tmp_path):
    assert columns(written(tmp_path, gzip.compress(ROWS.encode()), "preds.csv")) == EXPECTED
    assert columns(parquet_file(tmp_path, PLAIN, "preds.csv")) == EXPECTED
    lines = "".join(
        json.dumps(dict(zip(PLAIN, row, strict=True))) + "\n"
        for row in zip(*PLAIN.values(), strict=True)
    )
    assert columns(written(tmp_path, lines, "preds.txt")) == EXPECTED
    assert columns(written(tmp_path, ROWS, "preds")) == EXPECTED
    assert columns(written(tmp_path, ROWS, "preds.csv.gz")) == EXPECTED


@pytest.mark.parametrize("name", ["p.parquet", "p.jsonl", "p.jsonl.gz"])
def test_csv_by_another_name_is_read_and_told(tmp_path, name):
    path = written(tmp_path, "\ufeff" + ROWS, name)
    assert columns(path) == EXPECTED
    assert "holds CSV, not " in open_source(path).notices[0]


def test_text_by_the_name_of_parquet_is_told(tmp_path):
    message, hint = refusal(written(tmp_path, "some words\nand more\n", "p.parquet"))
    assert "p.parquet is text, not Parquet: it begins with 'some words'" in message
    assert ".csv" in hint
    message, _ = refusal(written(tmp_path, "some words\nand more\n", "p.jsonl"))
    assert "line 1: expected one JSON object, found 'some words'" in message


@pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p"])
def test_binary_data_are_no_text(tmp_path, name):
    random = np.random.default_rng(1)
    for size in (60, 5000):
        found = random.integers(0, 256, size).astype(np.uint8)
        for data in (found, found[found > 0]):
            assert "holds binary data, not text" in refusal(written(tmp_path, bytes(data), name))[0]
    sparse = np.where(found % 4 > 0, 0, found).astype(np.uint8)
    assert "binary data" in refusal(written(tmp_path, bytes(sparse), name))[0]
    assert "an image" in refusal(written(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(found), name))[0]


def test_control_codes_may_delimit_and_be_in_text(tmp_path):
    text = ROWS.replace(",", "\x01")
    path = written(tmp_path, text)
    (_, tally) = loaded(path, sep="\x01")
    assert tally.rows_used == 4
    assert columns({"label": ["\x1b[1m", "a"], "pred": ["a", "a"]})["truth"] == ["\x1b[1m", "a"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[{"label": 1}]', ("label",)),
        ('[\n  {"label": 1}\n]', ("label",)),
        ("[[1, 0], [0, 1]]", ("1", "2")),
        ("[1, 2,\n 3]", ("1",)),
        ('["a", "b"]', ("1",)),
        ('{\n  "label": [1, 0]\n}\n', ("label",)),
        ('{"label": [1],\n "pred": [0]}\n', ("label", "pred")),
        ('{"label": 1}\n', ("label",)),
    ],
)
def test_json_documents_are_told_from_text(tmp_path, text, names):
    assert open_source(written(tmp_path, text)).names == names


def test_long_lines_of_json_with_lists_of_objects_are_lines(tmp_path):
    row = {"label": 1, "pred": 1, "turns": [{"text": "x" * 5000}]}
    path = written(tmp_path, (json.dumps(row) + "\n") * 2, "p.txt")
    assert columns(path)["truth"] == ["1", "1"]


def test_a_long_first_line_of_json_is_a_line(tmp_path):
    row = {"label": 1, "pred": 1, "text": "x" * 5000}
    assert columns(written(tmp_path, json.dumps(row) + "\n", "p.txt"))["truth"] == ["1"]


def test_brackets_in_a_header_are_no_json(tmp_path):
    assert open_source(written(tmp_path, "[a],label,pred\n1,2,3\n")).names[0] == "[a]"


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_damaged_gzip_is_refused(tmp_path, keep):
    data = gzip.compress("".join(f"{i},{i * i}\n" for i in range(9000)).encode())
    message, hint = refusal(written(tmp_path, data[: int(len(data) * keep)], "preds.csv.gz"))
    assert "gzip data stops before its end" in message
    assert "cut short" in hint
    message, _ = refusal(written(tmp_path, data[:30] + b"\xff" * 40 + data[70:], "preds.csv.gz"))
    assert "gzip data cannot be decoded" in message


def test_compressed_utf16_is_read(tmp_path):
    assert columns(written(tmp_path, gzip.compress(ROWS.encode("utf-16")), "p.csv.gz")) == EXPECTED


@pytest.mark.parametrize("held", [8, 1 << 20])
@pytest.mark.parametrize("size", [10, 1 << 20])
def test_standard_input_is_read_again_for_places(monkeypatch, held, size):
    monkeypatch.setattr("mleval.reading.content.HELD_BYTES", held)
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    monkeypatch.setattr(sys, "stdin", Stdin(ROWS.encode()))
    assert columns("-") == EXPECTED
    monkeypatch.setattr(sys, "stdin", Stdin((ROWS + "1,1,x\n").encode()))
    assert "standard input, line 6: 'x'" in refusal("-")[0]
    monkeypatch.setattr(sys, "stdin", Stdin(gzip.compress(ROWS.encode())))
    assert columns("-") == EXPECTED


def test_standard_input_redirected_from_a_file(tmp_path, monkeypatch):
    with written(tmp_path, ROWS).open("rb") as file:
        redirected = Stdin(b"")
        redirected.buffer = file
        monkeypatch.setattr(sys, "stdin", redirected)
        assert columns("-") == EXPECTED


def test_a_pipe_is_read(tmp_path):
    import os
    import threading

    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text(ROWS))
    writer.start()
    assert columns(path) == EXPECTED
    writer.join()


def test_digests_are_of_the_bytes_as_stored(tmp_path, monkeypatch):
    path = written(tmp_path, gzip.compress(ROWS.encode()), "a.csv.gz")
    source = open_source(path)
    assert source.digest() == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.files == (path,)
    other = written(tmp_path, ROWS, "b.csv")
    assert open_source([path, other]).digest() != open_source([other, path]).digest()
    monkeypatch.setattr("mleval.reading.digest.HASHED_BYTES", 10)
    assert open_source(other).digest() == f"size:b.csv:{len(ROWS)}"
    assert open_source(PLAIN).digest() == open_source(pa.table(PLAIN)).digest()


# Parquet


@pytest.mark.parametrize("group", [1, 3, 100])
def test_parquet_is_read_by_row_groups(tmp_path, group):
    assert columns(parquet_file(tmp_path, PLAIN, row_group_size=group)) == EXPECTED


def test_huge_row_groups_are_read_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr("mleval.reading.parquet.PART_ROWS", 3)
    n = 20
    data = {
        "label": [str(i) for i in range(n)],
        "pred": ["a"] * n,
        "score": [i / n for i in range(n)],
    }
    data["score"][17] = float("nan")
    message, _ = refusal(parquet_file(tmp_path, data))
    assert "row 18: nan" in message
    data["score"][17] = 0.5
    assert columns(parquet_file(tmp_path, data))["truth"] == data["label"]


def test_parquet_strings_nulls_and_categories(tmp_path):
    table = pa.table(
        {
            "label": pa.array(["NA", None, "", "b"]).dictionary_encode(),
            "pred": pa.array(["NA", "b", "", "b"], pa.large_string()),
        }
    )
    found = columns(parquet_file(tmp_path, table, row_group_size=2))
    assert found == {"truth": ["NA", "b"], "prediction": ["NA", "b"]}


def test_damaged_parquet_is_refused(tmp_path):
    path = parquet_file(tmp_path, PLAIN)
    message, _ = refusal(written(tmp_path, path.read_bytes()[:-20], "cut.parquet"))
    assert "not readable as Parquet" in message
    whole = path.read_bytes()
    damaged = whole[:8] + bytes(len(whole) // 3) + whole[8 + len(whole) // 3 :]
    assert "not readable" in refusal(written(tmp_path, damaged, "bad.parquet"))[0]
    assert columns(written(tmp_path, gzip.compress(whole), "a.parquet.gz")) == EXPECTED


# JSON lines


def lines_of(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_json_lines(tmp_path):
    rows = [dict(zip(PLAIN, row, strict=True)) for row in zip(*PLAIN.values(), strict=True)]
    assert columns(written(tmp_path, lines_of(rows), "p.jsonl")) == EXPECTED
    text = "\n" + lines_of(rows).replace("\n", "\r\n\r\n")
    assert columns(written(tmp_path, text, "p.jsonl")) == EXPECTED
    assert columns(written(tmp_path, gzip.compress(text.encode()), "p.jsonl.gz")) == EXPECTED
    assert columns(written(tmp_path, lines_of(rows).encode("utf-16"), "p.jsonl")) == EXPECTED


@pytest.mark.parametrize("size", [1, 60, 1 << 20])
def test_json_values_of_mixed_types_keep_their_spelling(tmp_path, monkeypatch, size):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    labels = [1, "1", 1.0, True, "NA", 2, "x"]
    rows = [
        {"label": v, "pred": v, "score": s}
        for v, s in zip(labels, [1, 0.5, "0.25", 0, 1e-3, True, 0.0], strict=True)
    ]
    found = columns(written(tmp_path, lines_of(rows), "p.jsonl"))
    assert found["truth"] == ["1", "1", "1.0", "True", "NA", "2", "x"]
    assert found["score"] == [1, 0.5, 0.25, 0, 0.001, 1, 0]


@pytest.mark.parametrize("size", [40, 1 << 20])
def test_json_labels_that_change_after_the_head_keep_their_spelling(tmp_path, monkeypatch, size):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    monkeypatch.setattr("mleval.reading.jsonl.HEAD_ROWS", 2)
    rows = [{"label": v, "pred": 1} for v in [1, 0, 1, 1.0, "a", None, True]]
    rows += [{"pred": 1}, {"label": 0, "pred": 0, "new": [1]}]
    _, tally = loaded(written(tmp_path, lines_of(rows), "p.jsonl"))
    found = columns(written(tmp_path, lines_of(rows), "p.jsonl"))
    assert found["truth"] == ["1", "0", "1", "1.0", "a", "True", "0"]
    assert dict(tally.left_out) == {"no truth": 2}


@pytest.mark.parametrize("size", [30, 1 << 20])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"label": 1, "pred": ', "expected one JSON object"),
        ("[1, 2]", "expected a JSON object with named values"),
        ('{"label": {"a": 1}, "pred": 1}', "'label' holds {\"a\": 1}"),
    ],
)
def test_json_lines_that_are_wrong_are_located(tmp_path, monkeypatch, size, line, told):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    monkeypatch.setattr("mleval.reading.jsonl.HEAD_ROWS", 2)
    good = '{"label": 1, "pred": 1}\n\n'
    message, _ = refusal(written(tmp_path, good * 5 + line + "\n" + good, "p.jsonl"))
    assert "p.jsonl, line 11: " in message
    assert told in message


def test_bad_numbers_in_json_lines_are_located(tmp_path):
    rows = [{"label": i % 2, "score": 0.5} for i in range(9)]
    rows[4]["score"] = "abc"
    rows[6]["score"] = float("nan")
    message, _ = refusal(written(tmp_path, lines_of(rows), "p.jsonl"))
    assert "p.jsonl, line 5: 'abc'" in message
    assert "p.jsonl, line 7: nan" in message


# Memory


def frames():
    import pandas as pd
    import polars as pl

    arrays = {name: np.array(values) for name, values in PLAIN.items()}
    yield "lists", PLAIN
    yield "arrays", arrays
    yield "table", pa.table(PLAIN)
    yield "batch", pa.record_batch(PLAIN)
    yield "pandas", pd.DataFrame(PLAIN)
    yield "pandas, own index", pd.DataFrame(PLAIN, index=[5, 6, 7, 9])
    yield "pandas categorical", pd.DataFrame(PLAIN).astype({"label": "category", "pred": "str"})
    yield "polars", pl.DataFrame(PLAIN)
    yield (
        "polars categorical",
        pl.DataFrame(PLAIN).with_columns(
            pl.col("label").cast(pl.String).cast(pl.Categorical), pl.col("score").cast(pl.Float64)
        ),
    )
    yield (
        "polars narrow",
        pl.DataFrame(PLAIN).with_columns(
            pl.col("label").cast(pl.Int8), pl.col("pred").cast(pl.UInt16)
        ),
    )
    yield "series", {name: pd.Series(values) for name, values in PLAIN.items()}


@pytest.mark.parametrize(("name", "data"), list(frames()), ids=[name for name, _ in frames()])
@pytest.mark.parametrize("rows", [1, 3, 1 << 19])
def test_tables_in_memory(monkeypatch, name, data, rows):
    monkeypatch.setattr(memory, "PART_ROWS", rows)
    assert columns(data) == EXPECTED


def test_labels_of_other_types_are_spelled_as_python_does():
    import pandas as pd
    import polars as pl

    assert columns({"label": [1.0, 0.5, 2.0], "pred": [1, 2, 3]})["truth"] == ["1.0", "0.5", "2.0"]
    narrow = np.array([0.1, 1.0], dtype=np.float32)
    assert columns({"label": narrow, "pred": ["a", "b"]})["truth"] == ["0.1", "1.0"]
    assert columns({"label": [True, False], "pred": [1, 0]})["truth"] == ["True", "False"]
    assert columns({"label": [1, "a", 2.5], "pred": [1, 0, 0]})["truth"] == ["1", "a", "2.5"]
    gaps = pd.DataFrame({"label": [1.0, None, 0.0], "pred": ["a", "b", "c"]})
    assert columns(gaps) == {"truth": ["1.0", "0.0"], "prediction": ["a", "c"]}
    gaps = pl.DataFrame({"label": [1.0, float("nan"), 0.0], "pred": ["a", "b", None]})
    assert columns(gaps, missing="drop") == {"truth": ["1.0"], "prediction": ["a"]}


@pytest.mark.parametrize("kind", [pa.float32(), pa.float16(), pa.decimal128(8, 3), pa.string()])
def test_scores_of_other_types_are_numbers(kind):
    values = pa.array([0.5, None, 0.25])
    values = pa.array(["0.5", None, "0.25"]) if kind == pa.string() else values.cast(kind)
    table = pa.table({"label": ["a", "b", "a"], "score": values})
    assert columns(table, missing="drop")["score"] == [0.5, 0.25]


def test_slices_and_missing_cells_keep_their_places(monkeypatch):
    monkeypatch.setattr(memory, "PART_ROWS", 5)
    n = 23
    truth = [None if i % 4 == 0 else f"t{i}" for i in range(n)]
    score = [None if i % 3 == 0 else i / n for i in range(n)]
    table = pa.table({"label": pa.array(truth), "score": score}).slice(3)
    expected = [
        (t, s)
        for t, s in list(zip(truth, score, strict=True))[3:]
        if t is not None and s is not None
    ]
    found = columns(table, missing="drop")
    assert list(zip(found["truth"], found["score"], strict=True)) == expected
    assert "row 4: empty" in refusal(table)[0]


def test_tables_that_are_none_are_refused():
    message, _ = refusal({"label": [1, 2], "pred": [1]})
    assert "'label' 2, 'pred' 1" in message
    message, _ = refusal({"label": [1, 2], "pred": [[1, 2], [2]]})
    assert "column 'pred' should hold one label a row, found list" in message
    with pytest.raises(InputError, match="is no column of values"):
        open_source({"label": 3})


def test_numbers_in_memory_are_not_copied():
    values = np.linspace(0, 1, 1000)
    source = open_source({"label": [1] * 1000, "score": values})
    reading = read(source, find_roles(source))
    (load,) = reading.parts()
    assert np.shares_memory(load().numbers("score"), values)


def test_no_pandas_and_no_compute_for_a_csv_file(tmp_path):
    path = written(tmp_path, ROWS)
    jsonl = written(tmp_path, lines_of([{"label": "a", "pred": "b"}] * 3), "p.jsonl")
    parquet_path = parquet_file(
        tmp_path, {"label": ["a", "b"], "pred": ["a", "a"], "score": [0.5, 1]}
    )
    code = f"""
import sys
from mleval.reading import find_roles, open_source, read
assert "pyarrow" not in sys.modules
for path in {[str(path), str(jsonl), str(parquet_path)]!r}:
    source = open_source(path)
    reading = read(source, find_roles(source))
    for load in reading.parts(): load()
    reading.finish()
    if path.endswith("csv"):
        assert not {{"pyarrow.compute", "pyarrow.parquet"}} & set(sys.modules)
    assert "pandas" not in sys.modules, path
"""
    subprocess.run([sys.executable, "-c", code], check=True)
