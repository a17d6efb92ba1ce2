"""Diagnoses as CSV: a row a finding, in full precision."""

from __future__ import annotations

import csv
import io

from mleval.diagnosis.finding import Finding
from mleval.diagnosis.result import Diagnosis
from mleval.rendering import escape
from mleval.rendering.look import Look

COLUMNS = (
    *("finding", "part", "kind", "spoils", "says", "columns", "step"),
    *("metric", "now", "then", "difference", "low", "high", "recovers"),
)


def render(diagnosis: Diagnosis, look: Look) -> str:  # noqa: ARG001  (CSV has but one look)
    """The findings in order, with what mending each could gain."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, item in enumerate(diagnosis.findings, 1):
        writer.writerow([str(number), *map(_cell, _cells(item))])
    return stream.getvalue()


def _cells(item: Finding) -> list[str | float | None]:
    told = [item.part, item.kind, "yes" if item.spoils else "no", item.says]
    told += [", ".join(item.columns), item.step or ""]
    if item.gain is None:
        return [*told, *[None] * 7]
    gain, apart = item.gain, item.gain.difference
    ends = (apart.value, apart.low, apart.high)
    return [*told, gain.metric, gain.now, gain.then, *ends, gain.recovers]


def _cell(value: str | float | None) -> str:
    if isinstance(value, str):
        return escape.csv(value)
    return "" if value is None else repr(float(value))
