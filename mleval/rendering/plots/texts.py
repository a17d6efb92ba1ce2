"""How the segments of texts score, and how unexpected sequences are to a language model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import about, band, beside, column, headed, titled
from mleval.rendering.plots.errors import bars
from mleval.rendering.plots.fitting import numerals
from mleval.report import Report
from mleval.report_charts import Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def has_segments(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return "segments" in report.charts


def has_perplexities(report: Report) -> bool:
    """Whether the report has what is drawn."""
    return "perplexities" in report.charts


def _metrics(chart: Chart) -> dict[str, Chart]:
    """The chart of each metric."""
    found: dict[str, Chart] = {}
    for name in dict.fromkeys(chart["metric"]):
        places = [at for at, label in enumerate(chart["metric"]) if label == name]
        found[str(name)] = {key: [values[at] for at in places] for key, values in chart.items()}
    return found


def segments(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """Histograms of the scores of segments, a panel a metric."""
    del part
    ((_, report),) = systems.items()
    several = _metrics(report.charts["segments"])
    figure.set_size_inches(6.2, 1.4 + 1.35 * len(several))
    panels = figure.subplots(len(several), 1, squeeze=False, gridspec_kw={"hspace": 0.75})[:, 0]
    for axes, (name, chart) in zip(panels, several.items(), strict=True):
        bars(axes, chart)
        axes.set_ylabel("segments")
        item = report.metrics.get(name)
        said = (
            ""
            if item is None or item.value is None
            else f"  corpus {number(item.value, 3)}, dashed"
        )
        if said:
            axes.axvline(
                float(item.value),  # type: ignore[union-attr,arg-type]
                color=style.INK,
                linewidth=0.9,
                linestyle=(0, (4, 3)),
            )
        axes.set_title(f"{style.label(name, 40)}{said}", color=style.INK)
    titled(panels[0], "Scores of segments", 23)


def score_by_length(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """The mean score of segments of about a length."""
    del part
    ((_, report),) = systems.items()
    axes = figure.add_subplot()
    ends = []
    for place, (name, chart) in enumerate(_metrics(report.charts["score_by_length"]).items()):
        x = (column(chart, "lowest") + column(chart, "highest")) / 2
        y = column(chart, "mean")
        colour = style.colour(place)
        marker = style.MARKERS[place]
        axes.plot(x, y, color=colour, linestyle=style.dash(place), marker=marker)
        band(axes, x, column(chart, "low"), column(chart, "high"), colour)
        ends.append((float(y[-1]), style.label(name, 18), colour))
    axes.set(xlabel="characters of the reference", ylabel="mean score of the segments")
    axes.grid(visible=True)
    axes.margins(x=0.02)
    beside(axes, ends)
    headed(axes, "Score by length", "bins of as many segments", about(systems))


def perplexities(figure: Figure, systems: Mapping[str, Report], part: str | None) -> None:
    """The perplexities of sequences, in bins of equal ratios where they differ much."""
    del part
    ((_, report),) = systems.items()
    chart = report.charts["perplexities"]
    axes = figure.add_subplot()
    bars(axes, chart)
    low, high = column(chart, "lowest"), column(chart, "highest")
    if not np.allclose(np.diff(low), (high - low)[0]):
        logarithmic(axes.xaxis, float(low[0]), float(high[-1]))
    axes.set(xlabel="perplexity of a sequence", ylabel="sequences")
    item = report.metrics.get("perplexity")
    said = ""
    if item is not None and item.value is not None:
        axes.axvline(item.value, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)))
        said = f"dashed: of all tokens, {number(item.value, 3)}"
    headed(axes, "Perplexity of sequences", said, about(systems))


def logarithmic(axis: Any, low: float, high: float) -> None:
    """An axis of ratios with plain numbers on it: 1, 2, 5, 10 and so on."""
    axis._set_axes_scale("log")
    decades = np.log10(high / low)
    steps = (
        (1.0,) if decades > 4 else (1.0, 2.0, 5.0) if decades > 0.8 else tuple(np.arange(1.0, 10.0))
    )
    powers = range(int(np.floor(np.log10(low))) - 1, int(np.ceil(np.log10(high))) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    ticks = [tick for tick in ticks if low * 0.95 <= tick <= high * 1.05]
    axis.set_ticks(ticks, labels=numerals(ticks))
    axis.set_ticks([], minor=True)
