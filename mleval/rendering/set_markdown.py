"""Several models in Markdown: a row a metric, a column a model, the best of each row in bold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mleval.rendering import escape, set_content
from mleval.rendering.look import Look
from mleval.rendering.numerals import interval, number
from mleval.report import Estimate
from mleval.report_set import ReportSet

_GOALS = {"max": " ↑", "min": " ↓"}


def render(reports: ReportSet, look: Look) -> str:
    """Headline, table, warnings, what was assumed."""
    best = {spec: reports.best(spec) for spec in reports.metrics}
    tables = [_table(reports, "metric", reports.metrics, best, look)]
    for of in set_content.slices(reports):
        tables += [_table(reports, of.head, of.rows, {}, look), escape.markdown(of.note or "")]
    facts = [escape.markdown(fact) for fact in set_content.headline(reports)]
    parts = [
        " · ".join([f"**{escape.markdown(set_content.task(reports))}**", *facts]),
        *tables,
        "\n".join(f"- ⚠️ {escape.markdown(warning)}" for warning in set_content.warnings(reports)),
        _small(reports),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _table(
    reports: ReportSet,
    head: str,
    rows: Mapping[str, Mapping[str, Estimate]],
    best: Mapping[str, Sequence[str]],
    look: Look,
) -> str:
    """A row a metric or slice, a column a model."""
    heads = [escape.markdown(escape.shortened(name, 60)) for name in (head, *reports)]
    lines = [heads, [":--"] + ["--:"] * len(reports)]
    for row, items in rows.items():
        goal = _GOALS.get(next(iter(items.values())).goal, "")
        marked = best.get(row, ())
        cells = [_cell(items.get(name), name in marked, look.digits) for name in reports]
        lines.append([escape.markdown(escape.shortened(row, 200)) + goal, *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


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
