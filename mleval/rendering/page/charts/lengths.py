"""How the scores of segments depend on their length."""

from __future__ import annotations

from collections.abc import Mapping

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.axis import spanning
from mleval.rendering.page.charts.columns import rows
from mleval.rendering.page.charts.drawing import Drawing
from mleval.rendering.page.charts.frame import ACROSS, HEIGHT, UP, WIDTH, Frame
from mleval.report_charts import Chart


def by_length(chart: Chart, metric: str) -> Figure | None:
    """The mean of the segments of about a length, with its interval."""
    found = rows(chart, "lowest", "highest", "mean")
    if len(found) < 2:
        return None
    ends = rows(chart, "lowest", "highest", "low", "high")
    middles = [(low + high) / 2 for low, high, _ in found]
    up = [mean for _, _, mean in found] + [end for line in ends for end in line[2:]]
    frame, drawing = Frame(spanning(middles, *ACROSS), spanning(up, *UP)), Drawing()
    frame.draw(drawing, "characters of the reference", f"mean {metric}")
    for low, high, least, most in ends:
        at = (low + high) / 2
        drawing.line([frame.at(at, least), frame.at(at, most)], 0, opacity=0.45)
    points = [frame.at(at, mean) for at, (_, _, mean) in zip(middles, found, strict=True)]
    drawing.line(points, 0)
    for point in points:
        drawing.dot(point, 3.6, 0)
    says = f"{metric} of segments by the length of their reference"
    title = f"{metric} by length"
    return Figure(title=title, says=says, svg=str(drawing), width=WIDTH, height=HEIGHT)


def of_metrics(chart: Chart) -> Mapping[str, Chart]:
    """Metric → the rows of the chart that are about it, in order."""
    places: dict[str, list[int]] = {}
    for at, name in enumerate(chart["metric"]):
        places.setdefault(str(name), []).append(at)
    return {
        name: {key: [column[at] for at in some] for key, column in chart.items()}
        for name, some in places.items()
    }
