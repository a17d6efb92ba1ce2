"""How plots look: the one style sheet, colours, fonts, and text from data made harmless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from mleval.visible import middle, visible

INK, QUIET, FAINT = "#222222", "#666666", "#cccccc"
# Okabe and Ito 2008, but yellow, which white paper swallows; the greys of neighbours differ too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SHADES = "Blues"  # of cells: its grey is as telling as its colour
BAND = 0.16  # how much of its colour an interval's band has

LATIN = "DejaVu Sans"  # comes with matplotlib
_FONTS = (
    LATIN,
    *("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Hiragino Sans", "Yu Gothic"),
    *("IPAexGothic", "IPAGothic", "TakaoGothic", "MS Gothic", "VL Gothic"),
    *("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS"),
    *("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic"),
    *("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai"),
    *("Noto Sans", "Segoe UI", "Segoe UI Symbol", "Noto Emoji", "Symbola", "Unifont"),
)
"""The fonts that are looked for, the first that has a character draws it."""

SHEET: Mapping[str, Any] = {
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "savefig.bbox": None,
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # a $ in a label is a dollar
    "text.usetex": False,
    "axes.facecolor": "white",
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.titlesize": 8.5,
    "axes.titlecolor": QUIET,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "mleval",  # the same report makes the same file
    "svg.fonttype": "path",
}


@contextmanager
def applied() -> Iterator[None]:
    """The style sheet over matplotlib's own defaults, whatever the user's settings are.

    What matplotlib has to say of fonts it looks for is no news to anyone.
    """
    import logging

    import matplotlib as mpl

    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with mpl.rc_context():
            plain = {k: v for k, v in mpl.rcParamsDefault.items() if k not in _NOT_OF_STYLE}
            sheet: Any = {**plain, **SHEET, "font.family": [*_installed()]}
            mpl.rcParams.update(sheet)
            yield
    finally:
        logger.setLevel(before)


_NOT_OF_STYLE = {"backend", "backend_fallback", "interactive", "toolbar", "timezone", "webagg.port"}


@cache
def _installed() -> dict[str, str]:
    """Each of the fonts that is there, and its file."""
    from matplotlib.font_manager import fontManager

    plain = {
        font.name: font.fname
        for font in fontManager.ttflist
        if font.style == "normal" and font.weight in (400, "normal", "regular", "book")
    }
    every = {font.name: font.fname for font in fontManager.ttflist}
    return {name: plain.get(name, every[name]) for name in _FONTS if name in every}


@cache
def _has(char: str) -> bool:
    """Whether one of the fonts can draw a character."""
    from matplotlib.font_manager import get_font

    return any(get_font(file).get_char_index(ord(char)) for file in _installed().values())


def drawable(text: str) -> str:
    r"""The text with what no font can draw spelled as in Python.

    >>> print(drawable("a\nb"))
    a\nb
    """
    shown = visible(text)
    if shown.isascii():
        return shown
    return "".join(
        char if _has(char) else char.encode("unicode_escape", "backslashreplace").decode()
        for char in shown
    )


def undrawable(texts: Any) -> str:
    """The characters that no font can draw, each once."""
    found = dict.fromkeys(char for text in texts for char in visible(text) if not char.isascii())
    return "".join(char for char in found if not _has(char))


def label(text: str, length: int = 28) -> str:
    """A name from data as it stands in a plot, its middle left out where it is long.

    >>> label("a_$b$"), label("x" * 50, 5)
    ('a_$b$', 'xx…xx')
    """
    return middle(drawable(middle(text, 2 * length)), length)


def colour(place: int) -> str:
    """That of the line at a place."""
    return COLOURS[place % len(COLOURS)]


def dash(place: int) -> Any:
    """The dashes of the line at a place: another where colours begin again."""
    return DASHES[(place + place // len(COLOURS)) % len(DASHES)]
