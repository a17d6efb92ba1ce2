"""What each threshold would give: metrics along the scores, and how many positives come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Floats
from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import (
    about,
    beside,
    chance_diagonal,
    column,
    direct,
    headed,
    key,
    share_axes,
)
from mleval.report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def has_thresholds(report: Report) -> bool:
    """Whether the report has the counts at each threshold."""
    return "thresholds" in report.charts


def thresholds(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Precision, recall and F1 with each score as the threshold."""
    del part
    ((_, report),) = systems.items()
    at, curves = _curves(report)
    axes = figure.add_subplot()
    noun = "distance" if report.task == "pairs" else "threshold"
    axes.set(ylim=(-0.015, 1.015), xlabel=noun)
    _widen(axes, at, report)
    axes.grid(visible=True)
    lines: list[tuple[str, Mapping[str, Any]]] = []
    for place, (name, curve) in enumerate(curves.items()):
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        axes.plot(at, curve, marker=style.MARKERS[place] if len(at) < 4 else None, **drawn)
        lines.append((name, drawn))
    if report.task == "pairs":
        key(axes, lines)
    else:
        edge = axes.get_xlim()[1]
        last = [float(np.interp(edge, at, curve)) for curve in curves.values()]
        beside(axes, [(y, n, d["color"]) for y, (n, d) in zip(last, lines, strict=True)])
    headed(axes, f"Metrics by {noun}", *_marked(axes, at, curves["F1"], report), about(systems))


def _curves(report: Report) -> tuple[Floats, dict[str, Floats]]:
    """(s,) the thresholds, ascending, and what each gives."""
    chart = report.charts["thresholds"]
    order = np.argsort(column(chart, "threshold"), kind="stable")
    at, tp, fp, fn = (column(chart, name)[order] for name in ("threshold", "tp", "fp", "fn"))
    found = {
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "F1": 2 * tp / (2 * tp + fp + fn),
    }
    return at, found


def _marked(axes: Axes, at: Floats, f1: Floats, report: Report) -> list[str]:
    """Mark the best F1, and the threshold that is used; in words."""
    best = int(np.nanargmax(f1))
    axes.plot([at[best]], [f1[best]], "o", color=style.colour(2), markersize=6, zorder=4)
    said = [f"best F1 {number(float(f1[best]), 3)} at {number(float(at[best]), 3)}"]
    used = _used(report)
    if used is not None and at[0] <= used <= at[-1]:
        axes.axvline(used, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        said.append(f"dashed: {number(used, 3)} is used")
    return said


def _widen(axes: Axes, at: Floats, report: Report) -> None:
    """Room around the thresholds; 0 to 1 where they are within, else where nearly all rows are."""
    low, high = float(at.min()), float(at.max())
    chart = report.charts.get("scores")
    if chart and not (low >= 0 and high <= 1):
        low, high = float(column(chart, "lowest")[0]), float(column(chart, "highest")[-1])
    if low >= 0 and high <= 1:
        axes.set_xlim(-0.015, 1.015)
    elif low < high:
        axes.set_xlim(low - 0.015 * (high - low), high + 0.015 * (high - low))


def _used(report: Report) -> float | None:
    """The threshold that made the predictions, if one did."""
    held = next((item.value for item in report.assumed if item.what == "threshold"), None)
    try:
        return None if held is None else float(held)
    except ValueError:
        return None


def gain(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """The share of the positives among the highest scores; the grey line is the best there is."""
    del part
    axes = figure.add_subplot()
    share_axes(axes, "share of the rows, highest scores first", "share of the positives found")
    chance_diagonal(axes)
    lines = []
    for place, (name, report) in enumerate(systems.items()):
        targeted, found, share = _ranked(report)
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        axes.plot(targeted, found, **drawn)
        lines.append((style.label(name), drawn))
        if len(systems) == 1:
            axes.plot([0, share, 1], [0, 1, 1], color=style.FAINT, linewidth=1.2, zorder=1)
            half = float(np.interp(0.2, targeted, found))
            axes.plot([0.2], [half], "o", color=style.COLOURS[1], markersize=6, zorder=4)
            near = half < 0.35  # to the diagonal
            direct(
                axes,
                0.18 if near else 0.23,
                half + (0.01 if near else -0.02),
                "20 %",
                color=style.COLOURS[1],
                size=8.5,
                ha="right" if near else "left",
                va="bottom" if near else "top",
            )
            said = f"the top 20 % hold {number(100 * half, 3)[:4].rstrip('.')} % of the positives"
            headed(axes, "Cumulative gain", said, about(systems))
    if len(systems) > 1:
        headed(axes, f"Cumulative gain, {len(systems)} models", about(systems))
        key(axes, lines[:16])


def lift(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """How many times more positives the highest scores hold than chance would find."""
    del part
    axes = figure.add_subplot()
    axes.set(xlim=(-0.015, 1.015), xlabel="share of the rows, highest scores first", ylabel="lift")
    axes.grid(visible=True)
    axes.axhline(1, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    lines = []
    for place, (name, report) in enumerate(systems.items()):
        targeted, found, _ = _ranked(report)
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        some = targeted > 0
        held = found[some] / targeted[some]  # of those that tie, in whatever order: the same
        axes.plot(np.append(0.0, targeted[some]), np.append(held[0], held), **drawn)
        lines.append((style.label(name), drawn))
    top = axes.get_ylim()[1]
    axes.set_ylim(0, max(top, 1.2))
    direct(
        axes,
        1.0,
        1 - 0.02 * max(top, 1.2),
        "chance",
        color=style.QUIET,
        size=8,
        ha="right",
        va="top",
    )
    title = "Lift" if len(systems) == 1 else f"Lift, {len(systems)} models"
    headed(axes, title, about(systems))
    if len(systems) > 1:
        key(axes, lines[:16])


def _ranked(report: Report) -> tuple[Floats, Floats, float]:
    """(s,) the share of the rows and of the positives above each threshold; that of positives."""
    chart = report.charts["thresholds"]
    tp, fp, fn, tn = (column(chart, name) for name in ("tp", "fp", "fn", "tn"))
    positives, rows = tp[0] + fn[0], tp[0] + fp[0] + fn[0] + tn[0]
    targeted = np.append((tp + fp) / rows, 0.0)
    found = np.append(tp / positives, 0.0)
    order = np.lexsort([found, targeted])
    return targeted[order], found[order], float(positives / rows)
