"""Columns of text set to a width: nothing is broken, the least important column goes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

GAP = 2
_ROOM = 20  # cells in which wrapped text still reads well


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. right: where its text stands; drop: the highest goes first, 0 stays.

    least: the width it may be cut to, None when it is never cut; name: what to call it when it
    is left out, nothing when nobody would miss it; spare: it goes before any other is cut.
    """

    right: bool = False
    drop: int = 0
    least: int | None = None
    name: str = ""
    spare: bool = False


@dataclass(frozen=True)
class Row:
    """The cells of a row; runs_on: the last of them takes the room of the columns it lacks."""

    cells: Sequence[Text]
    runs_on: bool = False


def lay_out(
    columns: Sequence[Column], rows: Sequence[Row], width: int, *, after: int = 0
) -> list[Text]:
    """The rows as lines of at most `width` cells, so far as columns that stay allow.

    after: the room to leave behind the columns for what runs on.
    """
    widths = _fit(columns, _natural(rows), width - (after and after + GAP))
    return [line for row in rows for line in _lines(row, columns, widths, width)]


def left_out(columns: Sequence[Column], rows: Sequence[Row], width: int) -> list[int]:
    """The columns that hold something and yet have no place in the width."""
    natural = _natural(rows)
    kept = _fit(columns, natural, width)
    return [index for index in natural if index not in kept]


def _natural(rows: Sequence[Row]) -> dict[int, int]:
    """Column → the width it would like; columns with nothing in them are left out."""
    widths: dict[int, int] = {}
    for row in rows:
        for index, cell in enumerate(row.cells[:-1] if row.runs_on else row.cells):
            if cell.plain:
                widths[index] = max(widths.get(index, 0), cell.cell_len)
    return dict(sorted(widths.items()))


def _fit(columns: Sequence[Column], widths: dict[int, int], width: int) -> dict[int, int]:
    """Cut what may be cut a little; drop columns; cut what may be cut as far as it takes."""
    kept = dict(widths)
    while True:
        droppable = [index for index in kept if columns[index].drop]
        over = sum(kept.values()) + GAP * (len(kept) - 1) - width
        spare = [index for index in droppable if columns[index].spare]
        if over > 0 and spare:
            del kept[spare[-1]]
            continue
        cut = _cut(columns, kept, over, generous=bool(droppable))
        if over <= 0 or cut is not None:
            return kept if cut is None else cut
        if not droppable:
            return kept
        del kept[max(droppable, key=lambda index: columns[index].drop)]


def _cut(
    columns: Sequence[Column], widths: dict[int, int], over: int, *, generous: bool
) -> dict[int, int] | None:
    """The widths with `over` taken off, widest column first; None when that does not suffice."""
    if over <= 0:
        return None
    cut = dict(widths)
    least = {
        index: min(width, (columns[index].least or 0) * (3 if generous else 1))
        for index, width in widths.items()
        if columns[index].least is not None
    }
    for _ in range(over):
        wide = [index for index in least if cut[index] > least[index]]
        if not wide:
            return cut if not generous and least else None
        cut[max(wide, key=lambda index: cut[index])] -= 1
    return cut


def _lines(
    row: Row, columns: Sequence[Column], widths: dict[int, int], width: int
) -> Iterable[Text]:
    line = Text()
    for index, cell in enumerate(row.cells[:-1] if row.runs_on else row.cells):
        if index in widths:
            line.append_text(_set(cell, widths[index], right=columns[index].right))
            line.append(" " * GAP)
    if not row.runs_on:
        return [_stripped(line)]
    return hanging(line, row.cells[-1], width)


def _set(cell: Text, width: int, *, right: bool) -> Text:
    """The cell at exactly the width."""
    cell = cut(cell, width)
    space = " " * (width - cell.cell_len)
    return Text(space).append_text(cell) if right else cell.append(space)


def _stripped(line: Text) -> Text:
    line.rstrip()
    return line


def cut(text: Text, width: int) -> Text:
    """A copy of at most `width` cells, with an ellipsis where it was cut."""
    text = text.copy()
    if text.cell_len > width:
        text.truncate(width, overflow="ellipsis")
    return text


def wrap(text: Text, width: int) -> list[Text]:
    """The text in lines of at most `width` cells; a longer word is broken."""
    if text.cell_len <= width:
        return [text]
    ends: list[int] = []
    start = used = space = 0
    for index, char in enumerate(text.plain):
        size = cell_len(char)
        if used + size > width and char != " ":
            start = space if space > start else index
            ends.append(start)
            used = cell_len(text.plain[start:index])
        if char == " ":
            space = index + 1
        used += size
    lines = list(text.divide(ends))
    for line in lines:
        line.rstrip()
    return lines


def hanging(mark: Text, text: Text, width: int) -> list[Text]:
    """The text after the mark, wrapped, and indented as deep as the mark is wide.

    Where the mark leaves too little room, the text begins on the next line.
    """
    indent = mark.cell_len
    if width - indent < min(_ROOM, text.cell_len):
        return [_stripped(mark), *(Text.assemble("  ", line) for line in wrap(text, width - 2))]
    first, *rest = wrap(text, width - indent)
    return [
        Text.assemble(mark, first),
        *(Text.assemble(" " * indent, line) for line in rest),
    ]
