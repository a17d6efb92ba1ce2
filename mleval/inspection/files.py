"""What a file is and what its columns hold, by its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mleval.inspection.found import ColumnSeen, FileSeen
from mleval.reading import Source
from mleval.reading.about import about
from mleval.reading.source import FileSource
from mleval.reading.vocabulary import Head

EXAMPLES = 3
_LONGEST = 40  # characters of an example
_CELLS = 200_000  # of the head that are looked at: fewer rows of a file with many columns


def file_seen(source: Source, roles: Mapping[str, str]) -> FileSeen:
    """The file of a source; roles: column → what it is for."""
    table = source.head()
    seen = Head(table.slice(0, max(20, _CELLS // max(1, len(source.names)))))
    files = beneath(source)
    assert isinstance(files, FileSource)
    return FileSeen(
        name=source.name,
        about=about(files, files.head().num_rows),
        rows_seen=seen.rows,
        columns=tuple(_column(seen, name, roles.get(name)) for name in source.names),
    )


def beneath(source: Source) -> Source:
    """The files or the table beneath what filters their rows or flattens their columns."""
    while (inner := getattr(source, "inner", None)) is not None:
        source = inner
    return source


def _column(seen: Head, name: str, role: str | None) -> ColumnSeen:
    cells = [cell for cell in seen.cells(name) if cell is not None]
    distinct = list(dict.fromkeys(cells))
    shown = (c if len(c) <= _LONGEST else c[: _LONGEST - 1] + "…" for c in distinct[:EXAMPLES])
    return ColumnSeen(
        name=name,
        type=_type(seen, name, distinct),
        missing=seen.rows - len(cells),
        distinct=len(distinct),
        examples=tuple(shown),
        role=role,
    )


def _type(seen: Head, name: str, distinct: Sequence[str]) -> str:
    if not distinct:
        return "empty"
    if seen.numbers(name) is not None:
        whole = all(cell.strip().lstrip("+-").isdecimal() for cell in distinct)
        return "integer" if whole else "number"
    if {cell.strip().lower() for cell in distinct} <= {"true", "false"}:
        return "boolean"
    nested = all(cell.strip()[:1] in ("[", "{") for cell in distinct)
    return "list" if nested else "text"
