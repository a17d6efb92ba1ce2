"""Learning curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis, spanning
from mleval.rendering.page.charts.drawing import COLOURS, Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.training.run import Run
from mleval.training.series import Series

MOST = len(COLOURS)
_POINTS = 512  # of a line: more than a chart has pixels


@dataclass(frozen=True)
class Drawn:
    """A series of a run under a name; marked: whether its best is."""

    name: str
    run: Run
    series: Series
    marked: bool = False


def learning(title: str, axis: str, drawn: Sequence[Drawn]) -> Figure | None:
    """A line a series; a dot where it is best. None for fewer than two points."""
    lines = [(one, _points(one)) for one in drawn[:MOST]]
    across = [x for _, points in lines for x, _ in points]
    up = [y for _, points in lines for _, y in points]
    if len(up) < 2 or min(across) == max(across):
        return None
    frame = Frame(Axis(min(across), max(across), *ACROSS), spanning(up, *UP, logarithmic=None))
    drawing = Drawing()
    scale = " (logarithmic)" if frame.up.logarithmic else ""
    frame.draw(drawing, axis, title + scale)
    legend, says = [], []
    for place, (one, points) in enumerate(lines):
        drawing.line([frame.at(x, y) for x, y in points], place)
        best = one.series.best
        if one.marked and best is not None:
            x, y = float(one.run.labels[best]), float(one.series.values[best])
            drawing.dot(frame.at(x, y), 4.5, place)
            says.append(f"{one.name} is best at {axis} {x:g}: {y:.4g}")
        legend.append((one.name, place))
    return Figure(
        title=title,
        says="; ".join(says) or ", ".join(name for name, _ in legend),
        svg=str(drawing),
        width=WIDTH,
        height=HEIGHT,
        legend=legend,
    )


def _points(one: Drawn) -> list[tuple[float, float]]:
    """Its finite numbers, every so many of them where they are many."""
    places = one.series.places.tolist()
    step = math.ceil(len(places) / _POINTS) or 1
    kept = places[::step]
    if places and kept[-1] != places[-1]:
        kept.append(places[-1])
    return [(float(one.run.labels[at]), float(one.series.values[at])) for at in kept]
