"""ROC and precision-recall curves, of one model or of several in one chart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from mleval.rendering.numerals import interval, number
from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.drawing import COLOURS, Drawing, Point
from mleval.rendering.page.charts.frame import HEIGHT, WIDTH, Frame
from mleval.report import Report
from mleval.visible import middle

MOST = len(COLOURS)
_LONGEST = 40  # characters of a model's name

Reports = Mapping[str, Report]


def roc(reports: Reports, digits: int) -> Figure | None:
    """True against false positive rate; None where there are no scores."""
    drawing, frame = Drawing(), Frame.unit()
    frame.draw(drawing, "false positive rate", "true positive rate")
    drawing.rule(frame.at(0, 0), frame.at(1, 1), "base")
    lines = {name: _points(report, frame, "roc", "fpr", "tpr") for name, report in reports.items()}
    return _figure(drawing, "ROC curve", lines, reports, "roc_auc", digits)


def precision_recall(reports: Reports, digits: int) -> Figure | None:
    """Precision against recall, in steps; the dashed line is the share of positives."""
    drawing, frame = Drawing(), Frame.unit()
    frame.draw(drawing, "recall", "precision")
    lines = {}
    for name, report in reports.items():
        corners = _points(report, frame, "pr", "recall", "precision")
        steps = [
            (x, y) for before, (x, y) in pairwise(corners) for x, y in ((before[0], y), (x, y))
        ]
        lines[name] = corners[:1] + steps
        if corners:
            left, right, base = frame.across.start, frame.across.end, corners[-1][1]
            drawing.rule((left, base), (right, base), "base")
    return _figure(drawing, "Precision and recall", lines, reports, "average_precision", digits)


def _points(report: Report, frame: Frame, curve: str, across: str, up: str) -> list[Point]:
    found = report.curves.get(curve)
    if not found:
        return []
    pairs = zip(found[across], found[up], strict=True)
    return [frame.at(x, y) for x, y in pairs if x is not None and y is not None]


def _figure(
    drawing: Drawing,
    title: str,
    lines: Mapping[str, list[Point]],
    reports: Reports,
    area: str,
    digits: int,
) -> Figure | None:
    """The lines with the area under each."""
    held = {name: points for name, points in lines.items() if points}
    if not held:
        return None
    legend = []
    for place, (name, points) in enumerate(list(held.items())[:MOST]):
        drawing.line(points, place)
        said = [middle(name, _LONGEST)] if len(reports) > 1 else []
        item = reports[name].metrics.get(area)
        if item is not None and item.value is not None:
            said.append(f"{area} {number(item.value, digits)} {interval(item, digits) or ''}")
        legend += [(" ".join(said).strip(), place)] if said else []
    says = "; ".join(text for text, _ in legend) or title
    return Figure(
        title=title, says=says, svg=str(drawing), width=WIDTH, height=HEIGHT, legend=legend
    )
