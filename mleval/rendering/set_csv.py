"""Several models as CSV: the rows of each one's report under its name."""

from __future__ import annotations

import csv
import io

from mleval.rendering import escape
from mleval.rendering.csv import COLUMNS, rows_of
from mleval.rendering.look import Look
from mleval.report_set import ReportSet


def render(reports: ReportSet, look: Look) -> str:  # noqa: ARG001  (CSV has but one look)
    """One row a number, in full precision."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("model", *COLUMNS))
    for name, report in reports.systems.items():
        writer.writerows([escape.csv(name), *row] for row in rows_of(report))
    return stream.getvalue()
