"""Quotes that open a cell and do not close as they should: what a lost quote leaves behind.

Read on regardless, the rows up to the next quote would become one cell, and be gone in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mleval.errors import InputError
from mleval.reading.records import Dialect, Spans, edges_of, line_ends
from mleval.visible import quoted

MANY_LINES = 100
"""So many lines within quotes, nearly all with as many cells as the header, are rows."""


class TornCell(NamedTuple):
    """A cell from its opening quote, `start`, to its closing one, `end`; None when there is none.

    rows: how many rows are within it, 0 when it closes before other text.
    """

    start: int
    end: int | None = None
    rows: int = 0

    def error(self, data: bytes, place: Callable[[int], str]) -> InputError:
        """The refusal; `place(line)` names a line of the data, counted from 0."""
        line = line_ends(data[: self.start])
        cell = data[self.start : self.start + 200].decode(errors="replace").splitlines()[0]
        opens = f"{place(line)}: a quote opens the cell {quoted(cell)} and "
        text = 'a quote that is text is written twice, in a quoted cell: """a"'
        if self.end is None:
            hint = f"close it (was the file cut short?); {text}"
            return InputError(f"{opens}never closes", hint=hint)
        lines = line_ends(data[self.start : self.end])
        between = f"with {self.rows:,} rows in between" if self.rows else "before other text"
        return InputError(
            f"{opens}closes only {lines:,} line{'' if lines == 1 else 's'} below, {between}",
            hint=f"close it where its text ends; {text}",
        )


def torn_cell(data: bytes, dialect: Dialect, spans: Spans | None) -> TornCell | None:
    r"""The first of the quoted cells of some records that is not as a quoting writer leaves one.

    It never closes; or closes on a later line, before other text; or holds lines that are
    rows of so many columns.

    >>> from mleval.reading.records import quoted_spans
    >>> text, comma = b'a,b\n"x,1\ny,"z"\n', Dialect(b",")
    >>> torn_cell(text, comma, quoted_spans(text, comma))
    TornCell(start=4, end=11, rows=0)
    """
    if spans is None:
        return None
    opening, closing = spans
    after = np.frombuffer(data, np.uint8)[np.minimum(closing + 1, len(data) - 1)]
    many = MANY_LINES * dialect.columns or len(data)
    suspect = ~edges_of(dialect)[after] | (closing == len(data)) | (closing - opening >= many)
    for start, end in zip(opening[suspect].tolist(), closing[suspect].tolist(), strict=True):
        if end == len(data):
            return TornCell(start)
        if end - start >= many and (rows := _rows_within(data, start, end, dialect)):
            return TornCell(start, end, rows)
        if data[end + 1] not in dialect.delimiter + b'\r\n"' and b"\n" in data[start:end]:
            return TornCell(start, end)
    return None


def require_closed(
    data: bytes, dialect: Dialect, spans: Spans | None, end: int, place: Callable[[int], str]
) -> None:
    """InputError for a torn cell that opens before `end`; `place(line)` names a line."""
    torn = torn_cell(data, dialect, spans)
    if torn is not None and torn.start < end:
        raise torn.error(data, place)


def _rows_within(data: bytes, start: int, end: int, dialect: Dialect) -> int:
    """How many rows are within the quotes, 0 when its lines are something else."""
    if dialect.columns < 2 or data.count(b"\n", start, end) <= MANY_LINES:
        return 0
    lines = data[start:end].split(b"\n")[1:-1]
    rows = sum(line.count(dialect.delimiter) == dialect.columns - 1 for line in lines)
    return rows if rows >= 0.9 * len(lines) else 0


def torn_lines(data: bytes, delimiter: bytes) -> int:
    """How many cells open a quote and do not close it in their line, were every line a record."""
    cell = rb"(?m)(?:^|" + re.escape(delimiter) + rb')("[^\r\n' + re.escape(delimiter) + rb"]*)"
    return sum(_CLOSED.fullmatch(found) is None for found in re.findall(cell, data))


_CLOSED = re.compile(rb'"(?:[^"]|"")*"')
