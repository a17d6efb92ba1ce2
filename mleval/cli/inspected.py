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

    from mleval.inspection.found import FileSeen, Inspection

MOST_COLUMNS = 60
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", " ": "space"}


def inspected(found: Inspection, *, ascii: bool) -> Iterator[RenderableType]:
    """The parts, one under the other."""

    def said(text: str, style: str = "") -> Text:
        return Text(escape.terminal(text, ascii=ascii), style)

    for file in (found.predictions, found.truths):
        if file is not None:
            yield said(f"{file.name}  ", "bold").append_text(said(_facts(file, found), "not bold"))
            yield Text()
            if file.columns:
                yield from _columns(file, ascii=ascii)
                yield Text()
    if found.roles:
        roles = [(role.role, role.column, role.why) for role in found.roles]
        yield _grid(("role", "column", "why"), roles, ascii=ascii)
        yield Text()
    for notice in found.notices:
        yield said(f"! {notice}")
    if found.notices:
        yield Text()
    if found.refusal is not None:
        yield Text("cannot be evaluated as it is: ", "bold").append_text(said(found.refusal))
        if found.hint:
            yield Text("hint: ", "bold").append_text(said(found.hint))


def _columns(file: FileSeen, *, ascii: bool) -> Iterator[RenderableType]:
    shown = file.columns[:MOST_COLUMNS]
    rows = [
        (c.name, c.type, str(c.missing), str(c.distinct), c.role or "", ", ".join(c.examples))
        for c in shown
    ]
    yield _grid(("column", "type", "missing", "distinct", "role", "examples"), rows, ascii=ascii)
    if len(shown) < len(file.columns):
        yield Text(f"and {_count(len(file.columns) - len(shown), 'more column')}; --json has all")


def _facts(file: FileSeen, found: Inspection) -> str:
    about = file.about
    facts = [about.format]
    if about.compression is not None:
        facts.append(f"{about.compression}-compressed")
    if about.encoding is not None:
        facts.append(about.encoding.upper())
    if about.delimiter is not None and len(file.columns) > 1:
        facts.append(f"{_DELIMITERS.get(about.delimiter, about.delimiter)} between cells")
    if not file.columns:
        return " · ".join(facts)
    facts.append(_count(len(file.columns), "column"))
    if found.models and file is found.predictions:
        facts.append(_count(len(found.models), "model"))
    if about.rows is None:
        facts.append("rows not counted")
    elif about.exact:
        facts.append(_count(about.rows, "row"))
    else:
        facts.append(f"about {float(f'{about.rows:.2g}'):,.0f} rows")
    if about.rows != file.rows_seen:
        facts.append(f"the first {file.rows_seen:,} were looked at")
    if file is found.truths and found.join:
        facts.append(f"joined {'on ' * (found.join != 'row by row')}{found.join}")
    return " · ".join(facts)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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
