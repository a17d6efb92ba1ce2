"""The confusion matrix: what each class was taken for, as shares of its rows and as counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Floats
from mleval.rendering.content import top_confusions
from mleval.rendering.numerals import count, percent
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import about, direct, headed
from mleval.report import ConfusionTable, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WRITTEN = 20  # classes up to which cells have numbers in them
_NAMED = 60  # classes up to which all have names beside the matrix
_TOP = 12
_MOST = 150  # classes that a matrix shows, those with the most rows


def has_confusion(report: Report) -> bool:
    """Whether there is a matrix."""
    return report.confusion is not None and bool(report.confusion.cells)


def confusion(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Shares of the rows of each true class."""
    del part
    ((_, report),) = systems.items()
    _matrix(figure, report, shares=True)


def confusion_counts(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """How many rows there are of each pair of classes."""
    del part
    ((_, report),) = systems.items()
    _matrix(figure, report, shares=False)


def _matrix(figure: Figure, report: Report, *, shares: bool) -> None:
    assert report.confusion
    labels, columns, counts = _table(report.confusion)
    totals = counts.sum(1, keepdims=True)
    cells = (
        np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0) if shares else counts
    )
    size = min(max(3.4 + 0.2 * len(labels), 4.6), 9.5)
    listed = len(labels) > WRITTEN
    figure.set_size_inches(size + (3.4 if listed else 0.3), size)
    axes = figure.add_subplot()
    _cells(axes, cells, labels, columns)
    if not listed:
        whole = all(weight.is_integer() for *_, weight in report.confusion.cells)
        texts = [[_text(cell, shares=shares, whole=whole) for cell in row] for row in cells]
        _written(axes, cells, texts)
    title = "Confusion matrix, shares of each true class" if shares else "Confusion matrix, rows"
    left = len(report.confusion.labels) - len(labels)
    some = f"the {len(labels)} largest classes, {left:,} more are not shown" if left else ""
    headed(axes, title, some or about({"": report}))
    if listed:
        _top(axes, report)


def _table(table: ConfusionTable) -> tuple[list[str], list[str], Floats]:
    """The labels of rows and columns, and (r, c) Σw; the largest classes where they are many."""
    labels = list(table.labels)
    if len(labels) > _MOST:
        size: dict[str, float] = {}
        for truth, _, weight in table.cells:
            size[truth] = size.get(truth, 0.0) + weight
        largest = {*sorted(labels, key=lambda name: -size.get(name, 0.0))[:_MOST]}
        labels = [name for name in labels if name in largest]
    unpredicted = any(guess is None for _, guess, _ in table.cells)
    places: dict[str | None, int] = {name: at for at, name in enumerate(labels)}
    if unpredicted:
        places[None] = len(labels)
    counts = np.zeros((len(labels), len(places)))
    for truth, guess, weight in table.cells:
        if truth in places and guess in places:
            counts[places[truth], places[guess]] += weight
    return labels, [*labels, *(["(none)"] if unpredicted else [])], counts


def _cells(axes: Axes, cells: Floats, rows: Sequence[str], columns: Sequence[str]) -> None:
    top = float(cells.max()) or 1.0
    image = axes.imshow(cells, cmap=style.SHADES, vmin=0, vmax=top, aspect="equal")
    image.set_label("confusion")
    axes.spines[:].set_visible(False)
    axes.set(xlabel="prediction", ylabel="truth")
    if len(rows) <= _NAMED:
        size = 8.5 if len(rows) <= 20 else max(8.5 - 0.07 * (len(rows) - 20), 5.5)
        length = 24 if len(rows) <= 20 else 18
        longest = max(len(style.label(name, length)) for name in columns)
        figure: Any = axes.figure
        long = 0.085 * longest * len(columns) > 0.75 * figure.get_size_inches()[1]
        axes.set_yticks(range(len(rows)), [style.label(name, length) for name in rows], size=size)
        axes.set_xticks(
            range(len(columns)),
            [style.label(name, length) for name in columns],
            size=size,
            rotation=90 if long else 0,
        )
    else:
        axes.set(xticks=[], yticks=[])
    axes.tick_params(length=0)
    if len(rows) <= WRITTEN:
        axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="white", linewidth=1.5)
        axes.tick_params(which="minor", length=0)


def _text(cell: float, *, shares: bool, whole: bool) -> str:
    if cell == 0:
        return "·"
    if shares:
        return percent(cell)
    return (
        f"{cell / 1e6:.3g}M"
        if cell >= 1e6
        else f"{cell / 1e3:.3g}k"
        if cell >= 1e4
        else count(cell, whole)
    )


def _written(axes: Axes, cells: Floats, texts: Sequence[Sequence[str]]) -> None:
    top = float(cells.max()) or 1.0
    size = 9 if len(cells) <= 10 else 7 if len(cells) <= 15 else 6
    for row, line in enumerate(texts):
        for at, text in enumerate(line):
            dark = cells[row, at] > 0.55 * top
            axes.text(
                at,
                row,
                text,
                ha="center",
                va="center",
                size=size,
                color="white" if dark else style.INK if text != "·" else style.QUIET,
            )


def _top(axes: Axes, report: Report) -> None:
    """The pairs that are confused the most, in words, where cells are too small for numbers."""
    lines = ["most often taken for another"]
    for item in top_confusions(report, _TOP):
        share = percent(item.share)
        lines.append(f"{style.label(item.truth, 17)} → {style.label(item.prediction, 17)}  {share}")
    text = "\n".join(lines)
    direct(axes, 1.04, 1.0, text, transform=axes.transAxes, va="top", size=8, linespacing=1.5)
