"""The classes of the table: a row a class, as many metrics and intervals as the width takes."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from mleval.rendering import content, escape, palette
from mleval.rendering.layout import Column, Row, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, count, interval, number
from mleval.report import ClassRow, Report

_KEPT_LONGEST = ("f1", "recall", "precision")


def class_lines(report: Report, look: Look, *, whole: bool) -> tuple[list[Text], list[str]]:
    """Class, support, predicted, then every metric with its interval; and what is left out."""
    classes, note = content.shown_classes(report)
    names = content.class_metrics(report)
    table = [_labels(classes, look, content.heads(report)[1])]
    columns = [Column(least=8)]
    for title, counts, drop in _counts(classes):
        texts = ["" if n is None else count(n, whole) for n in counts]
        table.append([Text(title, palette.HEAD), *map(Text, texts)])
        columns.append(Column(right=True, drop=drop, name=title))
    for place, name in enumerate(names):
        importance = _importance(name, place)
        table += [_values(classes, name, look), _intervals(classes, name, look)]
        columns += [
            Column(right=True, drop=importance, name=name),
            Column(drop=1000 + importance, name=content.CLASS_INTERVALS),
        ]
    rows = [Row(cells) for cells in zip(*table, strict=True)]
    lines = lay_out(columns, rows, look.columns)
    missing = [columns[index].name for index in left_out(columns, rows, look.columns)]
    return lines + ([Text(note, palette.QUIET)] if note else []), missing


def _importance(name: str, place: int) -> int:
    """The rank at which a metric's column goes: the higher, the sooner."""
    return _KEPT_LONGEST.index(name) + 1 if name in _KEPT_LONGEST else 100 + place


def _counts(classes: Mapping[str, ClassRow]) -> list[tuple[str, list[float | None], int]]:
    rows = classes.values()
    return [
        ("support", [row.support for row in rows], 20),
        ("predicted", [row.predicted for row in rows], 50),
    ]


def _labels(classes: Mapping[str, ClassRow], look: Look, head: str) -> list[Text]:
    labels = (escape.terminal(escape.shortened(name, 200), ascii=look.ascii) for name in classes)
    return [Text(head, palette.HEAD), *map(Text, labels)]


def _values(classes: Mapping[str, ClassRow], name: str, look: Look) -> list[Text]:
    items = [row.metrics.get(name) for row in classes.values()]
    known = (number(item.value, look.digits) for item in items if item and item.value is not None)
    texts = iter(aligned(list(known)))
    cells = [Text(escape.terminal(escape.shortened(name, 40), ascii=look.ascii), palette.HEAD)]
    for item in items:
        if item is None:
            cells.append(Text())
        elif item.value is None:
            cells.append(Text(palette.DASH, palette.QUIET))
        else:
            cells.append(Text(next(texts), palette.VALUE))
    return cells


def _intervals(classes: Mapping[str, ClassRow], name: str, look: Look) -> list[Text]:
    items = [row.metrics.get(name) for row in classes.values()]
    texts = [(item and interval(item, look.digits)) or "" for item in items]
    return [Text(), *(Text(text, palette.QUIET) for text in texts)]
