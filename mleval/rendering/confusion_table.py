"""Confusions in the table: a shaded matrix where it fits, else the confusions that weigh most."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from mleval.rendering import content, escape, palette
from mleval.rendering.layout import Column, Row, cut, hanging, lay_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import count, percent, row_totals
from mleval.report import ConfusionTable, Report

MOST = 20  # classes of a matrix that an eye can take in
_LONGEST = 20  # cells for the label of a row
_SHORTEST = 6  # cells that still tell labels apart at the head of a column


@dataclass(frozen=True)
class _Heads:
    """The labels of a matrix's rows and columns, and the cells each has."""

    rows: list[Text]
    columns: list[Text]
    margin: int
    breadth: int


def confusion_lines(report: Report, look: Look, *, whole: bool) -> list[Text]:
    """The confusion matrix, or the confusions with the most weight when it is too large."""
    table = report.confusion
    if table is None or not table.cells:
        return []
    texts = {(truth, guess): count(w, whole) for truth, guess, w in table.cells if w}
    heads = _heads(table, max(map(len, texts.values()), default=1), look)
    if heads is None:
        return _list(report, look, whole=whole)
    said = Text("rows: truth, columns: prediction", palette.QUIET)
    title = Text.assemble(("confusion matrix", palette.TITLE), "  ")
    return [*hanging(title, said, look.columns), *_matrix(table, texts, heads)]


def _heads(table: ConfusionTable, longest: int, look: Look) -> _Heads | None:
    """The labels as they are, or cut, or by number; None when even numbers do not fit."""
    if not 0 < len(table.labels) <= MOST:
        return None
    none = [Text("none", palette.QUIET)] * any(guess is None for _, guess, _ in table.cells)
    rows = [_label(label, look) for label in table.labels]
    margin = min(max(row.cell_len for row in rows), _LONGEST)
    room = (look.columns - margin - 1) // (len(rows) + len(none))
    wanted = max(longest, *(head.cell_len for head in [*rows, *none])) + 2
    breadth = min(wanted, room)
    if breadth >= min(wanted, max(longest, _SHORTEST) + 2):
        return _Heads(rows, [*rows, *none], margin, breadth)
    numbers = [Text(str(place + 1), palette.QUIET) for place in range(len(rows))]
    rows = [
        Text.assemble((f"{n.plain:>2} ", palette.QUIET), row)
        for n, row in zip(numbers, rows, strict=True)
    ]
    margin = min(max(row.cell_len for row in rows), _LONGEST)
    room = (look.columns - margin - 1) // (len(rows) + len(none))
    least = max(longest, 4 if none else 2)
    if room <= least:
        return None
    breadth = min(least + 2, room)
    return _Heads(rows, [*numbers, *none], margin, breadth)


def _label(label: str, look: Look) -> Text:
    return Text(escape.terminal(escape.shortened(label, 100), ascii=look.ascii))


def _matrix(
    table: ConfusionTable, texts: dict[tuple[str, str | None], str], heads: _Heads
) -> list[Text]:
    totals = row_totals(table)
    weights = {(truth, guess): weight for truth, guess, weight in table.cells}
    guesses = [*table.labels, None][: len(heads.columns)]
    lines = [Text(" " * (heads.margin + 1))]
    for head in heads.columns:
        lines[0].append_text(_right(cut(head, heads.breadth - 1), heads.breadth, palette.HEAD))
    for truth, name in zip(table.labels, heads.rows, strict=True):
        line = cut(name, heads.margin)
        line.append(" " * (heads.margin + 1 - line.cell_len))
        for guess in guesses:
            share = weights.get((truth, guess), 0.0) / (totals.get(truth) or 1.0)
            text = texts.get((truth, guess), palette.NOTHING)
            style = palette.shade(share, right=truth == guess)
            line.append_text(_right(Text(text), heads.breadth, style or palette.QUIET))
        lines.append(line)
    return lines


def _right(text: Text, breadth: int, style: str) -> Text:
    """The text at the right of a cell, one space from its end, all of it in the style."""
    cell = Text(" " * (breadth - 1 - text.cell_len)) + text + Text(" ")
    cell.stylize(style)
    return cell


def _list(report: Report, look: Look, *, whole: bool) -> list[Text]:
    found = content.top_confusions(report)
    if not found:
        return []
    heads = ("truth", "", "prediction", "rows", "of the class")
    rows = [Row([Text(head, palette.HEAD) for head in heads])]
    rows += [
        Row(
            [
                _label(item.truth, look),
                Text(palette.TO, palette.QUIET),
                _label(item.prediction, look),
                Text(count(item.weight, whole), palette.VALUE),
                Text(percent(item.share), palette.QUIET),
            ]
        )
        for item in found
    ]
    number, label = Column(right=True), Column(least=6)
    columns = [label, Column(), label, number, Column(right=True, drop=1)]
    return [Text("most confused", palette.TITLE), *lay_out(columns, rows, look.columns)]
