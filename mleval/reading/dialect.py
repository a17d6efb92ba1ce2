"""How a delimited file is written: delimiter, quoting, and what its header line says."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from mleval.errors import UsageError
from mleval.reading.headers import is_certainly_a_row, of_distribution, of_libsvm
from mleval.reading.notes import Guess
from mleval.reading.quotes import torn_cell, torn_lines
from mleval.reading.records import Dialect, Record, quoted_spans, records

DELIMITERS = (b",", b"\t", b";", b"|")
_LOOKED_AT = 200
_QUOTES_AS_TEXT = (b"\t", b"|")
"""Delimiters that text hardly holds, so that many tools write them without quoting: with the
others a quote that opens a cell closes it."""


class Layout(NamedTuple):
    """Dialect, header cells, where in the sample the rows begin, and what to tell of it.

    headerless: the first line is a row, and the names are numbers.
    """

    dialect: Dialect
    names: tuple[str, ...]
    rows_start: int
    notices: tuple[str, ...] = ()
    headerless: bool = False


def told_layout(sample: bytes, sep: str | None, header: bool | None = None) -> Layout:
    r"""The layout of a file whose text begins with `sample`.

    >>> told_layout(b"a;b\n1;2\n", None).names
    ('a', 'b')
    """
    start = 0
    if sample[:5].lower() == b"sep=" + sample[4:5] and sample[5:6] in (b"\r", b"\n"):
        sep = sep or sample[4:5].decode("latin-1")
        start = sample.index(b"\n") + 1 if b"\n" in sample else len(sample)
    if title := _TITLE.match(sample, start):
        start = title.end()
    dialect = _dialect(sample[start:], sep)
    found = list(islice(records(sample[start:], dialect), _LOOKED_AT))
    first = next((r for r in found if sample[start + r.start : start + r.end].strip()), None)
    if first is None:
        return Layout(dialect, (), start)
    names = cells(sample[start + first.start : start + first.end], dialect)
    rows = [r for r in found[found.index(first) + 1 :] if r.cells == first.cells]
    if header is None:
        values = [cells(sample[start + r.start : start + r.end], dialect) for r in rows]
        header = not is_certainly_a_row(names, values)
        told: tuple[str, ...] = () if header else (_numbered(len(names)),)
    else:
        told = ()
    if not header:
        numbers = tuple(str(place + 1) for place in range(len(names)))
        return Layout(dialect, numbers, start + first.start, told, headerless=True)
    rows = [r for r in found[found.index(first) + 1 :] if r.cells > 1]
    names = of_libsvm(names, dialect.delimiter)
    names = of_distribution(names, rows[0].cells if rows else 0)
    names, notices = _row_names(names, rows, sample[start:], dialect)
    return Layout(dialect, tuple(name.strip() for name in names), start + first.next, notices)


_TITLE = re.compile(rb"\s*=== [^\r\n]* ===\s*")  # above WEKA's predictions


def _numbered(columns: int) -> Guess:
    told = "the columns are numbered from 1 (such as --truth 1)" if columns > 1 else "one column"
    return Guess(f"no header: {told}", "say so: --no-header")


def cells(record: bytes, dialect: Dialect) -> list[str]:
    """The cells of one record as text."""
    import csv

    text = record.decode("utf-8", errors="replace")
    delimiter = dialect.delimiter.decode()
    if not dialect.quoting:
        return text.split(delimiter)
    # Line ends stay within one string: csv is given the record whole.
    limit = csv.field_size_limit()
    try:
        if len(text) >= limit:
            csv.field_size_limit(len(text) + 1)
        return next(csv.reader([text], delimiter=delimiter), [""])
    finally:
        csv.field_size_limit(limit)


def _dialect(sample: bytes, sep: str | None) -> Dialect:
    if sep is not None:
        delimiter = {"\\t": b"\t", "tab": b"\t"}.get(sep, sep.encode())
        if len(delimiter) != 1 or delimiter in b'"\r\n':
            raise UsageError(
                f"a delimiter is one character, not {sep!r}",
                hint="such as --sep ',' or --sep ';' or --sep tab",
            )
        offered: tuple[bytes, ...] = (delimiter,)
    else:
        offered = DELIMITERS
    best, most = Dialect(offered[0]), _Fit()
    for choice in (Dialect(delimiter) for delimiter in offered):
        if (fit := _fit(sample, choice)) > most:
            best, most = choice, fit
    if sep is None and not most.cells and _is_numbers_between_blanks(sample):
        return Dialect(b" ", quoting=False)
    is_even = most.even == 1 and not most.folded
    if b'"' not in sample or (is_even and _is_whole(sample, best._replace(columns=most.cells))):
        return best
    # Quotes are part of the text, as in many TSV files, when several cells open one that their
    # line does not close, and without them the rows are clearly more even, or as even.
    for delimiter in (d for d in offered if d in _QUOTES_AS_TEXT and torn_lines(sample, d) > 1):
        fit = _fit(sample, choice := Dialect(delimiter, quoting=False))
        if fit.even > most.even + 0.05 or (fit.even == 1 and fit.cells == most.cells):
            best, most = choice, fit
    return best


def _is_whole(sample: bytes, dialect: Dialect) -> bool:
    return torn_cell(sample, dialect, quoted_spans(sample, dialect)) is None


def _is_numbers_between_blanks(sample: bytes) -> bool:
    """Whether the lines are as many numbers each with one blank between, as numpy.savetxt writes.

    Text has blanks too, so nothing but numbers will do, and the word `labels` of LIBSVM.
    """
    rows = [line.split(b" ") for line in sample.splitlines()[:_LOOKED_AT] if line.strip()]
    if len(rows) < 2 or len(rows[0]) < 2 or len({len(row) for row in rows}) > 1:
        return False
    if rows[0][0] == b"labels":
        rows[0] = rows[0][1:]
    try:
        for row in rows:
            list(map(float, row))
    except ValueError:
        return False
    return True


class _Fit(NamedTuple):
    """How well a dialect fits: the share of rows as long as the header, its cells, joined lines."""

    even: float = 0.0
    cells: int = 0
    folded: bool = False


def _fit(sample: bytes, dialect: Dialect) -> _Fit:
    if dialect.delimiter not in sample:
        return _Fit()
    counts: list[int] = []
    folded = False
    for record in islice(records(sample, dialect), _LOOKED_AT):
        if not sample[record.start : record.end].strip():
            continue
        counts.append(record.cells)
        folded = folded or b"\n" in sample[record.start : record.end]
        if counts[0] == 1:
            return _Fit()
    if len(counts) < 2:
        return _Fit(0.01, counts[0]) if counts else _Fit()
    usual, times = Counter(counts[1:]).most_common(1)[0]
    agreeing = times if usual in (counts[0], counts[0] + 1) else counts[1:].count(counts[0])
    return _Fit(agreeing / len(counts[1:]) or 0.01, counts[0], folded)


def _row_names(
    names: list[str], rows: list[Record], sample: bytes, dialect: Dialect
) -> tuple[list[str], tuple[str, ...]]:
    """A header one cell short of every row: R's row names in front, or a trailing delimiter."""
    if not rows or any(row.cells != len(names) + 1 for row in rows):
        return names, ()
    lasts = [cells(sample[row.start : row.end], dialect)[-1] for row in rows[:20]]
    if not any(lasts):
        return [*names, ""], ()
    return ["", *names], (
        "the header names one column fewer than the rows have: the first is read as row names",
    )
