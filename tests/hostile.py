"""Broken and strange files: what each holds, and how a command on it must end."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import feather, parquet

READ, REFUSED = 0, 3
Maker = Callable[[Path], Any]


class Hostile(NamedTuple):
    """One file: `maker` writes it at a path, `said` is what stderr, or the report, must hold.

    apart: run in a process of its own, under a limit of memory; flags: of the command.
    """

    what: str
    name: str
    maker: Maker
    status: int
    said: str
    flags: str = ""
    apart: bool = False


def _holds(data: str | bytes) -> Maker:
    return lambda path: path.write_bytes(data.encode() if isinstance(data, str) else data)


def _cut(data: bytes, keep: float | int) -> Maker:
    """The first bytes: a share of them, or all but so many when negative."""
    return _holds(data[:keep] if isinstance(keep, int) else data[: int(len(data) * keep)])


def _changed(data: bytes, old: bytes, new: bytes) -> Maker:
    assert old in data
    return _holds(data.replace(old, new))


def _saved(write: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def _stream(stream: Any) -> None:
    with pa.ipc.new_stream(stream, TABLE.schema) as writer:
        writer.write_table(TABLE)


def _npy_header(header: str, data: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def _bomb(path: Path) -> None:
    """300 MB of zeros in 300 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    path.write_bytes(b"".join([packer.compress(block) for _ in range(300)]) + packer.flush())


def _row_bomb(path: Path) -> None:
    """300 MB of one row that never ends, after a header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"a" * (1 << 20)
    parts = [packer.compress(b"label,pred\n1,")] + [packer.compress(block) for _ in range(300)]
    path.write_bytes(b"".join(parts) + packer.flush())


def _sparse(start: str = "") -> Maker:
    """10 GB that take no room on the disk: what a crash or a download can leave."""

    def make(path: Path) -> None:
        path.write_text(start)
        os.truncate(path, 10 << 30)

    return make


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nothing")


def _below_a_file(path: Path) -> None:
    path.parent.write_text("label,pred\n1,1\n")


def _directory(path: Path) -> None:
    path.mkdir()


def _directory_of(**files: str | bytes) -> Maker:
    def make(path: Path) -> None:
        path.mkdir()
        for name, data in files.items():
            (path / name.replace("__", ".")).write_bytes(
                data.encode() if isinstance(data, str) else data
            )

    return make


def _wide(columns: int) -> str:
    names = ",".join(f"x{k}" for k in range(columns))
    cells = ",".join(["0"] * columns)
    return f"label,pred,{names}\n1,1,{cells}\n0,1,{cells}\n"


def _json_lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


H = "label,pred\n"
PLAIN = {"label": ["cat", "dog"] * 500, "pred": ["cat", "cat", "dog", "dog"] * 250}
TABLE = pa.table(PLAIN)
CSV = H.encode() + b"".join(
    b"%s,%s\n" % (a.encode(), b.encode()) for a, b in zip(*PLAIN.values(), strict=True)
)
NOISE = H.encode() + b"".join(
    b"%d,%d\n" % tuple(r) for r in np.random.default_rng(1).integers(9, size=(40000, 2))
)
JSON = json.dumps([{"label": a, "pred": b} for a, b in zip(*PLAIN.values(), strict=True)]).encode()
PARQUET = _saved(lambda s: parquet.write_table(TABLE, s))
FEATHER = _saved(lambda s: feather.write_feather(TABLE, s))
PLAIN_ARROW = _saved(lambda s: feather.write_feather(TABLE, s, compression="uncompressed"))
STREAM = _saved(_stream)
NPY = _saved(lambda s: np.save(s, np.array([[1, 0], [0, 0]], dtype=np.int64)))
PICKLED = _saved(lambda s: np.save(s, np.array([{"a": 1}, None], dtype=object), allow_pickle=True))
ZST = pa.compress(NOISE, codec="zstd", asbytes=True)
DEEP = "[" * 100_000 + "]" * 100_000

TEXT = [
    # FORMATS.md, section 3
    Hostile("CRLF", "x.csv", _holds(f"{H}1,1\n0,1\n".replace("\n", "\r\n")), READ, '"rows": 2'),
    Hostile(
        "a byte order mark",
        "x.csv",
        _holds(b"\xef\xbb\xbf" + f"{H}1,1\n0,1\n".encode()),
        READ,
        '"rows": 2',
    ),
    Hostile("spaces in headers", "x.csv", _holds(" label , pred \n1,1\n0,1\n"), READ, '"rows": 2'),
    Hostile(
        "a blank first header", "x.csv", _holds(",label,pred\n0,1,1\n1,0,1\n"), READ, '"rows": 2'
    ),
    Hostile(
        "empty cells of prediction",
        "x.csv",
        _holds(f"{H}1,1\n0,\n"),
        REFUSED,
        "x.csv, line 3: empty",
    ),
    Hostile(
        "rows without truth",
        "x.csv",
        _holds(f"{H}1,1\n,1\n0,0\n"),
        READ,
        "1 of 3 rows is left out: 1 no truth",
    ),
    Hostile("no truth in any row", "x.csv", _holds(f"{H},1\n,1\n"), REFUSED, "empty in all 2 rows"),
    Hostile(
        "scientific notation", "x.csv", _holds("label,score\n1,9e-1\n0,1E-3\n"), READ, '"rows": 2'
    ),
    Hostile(
        "points without a zero", "x.csv", _holds("label,score\n1,.9\n0,.00025\n"), READ, '"rows": 2'
    ),
    Hostile(
        "True and False", "x.csv", _holds(f"{H}True,1\nFalse,0\n"), READ, "true = 1, false = 0"
    ),
    Hostile("quoted newlines", "x.csv", _holds(f'{H}"a\nb","a\nb"\nc,c\n'), READ, '"rows": 2'),
    Hostile("a single column", "x.csv", _holds("label\n1\n0\n"), REFUSED, "no prediction"),
    Hostile(
        "repeated headers, copies",
        "x.csv",
        _holds("label,pred,pred\n1,1,1\n0,1,1\n"),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "repeated headers that differ",
        "x.csv",
        _holds("label,pred,pred\n1,1,0\n0,1,1\n"),
        REFUSED,
        "two columns 'pred' with different values",
    ),
    Hostile("tabs in a .csv", "x.csv", _holds("label\tpred\n1\t1\n0\t1\n"), READ, '"rows": 2'),
    Hostile("semicolons in a .csv", "x.csv", _holds("label;pred\n1;1\n0;1\n"), READ, '"rows": 2'),
    Hostile("no header", "x.csv", _holds("1,1,0.5\n0,1,0.75\n"), REFUSED, "--truth 1"),
    Hostile(
        "a header that is literally 0", "x.csv", _holds("0\n1\n0\n"), REFUSED, "its columns are '0'"
    ),
    Hostile("a blank first data row", "x.csv", _holds(f"{H}\n1,1\n0,1\n"), READ, '"rows": 2'),
    Hostile(
        "ragged rows", "x.csv", _holds(f"{H}1,1\n0\n1,1,1\n"), REFUSED, "x.csv, line 3: 1 cell"
    ),
    Hostile(
        "percent signs",
        "x.csv",
        _holds("label,prob\n1,50.50%\n0,2%\n"),
        REFUSED,
        "x.csv, line 2: '50.50%'",
    ),
    Hostile("0.0 against 0", "x.csv", _holds(f"{H}0.0,0\n1.0,1\n"), READ, "compared as numbers"),
    Hostile(
        "attack/normal against 1/0",
        "x.csv",
        _holds(f"{H}attack,1\nnormal,0\n"),
        REFUSED,
        "no label in common",
    ),
    Hostile(
        "outcomes of 0.5",
        "x.csv",
        _holds("label,prob\n1,.9\n0.5,.5\n0,.1\n"),
        REFUSED,
        "cannot tell 3 classes apart: 0, 0.5, 1",
    ),
    Hostile(
        "arrays without commas",
        "x.csv",
        _holds('label,probs\n0,"[0.98 0.02]"\n1,"[.1 .9]"\n'),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "arrays elided",
        "x.csv",
        _holds('label,probs\n0,"[0.1 ... 0.2]"\n1,"[.1 .9]"\n'),
        REFUSED,
        "numbers left out",
    ),
    Hostile(
        "tensors",
        "x.csv",
        _holds(f"{H}tensor(5001),tensor(5001)\ntensor(1),tensor(5001)\n"),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "backslashes",
        "x.csv",
        _holds("file,label,pred\nC:\\new\\table,1,1\nC:\\x,0,1\n"),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "train and test rows",
        "x.csv",
        _holds("split,label,pred\ntrain,1,1\ntest,0,1\n"),
        READ,
        "split",
    ),
    Hostile(
        "a Git LFS pointer",
        "x.csv",
        _holds("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n"),
        REFUSED,
        "x.csv is a Git LFS pointer",
    ),
    Hostile("a JSON array", "x.json", _holds(JSON), READ, '"rows": 1000'),
    Hostile(
        "an object holding the list",
        "x.json",
        _holds(b'{"results": ' + JSON + b"}"),
        READ,
        "'results'",
    ),
    Hostile(
        "JSON lines",
        "x.jsonl",
        _holds(_json_lines({"label": 1, "pred": 1}, {"label": 0, "pred": 1})),
        READ,
        '"rows": 2',
    ),
    Hostile("UTF-16", "x.csv", _holds(CSV.decode().encode("utf-16")), READ, '"rows": 1000'),
    Hostile(
        "UTF-16 without a mark", "x.csv", _holds(CSV.decode().encode("utf-16-le")), READ, "UTF-16"
    ),
    Hostile("UTF-32", "x.csv", _holds(CSV.decode().encode("utf-32")), READ, '"rows": 1000'),
    Hostile(
        "Windows-1252",
        "x.csv",
        _holds(f"{H}café,café\nthé,café\n".encode("cp1252")),
        READ,
        "Windows-1252",
    ),
    # What classify refuses
    Hostile("nothing", "x.csv", _holds(""), REFUSED, "x.csv is empty"),
    Hostile("blank lines", "x.csv", _holds("\n\r\n\n"), REFUSED, "x.csv is empty"),
    Hostile("a mark and no text", "x.csv", _holds(b"\xef\xbb\xbf"), REFUSED, "x.csv is empty"),
    Hostile("a header alone", "x.csv", _holds(H), REFUSED, "x.csv has a header but no rows"),
    Hostile(
        "no truth",
        "x.csv",
        _holds("a,b\n1,2\n"),
        REFUSED,
        "x.csv has no column that is named like a truth",
    ),
    Hostile(
        "unknown columns",
        "x.csv",
        _holds(f"{H}1,1\n"),
        REFUSED,
        "x.csv has no column 'lable'",
        "--truth lable",
    ),
    Hostile(
        "two truths",
        "x.csv",
        _holds("y_true,Y True,pred\n1,0,1\n0,0,1\n"),
        REFUSED,
        "2 columns may be the truth",
    ),
    Hostile(
        "probabilities above 1",
        "x.csv",
        _holds("label,prob\n1,1.5\n0,.1\n"),
        REFUSED,
        "x.csv, line 2: 1.5",
    ),
    Hostile(
        "scores that are nan",
        "x.csv",
        _holds("label,prob\n1,nan\n0,-inf\n"),
        REFUSED,
        "x.csv, line 3: -inf",
    ),
    Hostile(
        "scores beyond floats",
        "x.csv",
        _holds("label,score\n1,1e999\n0,.1\n"),
        REFUSED,
        "x.csv, line 2: inf",
    ),
    Hostile(
        "weights below 0",
        "x.csv",
        _holds("label,pred,sample_weight\n1,1,-1\n0,1,1\n"),
        REFUSED,
        "x.csv, line 2: -1",
    ),
    Hostile(
        "probabilities of sum 3",
        "x.csv",
        _holds("label,prob_a,prob_b,prob_c\na,1,1,1\nb,0,1,0\nc,0,0,1\n"),
        REFUSED,
        "x.csv, line 2: sum 3",
    ),
    Hostile(
        "decimal commas",
        "x.csv",
        _holds("label\tprob\n1\t0,5\n0\t0,25\n"),
        REFUSED,
        "x.csv, line 2: '0,5'",
    ),
    Hostile(
        "thousands separators",
        "x.csv",
        _holds('label,score\n1,"1,000"\n0,1\n'),
        REFUSED,
        "x.csv, line 2: '1,000'",
    ),
    Hostile(
        "bytes of no encoding",
        "x.csv",
        _holds(H.encode() + b"a,a\n\xe9,\x81\n"),
        REFUSED,
        "x.csv, line 3: byte 0xe9",
    ),
    Hostile(
        "binary data", "x.csv", _holds(bytes(range(256)) * 20), REFUSED, "x.csv holds binary data"
    ),
    Hostile(
        "a zip archive",
        "x.csv",
        _holds(b"PK\x03\x04" + bytes(100)),
        REFUSED,
        "x.csv is a zip archive",
    ),
    Hostile(
        "a pickle",
        "x.csv",
        _holds(b"\x80\x04\x95" + bytes(100)),
        REFUSED,
        "x.csv is a Python pickle",
    ),
    Hostile(
        "a web page",
        "x.csv",
        _holds("<!doctype html><html></html>"),
        REFUSED,
        "x.csv is a web page",
    ),
    # Damage and strange text
    Hostile(
        "cut inside a quote",
        "x.csv",
        _holds(f'{H}1,1\n0,"1'),
        REFUSED,
        "x.csv, line 3: a quote opens the cell '\"1' and never closes",
    ),
    Hostile(
        "a quote that never closes",
        "x.csv",
        _holds(f'{H}1,1\n"0,1\n1,1\n'),
        REFUSED,
        "x.csv, line 3: a quote opens the cell '\"0,1' and never closes",
    ),
    Hostile(
        "a quote that closes in another row",
        "x.csv",
        _holds(f'text,{H}a,1,1\n"b,0,1\nc,1,1\n"d, e",1,0\n'),
        REFUSED,
        "x.csv, line 3: a quote opens the cell '\"b,0,1' and closes only 2 lines below, before",
    ),
    Hostile(
        "a quote that swallows 200 rows",
        "x.csv",
        _holds(f'text,{H}"a,1,1\n' + "b,0,1\n" * 200 + 'c",1,1\n'),
        REFUSED,
        "x.csv, line 2: a quote opens the cell '\"a,1,1' and closes only 201 lines below, with 200",
    ),
    Hostile(
        "a header's quote that never closes",
        "x.csv",
        _holds('"label,pred\n1,1\n0,1\n'),
        REFUSED,
        "x.csv, line 1: a quote opens the cell '\"label,pred' and never closes",
    ),
    Hostile(
        "a quote that is open for 100 MB",
        "x.csv",
        lambda path: path.write_bytes(H.encode() + b'1,1\n"0,1\n' + b"1,0\n" * 25_000_000),
        REFUSED,
        "x.csv, line 3: a quote opens the cell '\"0,1' and never closes",
        apart=True,
    ),
    Hostile(
        "inches and feet",
        "x.csv",
        _holds('pipe,label,pred\n5" x 3\',1,1\n6",0,1\n'),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "quoted speech in a TSV",
        "x.tsv",
        _holds('text\tlabel\tpred\n"Oh," he said\t1\t1\n"Well\t0\t1\nshe said "no"\t1\t1\n'),
        READ,
        '"rows": 3',
    ),
    Hostile(
        "cut inside a character",
        "x.csv",
        _cut(f"{H}1,1\né,é".encode(), -1),
        REFUSED,
        "x.csv, line 3",
    ),
    Hostile(
        "cut inside a UTF-16 character",
        "x.csv",
        _cut(f"{H}1,1\n0,1".encode("utf-16"), -1),
        REFUSED,
        "the utf-16 data cannot be decoded",
    ),
    Hostile(
        "half a surrogate pair",
        "x.csv",
        _holds(f"{H}1,1\n".encode("utf-16") + b"\x00\xd8a\x00"),
        REFUSED,
        "illegal UTF-16 surrogate",
    ),
    Hostile(
        "NULs in a cell",
        "x.csv",
        _holds(f"{H}1,1\x00\n0,1\n"),
        REFUSED,
        "x.csv, line 2: byte 0x00 is no text",
    ),
    Hostile(
        "nothing but NULs",
        "x.csv",
        _holds(bytes(10_000)),
        REFUSED,
        "x.csv begins with 4,096 bytes of 0x00",
    ),
    *(
        Hostile(
            f"10 GB of nothing, as {ending}",
            f"x.{ending}",
            _sparse(),
            REFUSED,
            f"x.{ending} begins with 4,096 bytes of 0x00",
            apart=True,
        )
        for ending in ("csv", "jsonl", "json", "parquet", "feather", "npy")
    ),
    Hostile(
        "10 GB of nothing after a row",
        "x.csv",
        _sparse(f"{H}1,1\n"),
        REFUSED,
        "x.csv, line 3: byte 0x00 is no text (byte 15 of the file)",
        apart=True,
    ),
    Hostile(
        "10 GB of nothing after a line",
        "x.jsonl",
        _sparse('{"label": 1, "pred": 1}\n'),
        REFUSED,
        "x.jsonl, line 2: byte 0x00 is no text",
        apart=True,
    ),
    Hostile(
        "mixed line ends",
        "x.csv",
        _holds("label,pred\r\n1,1\n0,1\r\n1,1\r0,0\n"),
        READ,
        '"rows": 4',
    ),
    Hostile(
        "old Macintosh line ends", "x.csv", _holds("label,pred\r1,1\r0,1\r"), READ, '"rows": 2'
    ),
    Hostile("no last line end", "x.csv", _holds(f"{H}1,1\n0,1"), READ, '"rows": 2'),
    Hostile(
        "rows shown by a terminal", "x.csv", _holds(f"{H}\x1b[31m1,1\n0,0\n"), READ, '"rows": 2'
    ),
    Hostile(
        "control codes in headers",
        "x.csv",
        _holds("a\x1b]0;b\x07,c\n1,1\n0,0\n"),
        REFUSED,
        "x.csv has no column",
    ),
    Hostile(
        "separators of lines elsewhere",
        "x.csv",
        _holds(f"{H}a\u2028b,a\u2028b\nc\x0bd,c\x85d\n"),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "a line of 10 MB",
        "x.csv",
        _holds(f"{H}1,1\n{'a' * 10_000_000},1\n0,1\n"),
        READ,
        '"rows": 3',
        apart=True,
    ),
    Hostile(
        "a first line of 10 MB",
        "x.csv",
        _holds("x" * 10_000_000),
        REFUSED,
        "x.csv has no column that is named like a truth",
        apart=True,
    ),
    Hostile(
        "a row of 100 MB",
        "x.csv",
        lambda path: path.write_bytes(H.encode() + b"a" * 100_000_000),
        REFUSED,
        "x.csv: no row ends within 64 MiB",
        apart=True,
    ),
    Hostile("5,000 columns", "x.csv", _holds(_wide(5000)), READ, '"rows": 2', apart=True),
    Hostile(
        "5,000 columns, none known",
        "x.csv",
        _holds(_wide(5000).replace("label", "a")),
        REFUSED,
        "x.csv has no column",
        apart=True,
    ),
    Hostile(
        "5,000 labels",
        "x.csv",
        _holds(H + "".join(f"l{k},l{k // 2}\n" for k in range(5000))),
        READ,
        '"rows": 5000',
        "--no-intervals -m accuracy",
        apart=True,
    ),
    Hostile(
        "100,000 separators",
        "x.csv",
        _holds(H + "," * 100_000 + "\n"),
        REFUSED,
        "x.csv, line 2: 100001 cells",
        apart=True,
    ),
    Hostile(
        "an encoding that is none",
        "x.csv",
        _holds(f"{H}1,1\n"),
        REFUSED,
        "no encoding is called 'klingon'",
        "--encoding klingon",
    ),
]

JSON_FILES = [
    Hostile(
        "100,000 levels of lists",
        "x.json",
        _holds(DEEP),
        REFUSED,
        "x.json: not readable as JSON: maximum recursion depth",
        apart=True,
    ),
    Hostile(
        "100,000 levels of objects",
        "x.json",
        _holds('{"a":' * 100_000 + "1" + "}" * 100_000),
        REFUSED,
        "x.json: not readable as JSON: maximum recursion depth",
        apart=True,
    ),
    Hostile(
        "100,000 levels in a line",
        "x.jsonl",
        _holds(_json_lines({"label": 1, "pred": 1}) + '{"label": ' + DEEP + ', "pred": 1}\n'),
        REFUSED,
        "x.jsonl, line 2",
        apart=True,
    ),
    Hostile(
        "100,000 levels in a row",
        "x.json",
        _holds('[{"label": 1, "pred": 1}, {"label": ' + DEEP + "}]"),
        REFUSED,
        "x.json, row 2",
        apart=True,
    ),
    Hostile(
        "100,000 levels in a cell",
        "x.csv",
        _holds(f'label,pred,x\n1,1,"{DEEP}"\n0,1,"[]"\n'),
        READ,
        '"rows": 2',
        apart=True,
    ),
    Hostile(
        "an array cut short",
        "x.json",
        _cut(JSON, 0.5),
        REFUSED,
        "x.json: the JSON data stops before its end",
    ),
    Hostile(
        "a line cut short",
        "x.jsonl",
        _holds('{"label": 1, "pred": 1}\n{"label": 0, "pr'),
        REFUSED,
        "x.jsonl, line 2",
    ),
    Hostile(
        "a string cut short",
        "x.json",
        _holds('[{"label": "a'),
        REFUSED,
        "x.json: the JSON data stops before its end",
    ),
    Hostile(
        "a lone surrogate",
        "x.jsonl",
        _holds('{"label": "\\ud800", "pred": "a"}\n'),
        REFUSED,
        "x.jsonl, line 1: 'label' holds half a character",
    ),
    Hostile(
        "a lone surrogate in a column",
        "x.json",
        _holds('{"label": ["\\ud800"], "pred": ["a"]}'),
        REFUSED,
        "x.json, row 1: 'label' holds half a character",
    ),
    Hostile(
        "a lone surrogate in a field",
        "x.jsonl",
        _holds(_json_lines(*[{"a": {"label": 1, "pred": 1}}] * 3, {"a": {"label": "\ud83d"}})),
        REFUSED,
        "x.jsonl, line 4: 'a.label' holds half a character",
        "--truth a.label --pred a.pred",
    ),
    Hostile(
        "a lone surrogate in another column",
        "x.jsonl",
        _holds(_json_lines({"label": 1, "pred": 1, "text": "\ud83d"}, {"label": 0, "pred": 1})),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "numbers beyond 64 bits",
        "x.jsonl",
        _holds(_json_lines({"label": 10**30, "pred": 10**30}, {"label": 1, "pred": 1})),
        READ,
        '"rows": 2',
    ),
    Hostile(
        "lists that differ in length",
        "x.json",
        _holds('{"label": [1, 0], "pred": [1]}'),
        REFUSED,
        "x.json: the lists differ in length",
    ),
    Hostile(
        "a line that is a list",
        "x.jsonl",
        _holds('{"label": 1, "pred": 1}\n[1, 2]\n'),
        REFUSED,
        "x.jsonl, line 2",
    ),
    Hostile(
        "a label that is a list",
        "x.jsonl",
        _holds(_json_lines(*[{"label": 1, "pred": 1}] * 2000, {"label": {"a": [1]}, "pred": 1})),
        REFUSED,
        "x.jsonl, line 2001",
    ),
    Hostile(
        "NaN in JSON",
        "x.jsonl",
        _holds('{"label": 1, "score": NaN}\n{"label": 0, "score": 0.5}\n'),
        REFUSED,
        "x.jsonl, line 1: nan",
    ),
    Hostile(
        "a document of no rows",
        "x.json",
        _holds('{"accuracy": {}}'),
        REFUSED,
        "x.json: expected rows",
    ),
    Hostile(
        "a number",
        "x.json",
        _holds("5"),
        REFUSED,
        "x.json: expected rows of predictions, found JSON with int",
    ),
    Hostile(
        "an empty array",
        "x.json",
        _holds("[]"),
        REFUSED,
        "x.json: expected rows of predictions, found JSON with list",
    ),
    Hostile(
        "no JSON",
        "x.json",
        _holds("{label: 1}"),
        REFUSED,
        "x.json: not readable as JSON: Expecting property name",
    ),
]

PACKED = [
    Hostile(
        "gzip cut short",
        "x.csv.gz",
        _cut(gzip.compress(NOISE), 0.6),
        REFUSED,
        "x.csv.gz: the gzip data stops",
    ),
    Hostile(
        "gzip cut in its trailer",
        "x.csv.gz",
        _cut(gzip.compress(NOISE), -5),
        REFUSED,
        "x.csv.gz: the gzip data stops before its end",
    ),
    Hostile(
        "gzip with a wrong checksum",
        "x.csv.gz",
        _holds(gzip.compress(CSV)[:-8] + bytes(8)),
        REFUSED,
        "x.csv.gz: the gzip data cannot be decoded",
    ),
    Hostile(
        "gzip with rubbish behind",
        "x.csv.gz",
        _holds(gzip.compress(CSV) + b"rubbish"),
        REFUSED,
        "x.csv.gz: the gzip data cannot be decoded",
    ),
    Hostile(
        "two gzip members",
        "x.csv.gz",
        _holds(gzip.compress(CSV[:1000]) + gzip.compress(CSV[1000:])),
        READ,
        '"rows": 1000',
    ),
    Hostile("gzip that is none", "x.csv.gz", _holds(CSV), READ, '"rows": 1000'),
    Hostile("gzip under another name", "x.csv", _holds(gzip.compress(CSV)), READ, '"rows": 1000'),
    Hostile(
        "gzip of nothing", "x.csv.gz", _holds(gzip.compress(b"")), REFUSED, "x.csv.gz is empty"
    ),
    Hostile(
        "gzip in gzip",
        "x.csv.gz",
        _holds(gzip.compress(gzip.compress(CSV))),
        REFUSED,
        "x.csv.gz holds binary data, not text",
    ),
    Hostile(
        "bzip2 cut short",
        "x.csv.bz2",
        _cut(bz2.compress(NOISE), 0.6),
        REFUSED,
        "x.csv.bz2: the bzip2 data stops",
    ),
    Hostile(
        "zstandard cut short",
        "x.csv.zst",
        _cut(ZST, 0.6),
        REFUSED,
        "x.csv.zst: the zstandard data cannot be decoded: Truncated",
    ),
    Hostile(
        "zstandard damaged",
        "x.csv.zst",
        _holds(ZST[:40] + b"\xff" * 400 + ZST[440:]),
        REFUSED,
        "x.csv.zst: the zstandard data cannot be decoded",
    ),
    Hostile(
        "xz cut short",
        "x.csv.xz",
        _cut(lzma.compress(NOISE), 0.6),
        REFUSED,
        "x.csv.xz: the xz data stops before its end",
    ),
    Hostile(
        "300 MB of zeros in gzip",
        "x.csv.gz",
        _bomb,
        REFUSED,
        "x.csv.gz begins with 4,096 bytes of 0x00",
        apart=True,
    ),
    Hostile(
        "300 MB of zeros, as JSON",
        "x.json.gz",
        _bomb,
        REFUSED,
        "x.json.gz begins with 4,096 bytes of 0x00",
        apart=True,
    ),
    Hostile(
        "300 MB of one row in gzip",
        "x.csv.gz",
        _row_bomb,
        REFUSED,
        "x.csv.gz: no row ends within",
        apart=True,
    ),
]

BINARY = [
    Hostile(
        "Parquet without its footer",
        "x.parquet",
        _cut(PARQUET, 0.5),
        REFUSED,
        "x.parquet: not readable as Parquet",
    ),
    Hostile(
        "Parquet cut in its footer",
        "x.parquet",
        _cut(PARQUET, -20),
        REFUSED,
        "x.parquet: not readable as Parquet",
    ),
    Hostile(
        "Parquet of 4 bytes",
        "x.parquet",
        _holds(b"PAR1"),
        REFUSED,
        "x.parquet: not readable as Parquet",
    ),
    Hostile(
        "Parquet with a huge footer",
        "x.parquet",
        _holds(PARQUET[:-8] + b"\xff\xff\xff\x7fPAR1"),
        REFUSED,
        "x.parquet: not readable",
    ),
    Hostile(
        "Parquet with damaged pages",
        "x.parquet",
        _holds(PARQUET[:4] + b"\xff" * 60 + PARQUET[64:]),
        REFUSED,
        "x.parquet: not readable",
    ),
    Hostile(
        "Parquet with text that is none",
        "x.parquet",
        _changed(
            _saved(
                lambda s: parquet.write_table(TABLE, s, compression="none", write_statistics=False)
            ),
            b"dog",
            b"d\xff\xfe",
        ),
        REFUSED,
        "x.parquet: not readable",
    ),
    Hostile(
        "Parquet without columns",
        "x.parquet",
        _holds(_saved(lambda s: parquet.write_table(pa.table({}), s))),
        REFUSED,
        "x.parquet has no columns",
    ),
    Hostile(
        "Parquet without rows",
        "x.parquet",
        _holds(_saved(lambda s: parquet.write_table(TABLE.slice(0, 0), s))),
        REFUSED,
        "x.parquet has a header but no rows",
    ),
    Hostile(
        "text called Parquet",
        "x.parquet",
        _holds("hello\nworld\n"),
        REFUSED,
        "x.parquet is text, not Parquet",
    ),
    Hostile("CSV called Parquet", "x.parquet", _holds(CSV), READ, "holds CSV, not Parquet"),
    Hostile("Parquet called CSV", "x.csv", _holds(PARQUET), READ, '"rows": 1000'),
    Hostile(
        "Arrow cut short",
        "x.feather",
        _cut(FEATHER, 0.6),
        REFUSED,
        "x.feather: not readable as Arrow",
    ),
    Hostile(
        "Arrow with text that is none",
        "x.feather",
        _changed(PLAIN_ARROW, b"dog", b"d\xff\xfe"),
        REFUSED,
        "x.feather: not readable as Arrow",
    ),
    Hostile(
        "an Arrow stream cut short",
        "x.arrows",
        _cut(STREAM, 0.6),
        REFUSED,
        "x.arrows: not readable as Arrow",
    ),
    Hostile(
        "an Arrow stream of no sense",
        "x.arrows",
        _holds(b"\xff" * 100),
        REFUSED,
        "x.arrows: not readable as Arrow",
    ),
    Hostile("Feather of version 1", "x.feather", _holds(b"FEA1" + bytes(60)), REFUSED, "version 1"),
    Hostile(
        "a NumPy array cut short", "x.npy", _cut(NPY, -8), REFUSED, "x.npy: the file ends before"
    ),
    Hostile(
        "a NumPy header cut short",
        "x.npy",
        _cut(NPY, 40),
        REFUSED,
        "x.npy: not readable as a NumPy",
    ),
    Hostile(
        "a pickled NumPy array",
        "x.npy",
        _holds(PICKLED),
        REFUSED,
        "x.npy: an array of Python objects",
    ),
    Hostile(
        "a NumPy array of 10^18 columns",
        "x.npy",
        _holds(
            _npy_header(
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1000000000000000000)}",
                bytes(64),
            )
        ),
        REFUSED,
        "x.npy: not readable as a NumPy",
        apart=True,
    ),
    Hostile(
        "a NumPy array of 10^18 rows",
        "x.npy",
        _holds(
            _npy_header(
                "{'descr': '<f8', 'fortran_order': True, 'shape': (1000000000000000000, 2)}",
                bytes(64),
            )
        ),
        REFUSED,
        "x.npy: the file ends before",
        apart=True,
    ),
    Hostile(
        "NumPy cells of no size",
        "x.npy",
        _holds(_npy_header("{'descr': '<U0', 'fortran_order': False, 'shape': (5,)}")),
        REFUSED,
        "x.npy: not readable as a NumPy",
    ),
    Hostile(
        "NumPy text beyond Unicode",
        "x.npy",
        _holds(
            _npy_header(
                "{'descr': '<U1', 'fortran_order': False, 'shape': (2, 2)}", b"\xff\xff\xff\x7f" * 4
            )
        ),
        REFUSED,
        "x.npy, rows 1 to 2",
    ),
    Hostile(
        "a NumPy header that is code",
        "x.npy",
        _holds(_npy_header("__import__('os').abort()")),
        REFUSED,
        "x.npy: not readable as a NumPy",
    ),
    Hostile(
        "a NumPy array in 3 dimensions",
        "x.npy",
        _holds(_saved(lambda s: np.save(s, np.zeros((2, 2, 2))))),
        REFUSED,
        "x.npy: an array of shape",
    ),
]

PLACES = [
    Hostile("no file", "x.csv", lambda _: None, REFUSED, "no file x.csv"),
    Hostile(
        "a directory named x.csv",
        "x.csv",
        _directory,
        REFUSED,
        "x.csv is a directory without part files",
    ),
    Hostile(
        "a directory of several kinds",
        "x",
        _directory_of(a__csv=CSV, b__jsonl="{}"),
        REFUSED,
        "x is a directory with files of several kinds",
    ),
    Hostile(
        "a shard of other columns",
        "x",
        _directory_of(a__csv=CSV, b__csv="a,b\n1,2\n"),
        REFUSED,
        "x/b.csv lacks",
    ),
    Hostile(
        "a damaged shard",
        "x",
        _directory_of(a__csv=CSV, b__csv=f"{H}1,1\n0\n"),
        REFUSED,
        "x/b.csv, line 3: 1 cell",
    ),
    Hostile("a path below a file", "y.csv/x.csv", _below_a_file, REFUSED, "no file y.csv/x.csv"),
    Hostile("a link to itself", "x.csv", _loop, REFUSED, "no file x.csv: it is a link to x.csv"),
    Hostile(
        "a link to nothing", "x.csv", _dangling, REFUSED, "no file x.csv: it is a link to nothing"
    ),
    Hostile("a FIFO with rows", "x.csv", os.mkfifo, READ, '"rows": 1000', apart=True),
    Hostile(
        "a name with a line end and an escape",
        "a\n\x1b[31mb.csv",
        _holds(H),
        REFUSED,
        "has a header but no rows",
    ),
    Hostile(
        "a name that is no UTF-8",
        os.fsdecode(b"a\xff.csv"),
        _holds(H),
        REFUSED,
        "has a header but no rows",
    ),
    Hostile("a name with glob signs", "a[1]*.csv", _holds(CSV), READ, '"rows": 1000'),
    Hostile(
        "a name of 300 characters",
        f"{'a' * 300}.csv",
        lambda _: None,
        REFUSED,
        ": File name too long",
    ),
    Hostile("a pattern of no files", "y*.csv", lambda _: None, REFUSED, "no file matches"),
]

HOSTILE = [*TEXT, *JSON_FILES, *PACKED, *BINARY, *PLACES]

ACCURACY = {
    **dict.fromkeys((case.what for case in HOSTILE if case.status == READ), 0.5),
    "rows without truth": 1.0,
    "scientific notation": 1.0,
    "points without a zero": 1.0,
    "True and False": 1.0,
    "quoted newlines": 1.0,
    "0.0 against 0": 1.0,
    "arrays without commas": 1.0,
    "quoted speech in a TSV": 2 / 3,
    "mixed line ends": 0.75,
    "a line of 10 MB": 1 / 3,
    "5,000 labels": 1 / 5000,
    "numbers beyond 64 bits": 1.0,
}
"""What share of the rows of each readable file is right, counted by hand."""
LABELS = {
    "quoted newlines": ["a\nb", "c"],
    "tensors": ["1", "5001"],
    "Windows-1252": ["café", "thé"],
    "UTF-16": ["cat", "dog"],
    "UTF-32": ["cat", "dog"],
    "separators of lines elsewhere": ["a\u2028b", "c\x0bd", "c\x85d"],
    "numbers beyond 64 bits": ["1", "1" + "0" * 30],
    "a byte order mark": ["0", "1"],
    "CRLF": ["0", "1"],
    "mixed line ends": ["0", "1"],
    "two gzip members": ["cat", "dog"],
}
