"""Columns of predicted intervals and deviations, told by name: `lower`, `lo_80`, `price_std`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mleval.reading.names import normalised
from mleval.reading.quantiles import quantile_of
from mleval.reading.synonyms import (
    LOWER,
    LOWER_STEMS,
    STD,
    STD_STEMS,
    UPPER,
    UPPER_STEMS,
    VARIANCE,
    VARIANCE_STEMS,
)

_WORDS = "lo|hi|low|high|lower|upper|lwr|upr|ci|pi|conf|bound|limit|q|p|quantile|percentile"
_DIGITS = r"(?P<digits>\d+(?:_\d+)?)%?"
_AFTER = re.compile(rf"(?<![a-z0-9])(?:{_WORDS})(?P<number>_?{_DIGITS})(?=_|$)")
_BEFORE = re.compile(rf"^(?P<number>{_DIGITS})(?=_(?:{_WORDS})(?:_|$))")
Stems = Sequence[tuple[str, str]]


class End(NamedTuple):
    """A column that may be an end of an interval: rank 0 is the best name; share: in the name."""

    column: str
    rank: int
    share: float | None = None


class Interval(NamedTuple):
    """Both ends; level: what it promises to hold, None where the names do not tell."""

    lower: str
    upper: str
    level: float | None = None


def intervals(
    columns: Iterable[str], stems: Iterable[str], *, general: bool = True
) -> list[Interval]:
    """The pairs of columns that are ends of one interval, the best name and the widest first.

    stems: what the ends may be called after; general: or with names that tell by themselves.

    >>> intervals(["Lo 80", "Hi 80", "price_lower"], ["price"])
    [Interval(lower='Lo 80', upper='Hi 80', level=0.8)]
    """
    columns, stems = list(columns), list(stems)
    lows = _ends(columns, stems, LOWER if general else (), LOWER_STEMS)
    highs = _ends(columns, stems, UPPER if general else (), UPPER_STEMS)
    found = [
        (a.rank, Interval(a.column, b.column, _promised(a.share, b.share)))
        for a in lows
        for b in highs
        if a.rank == b.rank and _are_mates(a.share, b.share)
    ]
    found.sort(key=lambda ranked: (ranked[0], -(ranked[1].level or 0)))
    return [interval for _, interval in found]


def lone_ends(columns: Iterable[str], stems: Iterable[str] = ()) -> list[str]:
    """The columns that are named like an end of an interval."""
    columns, stems = list(columns), list(stems)
    ends = [*_ends(columns, stems, LOWER, LOWER_STEMS), *_ends(columns, stems, UPPER, UPPER_STEMS)]
    return [end.column for end in ends]


def level_of(lower: str, upper: str) -> float | None:
    """What the names of two ends say that the interval promises to hold.

    >>> level_of("lower_95", "upper_95"), level_of("lower_025", "upper_975"), level_of("lo", "hi")
    (0.95, 0.95, None)
    """
    low, high = map(_number_in, (lower, upper))
    if low is None or high is None:
        return None
    return _promised(quantile_of(low["digits"]), quantile_of(high["digits"]))


def deviations(
    columns: Iterable[str], stems: Iterable[str] = (), *, general: bool = True
) -> list[str]:
    """The columns of standard deviations or variances, the best name first; as `intervals`."""
    columns, stems = list(columns), list(stems)
    known = STD if general else (), VARIANCE if general else ()
    ends = [
        *_ends(columns, stems, known[0], STD_STEMS, numbered=False),
        *_ends(columns, stems, known[1], VARIANCE_STEMS, numbered=False),
    ]
    return [end.column for end in ends]


def is_variance(column: str, stems: Iterable[str]) -> bool:
    """Whether it is named like a variance, of which the root is the standard deviation."""
    return bool(_ends([column], list(stems), VARIANCE, VARIANCE_STEMS, numbered=False))


def _ends(
    columns: Iterable[str],
    stems: Sequence[str],
    names: Sequence[str],
    patterns: Stems,
    *,
    numbered: bool = True,
) -> list[End]:
    """The columns with such a name, or of such a stem; those with a number in it after the others.

    A number is part of a name that is known with it.
    """
    ranks = {name: rank for rank, name in enumerate(names)}
    ranks |= {
        before + stem + after: rank
        for rank, (before, after) in enumerate(patterns, len(names))
        for stem in stems
        if before + stem + after not in ranks
    }
    found = []
    for column in columns:
        shape = normalised(column)
        match = _number_in(column) if numbered and shape not in ranks else None
        if match is not None:
            share = quantile_of(match["digits"])
            shape = (shape[: match.start("number")] + shape[match.end("number") :]).strip("_")
            if shape in ranks and share is not None:
                found.append(End(column, ranks[shape], share))
        elif shape in ranks:
            found.append(End(column, ranks[shape]))
    return sorted(found, key=lambda end: end.rank)


def _number_in(column: str) -> re.Match[str] | None:
    """The number beside a word of intervals or quantiles: 95 in `lower_95`, none in `x2_lo`."""
    shape = normalised(column)
    return _AFTER.search(shape) or _BEFORE.search(shape)


def _are_mates(low: float | None, high: float | None) -> bool:
    """Whether two ends are of one interval: without a number, with the same, or at both tails."""
    return low == high or (low is not None and high is not None and _sum_to_one(low, high))


def _promised(low: float | None, high: float | None) -> float | None:
    if low is not None and low == high:
        return low if low >= 0.5 else None  # less is no promise: the number is of something else
    return mirrored(low, high)


def mirrored(low: float | None, high: float | None) -> float | None:
    """What lies between a quantile and the one as far from the other end; None for others.

    >>> mirrored(0.1, 0.9), mirrored(0.1, 0.95)
    (0.8, None)
    """
    if low is None or high is None or not (low < high and _sum_to_one(low, high)):
        return None
    return round(high - low, 12)


def _sum_to_one(low: float, high: float) -> bool:
    return abs(low + high - 1) < 1e-9
