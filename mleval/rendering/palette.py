"""The styles and signs of the table. A sign is as wide as its ASCII stand-in."""

from __future__ import annotations

TITLE = "bold"
HEAD = "dim"
QUIET = "dim"
VALUE = "bold"
WARNING = "yellow"
INTERVAL_BAR = "blue"
VALUE_DOT = "bold bright_blue"

GOALS = {"max": "↑", "min": "↓", "zero": "→0", "none": ""}
DASH, DOT, TO, NOTHING = "—", "·", "→", "·"
BAR, MARK = "━", "●"

# Notes are numbered by raised digits, and by letters where there are none: never "-1".
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ASCII = str.maketrans("↑↓—·→…━●█▉▊▋▌▍▎▏⁰¹²³⁴⁵⁶⁷⁸⁹", "^v-->~-o#####:::jabcdefghi")

_RIGHT = ((22, 46, 70), (37, 108, 171))
_WRONG = ((84, 58, 42), (196, 92, 28))


def raised(number: int) -> str:
    """The number of a note.

    >>> raised(12)
    '¹²'
    """
    return str(number).translate(_RAISED)


def shade(share: float, *, right: bool) -> str:
    """The style of a cell that holds this share of its row: blue when right, else orange."""
    if share < 0.005:
        return ""
    start, end = _RIGHT if right else _WRONG
    depth = min(share if right else 2 * share, 1.0)
    rgb = ",".join(str(round(a + (b - a) * depth)) for a, b in zip(start, end, strict=True))
    return f"#ffffff on rgb({rgb})"
