"""The pictures of a regression: truth and errors by prediction, and errors beside the normal."""

from __future__ import annotations

from collections.abc import Sequence

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import Axis, spanning
from mleval.rendering.page.charts.columns import rows
from mleval.rendering.page.charts.drawing import Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.report_charts import Chart

_CELL = ("x_lowest", "x_highest", "y_lowest", "y_highest", "weight")
_DEPTHS = (0.12, 0.25, 0.4, 0.6, 0.85)


def true_by_predicted(chart: Chart) -> Figure | None:
    """Cells, the darker the more rows they hold; on the dashed line predictions are right."""
    cells = rows(chart, *_CELL)
    if not cells:
        return None
    frame, drawing = _frame(cells), Drawing()
    frame.draw(drawing, "prediction", "truth")
    _tiles(drawing, frame, cells)
    low = max(frame.across.low, frame.up.low)
    high = min(frame.across.high, frame.up.high)
    if low < high:
        drawing.rule(frame.at(low, low), frame.at(high, high), "base")
    return _figure("Truth by prediction", "on the dashed line predictions are right", drawing)


def error_by_predicted(chart: Chart, spread: Chart | None) -> Figure | None:
    """Cells likewise; lines through the median and the middle 90 % of the errors."""
    cells = rows(chart, *_CELL)
    if not cells:
        return None
    frame, drawing = _frame(cells), Drawing()
    frame.draw(drawing, "prediction", "error")
    _tiles(drawing, frame, cells)
    if frame.up.low < 0 < frame.up.high:
        left, right = frame.across.start, frame.across.end
        drawing.rule((left, frame.up.at(0)), (right, frame.up.at(0)), "base")
    lines = rows(spread, "lowest", "highest", "p5", "p50", "p95") if spread else []
    for column in (2, 3, 4):
        points = [frame.at((line[0] + line[1]) / 2, line[column]) for line in lines]
        if len(points) > 1:
            drawing.line(points, 1, opacity=1.0 if column == 3 else 0.6)
    legend = [("median, and middle 90 %", 1)] if len(lines) > 1 else []
    return _figure("Error by prediction", "how errors lie around nought", drawing, legend)


def normal_quantiles(chart: Chart) -> Figure | None:
    """Quantiles of the errors against those of a normal distribution, with its band."""
    points = rows(chart, "normal", "error")
    if len(points) < 2:
        return None
    band = rows(chart, "normal", "low", "high")
    ends = [y for line in (*points, *band) for y in line[1:]]
    across = [x for x, _ in points]
    frame = Frame(spanning(across, *ACROSS), spanning(ends, *UP))
    drawing = Drawing()
    frame.draw(drawing, "quantile of the standard normal", "error")
    if len(band) > 1:
        high = [frame.at(x, y) for x, _, y in reversed(band)]
        drawing.area([*(frame.at(x, y) for x, y, _ in band), *high], 0, 0.16)
    for point in points:
        drawing.dot(frame.at(*point), 2.2, 0)
    legend = [("errors; the band: where those of a normal distribution would be", 0)]
    return _figure("Normal quantiles", "errors within the band look normal", drawing, legend)


def _frame(cells: Sequence[tuple[float, ...]]) -> Frame:
    left, right = min(c[0] for c in cells), max(c[1] for c in cells)
    low, high = min(c[2] for c in cells), max(c[3] for c in cells)
    return Frame(Axis(left, right, *ACROSS), Axis(low, high, *UP))


def _tiles(drawing: Drawing, frame: Frame, cells: Sequence[tuple[float, ...]]) -> None:
    """One shape for each depth of shading."""
    most = max(cell[4] for cell in cells)
    held: dict[int, list[tuple[float, float, float, float]]] = {}
    for left, right, low, high, weight in cells:
        depth = min(int((weight / most) ** 0.5 * len(_DEPTHS)), len(_DEPTHS) - 1)
        (x1, y1), (x2, y2) = frame.at(left, high), frame.at(right, low)
        held.setdefault(depth, []).append((x1, y1, x2 - x1, y2 - y1))
    for depth, tiles in sorted(held.items()):
        drawing.tiles(tiles, 0, _DEPTHS[depth])


def _figure(
    title: str, says: str, drawing: Drawing, legend: Sequence[tuple[str, int]] = ()
) -> Figure:
    svg = str(drawing)
    return Figure(title=title, says=says, svg=svg, width=WIDTH, height=HEIGHT, legend=legend)
