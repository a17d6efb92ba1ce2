"""The reliability diagram: how often what is said to be likely comes true."""

from __future__ import annotations

from collections.abc import Mapping

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis
from mleval.rendering.page.charts.drawing import Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.report import Report

_STRIP = 46  # pixels at the foot, in which bars say how many rows each bin has


def reliability(report: Report, what: str) -> Figure | None:
    """A dot a bin; bars at the foot show how many rows are in each. what: the event."""
    found = report.curves.get("reliability")
    if not found or not found["weight"]:
        return None
    bins = list(zip(*(_numbers(found, name) for name in _COLUMNS), strict=True))
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
    points = [frame.at(said, came) for _, _, _, said, came in bins]
    drawing.line(points, 0)
    for point in points:
        drawing.dot(point, 3.6, 0)
    return Figure(
        title="Reliability",
        says="on the dashed line the probabilities come true as often as they say; "
        + "; ".join(f"said {said:.2f}, came true {came:.2f}" for _, _, _, said, came in bins),
        svg=str(drawing),
        width=WIDTH,
        height=HEIGHT,
        legend=[("what was said and how often it came true; bars: how many rows", 0)],
    )


_COLUMNS = ("lowest", "highest", "weight", "confidence", "frequency")


def _numbers(found: Mapping[str, list[float | None]], name: str) -> list[float]:
    return [0.0 if value is None else value for value in found[name]]
