"""A diagnosis as a person reads it on a terminal: findings, their evidence, what to do next."""

from __future__ import annotations

from rich.text import Text

from mleval.diagnosis.finding import Exhibit
from mleval.diagnosis.result import Diagnosis
from mleval.rendering import content as of_reports
from mleval.rendering import escape, palette
from mleval.rendering.diagnosis import content
from mleval.rendering.layout import Column, Row, hanging, lay_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned
from mleval.rendering.printed import printed
from mleval.visible import middle

_LONGEST = 40  # characters of a cell


def render(diagnosis: Diagnosis, look: Look) -> str:
    """The page as text, with colour codes when the look has colour."""
    out: list[Text] = []
    sections = [
        _headline(diagnosis, look),
        _findings(diagnosis, look),
        *(_exhibit(item, look) for item in content.exhibits(diagnosis) if not item.aside),
        _notes(diagnosis, look),
        _steps(diagnosis, look),
    ]
    for section in filter(None, sections):
        out += [Text(), *section] if out else section
    return printed(out, look)


def _said(text: str, look: Look, style: str = "") -> Text:
    return Text(escape.terminal(text, ascii=look.ascii), style)


def _headline(diagnosis: Diagnosis, look: Look) -> list[Text]:
    dot = f" {palette.DOT} "
    facts = _said(dot.join(content.facts(diagnosis)), look)
    out = hanging(Text("diagnosis  ", palette.TITLE), facts, look.columns)
    assumed = _said(dot.join(of_reports.assumed(diagnosis.report)), look, palette.QUIET)
    out += hanging(Text("assumed  ", palette.QUIET), assumed, look.columns)
    rows = [
        Row([_said(name, look), Text(value, palette.VALUE), Text(span)])
        for name, value, span in content.metrics(diagnosis, look.digits)
    ]
    return [*out, Text(), *lay_out([Column(), Column(right=True), Column()], rows, look.columns)]


def _findings(diagnosis: Diagnosis, look: Look) -> list[Text]:
    """A paragraph each, numbered: steps cite the numbers."""
    if not diagnosis.findings:
        return [Text(content.NOTHING)]
    out = [Text("findings", palette.TITLE)]
    for number, item in enumerate(diagnosis.findings, 1):
        style = palette.WARNING if item.spoils else palette.VALUE
        said = _said(content.mark(item), look, palette.WARNING)
        said.append_text(_said(item.says, look))
        if item.gain is not None:
            gain = f"could gain: {content.gain(item.gain, look.digits)}"
            said.append_text(_said(f"; {gain}", look, palette.QUIET))
        out += hanging(Text(f"{number:>2}  ", style), said, look.columns)
    return out


def _exhibit(item: Exhibit, look: Look) -> list[Text]:
    """A title, and the first rows under it."""
    numeric = [
        all(content.is_number(row[at]) for row in item.rows) for at in range(len(item.columns))
    ]
    texts = [content.column(item, at, look.digits) for at in range(len(numeric))]
    set_ = [
        aligned(column) if numeric[at] and not any("[" in text for text in column) else column
        for at, column in enumerate(texts)
    ]
    columns = [
        Column(right=numeric[at], least=None if numeric[at] else 8, drop=_drop(at, len(numeric)))
        for at in range(len(numeric))
    ]
    heads = Row([_said(name, look, palette.HEAD) for name in item.columns])
    rows = [
        Row([_said(middle(column[place], _LONGEST), look) for column in set_])
        for place in range(len(texts[0]))
    ]
    out = hanging(Text(), _said(item.title, look, palette.TITLE), look.columns)
    out += lay_out(columns, [heads, *rows], look.columns)
    for note in filter(None, [content.more(item), item.note]):
        out += hanging(Text(), _said(note, look, palette.QUIET), look.columns)
    return out


def _drop(place: int, columns: int) -> int:
    """The last columns go first where there is no room; the first two stay."""
    return 0 if place < min(2, columns) else place


def _notes(diagnosis: Diagnosis, look: Look) -> list[Text]:
    out: list[Text] = []
    for note in filter(None, [*content.notes(diagnosis), content.asides(diagnosis)]):
        out += hanging(Text("- ", palette.QUIET), _said(note, look, palette.QUIET), look.columns)
    for warning in diagnosis.warnings:
        out += hanging(Text("! ", palette.WARNING), _said(warning, look), look.columns)
    return out


def _steps(diagnosis: Diagnosis, look: Look) -> list[Text]:
    if not diagnosis.steps:
        return []
    back = "<-" if look.ascii else "←"
    out = [Text("next steps", palette.TITLE)]
    for number, step in enumerate(diagnosis.steps, 1):
        lines = hanging(Text(f"{number:>2}. "), _said(step.text, look), look.columns)
        source = Text(f"{back} {content.cited(step)}", palette.QUIET)
        if lines[-1].cell_len + 2 + source.cell_len <= look.columns:
            lines[-1] = Text.assemble(lines[-1], "  ", source)
        else:
            lines.append(Text.assemble("    ", source))
        out += lines
    return out
