"""Values with their intervals below each other: the slices of a column, the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import DIRECT, after, headed
from mleval.report import Estimate, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST = 40  # rows; of more, the worst


@dataclass(frozen=True)
class _Row:
    """A name with its value, how many rows it is of, and whether it differs from the others."""

    name: str
    item: Estimate
    count: float
    differs: bool = False


def tables(report: Report) -> tuple[str | None, ...]:
    """The columns that rows are told apart by and that a metric with a goal orders."""
    return tuple(table.column for table in report.slices if table.ordered_by)


def slices(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """The metric that orders the slices of a column, the worst slice at the top."""
    ((_, report),) = systems.items()
    table = next(table for table in report.slices if table.column == part)
    spec = str(table.ordered_by)
    rows = [
        _Row(
            row.name,
            row.metrics[spec],
            row.rows,
            spec in row.differences and row.differences[spec].differs,
        )
        for row in table.slices
    ]
    title = f"{spec} by {style.label(table.column)}"
    _forest(figure, title, spec, rows, report.metrics.get(spec))


def has_classes(report: Report) -> bool:
    """Whether several classes have an F1 each."""
    return len(report.classes) > 1 and any("f1" in row.metrics for row in report.classes.values())


def classes(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """The F1 of each class, the lowest at the top."""
    del part
    ((_, report),) = systems.items()
    rows = [
        _Row(name, row.metrics["f1"], row.support)
        for name, row in report.classes.items()
        if "f1" in row.metrics
    ]
    rows.sort(key=lambda row: float("inf") if row.item.value is None else row.item.value)
    noun = "label" if report.task == "multilabel" else "class"
    whole = report.metrics.get("f1[macro]")
    _forest(figure, f"F1 by {noun}", "F1", rows, whole, "macro F1")


def _forest(
    figure: Figure,
    title: str,
    spec: str,
    rows: Sequence[_Row],
    whole: Estimate | None,
    whole_name: str = "all rows",
) -> None:
    shown = rows[:_MOST]
    figure.set_size_inches(6.8, 1.5 + 0.21 * max(len(shown), 3))
    axes = figure.add_subplot()
    for place, row in enumerate(shown):
        _interval(axes, place, row)
    axes.set_yticks(range(len(shown)), [style.label(row.name, 30) for row in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(spec)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    _limits(axes, [row.item for row in shown], whole)
    for place, row in enumerate(shown):
        value = "undefined" if row.item.value is None else number(row.item.value, 3)
        star = " *" if row.differs else ""
        n = f"{row.count:,.0f}" if float(row.count).is_integer() else f"{row.count:,.1f}"
        after(axes, place, f"{value}{star}", data=True, size=8.5)
        after(axes, place, n, 100, data=True, size=8.5, ha="right", color=style.QUIET)
    head = axes.annotate(
        "rows",
        (1, 1),
        (100, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        size=8,
        color=style.QUIET,
    )
    head.set_label(DIRECT)
    said = []
    if whole is not None and whole.value is not None:
        axes.axvline(whole.value, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        said.append(f"dashed: {whole_name}, {number(whole.value, 3)}")
    if any(row.differs for row in shown):
        said.append("* differs from the others")
    if len(shown) < len(rows):
        said.append(f"the {len(shown)} worst of {len(rows):,}")
    headed(axes, title, *said)


def _interval(axes: Axes, place: int, row: _Row) -> None:
    item = row.item
    if item.value is None:
        return
    colour = style.COLOURS[1] if row.differs else style.COLOURS[0]
    if item.low is not None and item.high is not None:
        axes.plot(
            [item.low, item.high],
            [place, place],
            color=colour,
            linewidth=1.8,
            solid_capstyle="butt",
        )
    axes.plot([item.value], [place], "D" if row.differs else "o", color=colour, markersize=5)


def _limits(axes: Axes, items: Sequence[Estimate], whole: Estimate | None) -> None:
    """As wide as the intervals, with room, and not beyond where values can lie."""
    some = [*items, *([whole] if whole else [])]
    ends = [x for item in some for x in (item.low, item.value, item.high) if x is not None]
    if not ends:
        axes.set_xticks([])
        return
    least, most = min(ends), max(ends)
    room = 0.06 * (most - least) or 0.05 * (abs(most) or 1.0)
    axes.set_xlim(least - room, most + room)
