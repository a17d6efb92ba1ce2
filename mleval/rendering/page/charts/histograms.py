"""Histograms: of one column of numbers, or of the scores of two classes."""

from __future__ import annotations

from collections.abc import Mapping

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis
from mleval.rendering.page.charts.columns import rows
from mleval.rendering.page.charts.drawing import Drawing, Point
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.report_charts import Chart


def histogram(chart: Chart, title: str, name: str, *, logarithmic: bool = False) -> Figure | None:
    """Bars from edge to edge. name: of the numbers."""
    return _figure(chart, {"weight": ""}, title, name, logarithmic=logarithmic)


def of_classes(chart: Chart, positive: str, negative: str, name: str) -> Figure | None:
    """The scores of either class, each as shares of its own rows, over one another."""
    classes = {"positive": positive, "negative": negative}
    return _figure(chart, classes, "Scores by class", name, shares=True)


def _figure(
    chart: Chart,
    columns: Mapping[str, str],
    title: str,
    name: str,
    *,
    shares: bool = False,
    logarithmic: bool = False,
) -> Figure | None:
    bins = rows(chart, "lowest", "highest", *columns)
    heights = list(zip(*(line[2:] for line in bins), strict=True))
    totals = [sum(column) if shares else 1.0 for column in heights]
    if not bins or not any(map(any, heights)) or not bins[0][0] < bins[-1][1]:
        return None
    heights = [
        tuple(h / total for h in column) if total else column
        for column, total in zip(heights, totals, strict=True)
    ]
    low, high = bins[0][0], bins[-1][1]
    evenly = abs((bins[0][1] - low) / (bins[-1][1] - bins[-1][0]) - 1) < 1e-6
    logs = logarithmic and low > 0 and not evenly
    most = max(map(max, heights))
    frame = Frame(
        Axis(low, high, *ACROSS, logarithmic=logs), Axis(0.0, most * 1.05, *UP, whole=not shares)
    )
    drawing = Drawing()
    frame.draw(drawing, name, "share of the rows of the class" if shares else "rows")
    for place, column in enumerate(heights):
        outline = _outline(frame, [(a, b, h) for (a, b, *_), h in zip(bins, column, strict=True)])
        drawing.area(outline, place, 0.45 if shares else 0.7)
        if shares:
            drawing.line(outline, place)
    legend = [(text, place) for place, text in enumerate(columns.values()) if text]
    peaks = [max(zip(column, bins, strict=True))[1] for column in heights]
    says = "; ".join(
        f"{text or title}: most rows from {peak[0]:.3g} to {peak[1]:.3g}"
        for text, peak in zip(columns.values(), peaks, strict=True)
    )
    svg = str(drawing)
    return Figure(title=title, says=says, svg=svg, width=WIDTH, height=HEIGHT, legend=legend)


def _outline(frame: Frame, bars: list[tuple[float, float, float]]) -> list[Point]:
    """Around all bars, from the foot to the foot."""
    tops = [frame.at(x, height) for low, high, height in bars for x in (low, high)]
    return [frame.at(bars[0][0], 0.0), *tops, frame.at(bars[-1][1], 0.0)]
