"""Histories in Markdown."""

from __future__ import annotations

from mleval.rendering import escape
from mleval.rendering.fitting import Section, fitted
from mleval.rendering.grid import Grid, Part, gate_grid
from mleval.rendering.history import content
from mleval.rendering.look import Look
from mleval.rendering.markdown import table
from mleval.training.history import History


def render(history: History, look: Look) -> str:
    """Headline, gates, the table of series or of runs, findings, warnings, what was assumed."""
    facts = map(escape.markdown, content.headline(history))
    gates = gate_grid(history, look.digits)
    warnings = content.shared(history, "warnings")
    assumed = " · ".join(map(escape.markdown, content.shared(history, "assumed")))
    return fitted(
        [
            Section(" · ".join(["**training history**", *facts])),
            Section(table(gates) if gates else "", "gates", 1),
            Section(table(grid_of(history, look.digits)), "table", 2),
            Section(_findings(history, look), "findings", 3),
            Section("\n".join(f"- ⚠️ {escape.markdown(w)}" for w in warnings), "warnings", 3),
            Section(f"<sub>assumed: {assumed}</sub>", "notes", 3),
        ]
    )


def grid_of(history: History, digits: int) -> Grid:
    """A row a series; of several runs, a row a run."""
    if len(history) == 1:
        run = history.run
        head, at, lines = "series", run.axis, content.lines(run, digits)
    else:
        head, at = "run", "at"
        lines = [
            content.run_line(name, run, digits, named=not history.alike)
            for name, run in history.runs.items()
        ]
    heads = [(Part("text", text),) for text in (head, "best", at, "last", "gap")]
    rows = [
        [
            (Part("text", line.name), Part("sign", f" {line.goal}" if line.goal else "")),
            (Part("value", line.best),),
            *((Part("sign", text),) for text in (line.at, line.last, line.gap)),
        ]
        for line in lines
    ]
    return Grid(heads, rows)


def _findings(history: History, look: Look) -> str:
    said = []
    for name, run in history.runs.items():
        whose = f"{name}: " if len(history) > 1 else ""
        said += [f"- {escape.markdown(whose + s)}" for s in content.findings(run, look.digits)]
    return "\n".join(said)
