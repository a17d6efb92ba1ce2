"""Histories as a person reads them on a terminal: series, chart, findings, early stopping."""

from __future__ import annotations

from rich.text import Text

from mleval.rendering import escape, palette
from mleval.rendering.gate_table import gate_lines
from mleval.rendering.history import content
from mleval.rendering.history.chart import MOST, Drawn, chart
from mleval.rendering.layout import Column, Row, hanging, lay_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned
from mleval.rendering.printed import printed
from mleval.training.history import History
from mleval.training.series import Series
from mleval.visible import middle

_COLUMNS = [
    Column(least=12),
    Column(),
    *(Column(right=True) for _ in range(3)),
    Column(right=True, drop=1),
    Column(least=12, drop=2),
]


def render(history: History, look: Look) -> str:
    """The table as text, with colour codes when the look has colour."""
    out: list[Text] = []
    sections = [
        _headline(history, look),
        _table(history, look),
        _chart(history, look),
        _findings(history, look),
        gate_lines(history, look),
        _warnings(history, look),
    ]
    for section in filter(None, sections):
        out += [Text(), *section] if out else section
    return printed(out, look)


def _said(text: str, look: Look, style: str = "") -> Text:
    return Text(escape.terminal(text, ascii=look.ascii), style)


def _headline(history: History, look: Look) -> list[Text]:
    dot = f" {palette.DOT} "
    facts = _said(dot.join(content.headline(history)), look)
    out = hanging(Text("training history  ", palette.TITLE), facts, look.columns)
    assumed = _said(dot.join(content.shared(history, "assumed")), look, palette.QUIET)
    return out + hanging(Text("assumed  ", palette.QUIET), assumed, look.columns)


def _table(history: History, look: Look) -> list[Text]:
    """A row a series; of several runs, a row a run, the best of them marked."""
    if len(history) == 1:
        run = history.run
        head, notes = "series", [""] * sum(1 for _ in content.lines(run, 0))
        lines, at = content.lines(run, look.digits), run.axis
    else:
        head, at = "* best run" if history.best else "run", "at"
        notes = [content.kinds(run) for run in history.runs.values()]
        lines = [
            content.run_line(
                f"{'* ' if name == history.best else '  '}{name}",
                run,
                look.digits,
                named=not history.alike,
            )
            for name, run in history.runs.items()
        ]
    numbers = [aligned([getattr(line, key) for line in lines]) for key in ("best", "last", "gap")]
    heads = (head, "", "best", at, "last", "gap", "findings" if any(notes) else "")
    rows = [Row([Text(text, palette.HEAD) for text in heads])]
    for place, line in enumerate(lines):
        best, last, gap = (texts[place].rstrip() or "" for texts in numbers)
        rows.append(
            Row(
                [
                    _said(middle(line.name, content.LONGEST), look),
                    Text(line.goal),
                    Text(best, palette.VALUE),
                    Text(line.at),
                    Text(last),
                    Text(gap),
                    _said(notes[place], look),
                ]
            )
        )
    return lay_out(_COLUMNS, rows, look.columns)


def _chart(history: History, look: Look) -> list[Text]:
    """What is watched: validation and training of one run, or the same of several."""
    watched = content.watched(history)
    if not history.alike:
        return [Text("no chart: the runs watch different series", palette.QUIET)]
    drawn: list[Drawn] = []
    for name, run, curve in watched[:MOST]:
        pair = [curve.judged] if len(history) > 1 else [curve.validation, curve.train]
        for one in pair:
            if isinstance(one, Series):
                shown = escape.terminal(
                    middle(name if len(history) > 1 else one.name, 24), ascii=look.ascii
                )
                best = run.at(one.best) if one is curve.judged else None
                held = one.present
                drawn.append(Drawn(shown, run.labels[held], one.values[held], best))
    axis = watched[0][1].axis if watched else ""
    lines = chart(drawn, look.columns, axis=axis, ascii=look.ascii)
    if len(watched) > MOST:
        lines.append(Text(f"the first {MOST} of {len(watched)} runs are drawn", palette.QUIET))
    return lines


def _findings(history: History, look: Look) -> list[Text]:
    out: list[Text] = []
    for name, run in history.runs.items():
        for sentence in content.findings(run, look.digits):
            whose = f"{name}: " if len(history) > 1 else ""
            out += hanging(Text("- "), _said(whose + sentence, look), look.columns)
    return out


def _warnings(history: History, look: Look) -> list[Text]:
    out: list[Text] = []
    for warning in content.shared(history, "warnings"):
        out += hanging(Text("! ", palette.WARNING), _said(warning, look), look.columns)
    return out
