"""The errors of a regression: how they are distributed, and against what is predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import (
    band,
    column,
    estimated,
    headed,
)
from mleval.report import Estimate, Report
from mleval.report_charts import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def parts(report: Report, chart: str) -> tuple[str | None, ...]:
    """The targets that have a chart; None stands for the only one."""
    names = (name for name in report.charts if name == chart or name.startswith(f"{chart} of "))
    return tuple(name.removeprefix(chart).removeprefix(" of ") or None for name in names)


def _chart(report: Report, name: str, part: str | None) -> Chart:
    return report.charts[name if part is None else f"{name} of {part}"]


def _metric(report: Report, name: str, part: str | None) -> Estimate | None:
    return (report.metrics if part is None else report.targets.get(part, {})).get(name)


def _of(part: str | None) -> str:
    return "" if part is None else f" of {style.label(part)}"


def predicted_true(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Truth against prediction: on the line where they are the same."""
    ((_, report),) = systems.items()
    axes = figure.add_subplot()
    chart = _chart(report, "true_by_predicted", part)
    _cells(figure, axes, chart)
    ends = [f(column(chart, name)) for f, name in ((np.min, "x_lowest"), (np.max, "x_highest"))]
    across = np.array(ends)
    axes.plot(
        across,
        across,
        color=style.COLOURS[1],
        linewidth=1.1,
        linestyle="--",
        scalex=False,
        scaley=False,
    )
    axes.set(xlabel="prediction", ylabel="truth")
    said = (estimated(_metric(report, name, part), name) for name in ("r2", "rmse"))
    headed(axes, f"Truth against prediction{_of(part)}", *said, "dashed: equal")


def residuals(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Errors against predictions: their median and quartiles should lie along 0."""
    ((_, report),) = systems.items()
    axes = figure.add_subplot()
    _cells(figure, axes, _chart(report, "error_by_predicted", part))
    axes.axhline(0, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    spread = _chart(report, "error_spread", part)
    if len(spread["weight"]) > 1:
        middle = (column(spread, "lowest") + column(spread, "highest")) / 2
        orange = style.COLOURS[1]
        axes.plot(middle, column(spread, "p50"), color=orange, marker="o", markersize=3.5)
        band(axes, middle, column(spread, "p25"), column(spread, "p75"), orange)
        for end in ("p5", "p95"):
            axes.plot(middle, column(spread, end), color=orange, linewidth=0.9, linestyle=":")
    axes.set(xlabel="prediction", ylabel="error (prediction − truth)")
    told = "median, quartiles, 5th and 95th percentile" if len(spread["weight"]) > 1 else ""
    bias = estimated(_metric(report, "bias", part), "bias")
    headed(axes, f"Error against prediction{_of(part)}", bias, told)


def _cells(figure: Figure, axes: Axes, chart: Chart) -> None:
    """The cells of a grid, the darker the more rows, by ratios; dots would hide how many."""
    from matplotlib.collections import PatchCollection
    from matplotlib.colors import LogNorm
    from matplotlib.patches import Rectangle

    x, y, to_x, to_y, weight = (
        column(chart, name) for name in ("x_lowest", "y_lowest", "x_highest", "y_highest", "weight")
    )
    boxes = [Rectangle((a, b), c - a, d - b) for a, b, c, d in zip(x, y, to_x, to_y, strict=True)]
    low, high = float(weight[weight > 0].min()), float(weight.max())
    found = PatchCollection(
        boxes, cmap=style.SHADES, norm=LogNorm(low / 3, max(high, low * 1.01)), linewidth=0
    )
    found.set_array(weight)
    found.set_label("cells")
    axes.add_collection(found)
    for set_limits, lowest, highest in ((axes.set_xlim, x, to_x), (axes.set_ylim, y, to_y)):
        least, most = float(lowest.min()), float(highest.max())
        alone = most - least < 1.5 * (highest - lowest)[0]  # one cell: not to fill the whole plot
        room = (8 if alone else 0.03) * (most - least)
        set_limits(least - room, most + room)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    if high > low:
        bar = figure.colorbar(found, ax=axes, shrink=0.5, aspect=16, pad=0.02)
        steps = (1.0, 2.0, 5.0) if high < 100 * low else (1.0,)
        round_ = [step * 10.0**power for power in range(-9, 16) for step in steps]
        ticks = [tick for tick in round_ if low <= tick <= high] or [low, high]
        bar.ax.set_ylim(low, high)
        bar.set_ticks(ticks, labels=[f"{tick:,.10g}" for tick in ticks])
        bar.minorticks_off()
        bar.outline.set_visible(False)
        bar.set_label("rows in a cell", size=8)


def errors(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """How the errors are distributed."""
    ((_, report),) = systems.items()
    chart = _chart(report, "error", part)
    axes = figure.add_subplot()
    bars(axes, chart)
    axes.axvline(0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set(xlabel="error (prediction − truth)", ylabel="rows")
    said = (estimated(_metric(report, name, part), name) for name in ("mae", "bias"))
    headed(axes, f"Distribution of the error{_of(part)}", *said)


def bars(axes: Axes, chart: Chart, colour: str = style.COLOURS[0]) -> None:
    """A histogram whose outermost bars hold the tails: these are lighter where they stand out."""
    low, high, weight = (column(chart, name) for name in ("lowest", "highest", "weight"))
    axes.bar(
        low,
        weight,
        high - low,
        align="edge",
        color=colour,
        alpha=0.75,
        edgecolor="white",
        linewidth=0.4,
    )
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)


def normal_quantiles(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Quantiles of the errors beside those of a normal distribution through their quartiles."""
    ((_, report),) = systems.items()
    chart = _chart(report, "qq", part)
    z, error, low, high = (column(chart, name) for name in ("normal", "error", "low", "high"))
    axes = figure.add_subplot()
    first, third = np.interp([-0.6744897501960817, 0.6744897501960817], z, error)
    slope = (third - first) / (2 * 0.6744897501960817)
    axes.plot(
        z, (first + third) / 2 + slope * z, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3))
    )
    band(axes, z, low, high, style.QUIET)
    axes.plot(z, error, "o", color=style.COLOURS[0], markersize=3.5)
    axes.set(xlabel="standard normal quantile", ylabel="quantile of the error")
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    outside = np.isfinite(low) & ((error < low) | (error > high))
    said = f"{int(outside.sum())} of {len(z)} quantiles outside the band of a normal sample"
    headed(axes, f"Are the errors normal?{_of(part)}", said if np.isfinite(low).any() else "")
