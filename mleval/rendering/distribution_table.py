"""The distributions of the table: a small histogram, or where there are several a row each."""

from __future__ import annotations

from rich.text import Text

from mleval.rendering import escape, palette
from mleval.rendering.histogram import bar, bins, quantiles
from mleval.rendering.layout import Column, Row, hanging, lay_out, left_out
from mleval.rendering.look import Look
from mleval.rendering.numerals import aligned, count
from mleval.report import Distribution, Report

_WIDEST = 40  # cells of a bar


def distribution_lines(report: Report, look: Look, *, whole: bool) -> tuple[list[Text], list[str]]:
    """Quantiles and histogram of the one number; of several, their quantiles; what is left out."""
    if len(report.distributions) > 1:
        return _several(report, look)
    lines = [
        line
        for name, item in report.distributions.items()
        for line in _one(name, item, look, whole=whole)
    ]
    return lines, []


def _one(name: str, item: Distribution, look: Look, *, whole: bool) -> list[Text]:
    told = (f"{word} {value}" for word, value in quantiles(item, look.digits))
    said = f" {palette.DOT} ".join(told)
    title = Text(f"{_shown(name, look)}  ", palette.TITLE)
    lines = hanging(title, Text(said), look.columns)
    found = bins(item)
    if not found:
        return lines
    counts = [count(bin.weight, whole) for bin in found]
    room = look.columns - max(len(bin.words) for bin in found) - max(map(len, counts)) - 4
    width = max(min(_WIDEST, room), 1)
    rows = []
    for bin, weight in zip(found, counts, strict=True):
        drawn = Text(bar(bin.share, width), palette.INTERVAL_BAR)
        rows.append(Row([Text(bin.words, palette.QUIET), Text(weight), drawn]))
    return lines + lay_out([Column(right=True), Column(right=True), Column()], rows, look.columns)


def _several(report: Report, look: Look) -> tuple[list[Text], list[str]]:
    items = report.distributions
    words = [word for word, _ in quantiles(next(iter(items.values())), look.digits)]
    columns = [
        aligned([dict(quantiles(item, look.digits)).get(word, "") for item in items.values()])
        for word in words
    ]
    heads = [Text("distribution", palette.HEAD), *(Text(word, palette.HEAD) for word in words)]
    rows = [Row(heads)]
    for place, name in enumerate(items):
        cells = [Text(column[place]) for column in columns]
        rows.append(Row([Text(_shown(name, look)), *cells]))
    laid = [Column(least=10)]
    laid += [Column(right=True, drop=10 + i, name=word) for i, word in enumerate(words)]
    missing = [laid[index].name for index in left_out(laid, rows, look.columns)]
    return lay_out(laid, rows, look.columns), missing


def _shown(name: str, look: Look) -> str:
    return escape.terminal(escape.shortened(name, 60), ascii=look.ascii)
