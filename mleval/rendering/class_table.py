"""Tables of the table whose rows are classes, targets or slices, and whose columns are metrics."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.text import Text

from mleval.rendering import content, escape, palette, slice_content
from mleval.rendering.layout import Column, Row, hanging, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, count, interval, number
from mleval.report import Estimate, Report, SliceTable
from mleval.report_parts import Estimates

_CELLS = 20  # of a forest
_KEPT_LONGEST = ("f1", "recall", "precision")
Counts = tuple[str, list[float | None], int]  # a head, the counts, and when the column is dropped


def class_lines(report: Report, look: Look, *, whole: bool) -> tuple[list[Text], list[str]]:
    """Class, support, predicted, then every metric with its interval; and what is left out."""
    classes, note = content.shown_classes(report)
    counts: list[Counts] = [
        ("support", [row.support for row in classes.values()], 20),
        ("predicted", [row.predicted for row in classes.values()], 50),
    ]
    rows = [row.metrics for row in classes.values()]
    head = content.heads(report)[1]
    lines, missing = _table(
        head, classes, counts, rows, look, whole=whole, intervals=content.CLASS_INTERVALS
    )
    return lines + ([Text(note, palette.QUIET)] if note else []), missing


def target_lines(report: Report, look: Look) -> tuple[list[Text], list[str]]:
    """Target, then every metric with its interval; and what is left out."""
    rows, intervals = list(report.targets.values()), content.TARGET_INTERVALS
    return _table("target", report.targets, [], rows, look, whole=True, intervals=intervals)


def slice_lines(table: SliceTable, look: Look) -> tuple[list[Text], list[str]]:
    """Slice, rows, then every metric with its interval, the gaps; and what is left out."""
    found = slice_content.shown(table)
    counts: list[Counts] = [("rows", list(found.counts), 20)]
    head = escape.terminal(escape.shortened(found.head, 40), ascii=look.ascii)
    lines, missing = _table(
        head,
        found.names,
        counts,
        found.rows,
        look,
        whole=True,
        intervals=slice_content.INTERVALS,
        first=found.first,
        marks=found.marks,
    )
    notes = [*found.notes, *filter(None, [slice_content.told(table)])]
    for note in notes:
        said = Text(escape.terminal(note, ascii=look.ascii), palette.QUIET)
        lines += hanging(Text(), said, look.columns)
    return lines, missing


def _table(
    head: str,
    names: Iterable[str],
    counts: Sequence[Counts],
    rows: Sequence[Estimates],
    look: Look,
    *,
    whole: bool,
    intervals: str,
    first: str | None = None,
    marks: Sequence[frozenset[str]] = (),
) -> tuple[list[Text], list[str]]:
    """The lines, and the names of the columns that are left out; intervals: what theirs is.

    first: the metric that stays the longest; marks: of each row the metrics that are marked.
    """
    table = [_labels(names, look, head)]
    columns = [Column(least=8)]
    for title, numbers, drop in counts:
        texts = ["" if n is None else count(n, whole) for n in numbers]
        table.append([Text(title, palette.HEAD), *map(Text, texts)])
        columns.append(Column(right=True, drop=drop, name=title))
    for place, name in enumerate(dict.fromkeys(name for row in rows for name in row)):
        importance = 0 if name == first else _importance(name, place)
        table += [_values(rows, name, look, marks), _intervals(rows, name, look)]
        columns += [
            Column(right=True, drop=importance, name=name),
            Column(drop=50 if name == first else 1000 + importance, name=intervals),
        ]
        if name == first:
            table.append(_forest([row.get(name) for row in rows]))
            columns.append(Column(drop=900))
    laid = [Row(cells) for cells in zip(*table, strict=True)]
    missing = [columns[index].name for index in left_out(columns, laid, look.columns)]
    return lay_out(columns, laid, look.columns), missing


def _importance(name: str, place: int) -> int:
    """The rank at which a metric's column goes: the higher, the sooner."""
    return _KEPT_LONGEST.index(name) + 1 if name in _KEPT_LONGEST else 100 + place


def _labels(names: Iterable[str], look: Look, head: str) -> list[Text]:
    labels = (escape.terminal(escape.shortened(name, 200), ascii=look.ascii) for name in names)
    return [Text(head, palette.HEAD), *map(Text, labels)]


def _values(
    rows: Sequence[Estimates], name: str, look: Look, marks: Sequence[frozenset[str]]
) -> list[Text]:
    marked = [name in some for some in marks] if marks else [False] * len(rows)
    items = [row.get(name) for row in rows]
    known = (number(item.value, look.digits) for item in items if item and item.value is not None)
    texts = iter(aligned(list(known)))
    cells = [Text(escape.terminal(escape.shortened(name, 40), ascii=look.ascii), palette.HEAD)]
    for item, mark in zip(items, marked, strict=True):
        if item is None:
            cells.append(Text())
        elif item.value is None:
            cells.append(Text(palette.DASH, palette.QUIET))
        else:
            after = (slice_content.MARK if mark else " ") if any(marked) else ""
            cells.append(Text(next(texts) + after, palette.VALUE))
    return cells


def _forest(items: Sequence[Estimate | None]) -> list[Text]:
    """The intervals below each other on one scale; nothing where there are none."""
    ends = [
        (item.low, item.value, item.high) if item and None not in (item.low, item.high) else None
        for item in items
    ]
    known = [end for some in ends if some for end in some if end is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if not low < high or math.isinf(high - low):
        return [Text()] * (len(items) + 1)

    def place(x: float) -> int:
        return round((x - low) / (high - low) * (_CELLS - 1))

    drawn = [Text(f"{low:<{_CELLS - 6}.3g}{high:>6.3g}", palette.HEAD)]
    for some in ends:
        if some is None or None in some:
            drawn.append(Text())
            continue
        start, dot, end = (place(float(x or 0.0)) for x in some)
        bar = palette.BAR * (dot - start), palette.BAR * (end - dot)
        parts = (bar[0], palette.INTERVAL_BAR), (palette.MARK, palette.VALUE_DOT)
        drawn.append(Text.assemble(" " * start, *parts, (bar[1], palette.INTERVAL_BAR)))
    return drawn


def _intervals(rows: Sequence[Estimates], name: str, look: Look) -> list[Text]:
    items = [row.get(name) for row in rows]
    texts = [(item and interval(item, look.digits)) or "" for item in items]
    return [Text(), *(Text(text, palette.QUIET) for text in texts)]
