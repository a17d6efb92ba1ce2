"""ROC and precision-recall curves, of one model or of several in one chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mleval.rendering.numerals import interval, number
from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.columns import chart_of, rows
from mleval.rendering.page.charts.drawing import COLOURS, Drawing, Point
from mleval.rendering.page.charts.frame import HEIGHT, WIDTH, Frame
from mleval.report import Report
from mleval.report_charts import Chart
from mleval.visible import middle

MOST = len(COLOURS)
_LONGEST = 40  # characters of a model's name

Reports = Mapping[str, Report]


def _as_they_are(points: Sequence[Point]) -> list[Point]:
    return list(points)


def _in_steps(points: Sequence[Point]) -> list[Point]:
    """Each height holds from the point before on: precision is not to be interpolated.

    >>> _in_steps([(0, 1), (1, 2)])
    [(0, 1), (0, 2), (1, 2)]
    """
    steps = ((x, y) for (before, _), (at, y) in pairwise(points) for x, y in ((before, y), (at, y)))
    return [*points[:1], *steps]


@dataclass(frozen=True)
class Kind:
    """A kind of curve: its chart and the columns of that, its axes, the metric of its area."""

    title: str
    chart: str
    columns: tuple[str, str]
    axes: tuple[str, str]
    area: str
    through: Callable[[Sequence[Point]], list[Point]]


ROC = Kind(
    "ROC curve",
    "roc",
    ("fpr", "tpr"),
    ("false positive rate", "true positive rate"),
    "roc_auc",
    _as_they_are,
)
PR = Kind(
    "Precision and recall",
    "pr",
    ("recall", "precision"),
    ("recall", "precision"),
    "average_precision",
    _in_steps,
)


def curve(kind: Kind, reports: Reports, digits: int) -> Figure | None:
    """A line a model, with its band where there is but one; None where there are no scores.

    The dashed line is what chance gives: of precision, the share of positives.
    """
    charts = {name: chart_of(report, kind.chart) for name, report in reports.items()}
    held = {name: chart for name, chart in charts.items() if chart}
    if not held:
        return None
    drawing, frame, legend = Drawing(), Frame.unit(), list[tuple[str, int]]()
    frame.draw(drawing, *kind.axes)
    for place, (name, chart) in enumerate(list(held.items())[:MOST]):
        points = rows(chart, *kind.columns)
        ends = [(0.0, points[-1][1]), points[-1]] if kind is PR else [(0.0, 0.0), (1.0, 1.0)]
        if kind is PR or not place:
            drawing.rule(frame.at(*ends[0]), frame.at(*ends[1]), "base")
        if len(held) == 1 and "low" in chart:
            _band(drawing, frame, chart, kind)
        drawing.line(kind.through([frame.at(*point) for point in points]), place)
        said = _said(name, reports, kind, digits)
        legend += [(said, place)] if said else []
    says = "; ".join(text for text, _ in legend) or kind.title
    svg = str(drawing)
    return Figure(title=kind.title, says=says, svg=svg, width=WIDTH, height=HEIGHT, legend=legend)


def _said(name: str, reports: Reports, kind: Kind, digits: int) -> str:
    """The model, where there are several, and the area under its curve."""
    said = [middle(name, _LONGEST)] if len(reports) > 1 else []
    item = reports[name].metrics.get(kind.area)
    if item is not None and item.value is not None:
        said += [kind.area, number(item.value, digits), interval(item, digits) or ""]
    return " ".join(said).strip()


def _band(drawing: Drawing, frame: Frame, chart: Chart, kind: Kind) -> None:
    """Between the ends of the interval of each height."""
    found = rows(chart, kind.columns[0], "low", "high")
    low = kind.through([frame.at(x, y) for x, y, _ in found])
    high = kind.through([frame.at(x, y) for x, _, y in found])
    if len(found) > 1:
        drawing.area([*low, *reversed(high)], 0, 0.14)


def by_class(kind: Kind, report: Report) -> Figure | None:
    """A line a class, each against the rest: faint and without names where they are many."""
    chart = report.charts.get(f"{kind.chart}_by_class")
    if not chart:
        return None
    lines: dict[str | None, list[Point]] = {}
    drawing, frame = Drawing(), Frame.unit()
    for name, x, y in zip(chart["class"], *(chart[c] for c in kind.columns), strict=True):
        if isinstance(x, float) and isinstance(y, float):
            lines.setdefault(None if name is None else str(name), []).append(frame.at(x, y))
    frame.draw(drawing, *kind.axes)
    if kind is ROC:
        drawing.rule(frame.at(0, 0), frame.at(1, 1), "base")
    mean = lines.pop(None, None)
    few = len(lines) < MOST
    legend = [] if few else [(f"each of {len(lines):,} against the rest", 0)]
    for place, (name, points) in enumerate(lines.items()):
        drawing.line(kind.through(points), place if few else 0, opacity=1.0 if few else 0.3)
        legend += [(middle(str(name), _LONGEST), place)] if few else []
    if mean:
        drawing.line(mean, MOST - 1 if few else 1)
        legend.append(("mean of all", MOST - 1 if few else 1))
    return Figure(
        title=kind.title,
        says=", ".join(text for text, _ in legend),
        svg=str(drawing),
        width=WIDTH,
        height=HEIGHT,
        legend=legend,
    )
