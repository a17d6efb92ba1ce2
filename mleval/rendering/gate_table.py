"""The gates of the table: how each came out, its value and interval, and what explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from mleval.rendering import content, escape, gates, palette
from mleval.rendering.layout import Column, Row, hanging, lay_out
from mleval.rendering.look import Look
from mleval.rendering.printed import printed
from mleval.report import Report
from mleval.report_set import ReportSet
from mleval.visible import middle

if TYPE_CHECKING:
    from mleval.training.history import History

_LONGEST = 40  # characters of a model's or a file's name
_STYLES = {"passed": "green", "failed": "bold red", "inconclusive": "yellow"}


def render(report: Report | ReportSet, look: Look) -> str:
    """The headline and the gates alone, as text, with colour codes when the look has colour."""
    return printed([*_headline(report, look), Text(), *gate_lines(report, look)], look)


def _headline(report: Report | ReportSet, look: Look) -> list[Text]:
    if isinstance(report, ReportSet):
        tasks = dict.fromkeys(content.task(one) for one in report.systems.values())
        task, facts = " and ".join(tasks), [f"{len(report)} reports"]
    else:
        task, facts = content.task(report), [*content.facts(report), *content.files(report)]
    rest = _said(f" {palette.DOT} ".join(facts), look)
    return hanging(Text(f"{task}  ", palette.TITLE), rest, look.columns)


def gate_lines(report: Report | ReportSet | History, look: Look) -> list[Text]:
    """A line a gate under a line that counts them; nothing where there is none."""
    results = gates.gated(report)
    if not results:
        return []
    columns = [Column(), Column(least=8), Column(least=10), Column(right=True), Column(drop=1)]
    rows = []
    for name, result in results:
        notes = _said(gates.notes(result, look.digits), look, palette.QUIET)
        cells = [
            Text(result.status, _STYLES[result.status]),
            _said(middle(name or "", _LONGEST), look),
            _said(gates.condition(result), look),
            Text(gates.value(result, look.digits), palette.VALUE),
            Text(gates.interval(result, look.digits)),
        ]
        rows.append(Row([*cells, notes], runs_on=True) if notes.plain else Row([*cells, Text()]))
    head = Text.assemble(("gates  ", palette.HEAD), (gates.summary(results), palette.QUIET))
    return [head, *lay_out([*columns, Column()], rows, look.columns)]


def _said(text: str, look: Look, style: str = "") -> Text:
    return Text(escape.terminal(text, ascii=look.ascii), style)
