"""Several models in Markdown: a row a metric, a column a model, the best of each row in bold."""

from __future__ import annotations

from mleval.rendering import escape, set_content
from mleval.rendering.fitting import Section, fitted
from mleval.rendering.grid import set_grid
from mleval.rendering.look import Look
from mleval.rendering.markdown import gate_table, table, worst_rows
from mleval.report_set import ReportSet


def render(reports: ReportSet, look: Look) -> str:
    """Headline, gates, table, warnings, what was assumed: as much as a comment may hold."""
    best = {spec: reports.best(spec) for spec in reports.metrics}
    metrics = table(set_grid(reports, "metric", reports.metrics, best, look.digits))
    slices = [
        f"{table(set_grid(reports, of.head, of.rows, {}, look.digits))}\n\n"
        f"{escape.markdown(of.note or '')}"
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


def _small(reports: ReportSet) -> str:
    note = set_content.note(reports)
    said = [note] if note else []
    assumed = [escape.markdown(item) for item in set_content.assumed(reports)]
    if assumed:
        said.append("assumed: " + " · ".join(assumed))
    return "<sub>" + "<br>".join(said) + "</sub>" if said else ""
