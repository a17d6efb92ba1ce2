"""The same rows in random formats, dialects, orders and shards: the same report."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from command import run
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

import mleval

ROWS = 60
LABELS = ("chat", "né, e", "NA")


def _binary() -> dict[str, list[Any]]:
    draw = np.random.default_rng(1)
    truth = draw.integers(0, 2, ROWS)
    score = np.clip(truth * 0.3 + draw.random(ROWS) * 0.7, 0, 1).round(2)
    guess = (score > 0.45).astype(int)
    extra = {"sample_weight": (draw.integers(1, 4, ROWS) / 2).tolist()}
    return {"y_true": truth.tolist(), "y_pred": guess.tolist(), "y_prob": score.tolist()} | extra


def _several() -> dict[str, list[Any]]:
    draw = np.random.default_rng(2)
    truth = draw.integers(0, 3, ROWS)
    raw = draw.random((ROWS, 3)) + np.eye(3)[truth]
    share = (raw / raw.sum(axis=1, keepdims=True)).round(6)
    names = {"label": truth, "prediction": share.argmax(axis=1)}
    labels = {key: [LABELS[code] for code in codes] for key, codes in names.items()}
    return labels | {f"prob_{name}": share[:, k].tolist() for k, name in enumerate(LABELS)}


def _sets() -> dict[str, list[Any]]:
    draw = np.random.default_rng(3)
    names = np.array(["red", "né", "blue sky", "0"])

    def column() -> list[list[str]]:
        return [names[row].tolist() for row in draw.random((ROWS, 4)) < 0.4]

    return {"true_labels": column(), "predicted_labels": column()}


def _with_gaps() -> dict[str, list[Any]]:
    draw = np.random.default_rng(4)
    truth: list[Any] = draw.choice(["a", "b", "c"], ROWS).tolist()
    guess = draw.choice(["a", "b", "c"], ROWS).tolist()
    for row in (0, 7, 59):
        truth[row] = None
    return {"label": truth, "prediction": guess}


TABLES = (_binary(), _several(), _sets(), _with_gaps())
Table = dict[str, list[Any]]


def _delimited(table: Table, sep: str, quoting: int, end: str, encoding: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=sep, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(table)
    cells = zip(*table.values(), strict=True)
    writer.writerows([["|".join(c) if isinstance(c, list) else c for c in row] for row in cells])
    return stream.getvalue().encode(encoding)


def _objects(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def _lines(table: Table) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in _objects(table)).encode()


def _binary_file(write: Callable[[pa.Table, Any], Any], table: Table) -> bytes:
    stream = io.BytesIO()
    write(pa.table(table), stream)
    return stream.getvalue()


def _stream(table: pa.Table, file: Any) -> None:
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=13)


def _packed(data: bytes) -> st.SearchStrategy[tuple[str, bytes]]:
    return st.sampled_from(
        [
            ("", data),
            (".gz", gzip.compress(data, mtime=0)),
            (".bz2", bz2.compress(data)),
            (".zst", pa.compress(data, codec="zstd", asbytes=True)),
        ]
    )


def _writer(draw: st.DrawFn) -> tuple[str, Callable[[Table], bytes]]:
    """An ending and what writes a table in it: shards are written alike."""
    kinds = ["csv", "csv", "csv", "jsonl", "json", "parquet", "feather", "arrows"]
    kind = draw(st.sampled_from(kinds))
    if kind == "csv":
        sep = draw(st.sampled_from(",;\t|"))
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        end = draw(st.sampled_from(["\n", "\r\n"]))
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
        return "csv", lambda table: _delimited(table, sep, quoting, end, encoding)
    if kind == "json":
        holder = draw(st.sampled_from([None, "rows", "data"]))
        return kind, lambda t: json.dumps({holder: _objects(t)} if holder else _objects(t)).encode()
    writers: dict[str, Callable[[Table], bytes]] = {
        "jsonl": _lines,
        "parquet": lambda t: _binary_file(
            lambda table, file: parquet.write_table(table, file, row_group_size=17), t
        ),
        "feather": lambda t: _binary_file(feather.write_feather, t),
        "arrows": lambda t: _binary_file(_stream, t),
    }
    return kind, writers[kind]


@st.composite
def files(draw: st.DrawFn) -> tuple[int, list[tuple[str, bytes]]]:
    """Which table, and the files that hold it."""
    which = draw(st.integers(0, len(TABLES) - 1))
    names = draw(st.permutations(list(TABLES[which])))
    order = draw(st.permutations(range(ROWS)))
    shards = draw(st.integers(1, 3))
    ending, write = _writer(draw)
    found = []
    for shard in range(shards):
        places = order[shard::shards]
        table = {name: [TABLES[which][name][place] for place in places] for name in names}
        packing, data = draw(_packed(write(table)))
        found.append((f"part-{shard}.{ending}{packing}", data))
    return which, found


def reported(
    written: list[tuple[str, bytes]],
    *,
    truths: tuple[str, bytes] | None = None,
    piped: bool = False,
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name, _ in written]
        for path, (_, data) in zip(paths, written, strict=True):
            path.write_bytes(data)
        more: tuple[str, ...] = ()
        if truths is not None:
            beside = Path(folder) / f"truth-{truths[0]}"
            beside.write_bytes(truths[1])
            more = ("--truth-file", str(beside))
        if piped:
            done = run("classify", "-", "--json", stdin=written[0][1])
        else:
            done = run("classify", *map(str, paths), "--json", *more)
    assert done.status == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def substance(report: dict[str, Any]) -> dict[str, Any]:
    """All that a report says of the rows, and nothing of how they are written."""
    kept = {key: report[key] for key in ("task", "metrics", "classes", "confusion")}
    kept["rows"] = report["provenance"]["rows"], report["provenance"]["labels"]
    # Of the files, and not of the rows, are what the warnings about encoding and keys say.
    named = ("part-", "standard input")
    kept["warnings"] = sorted(w for w in report["warnings"] if not any(n in w for n in named))
    return kept


def assert_same(one: Any, other: Any, at: str = "") -> None:
    """Equal but for the last digits of numbers (DESIGN.md, section 5)."""
    if isinstance(one, dict):
        assert sorted(one) == sorted(other), at
        for key in one:
            assert_same(one[key], other[key], f"{at}/{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), at
        for place, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{at}/{place}")
    elif isinstance(one, float):
        assert abs(one - other) <= 1e-12 * max(abs(one), abs(other), 1), (at, one, other)
    else:
        assert one == other, at


PLAIN = [
    substance(reported([("part-0.csv", _delimited(table, ",", csv.QUOTE_MINIMAL, "\n", "utf-8"))]))
    for table in TABLES
]


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(files())
def test_the_same_rows_give_the_same_report(
    given_files: tuple[int, list[tuple[str, bytes]]],
) -> None:
    which, written = given_files
    assert_same(PLAIN[which], substance(reported(written)))


@settings(max_examples=20, derandomize=True, deadline=None, database=None)
@given(files())
def test_a_file_and_a_pipe_give_the_same_report(
    given_files: tuple[int, list[tuple[str, bytes]]],
) -> None:
    _, written = given_files
    assert_same(substance(reported(written[:1])), substance(reported(written[:1], piped=True)))


@st.composite
def joined(draw: st.DrawFn) -> tuple[int, list[tuple[str, bytes]], tuple[str, bytes]]:
    """A table as predictions and truths in files of their own, each in an order of its own."""
    which = draw(st.sampled_from([0, 1, 2]))
    table: Table = {"id": [f"r{place}" for place in range(ROWS)], **TABLES[which]}
    truth = next(iter(TABLES[which]))
    shards = draw(st.integers(1, 3))
    order = draw(st.permutations(range(ROWS)))
    ending, write = _writer(draw)
    found = []
    for shard in range(shards):
        places = order[shard::shards]
        rows = {n: [table[n][place] for place in places] for n in table if n != truth}
        packing, data = draw(_packed(write(rows)))
        found.append((f"part-{shard}.{ending}{packing}", data))
    places = draw(st.permutations(range(ROWS)))
    rows = {name: [table[name][place] for place in places] for name in ("id", truth)}
    ending, write = _writer(draw)
    return which, found, (f"x.{ending}", write(rows))


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(joined())
def test_truths_in_a_file_of_their_own_give_the_same_report(
    given_files: tuple[int, list[tuple[str, bytes]], tuple[str, bytes]],
) -> None:
    which, written, truths = given_files
    assert_same(PLAIN[which], substance(reported(written, truths=truths)))


def test_arrays_in_memory_and_in_a_npy_file_give_the_same_report() -> None:
    table = TABLES[0]
    fields = [(name, np.asarray(cells).dtype) for name, cells in table.items()]
    array = np.array(list(zip(*table.values(), strict=True)), dtype=fields)
    stream = io.BytesIO()
    np.save(stream, array)
    assert_same(PLAIN[0], substance(reported([("part-0.npy", stream.getvalue())])))
    report = mleval.classify({name: np.asarray(cells) for name, cells in table.items()})
    assert_same(PLAIN[0], substance(json.loads(json.dumps(report.to_dict()))))
