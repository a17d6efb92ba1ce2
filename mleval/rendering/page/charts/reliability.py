"""The reliability diagram: how often what is said to be likely comes true."""

from __future__ import annotations

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis
from mleval.rendering.page.charts.columns import chart_of, rows
from mleval.rendering.page.charts.drawing import Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.report import Report

_STRIP = 46  # pixels at the foot, in which bars say how many rows each bin has


def reliability(report: Report, what: str) -> Figure | None:
    """A dot a bin with its interval; bars at the foot show how many rows are in each.

    what: the event.
    """
    chart = chart_of(report, "reliability")
    bins = rows(chart, "lowest", "highest", "weight", "confidence", "frequency") if chart else []
    if not chart or not bins:
        return None
    drawing = Drawing()
    frame = Frame(Axis(0.0, 1.0, *ACROSS), Axis(0.0, 1.0, UP[0] - _STRIP, UP[1]))
    most = max(weight for _, _, weight, _, _ in bins)
    for low, high, weight, _, _ in bins:
        left, height = frame.across.at(low), (_STRIP - 8) * weight / most
        width = max(frame.across.at(high) - left - 1, 1.0)
        drawing.bar((left, UP[0] - height), width, height, 0, 0.28)
    Frame(frame.across, Axis(0.0, 1.0, *UP)).foot(drawing, "predicted probability")
    frame.grid(drawing, f"share of {what}")
    drawing.rule(frame.at(0, 0), frame.at(1, 1), "base")
    for said, low, high in rows(chart, "confidence", "low", "high") if "low" in chart else []:
        drawing.line([frame.at(said, low), frame.at(said, high)], 0, opacity=0.45)
    for _, _, _, said, came in bins:
        drawing.dot(frame.at(said, came), 3.6, 0)
    return Figure(
        title="Reliability",
        says="on the dashed line the probabilities come true as often as they say; "
        + "; ".join(f"said {said:.2f}, came true {came:.2f}" for _, _, _, said, came in bins),
        svg=str(drawing),
        width=WIDTH,
        height=HEIGHT,
        legend=[("how often it came true; bars: how many rows", 0)],
    )
