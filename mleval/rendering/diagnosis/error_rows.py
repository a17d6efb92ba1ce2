"""The rows that are wrong in a file of their own: CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

from mleval.diagnosis.error_rows import ErrorRows
from mleval.rendering import escape
from mleval.writing import write_whole

_JSON_LINES = (".jsonl", ".ndjson")


def write_errors(rows: ErrorRows, file: str) -> None:
    """Write them whole or not at all. Raises InputError when they cannot be written."""
    path = Path(file)
    write_whole(path, (_jsonl if path.suffix in _JSON_LINES else _csv)(rows))


def _csv(rows: ErrorRows) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([escape.csv(name) for name in rows.columns])
    for cells in zip(*rows.columns.values(), strict=True):
        writer.writerow(_cell(cell) for cell in cells)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    value = _plain(value)
    return escape.csv(value) if isinstance(value, str) else "" if value is None else value


def _jsonl(rows: ErrorRows) -> str:
    lines = (
        json.dumps(
            dict(zip(rows.columns, map(_plain, cells), strict=True)),
            ensure_ascii=False,
            allow_nan=False,
        )
        for cells in zip(*rows.columns.values(), strict=True)
    )
    return "".join(escape.json(line) + "\n" for line in lines)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
