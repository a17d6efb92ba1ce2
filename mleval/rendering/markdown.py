"""Markdown: for a comment on a merge request, a wiki, a README."""

from __future__ import annotations

from mleval.rendering import content, escape, slice_content
from mleval.rendering.fitting import Section, fitted
from mleval.rendering.grid import (
    STATUSES,
    Cell,
    Grid,
    Part,
    class_grid,
    confusion_grid,
    gate_grid,
    histogram_grid,
    metric_grids,
    quantile_grid,
    slice_grid,
    target_grid,
    worst_grid,
)
from mleval.rendering.look import Look
from mleval.report import Report, SliceTable
from mleval.report_set import ReportSet

_LONGEST = 60  # characters of a label
_FORMS = {"sign": "{}", "value": "**{}**", "quiet": "{}", "note": "<sup>{}</sup>"}


def render(report: Report, look: Look) -> str:
    """Headline, gates, metrics, folded tables of the rest, warnings, what was assumed.

    As much of it as a comment may hold.
    """
    notes, bins = content.Notes(), histogram_grid(report)
    histogram = table(bins) if bins else None
    metrics = "\n\n".join(map(table, metric_grids(report, look.digits, notes)))
    citations = "\n\n".join(f"`{escape.terminal(said)}`" for said in report.citations)
    spread = content.distributions_title(report)
    quantiles = _folded(spread, quantile_grid(report, look.digits), histogram)
    warnings = [f"- ⚠️ {escape.markdown(warning)}" for warning in content.warnings(report)]
    return fitted(
        [
            Section(_headline(report)),
            Section(gate_table(report, look.digits), "gates", 1),
            Section(metrics, "metrics", 2),
            Section(citations, "citations", 2),
            Section(_classes(report, look), "classes", 4),
            Section(_folded("targets", target_grid(report, look.digits)), "targets", 4),
            *(Section(_slices(sliced, look), "slices", 3) for sliced in report.slices),
            Section(_folded("most confused", confusion_grid(report)), "most confused", 4),
            Section(quantiles, "distributions", 4),
            Section(worst_rows(report, look), "worst rows", 4),
            Section("\n".join(warnings), "warnings", 3),
            Section(_small(report, notes), "notes", 3),
        ]
    )


def gate_table(report: Report | ReportSet, digits: int) -> str:
    """The gates; nothing where there is none."""
    grid = gate_grid(report, digits)
    return table(grid) if grid else ""


def worst_rows(report: Report, look: Look, of: str = "") -> str:
    """The worst rows, folded; of: the model they are of, where there are several."""
    title = f"worst rows of {_text(of)}" if of else "worst rows"
    return _folded(title, worst_grid(report, look.digits))


def _text(text: str) -> str:
    return escape.markdown(escape.shortened(text, _LONGEST))


def _headline(report: Report) -> str:
    facts = [_text(text) for text in (*content.facts(report), *content.files(report))]
    return " · ".join([f"**{escape.markdown(content.task(report))}**", *facts])


def table(grid: Grid) -> str:
    """The grid as a table."""
    rule = [":--" if place < grid.words else "--:" for place in range(len(grid.heads))]
    lines = [[*map(_cell, grid.heads)], rule, *([*map(_cell, row)] for row in grid.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(cell: Cell) -> str:
    return "".join(map(_part, cell))


def _part(part: Part) -> str:
    if part.kind in ("text", "sentence"):
        return _text(part.text) if part.kind == "text" else escape.markdown(part.text)
    if part.kind == "status":
        return STATUSES[part.text]
    return _FORMS[part.kind].format(part.text)


def _classes(report: Report, look: Look) -> str:
    grid, said = class_grid(report, look.digits)
    return _folded(content.classes_title(report), grid, said)


def _slices(sliced: SliceTable, look: Look) -> str:
    grid, notes = slice_grid(sliced, look.digits)
    return _folded(
        _text(slice_content.title(sliced)), grid, "<br>".join(map(escape.markdown, notes))
    )


def _folded(title: str, grid: Grid | None, said: str | None = None) -> str:
    if grid is None:
        return ""
    inner = "\n\n".join(filter(None, [table(grid), said]))
    return f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>"


def _small(report: Report, notes: content.Notes) -> str:
    """What stands below: notes, assumptions and how the intervals were made."""
    said = [f"<sup>{note}</sup> {escape.markdown(why)}" for why, note in notes.reasons.items()]
    if report.assumed:
        said.append("assumed: " + " · ".join(map(escape.markdown, content.assumed(report))))
    made = content.intervals(report)
    if made:
        said.append(escape.markdown(made))
    return "<sub>" + "<br>".join(said) + "</sub>" if said else ""
