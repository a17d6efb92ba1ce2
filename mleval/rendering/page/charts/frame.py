"""The frame of a chart: its two axes with their grid, numbers and names."""

from __future__ import annotations

from dataclasses import dataclass

from mleval.rendering.page.charts.axis import Axis, shown
from mleval.rendering.page.charts.drawing import Drawing, Point

WIDTH, HEIGHT = 440, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 12, 46

ACROSS = (float(_LEFT), float(WIDTH - _RIGHT))
UP = (float(HEIGHT - _BOTTOM), float(_TOP))


@dataclass(frozen=True)
class Frame:
    """The axes. across, up: with their ends in pixels."""

    across: Axis
    up: Axis

    @classmethod
    def unit(cls) -> Frame:
        """Both from 0 to 1."""
        return cls(Axis(0.0, 1.0, *ACROSS), Axis(0.0, 1.0, *UP))

    def at(self, x: float, y: float) -> Point:
        """Where a pair of numbers stands."""
        return self.across.at(x), self.up.at(y)

    def draw(self, drawing: Drawing, across: str, up: str) -> None:
        """The grid, the numbers at it, and what the axes are called."""
        self.grid(drawing, up)
        self.foot(drawing, across)

    def grid(self, drawing: Drawing, name: str) -> None:
        """The upright axis: a line across at each of its numbers."""
        left, right = self.across.start, self.across.end
        for tick in self.up.ticks():
            y = self.up.at(tick)
            drawing.rule((left, y), (right, y), "grid")
            drawing.text((left - 7, y + 4), shown(tick), "end")
        drawing.text((13, (self.up.start + self.up.end) / 2), name, turned=True)

    def foot(self, drawing: Drawing, name: str) -> None:
        """The axis at the bottom."""
        left, right, bottom = self.across.start, self.across.end, self.up.start
        drawing.rule((left, bottom), (right, bottom), "axis")
        for tick in self.across.ticks():
            x = self.across.at(tick)
            drawing.rule((x, bottom), (x, bottom + 4), "axis")
            drawing.text((x, bottom + 18), shown(tick))
        drawing.text(((left + right) / 2, bottom + 38), name)
