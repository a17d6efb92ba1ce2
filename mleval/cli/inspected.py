"""How an inspection is printed: the file in a line, its columns, its roles, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from mleval.rendering import escape
from mleval.visible import LONGEST, middle

if TYPE_CHECKING:
    from rich.console import RenderableType

    from mleval.inspection import Inspection

MOST_COLUMNS = 60
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", " ": "space"}


def inspected(found: Inspection, *, ascii: bool) -> Iterator[RenderableType]:
    """The parts, one under the other."""

    def said(text: str, style: str = "") -> Text:
        return Text(escape.terminal(text, ascii=ascii), style)

    yield said(f"{found.file}  ", "bold").append_text(said(" · ".join(_facts(found)), "not bold"))
    yield Text()
    shown = found.columns[:MOST_COLUMNS]
    rows = [
        (c.name, c.type, str(c.missing), str(c.distinct), c.role or "", ", ".join(c.examples))
        for c in shown
    ]
    yield _grid(("column", "type", "missing", "distinct", "role", "examples"), rows, ascii=ascii)
    if len(shown) < len(found.columns):
        yield said(f"and {len(found.columns) - len(shown):,} more columns; --json has them all")
    if found.roles:
        yield Text()
        roles = [(role.role, role.column, role.why) for role in found.roles]
        yield _grid(("role", "column", "why"), roles, ascii=ascii)
    if found.notices:
        yield Text()
        for notice in found.notices:
            yield said(f"! {notice}")
    yield Text()
    if found.refusal is not None:
        yield Text("cannot be evaluated as it is: ", "bold").append_text(said(found.refusal))
        if found.hint:
            yield Text("hint: ", "bold").append_text(said(found.hint))


def _facts(found: Inspection) -> Iterator[str]:
    about = found.about
    yield about.format
    if about.compression is not None:
        yield f"{about.compression}-compressed"
    if about.encoding is not None:
        yield about.encoding.upper()
    if about.delimiter is not None:
        yield f"{_DELIMITERS.get(about.delimiter, about.delimiter)} between cells"
    yield f"{len(found.columns):,} column{'' if len(found.columns) == 1 else 's'}"
    if found.models:
        yield f"{len(found.models):,} models"
    if about.rows is None:
        yield "rows not counted"
    elif about.exact:
        yield f"{about.rows:,} rows"
    else:
        yield f"about {float(f'{about.rows:.2g}'):,.0f} rows"
    if about.rows != found.rows_seen:
        yield f"the first {found.rows_seen:,} were looked at"


def _grid(heads: Iterable[str], rows: Iterable[tuple[str, ...]], *, ascii: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in heads:
        counts = head in ("missing", "distinct")
        table.add_column(
            head, justify="right" if counts else "left", no_wrap=counts or head == "type",
            overflow="fold",
        )  # fmt: skip
    for row in rows:
        shown = (escape.terminal(middle(cell, 2 * LONGEST), ascii=ascii) for cell in row)
        table.add_row(*map(Text, shown))
    return table
