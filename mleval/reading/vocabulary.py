"""The first rows as the column finder sees them: spellings, vocabularies, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, Any

from mleval.reading.columns_of_arrow import as_number

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBER_LIKE = re.compile(r"\s*[-+]?[\d.,' ]*\d[\d.,' ]*%?\s*")
ROUNDING = 1e-6
"""How far a probability may be outside 0 to 1: float32's rounding, which is clipped away."""
_TRUTH_VALUES = {"true": "1", "false": "0"}


class Head:
    """The first rows of a source; each column is turned into Python values once, when asked."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._cells: dict[str, list[str | None]] = {}

    @property
    def rows(self) -> int:
        """How many."""
        return int(self._table.num_rows)

    def cells(self, column: str) -> list[str | None]:
        """The spellings of a column, None where it is missing."""
        if column not in self._cells:
            self._cells[column] = _spelled(self._table.column(column))
        return self._cells[column]

    def first(self, column: str) -> Any:
        """The first cell that is not missing, as Python's own value; None when all are."""
        cells = (cell.as_py() for cell in self._table.column(column))
        return next((cell for cell in cells if cell is not None), None)

    def vocabulary(self, column: str) -> set[str]:
        """The distinct spellings."""
        return {cell for cell in self.cells(column) if cell is not None}

    def holds_only(self, column: str, spellings: Container[str]) -> bool:
        """Whether every cell, in lower case and without the blanks around it, is one of these."""

        def fit(cells: Iterable[str | None]) -> bool:
            return all(cell is None or cell.strip().lower() in spellings for cell in cells)

        some = _spelled(self._table.column(column).slice(0, 20))  # few columns pass that
        return fit(some) and fit(self.vocabulary(column))

    def numbers(self, column: str) -> list[float] | None:
        """The numbers of a column, or None when it holds anything else or nothing."""
        if self._holds_numbers(column):
            values = {v for v in self._table.column(column).to_pylist() if v is not None and v == v}
            return [float(value) for value in values] or None
        found = [as_number(cell) for cell in self.vocabulary(column)]
        if not found or any(number is None for number in found):
            return None
        return [number for number in found if number is not None]

    def is_numeric(self, column: str) -> bool:
        """Whether most cells are meant as numbers: `50.5%` and `0,5` are, and will be refused."""
        if self._holds_numbers(column):
            return True
        counts = Counter(cell for cell in self.cells(column) if cell is not None)
        meant = sum(
            count
            for cell, count in counts.items()
            if as_number(cell) is not None or _NUMBER_LIKE.fullmatch(cell) is not None
        )
        return not counts or meant * 2 > counts.total()

    def is_fraction(self, column: str) -> bool:
        """Whether it holds numbers from 0 to 1, some of them strictly between."""
        numbers = self.numbers(column)
        if numbers is None:
            return False
        within = all(-ROUNDING <= n <= 1 + ROUNDING for n in numbers)
        return within and any(0 < n < 1 for n in numbers)

    def _holds_numbers(self, column: str) -> bool:
        """Whether they are numbers already, and no text to be read as such."""
        import pyarrow as pa

        kind = self._table.schema.field(column).type
        return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))

    def is_same(self, one: str, other: str) -> bool:
        """Whether two columns have the same cells."""
        return self.cells(one) == self.cells(other)


def _spelled(column: pa.ChunkedArray) -> list[str | None]:
    return [None if v is None or v != v else str(v) or None for v in column.to_pylist()]


def as_fraction(label: str) -> bool:
    """Whether a label is spelled as a number strictly between 0 and 1.

    >>> as_fraction("0.5"), as_fraction("1")
    (True, False)
    """
    number = as_number(label)
    return number is not None and 0 < number < 1


def matched(label: str) -> str:
    """A label as it is compared with one of another column: `1.0` as `1`, `True` as `1`.

    >>> matched("1.0"), matched("True"), matched("cat")
    ('1', '1', 'cat')
    """
    label = label.strip()
    number = as_number(label)
    if number is not None and number == number and abs(number) < 1e15:
        return str(int(number)) if number == int(number) else str(number)
    return _TRUTH_VALUES.get(label.lower(), label)


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """Shared labels over all labels, as compared by `matched`."""
    a, b = {matched(label) for label in one}, {matched(label) for label in other}
    return len(a & b) / len(a | b) if a | b else 0.0
