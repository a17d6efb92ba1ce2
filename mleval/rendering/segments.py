"""The scores of every segment, in a file of their own: CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mleval.evaluation.run import Evaluated, EvaluatedSet
from mleval.rendering import escape
from mleval.writing import write_whole


def write_segments(done: Evaluated | EvaluatedSet, file: str) -> None:
    """Write a row a segment: its number, its id if it has one, and every metric that scores it.

    Of several systems each row says which it is of. Raises InputError when it cannot be written.
    """
    systems = done.systems if isinstance(done, EvaluatedSet) else {None: done}
    rows = [row for name, one in systems.items() for row in _rows(name, one.evidence)]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = Path(file)
    write_whole(path, _jsonl(rows) if path.suffix == ".jsonl" else _csv(columns, rows))


def _rows(system: str | None, evidence: Any) -> Iterator[dict[str, Any]]:
    ids = evidence.segments.ids
    scores = {spec: column.tolist() for spec, column in evidence.scores.items()}
    for at in range(evidence.rows):
        row: dict[str, Any] = {} if system is None else {"system": system}
        row["segment"] = at + 1
        if ids is not None:
            row["id"] = ids[at]
        for spec, column in scores.items():
            row[spec] = None if math.isnan(column[at]) else column[at]
        yield row


def _csv(columns: list[str], rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([escape.csv(column) for column in columns])
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    return escape.csv(value) if isinstance(value, str) else "" if value is None else value


def _jsonl(rows: list[dict[str, Any]]) -> str:
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return "".join(escape.json(line) + "\n" for line in lines)
