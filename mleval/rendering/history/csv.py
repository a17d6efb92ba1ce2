"""Histories as CSV: a row a series and run, in full precision."""

from __future__ import annotations

import csv
import io

from mleval.rendering import escape
from mleval.rendering.look import Look
from mleval.training.history import History
from mleval.training.run import Run
from mleval.training.series import Series

COLUMNS = (
    *("run", "series", "metric", "split", "goal", "best", "best_at", "last", "last_at", "gap"),
    *("overfitting_from", "divergence_from", "worsening_from", "plateau_from", "not_finite_from"),
)


def render(history: History, look: Look) -> str:  # noqa: ARG001  (CSV has but one look)
    """Where each series was best and last, and from where on what was found of it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, run in history.runs.items():
        for one in run.series:
            writer.writerow([_cell(cell) for cell in _cells(name, run, one)])
    return stream.getvalue()


def _cells(name: str, run: Run, one: Series) -> list[str | float | None]:
    found = {
        f"{f.kind.replace(' ', '_')}_from": f.epoch for f in run.findings if f.series == one.key
    }
    best, last = one.best, one.last
    gap = None
    for curve in run.curves:
        if curve.validation is not None and curve.validation.key == one.key and best is not None:
            gap = curve.gap(best)
    return [
        *(name, one.name, one.metric, one.split, one.goal),
        *(None if best is None else float(one.values[best]), run.at(best)),
        *(None if last is None else float(one.values[last]), run.at(last), gap),
        *(found.get(column) for column in COLUMNS[10:]),
    ]


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return escape.csv(value)
    return "" if value is None else repr(float(value))
