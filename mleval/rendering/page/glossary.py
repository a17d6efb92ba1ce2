"""What the metrics of a page are, in a line each: it is read by people who did not choose them."""

from __future__ import annotations

from typing import Any

from mleval.errors import UsageError
from mleval.metrics import find
from mleval.rendering.content import parsed
from mleval.rendering.page.blocks import Facts
from mleval.report import Report

MOST = 60


def glossary(report: Report) -> list[Facts]:
    """The title and the formula of each metric, once; none of those derived from others."""
    found: dict[str, str] = {}
    task: Any = report.task
    for spec in map(parsed, report.metrics):
        if spec is None or spec.name in found:
            continue
        try:
            metric = find(spec.name, task)
        except UsageError:
            continue
        if metric.name == spec.name:
            found[spec.name] = f"{metric.title}: {metric.formula}"
    some = dict(list(found.items())[:MOST])
    return [Facts(items=some)] if some else []
