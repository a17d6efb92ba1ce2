"""JSON: the whole report, in full precision."""

from __future__ import annotations

import json

from mleval.rendering import escape
from mleval.rendering.look import Look
from mleval.report import Report
from mleval.report_set import ReportSet


def render(report: Report | ReportSet, look: Look) -> str:  # noqa: ARG001  (JSON has but one look)
    """The report as a JSON object."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False, indent=2)
    return escape.json(text) + "\n"
