"""Scores by class, and whether probabilities come true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Floats
from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import (
    about,
    column,
    estimated,
    headed,
    key,
    named,
)
from mleval.report import Report
from mleval.report_charts import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def has_scores(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return "scores" in report.charts


def has_reliability(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return bool(_reliability(report))


def _reliability(report: Report) -> Chart:
    return report.charts.get("reliability") or report.curves.get("reliability") or {}  # type: ignore[return-value]


def scores(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """How the scores of either class are distributed, each as shares of its own rows."""
    del part
    ((_, report),) = systems.items()
    chart = report.charts["scores"]
    edges = np.append(column(chart, "lowest"), column(chart, "highest")[-1:])
    axes = figure.add_subplot()
    axes.set_ylabel("share of the class's rows, %")
    axes.set_xlabel(_score_name(report))
    lines: list[tuple[str, Mapping[str, Any]]] = []
    for place, (name, side) in enumerate(
        zip(_classes(report), ("negative", "positive"), strict=True)
    ):
        weight = column(chart, side)
        total = weight.sum()
        colour = style.COLOURS[place]
        if not total:
            continue
        share = 100 * weight / total
        axes.stairs(share, edges, fill=True, color=colour, alpha=0.22)
        axes.stairs(
            share, edges, color=colour, linewidth=1.5, linestyle=style.dash(place), baseline=0
        )
        rows = f"{total:,.0f}" if float(total).is_integer() else f"{total:,.1f}"
        lines.append(
            (f"{style.label(name, 22)}  {rows}", {"color": colour, "linestyle": style.dash(place)})
        )
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    title = f"{_score_name(report).capitalize()} by class"
    if report.task not in ("binary", "pairs"):
        title = "Confidence where right and where wrong"
    headed(axes, title, about(systems))
    key(axes, lines)


def _classes(report: Report) -> tuple[str, str]:
    """What the two sides are called, the negative one first."""
    if report.task == "pairs":
        return "different", "same"
    if report.task != "binary":
        return "wrong", "right"
    positive = str(report.signature.get("positive"))
    others = [name for name in report.classes if name != positive]
    return (others[0] if len(others) == 1 else f"not {positive}"), positive


def _score_name(report: Report) -> str:
    if report.task == "pairs":
        return "distance"
    if report.task != "binary":
        return "probability of the predicted class"
    return "score" if report.signature.get("score_scale") == "any" else "predicted probability"


def reliability(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """How often what is said with a probability comes true, and how often it is said."""
    del part
    axes, beneath = figure.subplots(2, 1, sharex=True, height_ratios=[3.2, 1])
    axes.plot([0, 1], [0, 1], color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set(xlim=(-0.015, 1.015), ylim=(-0.015, 1.015))
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    first = next(iter(systems.values()))
    event = (
        "right" if first.task != "binary" else style.label(str(first.signature.get("positive")), 18)
    )
    axes.set_ylabel(f"how often it is {event}")
    beneath.set(xlabel="predicted probability", ylabel="rows, %")
    if len(systems) == 1:
        _alone(axes, beneath, _reliability(first))
        said = estimated(named("ece", first), "ECE"), estimated(named("brier", first), "Brier")
        headed(axes, "Reliability", *said, "dashed: as stated")
        return
    lines = []
    for place, (name, report) in enumerate(systems.items()):
        x, y, weight = _columns(_reliability(report))
        drawn = {
            "color": style.colour(place),
            "linestyle": style.dash(place),
            "marker": style.MARKERS[place % len(style.MARKERS)],
        }
        axes.plot(x, y, **drawn)
        beneath.plot(x, 100 * weight / weight.sum(), linewidth=1.1, **drawn)
        item = named("ece", report)
        told = "" if item is None or item.value is None else f"  ECE {number(item.value, 3)}"
        lines.append((f"{style.label(name, 22)}{told}", drawn))
    beneath.set_ylim(bottom=0)
    headed(axes, f"Reliability, {len(systems)} models", about(systems))
    key(axes, lines[:12])


def _columns(chart: Chart) -> tuple[Floats, Floats, Floats]:
    return column(chart, "confidence"), column(chart, "frequency"), column(chart, "weight")


def _alone(axes: Axes, beneath: Axes, chart: Chart) -> None:
    x, y, weight = _columns(chart)
    blue = style.COLOURS[0]
    axes.plot(x, y, color=blue, marker="o", linewidth=1.2)
    if "low" in chart:
        low, high = column(chart, "low"), column(chart, "high")
        if np.isfinite(low).any():
            axes.vlines(x, low, high, color=blue, linewidth=1.1)
    low, high = column(chart, "lowest"), column(chart, "highest")
    width = np.maximum(1 / 15 * 0.92, 0.02)
    middle = (np.floor(((low + high) / 2) * 15).clip(0, 14) + 0.5) / 15
    beneath.bar(middle, 100 * weight / weight.sum(), width, color=blue, alpha=0.55)
