"""Histories that are tables: a row an epoch or a step, a column a series."""

from __future__ import annotations

from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.histories.log import Log, Written
from mleval.reading.loading import whole_columns
from mleval.reading.source import Source
from mleval.visible import quoted

_EXPECTED = ("blanks around cells", "'log_history'")  # notices of what formats always do
_MOST_TEXT = 0.5  # of the cells of a column of numbers that may be something else


def log_of_table(source: Source, format: str) -> Log:
    """The Log of a table. Raises InputError where a column of numbers has cells that are none."""
    columns = whole_columns(source, dict.fromkeys(source.names, "number"))
    numbers: dict[str, Written] = {}
    texts: dict[str, tuple[str | None, ...]] = {}
    for name, column in columns.items():
        found = _numbers(source, name, column)
        if found is None:
            texts[name] = tuple(None if v is None else str(v) for v in column.to_pylist())
        else:
            numbers[name] = found
    format = format or _format(source)
    assumed: tuple[str, ...] = ()
    if "train_runtime" in numbers and numbers.pop("train_loss", None) is not None:
        assumed = ("train_loss left out: a mean over the whole training",)
    return Log(
        name=source.name,
        format=format,
        rows=max(map(len, columns.values()), default=0),
        numbers=numbers,
        texts=texts,
        locate=lambda row: _place(source, row),
        notices=tuple(n for n in source.notices if not any(known in n for known in _EXPECTED)),
        assumed=assumed,
    )


def _format(source: Source) -> str:
    if any("'log_history'" in notice for notice in source.notices):
        return "Hugging Face trainer state"
    return "table"


def _numbers(source: Source, name: str, column: Any) -> Written | None:
    import pyarrow as pa

    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        missing = null_mask(column)
        present = np.ones(len(column), bool) if missing is None else ~missing
        values = plain_values(column.cast(pa.float64()))
        return Written(np.where(present, values, np.nan), present)
    cells = [None if cell is None else str(cell).strip() for cell in column.to_pylist()]
    read = [None if cell in (None, "") else _number(str(cell)) for cell in cells]
    filled = [row for row, cell in enumerate(cells) if cell]
    wrong = [row for row in filled if read[row] is None]
    if not filled:
        return Written(np.full(len(cells), np.nan), np.zeros(len(cells), bool))
    if len(wrong) > _MOST_TEXT * len(filled):
        return None
    if wrong:
        more = f" and {len(wrong) - 1:,} more like it" if len(wrong) > 1 else ""
        raise InputError(
            f"{_place(source, wrong[0])}, column {quoted(name)}: expected a number, found "
            f"{quoted(str(cells[wrong[0]]))}{more}",
            hint="leave the cell empty where there is no value, or write nan",
        )
    present = np.array([value is not None for value in read])
    return Written(np.array([np.nan if v is None else v for v in read], float), present)


def _number(cell: str) -> float | None:
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None


def _place(source: Source, row: int) -> str:
    """Where a row stands, counted over the parts of its source."""
    for part, load in enumerate(source.parts({})):
        count = load().num_rows
        if row < count:
            return source.locate(part, row)
        row -= count
    return source.name
