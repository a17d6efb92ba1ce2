"""The rows of a chart's columns that can be drawn."""

from __future__ import annotations

from mleval.report import Report
from mleval.report_charts import Chart


def rows(chart: Chart, *names: str) -> list[tuple[float, ...]]:
    """Those of these columns in which all values are numbers.

    >>> rows({"x": [1.0, 2.0], "y": [0.5, None]}, "x", "y")
    [(1.0, 0.5)]
    """
    lines = zip(*(chart[name] for name in names), strict=True)
    return [
        tuple(float(x) for x in line if x is not None and not isinstance(x, str))
        for line in lines
        if not any(x is None or isinstance(x, str) for x in line)
    ]


def chart_of(report: Report, name: str) -> Chart | None:
    """A chart of the report; the curve of that name where it gathered no charts."""
    found = report.charts.get(name)
    if found:
        return found
    curve = report.curves.get(name)
    return {key: list(column) for key, column in curve.items()} if curve else None
