"""Several models in Markdown: a row a metric, a column a model, the best of each row in bold."""

from __future__ import annotations

from mleval.rendering import escape, set_content
from mleval.rendering.look import Look
from mleval.rendering.markdown import worst_rows
from mleval.rendering.numerals import interval, number
from mleval.report import Estimate
from mleval.report_set import ReportSet

_GOALS = {"max": " ↑", "min": " ↓"}


def render(reports: ReportSet, look: Look) -> str:
    """Headline, table, warnings, what was assumed."""
    heads = ["metric", *(escape.markdown(escape.shortened(name, 60)) for name in reports)]
    lines = [heads, [":--"] + ["--:"] * len(reports)]
    for spec, items in reports.metrics.items():
        best = reports.best(spec)
        goal = _GOALS.get(next(iter(items.values())).goal, "")
        cells = [_cell(items.get(name), name in best, look.digits) for name in reports]
        lines.append([escape.markdown(spec) + goal, *cells])
    facts = [escape.markdown(fact) for fact in set_content.headline(reports)]
    parts = [
        " · ".join([f"**{escape.markdown(set_content.task(reports))}**", *facts]),
        "\n".join("| " + " | ".join(line) + " |" for line in lines),
        *(worst_rows(report, look, name) for name, report in reports.systems.items()),
        "\n".join(f"- ⚠️ {escape.markdown(warning)}" for warning in set_content.warnings(reports)),
        _small(reports),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _cell(item: Estimate | None, best: bool, digits: int) -> str:
    if item is None:
        return ""
    if item.value is None:
        return "—"
    value = number(item.value, digits)
    value = f"**{value}** {set_content.BEST}" if best else value
    return " ".join(filter(None, [value, interval(item, digits)]))


def _small(reports: ReportSet) -> str:
    note = set_content.note(reports)
    said = [note] if note else []
    assumed = [escape.markdown(item) for item in set_content.assumed(reports)]
    if assumed:
        said.append("assumed: " + " · ".join(assumed))
    return "<sub>" + "<br>".join(said) + "</sub>" if said else ""
