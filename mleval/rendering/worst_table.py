"""The worst rows of the table."""

from __future__ import annotations

from rich.text import Text

from mleval.rendering import escape, palette, worst
from mleval.rendering.layout import Column, Row, hanging, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, number
from mleval.report import Report

_LONGEST = 400  # characters of a text


def worst_lines(report: Report, look: Look) -> tuple[list[Text], list[str]]:
    """A line a row: where it is, its id, and what is said of it; and what is left out."""
    if not report.worst:
        return [], []
    if worst.are_pairs_of_texts(report):
        return _one_below_the_other(report, look), []
    heads, rows = worst.heads(report), worst.rows(report, look.digits)
    columns, cells = [], []
    for place, head in enumerate(heads):
        column = [row[place] for row in rows]
        numeric = all(is_number for _, is_number in column)
        texts = [text for text, _ in column]
        texts = aligned(texts) if numeric else [_shown(text, look) for text in texts]
        last = place == len(heads) - 1  # by which the rows are the worst
        # Words can be cut, and say what the numbers are of: numbers go first, from the right.
        counts = place > 0 and all(is_number or not text for text, is_number in column)
        drop = place + 100 if counts and not last else min(place, 1)
        columns.append(Column(right=numeric, least=None if numeric else 12, drop=drop, name=head))
        cells.append([Text(_shown(head, look), palette.HEAD), *map(Text, texts)])
    lines = [Row(row) for row in zip(*cells, strict=True)]
    missing = [columns[index].name for index in left_out(columns, lines, look.columns)]
    return lay_out(columns, lines, look.columns), missing


def _one_below_the_other(report: Report, look: Look) -> list[Text]:
    """A line with all that is short, then a line a text, so that they can be compared by eye."""
    names = worst.texts(report)
    width = max(map(len, names))
    out = [Text("worst rows", palette.HEAD)]
    for row in report.worst:
        short = [
            f"{name} {number(value, look.digits)}"
            for name, value in row.fields.items()
            if isinstance(value, int | float)
        ]
        ids = [] if row.id is None else [row.id]
        head = "  ".join([worst.place(row.place, report), *ids, *short])
        out.append(Text(_shown(head, look)))
        for name in names:
            text = Text(_shown(str(row.fields.get(name) or ""), look))
            out += hanging(Text(f"  {name:{width}}  ", palette.QUIET), text, look.columns)
    return out


def _shown(text: str, look: Look) -> str:
    return escape.terminal(escape.shortened(text, _LONGEST), ascii=look.ascii)
