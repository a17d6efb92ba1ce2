"""Conditions on the cells of a row: what `--filter` means, once it is parsed.

Two cells are compared as numbers when both are numbers, else as text. An empty cell is the text
"": it equals nothing else, and is neither below nor above anything.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import as_number, label_array
from mleval.reading.names import listed
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

Mask = NDArray[np.bool_]
Sign = Literal["==", "!=", "<", "<=", ">", ">="]

SIGNS: dict[Sign, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column, by its name."""

    name: str


Literal_ = str | float
Operand = ColumnName | Literal_


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left sign right`; at least one of them is a column."""

    left: Operand
    sign: Sign
    right: Operand


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether the cell equals one of some values."""

    column: ColumnName
    values: tuple[Literal_, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All of them (`and`)."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of them at least (`or`)."""

    conditions: tuple[Condition, ...]


Condition = Comparison | Membership | Not | Every | Some


def columns_of(condition: Condition) -> Iterator[str]:
    """The columns it looks at, each as often as it does.

    >>> list(columns_of(Comparison(ColumnName("split"), "==", "test")))
    ['split']
    """
    if isinstance(condition, Comparison):
        for side in (condition.left, condition.right):
            if isinstance(side, ColumnName):
                yield side.name
    elif isinstance(condition, Membership):
        yield condition.column.name
    elif isinstance(condition, Not):
        yield from columns_of(condition.condition)
    else:
        for inner in condition.conditions:
            yield from columns_of(inner)


def only_numbers(condition: Condition, column: str) -> bool:
    """Whether the column is only ever compared with numbers."""
    if isinstance(condition, Comparison):
        other = {condition.left, condition.right} - {ColumnName(column)}
        here = ColumnName(column) in (condition.left, condition.right)
        return not here or all(isinstance(side, float) for side in other)
    if isinstance(condition, Membership):
        others = condition.column.name != column
        return others or all(isinstance(value, float) for value in condition.values)
    if isinstance(condition, Not):
        return only_numbers(condition.condition, column)
    return all(only_numbers(inner, column) for inner in condition.conditions)


def holds(condition: Condition, table: pa.Table) -> Mask:
    """(n,) where it holds.

    Raises InputError where text is put in order with a number, and for lists and objects.
    """
    names = dict.fromkeys(columns_of(condition))
    for name in names:
        _refuse_lists(name, table.column(name))
    cells = {name: Cells.of(table.column(name)) for name in names}
    return _holds(condition, cells, table.num_rows)


def _refuse_lists(name: str, column: pa.ChunkedArray) -> None:
    import pyarrow as pa

    if pa.types.is_nested(column.type):
        raise InputError(
            f"--filter: expected one value a row in '{name}', found {column.type}",
            hint="filter by another column; fields of an object have names such as 'meta.split'",
        )


def _holds(condition: Condition, cells: Mapping[str, Cells], rows: int) -> Mask:
    if isinstance(condition, Comparison):
        return _compared(condition, cells)
    if isinstance(condition, Membership):
        column = cells[condition.column.name]
        made: Mask = np.zeros(rows, dtype=np.bool_)
        for value in condition.values:
            made |= column.equal(value)
        return made
    if isinstance(condition, Not):
        return ~_holds(condition.condition, cells, rows)
    combined = np.logical_and if isinstance(condition, Every) else np.logical_or
    made = _holds(condition.conditions[0], cells, rows)
    for inner in condition.conditions[1:]:
        made = combined(made, _holds(inner, cells, rows))
    return made


_MIRRORED: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compared(condition: Comparison, cells: Mapping[str, Cells]) -> Mask:
    left, sign, right = condition.left, condition.sign, condition.right
    if not isinstance(left, ColumnName):
        left, sign, right = right, _MIRRORED.get(sign, sign), left
    assert isinstance(left, ColumnName)
    column = cells[left.name]
    if isinstance(right, ColumnName):
        return column.beside(sign, cells[right.name])
    if sign in ("==", "!="):
        equal = column.equal(right)
        return equal if sign == "==" else ~equal
    return column.ordered(left.name, sign, right)


@dataclass(frozen=True, slots=True)
class Cells:
    """A column: codes into distinct texts, −1 where the cell is empty; or plain numbers.

    numbers: of each distinct text, NaN where it spells none; without texts, of each row.
    """

    numbers: NDArray[np.float64]
    codes: NDArray[np.int32] | None = None
    texts: NDArray[np.object_] | None = None

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Cells:
        """Of an Arrow column of labels, text or float64."""
        array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        if hasattr(array, "num_chunks"):
            array = array.chunk(0)
        if str(array.type) == "double":
            missing, values = null_mask(array), plain_values(array)
            return cls(values if missing is None else np.where(missing, np.nan, values))
        labels = label_array(array)
        missing, codes = null_mask(labels.indices), plain_values(labels.indices)
        codes = codes if missing is None else np.where(missing, np.int32(-1), codes)
        names = [*labels.dictionary.to_pylist(), ""]  # the last is that of empty cells
        found = (as_number(name) for name in names)
        numbers = np.array([np.nan if x is None else x for x in found])
        return cls(numbers, codes, np.array(names, dtype=object))

    def equal(self, value: Literal_) -> Mask:
        """(n,) where the cell is the value."""
        number = value if isinstance(value, float) else as_number(value)
        if self.texts is None or self.codes is None:
            if number is None:
                return np.isnan(self.numbers) if value == "" else self._none()
            return np.equal(self.numbers, number)
        if isinstance(value, float):
            return np.equal(self.numbers, value)[self.codes]
        return np.asarray(self.texts == value, dtype=np.bool_)[self.codes]

    def ordered(self, name: str, sign: Sign, value: Literal_) -> Mask:
        """(n,) where the cell is below or above the value; InputError when it is no number."""
        number = value if isinstance(value, float) else as_number(value)
        if self.texts is None or self.codes is None:
            return SIGNS[sign](self.numbers, number) if number is not None else self._none()
        if isinstance(value, str):
            made = np.array([bool(t) and SIGNS[sign](t, value) for t in self.texts])
            if number is not None:
                known = ~np.isnan(self.numbers)
                made[known] = SIGNS[sign](self.numbers[known], number)
            return made[self.codes]
        strangers = [t for t, n in zip(self.texts, self.numbers, strict=True) if t and n != n]
        strangers = [t for t in strangers if as_number(t) is None]
        if strangers:
            raise InputError(
                f"the filter compares {quoted(name)} with the number {value:g}, and it holds "
                f"{listed(strangers, 5)}",
                hint=f'compare with text: {name} {sign} "{value:g}"',
            )
        made = np.asarray(SIGNS[sign](self.numbers, value), dtype=np.bool_)
        return made[self.codes]

    def beside(self, sign: Sign, other: Cells) -> Mask:
        """(n,) how the cell compares with that of another column."""
        mine, theirs = self.values(), other.values()
        both = ~np.isnan(mine) & ~np.isnan(theirs)
        made: Mask = np.zeros(len(mine), dtype=np.bool_)
        made[both] = SIGNS[sign](mine[both], theirs[both])
        rest = np.flatnonzero(~both)
        if len(rest):
            mine_text, their_text = self.spelled(rest), other.spelled(rest)
            words: Mask = np.asarray(SIGNS[sign](mine_text, their_text), dtype=np.bool_)
            if sign not in ("==", "!="):
                words &= (mine_text != "") & (their_text != "")
            made[rest] = words
        return made

    def values(self) -> NDArray[np.float64]:
        """(n,) the cells as numbers."""
        return self.numbers if self.codes is None else self.numbers[self.codes]

    def spelled(self, rows: NDArray[np.intp]) -> NDArray[np.object_]:
        """The cells of some rows as text."""
        if self.texts is None or self.codes is None:
            told = ["" if x != x else repr(float(x)) for x in self.numbers[rows]]
            return np.array(told, dtype=object)
        return self.texts[self.codes[rows]]

    def _none(self) -> Mask:
        return np.zeros(len(self.numbers), dtype=np.bool_)
