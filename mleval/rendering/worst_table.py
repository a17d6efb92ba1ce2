"""The worst rows of the table."""

from __future__ import annotations

from rich.text import Text

from mleval.rendering import escape, palette, worst
from mleval.rendering.layout import Column, Row, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned
from mleval.report import Report

_LONGEST = 200  # characters of a text


def worst_lines(report: Report, look: Look) -> tuple[list[Text], list[str]]:
    """A line a row: where it is, its id, and what is said of it; and what is left out."""
    if not report.worst:
        return [], []
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


def _shown(text: str, look: Look) -> str:
    return escape.terminal(escape.shortened(text, _LONGEST), ascii=look.ascii)
