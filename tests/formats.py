"""One set of predictions, in the shapes that real tools write it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from command import run
from pyarrow import feather, parquet

N = 60
CLASSES = ("cat", "dog", "eel")


def _draw(classes: int, seed: int) -> tuple[list[int], np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = draw.integers(classes, size=N)
    logits = draw.normal(size=(N, classes)) + 1.2 * np.eye(classes)[truth]
    p = np.exp(logits)
    p = np.round(p / p.sum(axis=1, keepdims=True), 4)
    p[:, -1] = np.round(1 - p[:, :-1].sum(axis=1), 4)
    return truth.tolist(), p


TRUTH2, P2 = _draw(2, 1)
TRUTH3, P3 = _draw(3, 2)
PRED2 = (P2[:, 1] >= 0.5).astype(int).tolist()
PRED3 = P3.argmax(axis=1).tolist()
SCORE = P2[:, 1].tolist()
NAMES3 = [CLASSES[k] for k in TRUTH3]
GUESS3 = [CLASSES[k] for k in PRED3]

Writer = Callable[[Path], Path]


def text_of(header: Sequence[str] | None, rows: Sequence[Sequence[Any]], sep: str = ",") -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=sep, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


def delimited(
    header: Sequence[str] | None, *columns: Sequence[Any], sep: str = ",", name: str = "p.csv"
) -> Writer:
    text = text_of(header, list(zip(*columns, strict=True)), sep)
    return content(text, name)


def content(text: str | bytes, name: str) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def lines(rows: Sequence[Any], name: str = "p.jsonl") -> Writer:
    return content("".join(json.dumps(row) + "\n" for row in rows), name)


def document(value: Any, indent: int | None = None) -> Writer:
    return content(json.dumps(value, indent=indent), "p.json")


def parquet_of(columns: dict[str, Any], name: str = "p.parquet") -> Writer:
    def write(folder: Path) -> Path:
        parquet.write_table(pa.table(columns), folder / name, row_group_size=25)
        return folder / name

    return write


def feather_of(columns: dict[str, Any], **options: Any) -> Writer:
    def write(folder: Path) -> Path:
        feather.write_feather(pa.table(columns), folder / "p.feather", **options)
        return folder / "p.feather"

    return write


def stream_of(columns: dict[str, Any]) -> Writer:
    def write(folder: Path) -> Path:
        table = pa.table(columns)
        with pa.ipc.new_stream(folder / "p.arrows", table.schema) as writer:
            writer.write_table(table, max_chunksize=17)
        return folder / "p.arrows"

    return write


def array_of(values: Any, name: str = "p.npy") -> Writer:
    def write(folder: Path) -> Path:
        np.save(folder / name, values, allow_pickle=False)
        return folder / name

    return write


def directory(*writers: Writer, markers: Sequence[str] = ("_SUCCESS", "_metadata")) -> Writer:
    """Part files in a directory, with the empty markers that Spark leaves beside them."""

    def write(folder: Path) -> Path:
        parts = folder / "predictions"
        parts.mkdir()
        for writer in writers:
            writer(parts)
        for marker in (*markers, ".part-00000.crc"):
            (parts / marker).touch()
        return parts

    return write


def spark_vectors(values: np.ndarray, sparse: Sequence[int] = ()) -> pa.Array:
    """Probability vectors as Spark writes its VectorUDT: some of them sparse."""
    kind = pa.struct(
        [("type", pa.int8()), ("size", pa.int32()), ("indices", pa.list_(pa.int32())),
         ("values", pa.list_(pa.float64()))]
    )  # fmt: skip
    rows = []
    for row, vector in enumerate(values.tolist()):
        if row in sparse:
            places = list(range(len(vector)))
            rows.append({"type": 0, "size": len(vector), "indices": places, "values": vector})
        else:
            rows.append({"type": 1, "size": None, "indices": None, "values": vector})
    return pa.array(rows, kind)


def report(path, *flags: str) -> dict:
    done = run("classify", str(path), "--json", "--no-intervals", *flags)
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


def close(exact: float) -> object:
    return pytest.approx(exact, abs=1e-12)


def value(found: dict, spec: str) -> float:
    return found["metrics"][spec]["value"]
