"""The tables of a page, before they are set in Markdown or HTML: cells of parts, each of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mleval.rendering import content, gates, slice_content, worst
from mleval.rendering.histogram import bar, bins, quantiles
from mleval.rendering.numerals import count, interval, number, percent, whole_counts
from mleval.rendering.set_content import BEST
from mleval.report import Estimate, Report, SliceTable
from mleval.report_parts import Estimates
from mleval.report_set import ReportSet

if TYPE_CHECKING:
    from mleval.training.history import History

_WIDEST = 20  # characters of a bar
STATUSES = {"passed": "✅ passed", "failed": "❌ failed", "inconclusive": "❔ inconclusive"}
_GOALS = {"max": " ↑", "min": " ↓", "zero": " →0"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cell: `text` and `sentence` are to be escaped, all others are digits and signs.

    text: cut where it is long; quiet: explains a number; note: the number of a note below;
    status: how a gate came out, one of `STATUSES`.
    """

    kind: Literal["text", "sentence", "sign", "value", "quiet", "note", "status"]
    text: str


Cell = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads, rows of as many cells; words: how many of the first columns hold words."""

    heads: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    words: int = 1


def metric_grids(report: Report, digits: int, notes: content.Notes) -> list[Grid]:
    """The metrics that stand alone, and those in several averages side by side."""
    alone, averaged = content.grouped(report)
    title = content.interval_title(report) or "interval"
    grids = []
    if alone:
        rows = [_metric(name, [item], digits, notes) for name, item in alone.items()]
        grids.append(Grid(_texts("metric", "value", title), rows))
    if averaged.rows:
        heads = [head for name in averaged.names for head in (name, title)]
        rows = [
            _metric(name, [row.get(average) for average in averaged.names], digits, notes)
            for name, row in averaged.rows.items()
        ]
        grids.append(Grid(_texts(content.heads(report)[0], *heads), rows))
    return grids


def class_grid(report: Report, digits: int) -> tuple[Grid | None, str | None]:
    """The classes with their metrics, and what to say when they are not all."""
    classes, said = content.shown_classes(report)
    if not classes:
        return None, None
    whole, names = whole_counts(report), content.class_metrics(report)
    rows = []
    for label, row in classes.items():
        counts = ["" if n is None else count(n, whole) for n in (row.support, row.predicted)]
        rows.append([*_texts(label), *_signs(counts), *_values(row.metrics, names, digits)])
    return Grid(_texts(content.heads(report)[1], "support", "predicted", *names), rows), said


def target_grid(report: Report, digits: int) -> Grid | None:
    """The targets with their metrics."""
    names = list(dict.fromkeys(name for row in report.targets.values() for name in row))
    rows = [[*_texts(t), *_values(row, names, digits)] for t, row in report.targets.items()]
    return Grid(_texts("target", *names), rows) if rows else None


def slice_grid(table: SliceTable, digits: int) -> tuple[Grid, list[str]]:
    """The slices with their metrics, the gaps, and what to say of them."""
    found = slice_content.shown(table)
    names = list(dict.fromkeys(name for row in found.rows for name in row))
    rows = []
    for name, rows_, row, marks in zip(
        found.names, found.counts, found.rows, found.marks, strict=True
    ):
        counts = _signs(["" if rows_ is None else count(rows_, whole=True)])
        rows.append([*_texts(name), *counts, *_values(row, names, digits, marks)])
    notes = [*found.notes, *filter(None, [slice_content.told(table)])]
    return Grid(_texts(found.head, "rows", *names), rows), notes


def histogram_grid(report: Report) -> Grid | None:
    """The bins of the one distribution; of several there is none."""
    found = [bins(item) for item in report.distributions.values()]
    if len(found) != 1 or not found[0]:
        return None
    whole = whole_counts(report)
    name = next(iter(report.distributions))
    rows = [
        [*_texts(bin.words), *_signs([bar(bin.share, _WIDEST), count(bin.weight, whole)])]
        for bin in found[0]
    ]
    return Grid(_texts(name, "", "rows"), rows, 2)


def quantile_grid(report: Report, digits: int) -> Grid | None:
    """The quantiles of every distribution."""
    rows = {name: quantiles(item, digits) for name, item in report.distributions.items()}
    if not rows:
        return None
    words = list(dict.fromkeys(word for row in rows.values() for word, _ in row))
    lines = [
        [*_texts(name), *_signs([dict(row).get(word, "") for word in words])]
        for name, row in rows.items()
    ]
    return Grid(_texts("distribution", *words), lines)


def worst_grid(report: Report, digits: int) -> Grid | None:
    """The worst rows."""
    if not report.worst:
        return None
    rows = worst.rows(report, digits)
    lines = [
        [(Part("sign" if is_number else "text", text),) for text, is_number in row] for row in rows
    ]
    words = next((i for i, (_, is_number) in enumerate(rows[0]) if is_number), len(rows[0]))
    return Grid(_texts(*worst.heads(report)), lines, words)


def confusion_grid(report: Report) -> Grid | None:
    """The confusions that weigh most."""
    whole = whole_counts(report)
    rows = [
        [*_texts(c.truth, c.prediction), *_signs([count(c.weight, whole), percent(c.share)])]
        for c in content.top_confusions(report)
    ]
    return Grid(_texts("truth", "prediction", "rows", "of the class"), rows, 2) if rows else None


def gate_grid(report: Report | ReportSet | History, digits: int) -> Grid | None:
    """The gates, and how each came out."""
    results = gates.gated(report)
    several = any(name is not None for name, _ in results)
    rows = [
        [
            (Part("status", result.status),),
            *(_texts(name or "") if several else ()),
            (Part("sentence", gates.condition(result)),),
            (Part("value", gates.value(result, digits)),),
            *_signs([gates.interval(result, digits)]),
            (Part("sentence", gates.notes(result, digits)),),
        ]
        for name, result in results
    ]
    which = "model" if isinstance(report, ReportSet) else "run"
    model = [which] if several else []
    heads = _texts("gate", *model, "condition", "value", "interval", "")
    return Grid(heads, rows, 2 + several) if rows else None


def set_grid(
    reports: ReportSet,
    head: str,
    rows: Mapping[str, Mapping[str, Estimate]],
    best: Mapping[str, Sequence[str]],
    digits: int,
) -> Grid:
    """A row a metric or slice, a column a model; the best of each row is marked."""
    lines: list[list[Cell]] = []
    for row, items in rows.items():
        goal = _GOALS.get(next(iter(items.values())).goal, "")
        line: list[Cell] = [(Part("text", row), Part("sign", goal))]
        line += [_of_model(items.get(n), n in best.get(row, ()), digits) for n in reports]
        lines.append(line)
    return Grid(_texts(head, *reports), lines)


def _of_model(item: Estimate | None, best: bool, digits: int) -> Cell:
    if item is None:
        return ()
    if not best or item.value is None:
        return _plain(item, digits)
    value, *rest = _plain(item, digits)
    return (Part("value", value.text), Part("sign", f" {BEST}"), *rest)


def _texts(*texts: str) -> list[Cell]:
    return [(Part("text", text),) for text in texts]


def _signs(texts: Iterable[str]) -> list[Cell]:
    return [(Part("sign", text),) for text in texts]


def _values(
    items: Estimates, names: Iterable[str], digits: int, marks: frozenset[str] = frozenset()
) -> list[Cell]:
    return [_plain(items[n], digits, marked=n in marks) if n in items else () for n in names]


def _metric(
    name: str, items: Sequence[Estimate | None], digits: int, notes: content.Notes
) -> list[Cell]:
    goal = next(item.goal for item in items if item)
    cells: list[Cell] = [(Part("text", name), Part("sign", _GOALS.get(goal, "")))]
    for item in items:
        cells += [_value(item, digits), _interval(item, digits, notes)] if item else [(), ()]
    return cells


def _value(item: Estimate, digits: int) -> Cell:
    if item.value is None:
        return (Part("sign", "—"),)
    return (Part("value", number(item.value, digits)),)


def _interval(item: Estimate, digits: int, notes: content.Notes) -> Cell:
    shown, note = interval(item, digits), notes.of(item)
    parts = [Part("sign", shown)] if shown else [Part("note", str(note))] if note else []
    if item.threshold is not None:
        space = " " if parts else ""
        parts.append(Part("quiet", f"{space}at {number(item.threshold, digits)}"))
    return tuple(parts)


def _plain(item: Estimate, digits: int, *, marked: bool = False) -> Cell:
    shown = "—" if item.value is None else number(item.value, digits)
    mark = [Part("text", slice_content.MARK)] if marked else []
    range_ = interval(item, digits)
    return (Part("sign", shown), *mark, *([Part("quiet", f" {range_}")] if range_ else []))
