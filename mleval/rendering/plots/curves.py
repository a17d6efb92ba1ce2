"""ROC and precision-recall curves: of one model, of several, of each class against the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import (
    about,
    band,
    chance_diagonal,
    column,
    direct,
    estimated,
    headed,
    key,
    named,
    share_axes,
)
from mleval.report import Report
from mleval.report_charts import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGHLIGHTED = 10  # classes with a colour and a name; the others are grey


@dataclass(frozen=True)
class _Kind:
    """A kind of curve. chart, by_class: their names; metrics: what sums it up, in short."""

    chart: str
    by_class: str
    x: str
    y: str
    title: str
    metrics: tuple[str, ...]
    short: str
    steps: bool = False


_ROC = _Kind("roc", "roc_by_class", "fpr", "tpr", "ROC curve", ("roc_auc", "roc_auc_ovr"), "AUC")
_PR = _Kind(
    "pr",
    "pr_by_class",
    "recall",
    "precision",
    "Precision-recall curve",
    ("average_precision",),
    "AP",
    steps=True,
)


def has_roc(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return _has(report, _ROC)


def has_pr(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return _has(report, _PR)


def _has(report: Report, kind: _Kind) -> bool:
    return bool(_chart(report, kind)) or kind.by_class in report.charts


def _chart(report: Report, kind: _Kind) -> Chart:
    """With bands, if they were asked for."""
    return report.charts.get(kind.chart) or report.curves.get(kind.chart) or {}  # type: ignore[return-value]


def roc(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """True against false positive rate; the diagonal is what chance gives."""
    del part
    axes = figure.add_subplot()
    share_axes(axes, "false positive rate", "true positive rate")
    chance_diagonal(axes)
    _draw(axes, systems, _ROC)


def precision_recall(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Precision against recall; chance gives the share of the positives."""
    del part
    axes = figure.add_subplot()
    share_axes(axes, "recall", "precision")
    first = next(iter(systems.values()))
    shares = {_prevalence(report) for report in systems.values()}
    share = shares.pop() if len(shares) == 1 else None
    if share is not None and _chart(first, _PR):
        axes.axhline(share, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        below = share > 0.08
        direct(
            axes,
            0.01,
            share + (-0.012 if below else 0.012),
            f"chance: {number(share, 3)} are positive",
            color=style.QUIET,
            size=8,
            va="top" if below else "bottom",
        )
    _draw(axes, systems, _PR)


def _prevalence(report: Report) -> float | None:
    """The share of the rows that is positive: the precision where all are predicted to be."""
    chart = _chart(report, _PR)
    return None if not chart else float(column(chart, "precision")[-1])


def _draw(axes: Axes, systems: Mapping[str, Report], kind: _Kind) -> None:
    if len(systems) == 1:
        report = next(iter(systems.values()))
        chart = _chart(report, kind)
        if chart:
            _one(axes, report, chart, kind)
        else:
            _of_classes(axes, report, kind)
        return
    lines = []
    for place, (name, report) in enumerate(systems.items()):
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        _line(axes, _chart(report, kind) or _macro(report, kind), kind, drawn, banded=True)
        lines.append((f"{style.label(name)}  {_value(report, kind)}", drawn))
    headed(axes, f"{kind.title}, {len(systems)} models", about(systems))
    key(axes, lines[:16])


def _value(report: Report, kind: _Kind) -> str:
    found = next((item for name in kind.metrics if (item := named(name, report))), None)
    for name in kind.metrics:
        found = found or report.metrics.get(f"{name}[macro]")
    return "" if found is None or found.value is None else f"{kind.short} {number(found.value, 3)}"


def _macro(report: Report, kind: _Kind) -> Chart:
    """The mean over the classes, where there is one."""
    chart = report.charts.get(kind.by_class, {})
    return _of(chart, None, kind)


def _of(chart: Chart, name: str | None, kind: _Kind) -> Chart:
    places = [at for at, label in enumerate(chart.get("class", ())) if label == name]
    return {axis: [chart[axis][at] for at in places] for axis in (kind.x, kind.y) if chart}


def _line(axes: Axes, chart: Chart, kind: _Kind, drawn: Mapping[str, Any], *, banded: bool) -> None:
    x, y = column(chart, kind.x), column(chart, kind.y)
    where: Any = {"drawstyle": "steps-pre"} if kind.steps else {}
    axes.plot(x, y, **where, **drawn)
    if banded and "low" in chart:
        step: Any = {"step": "pre"} if kind.steps else {}
        low, high = column(chart, "low"), column(chart, "high")
        low[0], high[0] = low[min(1, len(low) - 1)], high[min(1, len(low) - 1)]  # of no rows yet
        band(axes, x, low, high, drawn["color"], **step)


def _one(axes: Axes, report: Report, chart: Chart, kind: _Kind) -> None:
    """The curve of a binary task, with its band and the point that predictions stand at."""
    _line(axes, chart, kind, {"color": style.COLOURS[0]}, banded=True)
    item = next((found for name in kind.metrics if (found := named(name, report))), None)
    headed(axes, kind.title, estimated(item, kind.short), about({"": report}))
    point = _operating(report, kind)
    if point is None:
        return
    x, y = point
    axes.plot([x], [y], "o", color=style.COLOURS[1], markersize=6, zorder=4)
    above = kind.steps and y < 0.3
    direct(
        axes,
        x + (0.03 if x < 0.6 else -0.03),
        y + (0.05 if above else -0.05),
        _threshold(report),
        color=style.COLOURS[1],
        size=8.5,
        ha="left" if x < 0.6 else "right",
        va="bottom" if above else "top",
    )


def _threshold(report: Report) -> str:
    held = next((item.value for item in report.assumed if item.what == "threshold"), None)
    return "the predictions" if held is None else f"threshold {style.label(held, 12)}"


def _operating(report: Report, kind: _Kind) -> tuple[float, float] | None:
    """Where the predictions stand, by the confusion matrix."""
    table, positive = report.confusion, report.signature.get("positive")
    if table is None or positive is None:
        return None
    counts = np.zeros((2, 2))
    for truth, guess, weight in table.cells:
        counts[int(truth == positive), int(guess == positive)] += weight
    (_, fp), (fn, tp) = counts
    if not (counts.sum(1).all() and tp + fp):
        return None
    if kind is _ROC:
        return float(fp / counts[0].sum()), float(tp / (tp + fn))
    return float(tp / (tp + fn)), float(tp / (tp + fp))


def _of_classes(axes: Axes, report: Report, kind: _Kind) -> None:
    """Each class against the rest: the worst have names, or all where they are few."""
    chart = report.charts[kind.by_class]
    names = [str(name) for name in dict.fromkeys(chart["class"]) if name is not None]
    values = {name: _of_class(report, name, kind) for name in names}
    ranked = sorted(names, key=lambda name: values[name])
    shown = ranked[:HIGHLIGHTED] if len(names) > HIGHLIGHTED else names
    for name in names:
        if name not in shown:
            _line(axes, _of(chart, name, kind), kind, _GREY, banded=False)
    lines: list[tuple[str, Mapping[str, Any]]] = []
    macro = _macro(report, kind)
    if macro.get(kind.x) and len(names) > 1:
        drawn = {"color": style.INK, "linewidth": 2.4}
        _line(axes, macro, kind, drawn, banded=False)
        lines.append((f"macro  {_macro_value(report, kind)}".rstrip(), drawn))
    for place, name in enumerate(shown):
        drawn = {"color": style.colour(place), "linestyle": style.dash(place), "linewidth": 1.3}
        _line(axes, _of(chart, name, kind), kind, drawn, banded=False)
        value = values[name]
        told = "" if np.isinf(value) else f"  {number(value, 3)}"
        lines.append((f"{style.label(name, 22)}{told}", drawn))
    some = f"the lowest {len(shown)} of {len(names)} named" if len(shown) < len(names) else ""
    headed(axes, f"{kind.title}, each class against the rest", f"{kind.short} by class", some)
    if len(shown) < len(names):
        lines.append((f"{len(names) - len(shown)} others", _GREY))
    key(axes, lines)


_GREY: Mapping[str, Any] = {"color": style.FAINT, "linewidth": 0.7}


def _of_class(report: Report, name: str, kind: _Kind) -> float:
    """The metric of a class; infinite where it is not reported."""
    row = report.classes.get(name)
    for metric in kind.metrics:
        found = row.metrics.get(metric) if row else None
        if found is not None and found.value is not None:
            return found.value
    return float("inf")


def _macro_value(report: Report, kind: _Kind) -> str:
    for metric in kind.metrics:
        found = report.metrics.get(f"{metric}[macro]")
        if found is not None and found.value is not None:
            return number(found.value, 3)
    return ""
