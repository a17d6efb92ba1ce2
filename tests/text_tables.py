"""Texts in columns, written in every format that tables come in, and read back by nobody else."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import feather, parquet

from mleval.reading.texts import Segments, TextChoices, TextSource, open_texts

Rows = Sequence[Mapping[str, Any]]

HYPOTHESES = ["", " lead", 'a "b", c', "x\ny", "naïve 日本", "NA", "007", "None", "=1+1", "\u2028z"]
REFERENCES = ["r", "null", "a; b", "two\nlines", "'q'", "NaN", "7", "é", "-", "e\u0301"]
ROWS = [
    {"id": f"s{n}", "prediction": said, "reference": wanted}
    for n, (said, wanted) in enumerate(zip(HYPOTHESES, REFERENCES, strict=True))
]


def as_csv(rows: Rows, delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        writer.writerow({k: json.dumps(v) if isinstance(v, list) else v for k, v in row.items()})
    return file.getvalue().encode()


def as_jsonl(rows: Rows) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _arrow(write: Callable[[pa.Table, io.BytesIO], Any]) -> Callable[[Rows], bytes]:
    def written(rows: Rows) -> bytes:
        file = io.BytesIO()
        write(pa.Table.from_pylist([dict(row) for row in rows]), file)
        return file.getvalue()

    return written


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    ".csv": as_csv,
    ".tsv": lambda rows: as_csv(rows, "\t"),
    ".csv.gz": lambda rows: gzip.compress(as_csv(rows)),
    ".jsonl": as_jsonl,
    ".json": lambda rows: json.dumps(list(rows), indent=1).encode(),
    ".parquet": _arrow(lambda table, file: parquet.write_table(table, file, row_group_size=3)),
    ".arrow": _arrow(lambda table, file: feather.write_feather(table, file)),
}


def written(folder: Path, rows: Rows, ending: str, name: str = "table") -> Path:
    path = folder / f"{name}{ending}"
    path.write_bytes(WRITERS[ending](rows))
    return path


def opened(*named: Any, **choices: Any) -> TextSource:
    """The source of one system."""
    data = named[0] if len(named) == 1 and not isinstance(named[0], Path) else [*map(str, named)]
    source = open_texts(data, TextChoices(**choices))
    assert isinstance(source, TextSource)
    return source


def references_of(segments: Segments) -> list[list[str]]:
    """Of each segment, those that are not missing."""
    columns = [
        [None if gone else text for text, gone in zip(lines, _missing(lines), strict=True)]
        for lines in segments.references
    ]
    return [[text for text in row if text is not None] for row in zip(*columns, strict=True)]


def _missing(lines: Any) -> Sequence[bool]:
    missing = lines.missing
    return [False] * len(lines) if missing is None else missing.tolist()
