"""What a file is, as far as its first bytes (and the footer of a Parquet file) tell."""

from __future__ import annotations

from dataclasses import dataclass

from mleval.reading.compression import COMPRESSIONS
from mleval.reading.content import Content, HeldFile, LocalFile
from mleval.reading.lines import LineFile
from mleval.reading.readers import format_name
from mleval.reading.source import HEAD_ROWS, FileSource

_SAMPLE = 1 << 20


@dataclass(frozen=True, slots=True)
class About:
    """How a file is written. rows: None where only reading all of it would tell.

    exact: whether the rows are counted, or estimated from the length of the first.
    """

    format: str
    compression: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    rows: int | None = None
    exact: bool = False


def about(source: FileSource, head_rows: int) -> About:
    """What the first file of the source is; head_rows: how many rows its head has."""
    table, content = source.tables[0], source.contents[0]
    encoding = delimiter = None
    if isinstance(table, LineFile):
        encoding = table.encoding
        delimiter = table.dialect.delimiter.decode() if table.dialect else None
    rows, exact = _rows(source, head_rows)
    return About(format_name(content), _compression(content), encoding, delimiter, rows, exact)


def _compression(content: Content) -> str | None:
    start = content.read(0, 8)
    return next((c.name for c in COMPRESSIONS if start.startswith(c.magic)), None)


def _rows(source: FileSource, head_rows: int) -> tuple[int | None, bool]:
    told = [getattr(table, "rows", None) for table in source.tables]
    if all(isinstance(count, int) for count in told):
        return sum(count for count in told if count is not None), True
    if len(source.tables) == 1 and head_rows < HEAD_ROWS:
        return head_rows, True
    guesses = [
        _estimate(table, size)
        for table, content in zip(source.tables, source.contents, strict=True)
        if isinstance(table, LineFile)
        and (size := _size(content)) is not None
        and table.content is content
    ]
    return (sum(guesses), False) if len(guesses) == len(source.tables) else (None, False)


def _estimate(table: LineFile, size: int) -> int:
    """The rows of a file of that size, by the lines of its first megabyte."""
    start = table.rows_start
    sample = table.content.read(start, start + _SAMPLE)
    end = sample.rfind(b"\n") + 1
    lines = sample.count(b"\n")
    return round((size - start) * lines / end) if end else 1


def _size(content: object) -> int | None:
    if isinstance(content, LocalFile):
        return content.path.stat().st_size
    if isinstance(content, HeldFile):
        return content.file.seek(0, 2)
    return None
