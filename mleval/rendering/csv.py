"""CSV: one row a number, in full precision, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from mleval.rendering import content, escape, slice_content
from mleval.rendering.look import Look
from mleval.report import Estimate, Report

COLUMNS = (
    *("metric", "class", "value", "low", "high", "level", "method", "goal", "n"),
    *("undefined", "no_interval", "threshold"),
)


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


def _rows(report: Report) -> Iterator[tuple[str, str | None, Estimate]]:
    for name, item in report.metrics.items():
        yield name, item.of_class or _class_of(name), item
    for label, row in report.classes.items():
        counts = {"support": row.support, "predicted": row.predicted}
        items = {name: Estimate(value=n) for name, n in counts.items() if n is not None}
        for name, item in {**items, **row.metrics}.items():
            key = content.of_class(name, label)
            if key not in report.metrics:
                yield key, label, item
    for target, metrics in report.targets.items():
        for name, item in metrics.items():
            yield content.of_target(name, target), None, item
    for table in report.slices:
        for part in table.slices:
            support = {"support": Estimate(value=part.support, n=part.rows)}
            for name, item in {**support, **part.metrics}.items():
                key = slice_content.of_slice(name, table.column, part.name)
                yield key, item.of_class or _class_of(name), item


def _class_of(name: str) -> str | None:
    spec = content.parsed(name)
    return spec.of_class if spec else None


def _cells(row: tuple[str, str | None, Estimate]) -> list[str]:
    name, label, item = row
    fields = (name, label, item.value, item.low, item.high, item.level, item.method, item.goal)
    return [_cell(x) for x in (*fields, item.n, item.undefined, item.no_interval, item.threshold)]


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return escape.csv(value)
    if value is None:
        return ""
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{value:.0f}" if whole else repr(float(value))
