"""The table of several models: a row a metric, a column a model, the best of each row marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from rich.text import Text

from mleval.rendering import escape, palette, set_content
from mleval.rendering.gate_table import gate_lines
from mleval.rendering.layout import GAP, Column, Row, hanging, lay_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, interval, number
from mleval.rendering.printed import printed
from mleval.rendering.worst_table import worst_lines
from mleval.report import Estimate
from mleval.report_set import ReportSet

_LONGEST = 24  # characters of a model's name in a head


Rows = Mapping[str, Mapping[str, Estimate]]  # metric or slice → model
# A head, rows, the best models of each, and what to say of them.
Part = tuple[str, Rows, Mapping[str, Sequence[str]], str | None]


def render(reports: ReportSet, look: Look) -> str:
    """The table as text, with colour codes when the look has colour."""
    lines = _lines(reports, look)
    if look.ascii:
        for line in lines:
            line.plain = line.plain.replace(set_content.BEST, "*")
    return printed(lines, look)


def _said(text: str, look: Look, style: str = "") -> Text:
    text = escape.terminal(text.replace(set_content.BEST, "\0"), ascii=look.ascii)
    return Text(text.replace(r"\x00", set_content.BEST), style)


def _lines(reports: ReportSet, look: Look) -> list[Text]:
    dot = f" {palette.DOT} "
    facts = _said(dot.join(set_content.headline(reports)), look)
    out = hanging(Text(set_content.task(reports) + "  ", palette.TITLE), facts, look.columns)
    if said := set_content.assumed(reports):
        text = _said(dot.join(said), look, palette.QUIET)
        out += hanging(Text("assumed  ", palette.QUIET), text, look.columns)
    out += _tables(reports, look)
    if note := set_content.note(reports):
        out += hanging(Text(), _said(note, look, palette.QUIET), look.columns)
    if said := set_content.citations(reports):
        out += [Text(), *(_said(line, look) for line in said)]
    if gates := gate_lines(reports, look):
        out += [Text(), *gates]
    out += _worst(reports, look)
    if warnings := set_content.warnings(reports):
        out.append(Text())
        for warning in warnings:
            out += hanging(Text("! ", palette.WARNING), _said(warning, look), look.columns)
    return out


def _tables(reports: ReportSet, look: Look) -> list[Text]:
    """The metrics, then the slices."""
    out, unseen = [], False
    best = {spec: reports.best(spec) for spec in reports.metrics}
    parts: list[Part] = [("metric", reports.metrics, best, None)]
    parts += [(of.head, of.rows, {}, of.note) for of in set_content.slices(reports)]
    for part in parts:
        _, rows, _, more = part
        for names in _blocks(reports, rows, look):
            lines, without = _block(reports, part, names, look)
            unseen = unseen or without
            out += [Text(), *lines]
        out += hanging(Text(), _said(more, look, palette.QUIET), look.columns) if more else []
    if unseen:
        told = _said("columns left out at this width: intervals", look, palette.QUIET)
        out += hanging(Text(), told, look.columns)
    return out


def _worst(reports: ReportSet, look: Look) -> list[Text]:
    """The worst rows of each model, where they were asked for."""
    out = []
    for name, report in reports.systems.items() if reports.lists_worst else ():
        worst, _ = worst_lines(report, look)
        title = _said(escape.shortened(name, 200), look, palette.TITLE)
        out += [Text(), title, *worst] if worst else []
    return out


def _blocks(reports: ReportSet, rows: Iterable[str], look: Look) -> list[list[str]]:
    """The models in groups that fit side by side."""
    names = list(reports)
    first = max((cell_len(name) for name in rows), default=0) + 2 * GAP + 1
    widest = max(max(min(cell_len(name), _LONGEST) for name in names), look.digits + 6)
    fit = max(1, (look.columns - first) // (widest + GAP))
    return [names[start : start + fit] for start in range(0, len(names), fit)]


def _block(
    reports: ReportSet, part: Part, names: Sequence[str], look: Look
) -> tuple[list[Text], bool]:
    """The lines, and whether the intervals found no place."""
    head, metrics, marked, _ = part
    title = set_content.interval_title(reports)
    columns = [Column(least=10), Column()]
    heads = [_said(escape.shortened(head, 60), look, palette.HEAD), Text()]
    cells: list[list[Text]] = [
        [_said(escape.shortened(spec, 200), look), _goal(items.values())]
        for spec, items in metrics.items()
    ]
    for name in names:
        columns += [Column(), Column()]
        heads += [_said(escape.shortened(name, _LONGEST), look, palette.HEAD)]
        heads += [Text(title, palette.HEAD)]
        items = [metrics[spec].get(name) for spec in metrics]
        best = [name in marked.get(spec, ()) for spec in metrics]
        for row, pair in zip(cells, _values(items, best, look), strict=True):
            row += pair
    lines = [heads, *cells]
    widths = [max(line[place].cell_len for line in lines) for place in range(len(heads))]
    without = sum(widths) + GAP * (len(widths) - 1) > look.columns and any(widths[3::2])
    if without:  # the intervals of all or of none
        for line in lines:
            line[3::2] = [Text()] * len(line[3::2])
    return lay_out(columns, [Row(line) for line in lines], look.columns), without


def _goal(items: Iterable[Estimate]) -> Text:
    goal = next((item.goal for item in items), "none")
    return Text(palette.GOALS[goal], palette.QUIET)


def _values(
    items: Sequence[Estimate | None], best: Sequence[bool], look: Look
) -> list[tuple[Text, Text]]:
    """The value, marked where it is the best, and the interval of each."""
    known = [item.value for item in items if item and item.value is not None]
    texts = iter(aligned([number(value, look.digits) for value in known]))
    out = []
    for item, marked in zip(items, best, strict=True):
        if item is None or item.value is None:
            out.append((Text(palette.DASH if item else "", palette.QUIET), Text()))
            continue
        value = Text(next(texts), palette.VALUE if marked else "")
        value.append(f" {set_content.BEST}" if marked else "")
        out.append((value, Text(interval(item, look.digits) or "", palette.QUIET)))
    return out
