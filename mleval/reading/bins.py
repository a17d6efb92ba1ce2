"""Bins: numbers told apart by edges, which are given or are quantiles of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.reading.columns_of_arrow import as_number

_HINT = "--bins 4 for quartiles, --bins age=5, or the edges: --bins age=18,40,65"


@dataclass(frozen=True, slots=True)
class BinChoice:
    """How numbers are to be binned. column: None for every one; count: of quantiles, or edges."""

    column: str | None
    count: int = 0
    edges: tuple[float, ...] = ()

    @classmethod
    def parse(cls, text: str) -> BinChoice:
        """Read `4`, `age=4`, `18,40,65` or `age=18,40,65`; UsageError for anything else.

        >>> BinChoice.parse("age=18,40")
        BinChoice(column='age', count=0, edges=(18.0, 40.0))
        """
        column, equals, numbers = text.rpartition("=")
        found = [as_number(word.strip()) for word in numbers.split(",")]
        known = [number for number in found if number is not None and number == number]
        if len(known) < len(found) or (equals and not column):
            raise UsageError(f"--bins: expected [COLUMN=]N or edges, found '{text}'", hint=_HINT)
        named = column if equals else None
        if len(known) > 1:
            if any(a >= b for a, b in pairwise(known)):
                raise UsageError(f"--bins: edges ascend, and those of '{text}' do not", hint=_HINT)
            return cls(named, edges=tuple(e for e in known if np.isfinite(e)))
        if not (known[0].is_integer() and known[0] >= 2):
            raise UsageError(
                f"--bins: expected 2 bins or more, found '{numbers}'",
                hint="of a single edge, both sides: --bins age=-inf,18,inf",
            )
        return cls(named, count=int(known[0]))


@dataclass(frozen=True, slots=True)
class Binning:
    """edges: (k,) ascending; names: of the k + 1 bins, each of which holds its lower edge."""

    edges: tuple[float, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Floats, choice: BinChoice) -> Binning:
        """Those of all values (NaN where one is missing), by quantiles or by edges.

        Quantiles are values that occur; of no more values than bins, each is a bin of its own.

        >>> Binning.of(np.array([1.0, 2.0, 3.0, 4.0]), BinChoice(None, count=2)).names
        ('<3', '>=3')
        """
        if choice.edges:
            return cls(choice.edges, _names(choice.edges))
        ordered = np.sort(values[~np.isnan(values)])
        fresh = np.ones(len(ordered), np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
        distinct = ordered[fresh].tolist()
        if len(distinct) <= choice.count:
            return cls(tuple(distinct[1:]), tuple(map(spelled, distinct)))
        places = [len(ordered) * k // choice.count for k in range(1, choice.count)]
        edges = tuple(e for e in dict.fromkeys(ordered[places].tolist()) if e > distinct[0])
        return cls(edges, _names(edges))

    def codes(self, values: Floats) -> NDArray[np.int64]:
        """(n,) the bin of each value, −1 where it is missing."""
        found = np.searchsorted(np.array(self.edges), values, side="right")
        return np.where(np.isnan(values), -1, found)


def _names(edges: Sequence[float]) -> tuple[str, ...]:
    if not edges:
        return ("all",)
    told = [spelled(edge) for edge in edges]
    between = (f"[{low}, {high})" for low, high in pairwise(told))
    return (f"<{told[0]}", *between, f">={told[-1]}")


def spelled(number: float) -> str:
    """The shortest spelling of a number.

    >>> spelled(18.0), spelled(0.25)
    ('18', '0.25')
    """
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
