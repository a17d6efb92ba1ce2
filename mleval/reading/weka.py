"""WEKA's predictions as CSV: `1:cat` for the class cat, `?` for none, `+` where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.reading.arrow_arrays import strings_array
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.problems import RaggedRows
from mleval.reading.source import TableFile

if TYPE_CHECKING:
    import pyarrow as pa

_CLASSES = ("actual", "predicted")
_NUMBERED = re.compile(r"\s*\d+:(.*?)\s*", re.DOTALL)
_NAMES = {"inst#": "id", "prediction": "confidence"}


class WekaTable:
    """A delimited file of WEKA, its classes without their numbers.

    WEKA's column `prediction` holds the probability of the predicted class: it is `confidence`.
    """

    headerless = False

    def __init__(self, file: TableFile) -> None:
        self._file = file
        classes = dict(_named(file.head()))
        self._written = {_NAMES.get(name, classes.get(name, name)): name for name in file.names}
        self.name, self.copies = file.name, file.copies
        self.names = tuple(self._written)
        self.notices = file.notices

    def head(self) -> pa.Table:
        """The first rows, every cell as text."""
        import pyarrow as pa

        head = self._file.head()
        return pa.table({n: _cells(n, head.column(w)) for n, w in self._written.items()})

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Those of the file, read as text."""
        asked: dict[str, Kind] = {self._written[name]: "text" for name in kinds}
        for load in self._file.parts(asked):
            yield _Loader(self, load, kinds)

    def locate(self, part: int, row: int) -> str:
        """The line of the file."""
        return self._file.locate(part, row)

    def conformed(self, table: pa.Table, kinds: Mapping[str, Kind]) -> pa.Table:
        """The asked columns of a table of text."""
        import pyarrow as pa

        made = {name: _cells(name, table.column(self._written[name])) for name in kinds}
        return conformed(pa.table(made), kinds, self.name)


class _Loader:
    """Loads one stretch."""

    __slots__ = ("_kinds", "_load", "_table")

    def __init__(
        self, table: WekaTable, load: Callable[[], pa.Table], kinds: Mapping[str, Kind]
    ) -> None:
        self._table, self._load, self._kinds = table, load, kinds

    def __call__(self) -> pa.Table:
        try:
            return self._table.conformed(self._load(), self._kinds)
        except RaggedRows as error:
            error.table = self._table.conformed(error.table, self._kinds)
            raise


def _named(head: pa.Table) -> Iterator[tuple[str, str]]:
    """The columns of a distribution under the names of their classes."""
    for column in _CLASSES:
        for cell in head.column(column).to_pylist():
            number, _, name = (cell or "").strip().partition(":")
            if name and name != "?":
                yield f"distribution[{number}]", f"distribution[{name}]"


def _cells(name: str, column: Any) -> Any:
    if name.startswith("distribution["):  # a star marks the highest
        return strings_array([c and c.strip().lstrip("*") for c in column.to_pylist()])
    if name not in _CLASSES:
        return column
    return strings_array([_class(cell) for cell in column.to_pylist()])


def _class(cell: str | None) -> str | None:
    """The class in `1:cat`, None for `?`.

    >>> _class("1:cat"), _class("2:?"), _class("?")
    ('cat', None, None)
    """
    if cell is None:
        return None
    numbered = _NUMBERED.fullmatch(cell)
    name = numbered.group(1) if numbered else cell
    return None if name == "?" else name
