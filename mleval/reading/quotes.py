"""Quotes that open a cell and do not close as they should: what a lost quote leaves behind.

Read on regardless, the rows up to the next quote would become one cell, and be gone in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from mleval.errors import InputError
from mleval.reading.records import QUOTE, Dialect, line_ends, quoted_cells, regular_quotes
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


def torn_cell(data: bytes, dialect: Dialect, columns: int = 0) -> TornCell | None:
    r"""The first quoted cell of some records that is not as a quoting writer leaves one.

    It never closes; or closes on a later line, before other text; or holds lines that are
    rows of so many columns. Quotes within a cell that does not begin with one are text.

    >>> torn_cell(b'a,b\n"x,1\ny,"z"\n', Dialect(b","))
    TornCell(start=4, end=11, rows=0)
    >>> torn_cell(b'a,b\n5" pipe,1\n', Dialect(b","))
    """
    if not dialect.quoting or QUOTE not in data:
        return None
    many = MANY_LINES * columns
    for start, end in _spans(data, dialect, many):
        if end is None:
            return TornCell(start)
        if data[end + 1 : end + 2] not in (b"", b"\n", b"\r", QUOTE, dialect.delimiter):
            if data.find(b"\n", start, end) >= 0:
                return TornCell(start, end)
        elif end - start >= many and (rows := _rows_within(data, start, end, dialect, columns)):
            return TornCell(start, end, rows)
    return None


def _spans(data: bytes, dialect: Dialect, many: int) -> Iterator[tuple[int, int | None]]:
    """Where cells that begin with a quote open and close; regular ones if they are as long."""
    quotes = regular_quotes(data, dialect)
    if quotes is not None:
        opening, closing = quotes[0::2], quotes[1::2]
        long = np.flatnonzero(closing - opening[: len(closing)] >= many)
        yield from zip(opening[long].tolist(), closing[long].tolist(), strict=True)
        if len(opening) > len(closing):
            yield int(opening[-1]), None
    else:
        yield from quoted_cells(data, dialect)


def _rows_within(data: bytes, start: int, end: int, dialect: Dialect, columns: int) -> int:
    """How many rows are within the quotes, 0 when its lines are something else."""
    if columns < 2 or data.count(b"\n", start, end) <= MANY_LINES:
        return 0
    lines = data[start:end].split(b"\n")[1:-1]
    rows = sum(line.count(dialect.delimiter) == columns - 1 for line in lines)
    return rows if rows >= 0.9 * len(lines) else 0


def torn_lines(data: bytes, delimiter: bytes) -> int:
    """How many cells open a quote and do not close it in their line, were every line a record."""
    cell = rb"(?m)(?:^|" + re.escape(delimiter) + rb')("[^\r\n' + re.escape(delimiter) + rb"]*)"
    return sum(_CLOSED.fullmatch(found) is None for found in re.findall(cell, data))


_CLOSED = re.compile(rb'"(?:[^"]|"")*"')
