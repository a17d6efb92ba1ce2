"""Markdown: for a comment on a merge request, a wiki, a README."""

from __future__ import annotations

from mleval.rendering import content, escape
from mleval.rendering.grid import (
    Cell,
    Grid,
    class_grid,
    confusion_grid,
    histogram_grid,
    metric_grids,
    quantile_grid,
    target_grid,
    worst_grid,
)
from mleval.rendering.look import Look
from mleval.report import Report

_LONGEST = 60  # characters of a label
_FORMS = {"sign": "{}", "value": "**{}**", "quiet": "{}", "note": "<sup>{}</sup>"}


def render(report: Report, look: Look) -> str:
    """Headline, metrics, folded tables of classes and confusions, warnings, what was assumed."""
    notes, bins = content.Notes(), histogram_grid(report)
    histogram = _table(bins) if bins else None
    parts = [
        _headline(report),
        *map(_table, metric_grids(report, look.digits, notes)),
        _classes(report, look),
        _folded("targets", target_grid(report, look.digits)),
        _folded("most confused", confusion_grid(report)),
        _folded(content.distributions_title(report), quantile_grid(report, look.digits), histogram),
        worst_rows(report, look),
        "\n".join(f"- ⚠️ {escape.markdown(warning)}" for warning in content.warnings(report)),
        _small(report, notes),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def worst_rows(report: Report, look: Look, of: str = "") -> str:
    """The worst rows, folded; of: the model they are of, where there are several."""
    title = f"worst rows of {_text(of)}" if of else "worst rows"
    return _folded(title, worst_grid(report, look.digits))


def _text(text: str) -> str:
    return escape.markdown(escape.shortened(text, _LONGEST))


def _headline(report: Report) -> str:
    facts = [_text(text) for text in (*content.facts(report), *content.files(report))]
    return " · ".join([f"**{escape.markdown(content.task(report))}**", *facts])


def _table(grid: Grid) -> str:
    rule = [":--" if place < grid.words else "--:" for place in range(len(grid.heads))]
    lines = [[*map(_cell, grid.heads)], rule, *([*map(_cell, row)] for row in grid.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(cell: Cell) -> str:
    return "".join(
        _text(part.text) if part.kind == "text" else _FORMS[part.kind].format(part.text)
        for part in cell
    )


def _classes(report: Report, look: Look) -> str:
    grid, said = class_grid(report, look.digits)
    return _folded(content.classes_title(report), grid, said)


def _folded(title: str, grid: Grid | None, said: str | None = None) -> str:
    if grid is None:
        return ""
    inner = "\n\n".join(filter(None, [_table(grid), said]))
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
