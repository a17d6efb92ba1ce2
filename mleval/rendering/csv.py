"""CSV: one row a number, in full precision, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from mleval.rendering import content, escape, slice_content
from mleval.rendering.look import Look
from mleval.report import Difference, Estimate, Report

COLUMNS = (
    *("metric", "class", "value", "low", "high", "level", "method", "goal", "n"),
    *("undefined", "no_interval", "threshold"),
    *("difference", "difference_low", "difference_high", "p"),  # of a slice from the others
)


class Line(NamedTuple):
    """A number under its Spec, and the class it is about."""

    spec: str
    about: str | None
    item: Estimate
    difference: Difference | None = None


def render(report: Report, look: Look) -> str:  # noqa: ARG001  (CSV has but one look)
    """The metrics, then those of each class (with its support and predictions), target or slice."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(report))
    return stream.getvalue()


def rows_of(report: Report) -> Iterator[list[str]]:
    """The cells of each row, escaped."""
    return map(_cells, _rows(report))


def _rows(report: Report) -> Iterator[Line]:
    for name, item in report.metrics.items():
        yield Line(name, item.of_class or _class_of(name), item)
    for label, row in report.classes.items():
        counts = {"support": row.support, "predicted": row.predicted}
        items = {name: Estimate(value=n) for name, n in counts.items() if n is not None}
        for name, item in {**items, **row.metrics}.items():
            key = content.of_class(name, label)
            if key not in report.metrics:
                yield Line(key, label, item)
    for target, metrics in report.targets.items():
        for name, item in metrics.items():
            yield Line(content.of_target(name, target), None, item)
    for table in report.slices:
        for part in table.slices:
            support = {"support": Estimate(value=part.support, n=part.rows)}
            for name, item in {**support, **part.metrics}.items():
                key = slice_content.of_slice(name, table.column, part.name)
                yield Line(key, item.of_class or _class_of(name), item, part.differences.get(name))


def _class_of(name: str) -> str | None:
    spec = content.parsed(name)
    return spec.of_class if spec else None


def _cells(line: Line) -> list[str]:
    item, apart = line.item, line.difference
    fields = (line.spec, line.about, item.value, item.low, item.high, item.level, item.method)
    rest = (item.goal, item.n, item.undefined, item.no_interval, item.threshold)
    told = (apart.value, apart.low, apart.high, apart.p) if apart else (None,) * 4
    return [_cell(x) for x in (*fields, *rest, *told)]


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return escape.csv(value)
    if value is None:
        return ""
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{value:.0f}" if whole else repr(float(value))
