"""What is wrong with the rows, gathered over all parts and told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 5
"""Places shown of each kind of problem."""

DROP = "complete the rows, or say how they count: --missing drop"
DROP_OR_WRONG = f"{DROP} or --missing wrong"
"""Hints for missing cells: a missing label can be counted as wrong; a missing score has no place
in an order."""

COUNT, PLURAL = "\x00count\x00", "\x00s\x00"
"""Stand for the number and its plural `s` in a headline, whatever column names it holds."""


class RaggedRows(InputError):
    """Rows with more or fewer cells than the header: `found` tells the place and cells of each.

    `table` has the other rows of the part, so that what is wrong with them is told as well.
    """

    def __init__(
        self, name: str, expected: int, found: list[tuple[str, int]], table: pa.Table
    ) -> None:
        self.table = table
        self.fault = Fault(
            f"expected {_cells(expected)} a row as in the header of {name}, "
            f"found {COUNT} row{PLURAL} of another length",
            "quote cells that hold the delimiter, or name the delimiter with --sep",
            rank=0,
        )
        self.found = [f"{place}: {_cells(cells)}" for place, cells in found]
        super().__init__(*_told(self.fault, len(found), self.found[:SHOWN]), hint=self.fault.hint)


def _cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of problem: its headline with COUNT and PLURAL in it, what to do, and its order.

    Faults of one headline are one kind: the hint may depend on the cells that were looked at.
    """

    headline: str
    hint: str = field(compare=False)
    rank: int = 1


@dataclass(slots=True)
class _Found:
    count: int = 0
    first: list[tuple[int, int, str, bool]] = field(default_factory=list)

    def add(self, count: int, places: list[tuple[int, int, str, bool]]) -> None:
        self.count += count
        self.first = sorted(self.first + places)[:SHOWN]


class Problems:
    """A thread-safe tally of problems by kind, each with its first few places in file order."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[Fault, _Found] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(
        self,
        fault: Fault,
        part: int,
        rows: NDArray[np.intp],
        text: Callable[[int], str],
    ) -> None:
        """Rows of a part with that fault; `text(row)` is what was found there."""
        if not len(rows):
            return
        places = [(part, int(row), text(int(row)), False) for row in rows[:SHOWN]]
        with self._lock:
            self._found.setdefault(fault, _Found()).add(len(rows), places)

    def add_ragged(self, part: int, error: RaggedRows) -> None:
        """Rows that could not be read as rows; their places are known already."""
        places = [(part, at, text, True) for at, text in enumerate(error.found[:SHOWN])]
        with self._lock:
            self._found.setdefault(error.fault, _Found()).add(len(error.found), places)

    def error(self, locate: Callable[[int, int], str]) -> InputError:
        """All of them as one error, with `locate(part, row)` naming the places."""
        messages, hints = [], []
        for fault, found in sorted(self._found.items(), key=lambda item: item[0].rank):
            shown = [
                text if located else f"{locate(part, row)}: {text}"
                for part, row, text, located in found.first
            ]
            messages += _told(fault, found.count, shown)
            if fault.hint not in hints:
                hints.append(fault.hint)
        if DROP in hints and DROP_OR_WRONG in hints:
            hints.remove(DROP_OR_WRONG)  # it would repair one kind only
        return InputError(*messages, hint="; ".join(hints) or None)


def _told(fault: Fault, count: int, shown: list[str]) -> list[str]:
    headline = fault.headline.replace(COUNT, f"{count:,}")
    headline = headline.replace(PLURAL, "" if count == 1 else "s")
    lines = [f"{headline}:", *(f"  {place}" for place in shown)]
    if count > len(shown):
        lines.append(f"  and {count - len(shown):,} more")
    return lines
