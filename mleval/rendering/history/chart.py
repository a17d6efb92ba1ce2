"""A chart in characters: a column of the terminal is one point or the mean of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from mleval.batch import Floats
from mleval.rendering import palette
from mleval.rendering.numerals import number

HEIGHT = 12
MOST = 6  # lines in one chart
_MARKS = ("●", "○", "▲", "△", "■", "□")
_PLAIN = str.maketrans("●○▲△■□│└─┴", "*o^v#+|+-+")
_STYLES = ("bold bright_blue", "yellow", "green", "magenta", "cyan", "red")
_DECADES = 2.0  # from which on the scale is logarithmic
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of the chart: (n,) where and how high, its name, and what to mark on the axis."""

    name: str
    across: Floats
    up: Floats
    best: float | None = None


def chart(drawn: Sequence[Drawn], width: int, *, axis: str, ascii: bool) -> list[Text]:
    """The chart, at most `width` cells wide, with its legend; nothing for fewer than two points."""
    finite = [d.up[np.isfinite(d.up)] for d in drawn]
    values = np.concatenate(finite) if finite else np.empty(0)
    across = np.concatenate([d.across for d in drawn]) if drawn else np.empty(0)
    if len(values) < 2 or across.min() == across.max():
        return []
    low, high = float(values.min()), float(values.max())
    logarithmic = low > 0 and np.log10(high / low) > _DECADES
    scale = _Scale(low, high if high > low else low + 1.0, logarithmic)
    names = {
        0: number(high, 3),
        HEIGHT // 2: number(scale.value(0.5), 3),
        HEIGHT - 1: number(low, 3),
    }
    margin = max(map(len, names.values()))
    columns = min(width - margin - 2, _WIDEST)
    grid = [[(" ", "")] * columns for _ in range(HEIGHT)]
    start, end = float(across.min()), float(across.max())

    def column(x: Floats | float) -> object:
        return np.rint((np.asarray(x) - start) / (end - start) * (columns - 1)).astype(int)

    for place, line in reversed(list(enumerate(drawn))):  # the first stands above the others
        for at, height in _means(np.asarray(column(line.across)), scale.share(line.up)):
            grid[HEIGHT - 1 - round(height * (HEIGHT - 1))][at] = (_MARKS[place], _STYLES[place])
    out = _legend(drawn, logarithmic, width)
    for row, cells in enumerate(grid):
        text = Text(f"{names.get(row, ''):>{margin}} │", palette.QUIET)
        for sign, style in cells:
            text.append(sign, style)
        out.append(text)
    bests = [d.best for d in drawn if d.best is not None]
    out += _foot(
        margin, columns, (start, end), bests, [int(np.asarray(column(b))) for b in bests], axis
    )
    if ascii:
        for text in out:
            text.plain = text.plain.translate(_PLAIN)
    return out


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    logarithmic: bool

    def share(self, values: Floats) -> Floats:
        """How high each is, from 0 to 1; nan where it has no height."""
        turn = np.log if self.logarithmic else np.asarray
        held = np.where(np.isfinite(values), values, np.nan)
        low, high = turn(self.low), turn(self.high)
        found: Floats = (turn(held) - low) / (high - low)
        return found

    def value(self, share: float) -> float:
        """The inverse."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)


def _means(columns: Floats, heights: Floats) -> list[tuple[int, float]]:
    """Each column that holds a point, and the mean height there."""
    held = np.isfinite(heights)
    return [
        (int(at), float(heights[held & (columns == at)].mean())) for at in np.unique(columns[held])
    ]


def _legend(drawn: Sequence[Drawn], logarithmic: bool, width: int) -> list[Text]:
    """The mark and name of each line, as many beside each other as there is room for."""
    parts = [
        Text.assemble((_MARKS[place], _STYLES[place]), f" {line.name}")
        for place, line in enumerate(drawn)
    ]
    if logarithmic:
        parts.append(Text("(logarithmic)", palette.QUIET))
    out = [Text()]
    for part in parts:
        if out[-1].plain and out[-1].cell_len + 3 + part.cell_len > width:
            out.append(Text())
        out[-1].append("   " if out[-1].plain else "").append_text(part)
    return out


def _foot(
    margin: int,
    columns: int,
    ends: tuple[float, float],
    bests: Sequence[float],
    places: Sequence[int],
    axis: str,
) -> list[Text]:
    """The axis with a tick under each best, and its labels where they do not touch."""
    rule = ["─"] * columns
    for place in places:
        rule[place] = "┴"
    first, last = (f"{end:.10g}" for end in ends)
    taken = [" "] * columns
    written = [(0, first), (columns - len(last), last)]
    if len(bests) == 1:
        best = f"best {bests[0]:.10g}"
        written.append((min(max(places[0] - len(best) // 2, 0), columns - len(best)), best))
    for at, text in written:
        around = taken[max(at - 1, 0) : at + len(text) + 1]
        if all(sign == " " for sign in around):
            taken[at : at + len(text)] = text
    return [
        Text(f"{'':>{margin}} └{''.join(rule)}", palette.QUIET),
        Text(f"{axis[:margin]:>{margin}}  {''.join(taken).rstrip()}", palette.QUIET),
    ]
