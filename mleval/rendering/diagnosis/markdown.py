"""Diagnoses in Markdown: the checklist has boxes to tick."""

from __future__ import annotations

from mleval.diagnosis.finding import Exhibit
from mleval.diagnosis.result import Diagnosis
from mleval.rendering import content as of_reports
from mleval.rendering import escape
from mleval.rendering.diagnosis import content
from mleval.rendering.diagnosis.grids import exhibit_grid
from mleval.rendering.fitting import Section, fitted
from mleval.rendering.grid import Grid, Part
from mleval.rendering.look import Look
from mleval.rendering.markdown import table


def render(diagnosis: Diagnosis, look: Look) -> str:
    """Headline, findings, next steps, folded tables of evidence, warnings, what was assumed."""
    facts = map(escape.markdown, content.facts(diagnosis))
    exhibits = [
        Section(_exhibit(item, look), item.title, 4) for item in content.exhibits(diagnosis)
    ]
    notes = [f"- {escape.markdown(note)}" for note in content.notes(diagnosis)]
    notes += [f"- ⚠️ {escape.markdown(warning)}" for warning in diagnosis.warnings]
    assumed = " · ".join(map(escape.markdown, of_reports.assumed(diagnosis.report)))
    return fitted(
        [
            Section(" · ".join(["**diagnosis**", *facts])),
            Section(table(_metrics(diagnosis, look)), "metrics", 1),
            Section(_findings(diagnosis, look), "findings", 1),
            Section(_steps(diagnosis), "next steps", 1),
            *exhibits,
            Section("\n".join(notes), "notes", 3),
            Section(f"<sub>assumed: {assumed}</sub>" if assumed else "", "assumed", 3),
        ]
    )


def _metrics(diagnosis: Diagnosis, look: Look) -> Grid:
    heads = [(Part("text", text),) for text in ("metric", "value", "interval")]
    rows = [
        [(Part("text", name),), (Part("value", value),), (Part("sign", span),)]
        for name, value, span in content.metrics(diagnosis, look.digits)
    ]
    return Grid(heads, rows)


def _findings(diagnosis: Diagnosis, look: Look) -> str:
    if not diagnosis.findings:
        return content.NOTHING
    lines = ["**findings**", ""]
    for number, item in enumerate(diagnosis.findings, 1):
        gain = f"; could gain: {content.gain(item.gain, look.digits)}" if item.gain else ""
        said = escape.markdown(f"{item.says}{gain}")
        lines.append(f"{number}. {'⚠️ **first of all:** ' if item.spoils else ''}{said}")
    return "\n".join(lines)


def _steps(diagnosis: Diagnosis) -> str:
    if not diagnosis.steps:
        return ""
    lines = [
        f"- [ ] {escape.markdown(step.text)} ← {content.cited(step)}" for step in diagnosis.steps
    ]
    return "\n".join(["**next steps**", "", *lines])


def _exhibit(item: Exhibit, look: Look) -> str:
    """A table, folded."""
    grid = exhibit_grid(item, look.digits)
    said = [escape.markdown(text) for text in (content.more(item), item.note) if text]
    inner = "\n\n".join([table(grid), *said])
    title = escape.markdown(item.title)
    return f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>"
