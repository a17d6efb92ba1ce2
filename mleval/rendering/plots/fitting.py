"""Room for all that a figure says: axes keep their size, and the figure grows around their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARGIN = 0.12  # inches around everything
_CHARACTER = 0.078  # inches that a digit takes
_DIGITS = range(3, 18)


def fitted(figure: Figure) -> None:
    """Set the figure's size so that nothing is cut off and no room is wasted."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _plain(axis)
    width, height = figure.get_size_inches()
    boxes = [axes.get_position(original=True).bounds for axes in figure.axes]
    said = figure.get_tightbbox()
    wide, high = said.width + 2 * _MARGIN, said.height + 2 * _MARGIN
    for axes, (x, y, w, h) in zip(figure.axes, boxes, strict=True):
        left, bottom = x * width - said.x0 + _MARGIN, y * height - said.y0 + _MARGIN
        axes.set_position((left / wide, bottom / high, w * width / wide, h * height / high))
    figure.set_size_inches(wide, high)


def _plain(axis: Any) -> None:
    """Numbers in full on an axis that has any, without a factor or an offset in its corner."""
    from matplotlib.ticker import Formatter, ScalarFormatter

    class Plain(Formatter):
        """As many digits as tell the ticks apart."""

        def format_ticks(self, values: Any) -> list[str]:
            return numerals(values)

        def __call__(self, x: float, pos: int | None = None) -> str:
            del pos
            return numerals([x])[0]

    if type(axis.get_major_formatter()) is ScalarFormatter:
        axis.set_major_formatter(Plain())
        if axis.axis_name == "x":
            _thin_out(axis)


def _thin_out(axis: Any) -> None:
    """As many ticks as there is room for their numbers beside each other."""
    from matplotlib.ticker import AutoLocator, MaxNLocator

    if not isinstance(axis.get_major_locator(), AutoLocator):
        return
    axes, figure = axis.axes, axis.axes.figure
    room = axes.get_position().width * figure.get_size_inches()[0] / _CHARACTER
    low, high = sorted(axis.get_view_interval())
    for most in (9, 8, 7, 6, 5, 4, 3, 2, 1):
        locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
        held = [tick for tick in locator.tick_values(low, high) if low <= tick <= high]
        if sum(len(text) + 2 for text in numerals(held)) <= room:
            break
    axis.set_major_locator(locator)


def numerals(values: Sequence[float]) -> list[str]:
    """Numbers with as many digits as tell them apart.

    >>> numerals([0.1, 0.30000000000000004]), numerals([1e9, 1e9 + 5, 1e9 + 10])
    (['0.1', '0.3'], ['1,000,000,000', '1,000,000,005', '1,000,000,010'])
    """
    for digits in _DIGITS:
        shown = [f"{float(value) + 0.0:,.{digits}g}" for value in values]
        if len({*shown}) == len({*values}) and not any(
            _cut(*pair) for pair in zip(shown, values, strict=True)
        ):
            break
    return [text.replace("-", "−").replace("e+", "e") for text in shown]


def _cut(shown: str, value: float) -> bool:
    """Whether a number has an exponent that is none at full length."""
    return "e" in shown and 1e-4 <= abs(value) < 1e12
