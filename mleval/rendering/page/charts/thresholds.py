"""Precision, recall and F1 over the thresholds."""

from __future__ import annotations

from collections.abc import Callable

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis
from mleval.rendering.page.charts.drawing import Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.rendering.page.explorer import Thresholds

_METRICS: dict[str, Callable[[float, float, float], float]] = {
    "precision": lambda tp, fp, _: tp / (tp + fp),
    "recall": lambda tp, _, fn: tp / (tp + fn),
    "F1": lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fn),
}


def over_thresholds(found: Thresholds) -> Figure | None:
    """A line a metric; the upright line is the threshold of the report."""
    low, high = min(found.thresholds), max(found.thresholds)
    if low == high:
        return None
    unit = low >= 0 and high <= 1
    frame = Frame(Axis(*((0.0, 1.0) if unit else (low, high)), *ACROSS), Axis(0.0, 1.0, *UP))
    drawing = Drawing()
    frame.draw(drawing, "threshold", "value")
    if found.current is not None:
        x = frame.across.at(found.current)
        drawing.rule((x, UP[0]), (x, UP[1]), "base")
    counts = list(zip(found.thresholds, found.tp, found.fp, strict=True))
    for place, metric in enumerate(_METRICS.values()):
        points = [
            frame.at(threshold, metric(tp, fp, found.positives - tp))
            for threshold, tp, fp in counts
            if tp + fp > 0
        ]
        drawing.line(points, place)
    return Figure(
        title="Over the thresholds",
        says="precision, recall and F1 where scores from a threshold on are predicted positive",
        svg=str(drawing),
        width=WIDTH,
        height=HEIGHT,
        legend=[(name, place) for place, name in enumerate(_METRICS)],
    )
