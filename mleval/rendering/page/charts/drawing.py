"""A drawing: the elements of an SVG, whose colours hold with a style sheet and without.

What is essential is said by attributes, which a page without styles keeps; the page's style sheet
turns the same classes into the colours of a light or a dark scheme.
"""

from __future__ import annotations

from collections.abc import Sequence

from mleval.rendering import escape

Point = tuple[float, float]

COLOURS = ("#2563ab", "#c4601c", "#2e7d5b", "#8a4fa3", "#8c6d1f", "#5b6169")
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "1 4")  # lines are told apart in grey too
_THIN = {
    "grid": 'stroke="currentColor" stroke-opacity=".13"',
    "axis": 'stroke="currentColor" stroke-opacity=".45"',
    "base": 'stroke="currentColor" stroke-opacity=".55" stroke-dasharray="3 4"',
}
_SIZE = 12  # of text


def stroke(place: int) -> str:
    """The attributes of the line of a series."""
    dash = f' stroke-dasharray="{_DASHES[place]}"' if _DASHES[place] else ""
    return (
        f'class="s{place}" stroke="{COLOURS[place]}" fill="none" stroke-width="2" '
        f'stroke-linejoin="round"{dash}'
    )


def fill(place: int, opacity: float = 1.0) -> str:
    """The attributes of the area of a series."""
    faint = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'class="f{place}" fill="{COLOURS[place]}"{faint}'


class Drawing:
    """Elements in the order in which they are drawn; coordinates in pixels from the top left."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def __str__(self) -> str:
        return "".join(self._parts)

    def rule(self, start: Point, end: Point, role: str) -> None:
        """A thin straight line: `grid`, `axis` or `base`, which is what chance or nothing gives."""
        (x1, y1), (x2, y2) = start, end
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._parts.append(f"<line {ends} {_THIN[role]}/>")

    def line(self, points: Sequence[Point], place: int, opacity: float = 1.0) -> None:
        """The line of a series through these points."""
        faint = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(f'<path d="{_path(points)}" {stroke(place)}{faint}/>')

    def tiles(
        self, tiles: Sequence[tuple[float, float, float, float]], place: int, opacity: float
    ) -> None:
        """Rectangles as one shape. tiles: left, top, width and height of each."""
        shape = "".join(f"M{x:.1f} {y:.1f}h{w:.1f}v{h:.1f}h-{w:.1f}z" for x, y, w, h in tiles)
        self._parts.append(f'<path d="{shape}" {fill(place, opacity)}/>')

    def area(self, points: Sequence[Point], place: int, opacity: float) -> None:
        """A closed area."""
        self._parts.append(f'<path d="{_path(points)}Z" {fill(place, opacity)}/>')

    def bar(self, at: Point, width: float, height: float, place: int, opacity: float = 1) -> None:
        """A rectangle from its top left corner."""
        box = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self._parts.append(f"<rect {box} {fill(place, opacity)}/>")

    def dot(self, at: Point, radius: float, place: int, opacity: float = 1) -> None:
        """A point."""
        circle = f'cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}"'
        self._parts.append(f"<circle {circle} {fill(place, opacity)}/>")

    def text(self, at: Point, said: str, anchor: str = "middle", *, turned: bool = False) -> None:
        """Text, escaped; turned: to be read from below."""
        turn = f' transform="rotate(-90 {at[0]:.1f} {at[1]:.1f})"' if turned else ""
        self._parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{_SIZE}" text-anchor="{anchor}" '
            f'class="q" fill="currentColor"{turn}>{escape.html(said)}</text>'
        )


def _path(points: Sequence[Point]) -> str:
    """The corners, without those that stand on the last one.

    >>> _path([(0.0, 1.0), (0.01, 1.0), (2.0, 0.5)])
    'M0 1L2 0.5'
    """
    words: list[str] = []
    for x, y in points:
        word = f"{round(x, 1):g} {round(y, 1):g}"
        if not words or words[-1] != word:
            words.append(word)
    return "M" + "L".join(words)


def key(place: int) -> str:
    """A piece of the line of a series, for a legend."""
    return f'<line x1="0" y1="4" x2="24" y2="4" {stroke(place)}/>'
