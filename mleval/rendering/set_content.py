"""What is said of several models side by side, whatever it is set in."""

from __future__ import annotations

from mleval.rendering import content
from mleval.report_set import ReportSet

BEST = "★"


def headline(reports: ReportSet) -> list[str]:
    """The facts beside the task."""
    first = next(iter(reports.systems.values()))
    return [f"{len(reports)} models", *content.facts(first), *content.files(first)]


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
