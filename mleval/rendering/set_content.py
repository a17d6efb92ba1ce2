"""What is said of several models side by side, whatever it is set in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from mleval.rendering import content, slice_content
from mleval.report import Estimate
from mleval.report_set import ReportSet

BEST = "★"


def headline(reports: ReportSet) -> list[str]:
    """The facts beside the task."""
    first = next(iter(reports.systems.values()))
    what = "systems" if first.task == "text" else "models"
    return [f"{len(reports)} {what}", *content.facts(first), *content.some(_inputs(reports))]


def _inputs(reports: ReportSet) -> list[str]:
    """The files of all, each once: those of one system's own before those that all share."""
    turns = zip_longest(*(report.inputs for report in reports.systems.values()))
    return [*dict.fromkeys(name for turn in turns for name in turn if name is not None)]


def task(reports: ReportSet) -> str:
    """What was evaluated, in words."""
    return content.task(next(iter(reports.systems.values())))


def assumed(reports: ReportSet) -> list[str]:
    """What was assumed of all models once, and of some with their names."""
    told: dict[str, list[str]] = {}
    for name, report in reports.systems.items():
        for item in content.assumed(report):
            told.setdefault(item, []).append(name)
    shared = [item for item, names in told.items() if len(names) == len(reports)]
    own: dict[str, list[str]] = {}
    for item, names in told.items():
        if len(names) < len(reports):
            own.setdefault(", ".join(names), []).append(item)
    return [*shared, *(f"{names}: {', '.join(items)}" for names, items in own.items())]


def warnings(reports: ReportSet) -> list[str]:
    """What a careful reader should know: what holds of all models once, the rest by name."""
    told: dict[str, list[str]] = {}
    for name, report in reports.systems.items():
        for warning in content.warnings(report):
            told.setdefault(warning, []).append(name)
    return [
        text if len(names) == len(reports) else f"{', '.join(names)}: {text}"
        for text, names in told.items()
    ]


def citations(reports: ReportSet) -> list[str]:
    """What papers quote, after the name of the model."""
    return [
        f"{name}: {said}" for name, report in reports.systems.items() for said in report.citations
    ]


@dataclass(frozen=True)
class Slices:
    """The slices by a column under each model. rows: slice → model → the metric's estimate.

    note: what to say when they are not all.
    """

    head: str
    rows: Mapping[str, Mapping[str, Estimate]]
    note: str | None = None


def slices(reports: ReportSet) -> list[Slices]:
    """A table a column, of the metric that orders the slices of the first model, as they are."""
    found: dict[str, dict[str, dict[str, Estimate]]] = {}
    metrics: dict[str, str] = {}
    for model, report in reports.systems.items():
        for table in report.slices:
            metric = metrics.setdefault(table.column, table.ordered_by or next(iter(report), ""))
            rows = found.setdefault(table.column, {})
            for row in table.slices:
                if metric in row.metrics:
                    rows.setdefault(row.name, {})[model] = row.metrics[metric]
    return [_some(column, metrics[column], rows) for column, rows in found.items() if rows]


def _some(column: str, metric: str, rows: Mapping[str, Mapping[str, Estimate]]) -> Slices:
    head = f"{metric} by {column}"
    if len(rows) <= slice_content.SLICES:
        return Slices(head, rows)
    some = dict(list(rows.items())[: slice_content.WORST])
    first = next(iter(next(iter(rows.values()))))
    return Slices(head, some, f"the {len(some)} worst of {len(rows):,} slices under {first}")


def interval_title(reports: ReportSet) -> str:
    """The head of the columns of intervals."""
    return next(filter(None, map(content.interval_title, reports.systems.values())), "")


def note(reports: ReportSet) -> str | None:
    """What the mark of the best means; None where nothing is marked."""
    if not reports.as_many_rows:
        rows = {name: report.provenance["rows_used"] for name, report in reports.systems.items()}
        told = ", ".join(f"{name} {count:,}" for name, count in rows.items())
        return f"no best value is marked, since the models have other rows: {told}"
    if not any(reports.best(spec) for spec in reports.metrics):
        return None
    caution = "; where intervals overlap the difference may be chance"
    return f"{BEST} best value" + (caution if interval_title(reports) else "")
