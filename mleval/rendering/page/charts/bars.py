"""Small drawings in the rows of a table: a bar, or an interval with its value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mleval.rendering.page.charts.axis import Axis
from mleval.rendering.page.charts.drawing import Drawing
from mleval.report import Estimate

WIDTH, HEIGHT = 220, 16
_EDGE = 5.0  # pixels beside the ends, for a dot on one of them
_MIDDLE = HEIGHT / 2


def bars(shares: Iterable[float], place: int = 0) -> list[str]:
    """A bar for each share of the longest, from the left."""
    out = []
    for share in shares:
        drawing = Drawing()
        if share > 0:
            drawing.bar((0.0, 2.0), max(share * WIDTH, 1.0), HEIGHT - 4.0, place, 0.75)
        out.append(_svg(drawing))
    return out


@dataclass(frozen=True)
class Ruler:
    """A scale on which intervals of several rows are drawn; mark: a line through all of them."""

    axis: Axis
    mark: float | None = None

    @classmethod
    def between(cls, low: float, high: float, mark: float | None = None) -> Ruler:
        """From one number to another."""
        return cls(Axis(low, high, _EDGE, WIDTH - _EDGE), mark)

    @classmethod
    def around(cls, items: Sequence[Estimate], mark: float | None = None) -> Ruler | None:
        """That holds all of the values with their intervals; None where there are not two."""
        ends = [end for item in items for end in (item.low, item.value, item.high)]
        held = [end for end in (*ends, mark) if end is not None]
        if sum(item.value is not None for item in items) < 2 or min(held) == max(held):
            return None
        return cls.between(min(held), max(held), mark)

    def draw(self, item: Estimate | None) -> str:
        """The interval as a line with the value on it, as SVG; empty where there is no value."""
        if item is None or item.value is None:
            return ""
        drawing = Drawing()
        drawing.rule((_EDGE, _MIDDLE), (WIDTH - _EDGE, _MIDDLE), "grid")
        if self.mark is not None:
            x = self.axis.at(self.mark)
            drawing.rule((x, 0.0), (x, float(HEIGHT)), "base")
        if item.low is not None and item.high is not None:
            ends = ((self.axis.at(end), _MIDDLE) for end in (item.low, item.high))
            drawing.line(list(ends), 0)
        drawing.dot((self.axis.at(item.value), _MIDDLE), 3.6, 0)
        return _svg(drawing)


def _svg(drawing: Drawing) -> str:
    """Hidden from who hears the page: the same numbers stand beside it."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg {size} class="bar" aria-hidden="true">{drawing}</svg>'
