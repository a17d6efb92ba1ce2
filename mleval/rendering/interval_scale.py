"""The scale on which the intervals of several metrics are drawn: up to 1, the best there is."""

from __future__ import annotations

from collections.abc import Iterable

from mleval.report import Estimate

_STARTS = (0.98, 0.95, 0.9, 0.8, 0.5, 0.0)


def is_drawn(item: Estimate) -> bool:
    """Whether an estimate has its place on a scale that ends at 1, the best there is."""
    low = item.value if item.low is None else item.low
    return item.goal == "max" and item.range[1] == 1 and low is not None and low >= 0


def start_of(items: Iterable[Estimate]) -> float | None:
    """Where the scale starts, so that all fit; None when it is not worth drawing."""
    drawn = [item for item in items if is_drawn(item)]
    lows = [item.low for item in drawn if item.low is not None]
    if len(lows) < 2:
        return None
    lowest = min([*lows, *(item.value for item in drawn if item.value is not None)])
    return next(start for start in _STARTS if start <= lowest)
