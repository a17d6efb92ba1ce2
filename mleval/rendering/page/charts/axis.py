"""Axes: where a number stands in a drawing, and the round numbers beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DECADES = 2.0  # numbers further apart than this stand on a logarithmic scale


@dataclass(frozen=True)
class Axis:
    """low, high: its ends as numbers; start, end: where these stand; logarithmic: its scale.

    whole: whether it counts, so that there is nothing between 2 and 3.

    >>> axis = Axis(0.0, 2.0, 100.0, 200.0)
    >>> axis.at(0.5), axis.ticks()
    (125.0, [0.0, 0.5, 1.0, 1.5, 2.0])
    """

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False
    whole: bool = False

    def at(self, value: float) -> float:
        """Where a number stands; what is outside stands at the nearer end."""
        low, high = self.low, self.high
        value = min(max(value, low), high)
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Round numbers from end to end, at most as many as asked for (at least two)."""
        if self.logarithmic:
            return self._powers(most)
        step = _step((self.high - self.low) / (most - 1))
        if self.whole:
            step = 5.0 if step == 2.5 else max(step, 1.0)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(k * step, 12) if step > 1e-6 else k * step for k in range(first, last + 1)]

    def _powers(self, most: int) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        ladder = (1.0,) if last - first >= most else (1.0, 3.0)
        numbers = [step * 10.0**power for power in range(first, last + 1) for step in ladder]
        held = [number for number in numbers if self.low <= number <= self.high]
        return held[:: max(1, -(-len(held) // most))]


def spanning(
    values: list[float], start: float, end: float, *, logarithmic: bool | None = False
) -> Axis:
    """An axis that holds all these finite numbers, with a little room; at least one of them.

    logarithmic: None lets the numbers decide.

    >>> spanning([1.0, 1.0], 0.0, 10.0)
    Axis(low=0.5, high=1.5, start=0.0, end=10.0, logarithmic=False, whole=False)
    """
    low, high = min(values), max(values)
    if logarithmic is None:
        logarithmic = low > 0 and high / low > 10**_DECADES
    if logarithmic:
        return Axis(low / 1.15, high * 1.15, start, end, logarithmic=True)
    room = (high - low) * 0.04 or (abs(low) * 0.5 if low else 0.5)
    return Axis(low - room, high + room, start, end)


def _step(least: float) -> float:
    """The next round number.

    >>> _step(0.3), _step(21.0)
    (0.5, 25.0)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def shown(value: float) -> str:
    """A round number as it stands at an axis.

    >>> shown(0.25), shown(20000.0), shown(-3.0), shown(2e6)
    ('0.25', '20,000', '−3', '2e6')
    """
    text = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:g}".replace("e+0", "e")
    return text.replace("-", "−") if value < 0 else text
