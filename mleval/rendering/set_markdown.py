"""Several models in Markdown: a row a metric, a column a model, the best of each row in bold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mleval.rendering import escape, set_content
from mleval.rendering.fitting import Section, fitted
from mleval.rendering.look import Look
from mleval.rendering.markdown import gate_table, worst_rows
from mleval.rendering.numerals import interval, number
from mleval.report import Estimate
from mleval.report_set import ReportSet

_GOALS = {"max": " ↑", "min": " ↓"}


def render(reports: ReportSet, look: Look) -> str:
    """Headline, gates, table, warnings, what was assumed: as much as a comment may hold."""
    best = {spec: reports.best(spec) for spec in reports.metrics}
    metrics = _table(reports, "metric", reports.metrics, best, look)
    slices = [
        "\n\n".join([_table(reports, of.head, of.rows, {}, look), escape.markdown(of.note or "")])
        for of in set_content.slices(reports)
    ]
    facts = [escape.markdown(fact) for fact in set_content.headline(reports)]
    said = set_content.citations(reports)
    citations = "\n\n".join(f"`{escape.terminal(line)}`" for line in said)
    headline = " · ".join([f"**{escape.markdown(set_content.task(reports))}**", *facts])
    warnings = [f"- ⚠️ {escape.markdown(text)}" for text in set_content.warnings(reports)]
    return fitted(
        [
            Section(headline),
            Section(gate_table(reports, look.digits), "gates", 1),
            Section(metrics, "metrics", 2),
            Section(citations, "citations", 2),
            *(Section(sliced, "slices", 3) for sliced in slices),
            *(
                Section(worst_rows(report, look, name), "worst rows", 4)
                for name, report in reports.systems.items()
            ),
            Section("\n".join(warnings), "warnings", 3),
            Section(_small(reports), "notes", 3),
        ]
    )


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
