"""Numbers in sentences."""

from __future__ import annotations

from mleval.diagnosis.finding import Ranged


def percent(share: float | None) -> str:
    """A share of rows.

    >>> percent(0.31249)
    '31.2 %'
    """
    return "none" if share is None else f"{share:.1%}".replace("%", " %")


def number(value: float | Ranged | None) -> str:
    """A number in four digits, with its interval if it has one.

    >>> number(Ranged(12.3456, 11.0, 13.5))
    '12.35 (11 to 13.5)'
    """
    if isinstance(value, Ranged):
        return number(value.value) + _ends(value, 1.0, "")
    return "none" if value is None else f"{value:.4g}"


def points(difference: Ranged) -> str:
    """A difference of shares in percentage points, with its interval.

    >>> points(Ranged(0.2, 0.1514, 0.25))
    '20 points (15.1 to 25)'
    """
    assert difference.value is not None
    return f"{100 * difference.value:.3g} points" + _ends(difference, 100.0, "")


def _ends(value: Ranged, scale: float, unit: str) -> str:
    if value.low is None or value.high is None:
        return ""
    return f" ({scale * value.low:.3g} to {scale * value.high:.3g}{unit})"
