"""Damaged files of every format: whatever the bytes, reading succeeds or refuses in words."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

from mleval.errors import MlevalError
from mleval.reading import (
    ColumnChoices,
    RegressionChoices,
    find_models,
    find_roles,
    open_source,
    read,
)

EXAMPLES = int(os.environ.get("MLEVAL_FUZZ", "14"))
"""Per format; `MLEVAL_FUZZ=5000 pytest tests/test_reader_fuzz.py` looks further."""

TABLE = {
    "id": [1, 2, 3, 4],
    "label": ["cat", "dog", "né, e", "dog"],
    "pred": ["cat", 'd"og', "cat", "dog"],
    "score": [0.5, 0.25, 1e-3, 1],
}
ROWS = [dict(zip(TABLE, row, strict=True)) for row in zip(*TABLE.values(), strict=True)]


def _text() -> str:
    cells = [",".join(TABLE), '1,cat,cat,0.5\n2,dog,"d""og",.25', '3,"né, e",cat,1e-3\n4,dog,dog,1']
    return "\n".join(cells) + "\n"


def _binary(write: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def _stream(stream: Any) -> None:
    table = pa.table(TABLE)
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table, max_chunksize=3)


_TEXT = _text().encode()
_FIELDS = [("label", "i4"), ("pred", "U3"), ("score", "f8")]
FILES: dict[str, bytes] = {
    "x.csv": _TEXT,
    "x.tsv": _text().replace(",", "\t").encode("utf-16"),
    "x.txt": _text().replace("\n", "\r\n").encode("cp1252"),
    "weka.csv": b"inst#,actual,predicted,error,prediction\n1,1:a,1:a,,0.7\n2,2:b,1:a,+,0.6\n\n",
    "x.jsonl": "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
    "x.json": json.dumps({"n": 4, "rows": ROWS}, indent=1, ensure_ascii=False).encode(),
    "columns.json": json.dumps(TABLE).encode(),
    "split.json": b'{"columns": ["label", "pred"], "data": [["a", 1], ["b", [2]]]}',
    "x.parquet": _binary(lambda s: parquet.write_table(pa.table(TABLE), s, row_group_size=3)),
    "x.feather": _binary(lambda s: feather.write_feather(pa.table(TABLE), s)),
    "x.arrows": _binary(_stream),
    "x.npy": _binary(lambda s: np.save(s, np.array([(1, "a", 0.5), (0, "bc", 0.25)], _FIELDS))),
    "wide.npy": _binary(lambda s: np.save(s, np.asfortranarray([[1, 0, 0.5], [0, 1, 0.25]]))),
    "x.csv.gz": gzip.compress(_TEXT, mtime=0),
    "x.csv.bz2": bz2.compress(_TEXT),
    "x.jsonl.zst": pa.compress(
        "".join(json.dumps(row) + "\n" for row in ROWS).encode(), codec="zstd", asbytes=True
    ),
}  # fmt: skip

_TELLING = [
    b'"',
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b",",
    b"[",
    b"{",
    b"}",
    b"]",
    b"\\ud800",
    b"9" * 25,
    b"\xef\xbb\xbf",
    b"-",
    b"e999",
    b"nan",
    b"null",
    b":",
    b"\xed\xa0\x80",
]


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The file with some of its bytes flipped, cut, put in twice or written over."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["flip", "byte", "cut", "drop", "insert", "repeat"]))
        if kind == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
        elif kind == "byte" and at < len(data):
            data = data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at]
        elif kind == "drop":
            data = data[:at] + data[at + draw(st.integers(1, 20)) :]
        elif kind == "insert":
            put = draw(st.sampled_from(_TELLING) | st.binary(min_size=1, max_size=8))
            data = data[:at] + put + data[at:]
        elif kind == "repeat":
            data = data[:at] + data[at : at + draw(st.integers(1, 40))] * 2 + data[at:]
    return data


CHOICES = (
    ColumnChoices(),
    ColumnChoices(truth="label", prediction="pred"),
    ColumnChoices(truth="1", prediction="2"),
    RegressionChoices(),
    RegressionChoices(truth="label", prediction="prob_1"),
)


def attempt(name: str, data: bytes) -> None:
    """Every way of reading the file, which may refuse it and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        try:
            source = open_source(file)
            source.head()
        except MlevalError:
            return
        for choices in CHOICES:
            try:
                reading = read(source, find_roles(source, choices))
                for load in reading.parts():
                    load()
                reading.finish()
            except MlevalError:
                continue
        for of_command in (ColumnChoices(), RegressionChoices()):
            with suppress(MlevalError):
                find_models(source, of_command)


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_read_before_they_are_damaged(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    assert open_source(tmp_path / name).head().num_rows in (2, 4, 3)
    attempt(name, FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None)
    @given(mutated(FILES[name]))
    def check(data: bytes) -> None:
        attempt(name, data)

    check()


@settings(max_examples=4 * EXAMPLES, derandomize=True, deadline=None, database=None)
@given(
    st.sampled_from(["x.csv", "x.json", "x.jsonl", "x.parquet", "x.arrow", "x.npy", "x"]),
    st.sampled_from([b"", b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff", b"\x93NUMPY\1\0", b"{",
                     b"[", b"label,pred\n", b"\x1f\x8b\x08", b"BZh9", b"\x28\xb5\x2f\xfd"]),
    st.binary(max_size=200) | st.text(max_size=80).map(str.encode),
)  # fmt: skip
def test_random_bytes_are_read_or_refused(name: str, magic: bytes, rest: bytes) -> None:
    attempt(name, magic + rest)


def rows_read(name: str, data: bytes, **written: Any) -> int | None:
    """How many rows are read, or None when they are refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        try:
            source = open_source(file, **written)
            reading = read(source, find_roles(source, CHOICES[1]))
            for load in reading.parts():
                load()
            return reading.finish().rows_read
        except MlevalError:
            return None


def _decoded(data: bytes) -> str:
    """As the reader decodes it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _objects(text: str) -> int:
    """How many lines hold an object, when every line does."""
    lines = [line for line in text.split("\n") if line.strip()]
    assert all(isinstance(json.loads(line), dict) for line in lines)
    return len(lines)


def _repeated(rows: list[dict[str, Any]], times: int) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows * times).encode()


@settings(max_examples=8 * EXAMPLES, derandomize=True, deadline=None, database=None)
@given(st.sampled_from([1, 300]).flatmap(lambda times: mutated(_repeated(ROWS, times))))
def test_json_lines_are_read_whole_or_refused(data: bytes) -> None:
    """An independent reader finds as many objects as were read, one on every line."""
    found = rows_read("x.jsonl", data)
    if found is not None:
        assert found == _objects(_decoded(data))


@settings(max_examples=8 * EXAMPLES, derandomize=True, deadline=None, database=None)
@given(st.booleans().flatmap(lambda under: mutated(_document(under))))
def test_json_documents_are_read_whole_or_refused(data: bytes) -> None:
    """What was read is a whole document to Python's own reader too, of as many rows."""
    found, text = rows_read("x.json", data), _decoded(data)
    if found is None or text.lstrip()[:1] not in ("[", "{"):
        return
    try:
        document = json.loads(text)
    except ValueError:  # what is around the rows is broken; they are not
        decoder = json.JSONDecoder(strict=False)
        starts = [place for place, sign in enumerate(text) if sign == "["]
        assert found in {len(decoder.raw_decode(text, place)[0]) for place in starts}
        return
    assert found in _row_counts(document)


def _document(under: bool) -> bytes:
    return json.dumps({"n": 4, "rows": ROWS * 30} if under else ROWS * 30).encode()


def _row_counts(document: Any) -> set[int]:
    """As how many rows a document may be meant."""
    if isinstance(document, list):
        return {len(document)}
    held = [len(value) for value in document.values() if isinstance(value, list | dict)]
    return {1, *held} | {
        count
        for value in document.values()
        if isinstance(value, dict)
        for count in _row_counts(value)
    }


@settings(max_examples=12 * EXAMPLES, derandomize=True, deadline=None, database=None)
@given(st.sampled_from([1, 300]), st.data())
def test_quotes_and_cuts_lose_no_row_of_csv(times: int, data: st.DataObject) -> None:
    """As many rows as Python's csv finds, where the quotes leave it no doubt; else a refusal."""
    body = _text().split("\n", 1)[1]
    text = ",".join(TABLE) + "\n" + body * times
    at = data.draw(st.integers(len(",".join(TABLE)) + 1, len(text)))
    text = data.draw(st.sampled_from([text[:at] + '"' + text[at:], text[:at]]))
    found = rows_read("x.csv", text.encode(), sep=",", header=True)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    except csv.Error as error:
        if "unexpected end" in str(error):
            assert found is None
        return
    if found is not None:
        assert found == len([record for record in records if record])
