"""The metrics of the table: value, interval, and a drawing of both on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from mleval.rendering import content, escape, palette
from mleval.rendering.interval_scale import is_drawn, start_of
from mleval.rendering.layout import Column, Row, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, interval, number
from mleval.report import Estimate, Report

Line = tuple[str, list[Estimate | None]]  # a metric's name, and its estimate an average

_CELLS = 20
_INTERVAL = 3  # the place of its column


def metric_lines(report: Report, look: Look, notes: content.Notes) -> tuple[list[Text], list[str]]:
    """Metrics that stand alone, then those in several averages, in columns under one another.

    And the names of the columns that are left out; no note is about one of them.
    """
    alone, averaged = content.grouped(report)
    breadth = max(len(averaged.names), 1)
    lines: list[Line] = [(name, [item] + [None] * (breadth - 1)) for name, item in alone.items()]
    lines += [(name, [row.get(a) for a in averaged.names]) for name, row in averaged.rows.items()]
    start = start_of(item for _, items in lines for item in items[:1] if item)
    columns = _columns(averaged.names)
    for ranges in (True, False):  # rather than the intervals the ranges beside them are left out
        trial = _rows(lines, start, look, content.Notes(), frozenset(), ranges=ranges)
        dropped = frozenset(left_out(columns, _headed(report, trial, start), look.columns))
        if _INTERVAL not in dropped:
            break
    rows = _rows(lines, start, look, notes, dropped, ranges=ranges)
    rows = _headed(report, rows, start)
    names = [columns[index].name for index in sorted(dropped)]
    return lay_out(columns, [_without(row, dropped) for row in rows], look.columns), names


def _without(row: Row, dropped: frozenset[int]) -> Row:
    """The row with nothing in the columns that are left out."""
    if row.runs_on:
        return row
    return Row([Text() if place in dropped else cell for place, cell in enumerate(row.cells)])


def _headed(report: Report, rows: list[Row], start: float | None) -> list[Row]:
    """The rows of both parts, each under its heads."""
    alone, averaged = content.grouped(report)
    title = content.interval_title(report)
    if averaged.rows:
        rows.insert(len(alone), _head(content.heads(report)[0], averaged.names, title, start))
    if averaged.rows and alone:
        rows.insert(len(alone), Row([]))
    if alone:
        rows.insert(0, _head("metric", ["value"], title, start))
    return rows


def _columns(averages: Sequence[str]) -> list[Column]:
    """Name, goal, value, interval, drawing; then value and interval of each further average."""
    interval = Column(drop=50, name=content.INTERVALS)
    columns = [Column(least=8), Column(), Column(), interval, Column(drop=300, spare=True)]
    for place, name in enumerate(averages[1:], 1):
        columns.append(Column(drop=60 + place, name=name))
        columns.append(Column(drop=200 + place, name=f"{name} intervals"))
    return columns


def _place(average: int) -> int:
    """The column of an average's values; its intervals are in the next."""
    return 3 + 2 * average if average else 2


def _rows(
    lines: Sequence[Line],
    start: float | None,
    look: Look,
    notes: content.Notes,
    dropped: frozenset[int],
    *,
    ranges: bool,
) -> list[Row]:
    texts = [_value_texts([items[i] for _, items in lines], look) for i in range(_breadth(lines))]
    rows = []
    for index, (name, items) in enumerate(lines):
        first = next(item for item in items if item)
        cells = [Text(_shown(name, 200, look)), Text(palette.GOALS[first.goal], palette.QUIET)]
        if first.undefined is not None and not any(items[1:]):
            reason = Text(_shown(first.undefined, 400, look), palette.QUIET)
            rows.append(Row([*cells, _value(texts[0][index]), reason], runs_on=True))
            continue
        for place, item in enumerate(items):
            column = _place(place)
            value, shown = _value(texts[place][index]), column + 1 not in dropped
            if item and item.value is None and not shown and column not in dropped:
                value.append(palette.raised(notes.number(f"undefined: {item.undefined}")))
            cells += [value, _interval(item, look, notes, ranges=ranges) if shown else Text()]
            if place == 0:
                cells.append(_drawing(item, start))
        rows.append(Row(cells))
    return rows


def _breadth(lines: Sequence[Line]) -> int:
    return len(lines[0][1]) if lines else 0


def _head(first: str, names: Sequence[str], interval_title: str, start: float | None) -> Row:
    cells = [first, "", names[0], interval_title, _scale(start)]
    for name in names[1:]:
        cells += [name, interval_title]
    return Row([Text(cell, palette.HEAD) for cell in cells])


def _shown(text: str, length: int, look: Look) -> str:
    return escape.terminal(escape.shortened(text, length), ascii=look.ascii)


def _value_texts(items: Sequence[Estimate | None], look: Look) -> list[str]:
    """The values of a column with their points aligned; empty where there is no estimate."""
    known = [item.value for item in items if item and item.value is not None]
    texts = iter(aligned([number(value, look.digits) for value in known]))
    missing = palette.DASH
    return [
        "" if item is None else missing if item.value is None else next(texts) for item in items
    ]


def _value(text: str) -> Text:
    return Text(text, palette.QUIET if text == palette.DASH else palette.VALUE)


def _interval(item: Estimate | None, look: Look, notes: content.Notes, *, ranges: bool) -> Text:
    """The interval, or the note that says why there is none; a best's threshold; a wide range."""
    if item is None:
        return Text()
    text = Text(interval(item, look.digits) or "")
    note = notes.of(item)
    if note is not None and not text.plain:
        dash = palette.DASH if item.value is not None else ""
        text = Text(dash + palette.raised(note), palette.QUIET)
    if item.threshold is not None:
        text.append(" " if text.plain else "")
        text.append(f"at {number(item.threshold, look.digits)}", palette.QUIET)
    low, high = item.range
    if ranges and low == 0 and high is not None and high > 1:
        text.append(f" on 0-{high:g}", palette.QUIET)
    return text


def _scale(start: float | None) -> str:
    return "" if start is None else f"{start:<{_CELLS - 1}g}1"


def _drawing(item: Estimate | None, start: float | None) -> Text:
    """The interval as a bar with the value on it."""
    if item is None or start is None or item.value is None or not is_drawn(item):
        return Text()

    def place(x: float) -> int:
        return min(max(round((x - start) / (1 - start) * (_CELLS - 1)), 0), _CELLS - 1)

    dot = place(item.value)
    low, high = (dot if end is None else place(end) for end in (item.low, item.high))
    low, high = min(low, dot), max(high, dot)
    text = Text(" " * low)
    text.append(palette.BAR * (dot - low), palette.INTERVAL_BAR)
    text.append(palette.MARK, palette.VALUE_DOT)
    return text.append(palette.BAR * (high - dot), palette.INTERVAL_BAR)
