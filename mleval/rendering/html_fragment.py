"""An HTML fragment: what a notebook shows for a report. It brings no style sheet and no script."""

from __future__ import annotations

from mleval.rendering import content, escape, slice_content
from mleval.rendering.grid import (
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
from mleval.rendering.numerals import count, row_totals, whole_counts
from mleval.report import ConfusionTable, Report, SliceTable

_LONGEST = 60  # characters of a label
_MOST = 20  # classes of a confusion matrix
_QUIET = "opacity:.65"
_FORMS = {
    "sign": "{}",
    "value": "<b>{}</b>",
    "quiet": f'<span style="{_QUIET}">{{}}</span>',
    "note": "<sup>{}</sup>",
}


def render(report: Report, look: Look) -> str:
    """One <div> in the colours of the page around it."""
    notes = content.Notes()
    grid, said = class_grid(report, look.digits)
    conditions = gate_grid(report, look.digits)
    parts = [
        _headline(report),
        _table(conditions) if conditions else "",
        *map(_table, metric_grids(report, look.digits, notes)),
        *(f"<div><code>{escape.html(said)}</code></div>" for said in report.citations),
        _folded(content.classes_title(report), _table(grid) + (said or "")) if grid else "",
        _grids("targets", target_grid(report, look.digits)),
        *(_slices(table, look) for table in report.slices),
        _confusion(report),
        _grids(
            content.distributions_title(report),
            quantile_grid(report, look.digits),
            histogram_grid(report),
        ),
        _grids("worst rows", worst_grid(report, look.digits)),
        *(f"<div>⚠ {escape.html(warning)}</div>" for warning in content.warnings(report)),
        _small(report, notes),
    ]
    style = "font-variant-numeric:tabular-nums;line-height:1.4"
    return f'<div class="mleval-report" style="{style}">{"".join(parts)}</div>\n'


def _text(text: str) -> str:
    return escape.html(escape.shortened(text, _LONGEST))


def _headline(report: Report) -> str:
    facts = [_text(text) for text in (*content.facts(report), *content.files(report))]
    said = "".join(f' <span style="{_QUIET}">· {fact}</span>' for fact in facts)
    return f"<div><b>{escape.html(content.task(report))}</b>{said}</div>"


def _table(grid: Grid) -> str:
    lines = [
        "".join(_box(_cell(cell), head=not r, word=i < grid.words) for i, cell in enumerate(row))
        for r, row in enumerate([grid.heads, *grid.rows])
    ]
    return _rows(lines)


def _rows(lines: list[str]) -> str:
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="border-collapse:collapse;margin:.5em 0">{body}</table>'


def _cell(cell: Cell) -> str:
    return "".join(map(_part, cell))


def _part(part: Part) -> str:
    if part.kind in ("text", "sentence"):
        return _text(part.text) if part.kind == "text" else escape.html(part.text)
    return _FORMS[part.kind].format(part.text)


def _box(inner: str, *, head: bool = False, word: bool = False, more: str = "") -> str:
    tag, side = "th" if head else "td", "left" if word else "right"
    style = f"padding:.15em .7em;text-align:{side};white-space:nowrap;{more}"
    return f'<{tag} style="{style}">{inner}</{tag}>'


def _folded(title: str, inner: str) -> str:
    return f"<details><summary>{title}</summary>{inner}</details>"


def _grids(title: str, *grids: Grid | None) -> str:
    inner = "".join(_table(grid) for grid in grids if grid)
    return _folded(title, inner) if inner else ""


def _slices(table: SliceTable, look: Look) -> str:
    grid, notes = slice_grid(table, look.digits)
    said = "".join(f"<div>{escape.html(note)}</div>" for note in notes)
    return _folded(_text(slice_content.title(table)), _table(grid) + said)


def _confusion(report: Report) -> str:
    """A matrix shaded by the share of the true class, or the confusions that weigh most."""
    table = report.confusion
    if table is not None and 0 < len(table.labels) <= _MOST:
        return _folded("confusion matrix", _matrix(table, whole=whole_counts(report)))
    grid = confusion_grid(report)
    return _folded("most confused", _table(grid)) if grid else ""


def _matrix(table: ConfusionTable, *, whole: bool) -> str:
    weights = {(truth, guess): weight for truth, guess, weight in table.cells}
    none = [None] * any(guess is None for _, guess in weights)
    heads = ["truth \\ prediction", *map(_text, table.labels), *("none" for _ in none)]
    lines = ["".join(_box(head, head=True, word=not i) for i, head in enumerate(heads))]
    totals = row_totals(table)
    for truth in table.labels:
        line = _box(_text(truth), head=True, word=True)
        for guess in (*table.labels, *none):
            weight = weights.get((truth, guess), 0.0)
            share = weight / (totals.get(truth) or 1.0)
            line += _box(count(weight, whole), more=_shade(share, right=truth == guess))
        lines.append(line)
    return _rows(lines)


def _shade(share: float, *, right: bool) -> str:
    """Blue when right, else orange: so thin that black and white text both stay legible."""
    colour = "37,108,171" if right else "226,112,32"
    return f"background:rgba({colour},{0.6 * min(share if right else 2 * share, 1):.2f})"


def _small(report: Report, notes: content.Notes) -> str:
    said = [f"<sup>{note}</sup> {escape.html(why)}" for why, note in notes.reasons.items()]
    if report.assumed:
        said.append("assumed: " + " · ".join(map(escape.html, content.assumed(report))))
    made = content.intervals(report)
    if made:
        said.append(escape.html(made))
    return f'<div style="{_QUIET};font-size:85%">{"<br>".join(said)}</div>' if said else ""
