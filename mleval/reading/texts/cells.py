"""Cells: columns of a table turned into corpora, a part of the table at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, numbers_array, text_buffers
from mleval.reading.columns_of_arrow import text_array
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.sides import corpora_of
from mleval.reading.values import value_of
from mleval.visible import quoted, shown

if TYPE_CHECKING:
    import pyarrow as pa

Place = Callable[[int], str]


class Column(Protocol):
    """A column that is read part by part."""

    def add(self, array: pa.Array, place: Place) -> None:
        """The cells of a part; place: says where row i of it is."""
        ...

    def corpora(self) -> tuple[Lines, ...]:
        """Of all that was added."""
        ...


class TextColumn:
    """A column with one text a row; the bytes are copied once, and nothing else is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._data: list[bytes] = []
        self._sizes: list[NDArray[np.int64]] = []
        self._missing: list[NDArray[np.bool_]] = []

    def add(self, array: pa.Array, place: Place) -> None:
        """InputError for lists and objects, and for bytes that are no text."""
        array = _as_text(array, self.name, place)
        offsets, data = text_buffers(array)
        missing = null_mask(array)
        data = self._checked(data, offsets, place)
        ends = offsets[1:] + np.arange(len(array))
        spaced = np.full(len(data) + len(array), 10, np.uint8)
        inside = np.ones(len(spaced), np.bool_)
        inside[ends] = False
        spaced[inside] = data
        self._data.append(spaced.tobytes())
        self._sizes.append(np.diff(offsets) + 1)
        self._missing.append(np.zeros(len(array), np.bool_) if missing is None else missing)

    def _checked(
        self, data: NDArray[np.uint8], offsets: NDArray[np.int64], place: Place
    ) -> NDArray[np.uint8]:
        held = data.tobytes()
        zero = held.find(b"\x00")
        try:
            if not held.isascii():
                held.decode()
        except UnicodeDecodeError as error:
            row = int(np.searchsorted(offsets, error.start, side="right")) - 1
            raise InputError(
                f"{place(row)}: {quoted(self.name)} is no UTF-8 (byte 0x{held[error.start]:02x})",
                hint="write the table again as UTF-8 text",
            ) from error
        if zero >= 0:
            row = int(np.searchsorted(offsets, zero, side="right")) - 1
            raise InputError(
                f"{place(row)}: {quoted(self.name)} holds the character U+0000, which is no text",
                hint="the text is damaged: write it again",
            )
        return data

    def corpora(self) -> tuple[Lines, ...]:
        """One."""
        sizes = np.concatenate([np.zeros(1, np.int64), *self._sizes])
        missing = np.concatenate([np.zeros(0, np.bool_), *self._missing])
        data = b"".join(self._data)
        return (Lines(data, np.cumsum(sizes), missing if missing.any() else None),)


class ListColumn:
    """A column with a list of references a row, as Arrow, JSON or Python writes it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._rows: list[Sequence[str]] = []

    def add(self, array: pa.Array, place: Place) -> None:
        """InputError for a cell that is neither a text nor a list of texts."""
        for row, cell in enumerate(array.to_pylist()):
            texts = texts_in(cell)
            if texts is None:
                raise InputError(
                    f"{place(row)}: {quoted(self.name)} holds {shown(repr(cell))}, expected a "
                    "list of texts",
                    hint="write the references of a segment as a list in every row, or as columns",
                )
            self._rows.append(texts)

    def corpora(self) -> tuple[Lines, ...]:
        """As many as the longest list has texts."""
        return corpora_of(self._rows, self.name)


def texts_in(cell: Any) -> list[str] | None:
    """The texts that a cell lists: none of a missing one; None for what is no list of texts.

    Answers of SQuAD are objects; where they have no text there is no answer, which is one.

    >>> texts_in(["a", None, "b"]), texts_in("['a', 'b']"), texts_in("a"), texts_in(None)
    (['a', 'b'], ['a', 'b'], ['a'], [])
    >>> texts_in({"text": [], "answer_start": []}), texts_in([{"text": "a"}]), texts_in([["a"]])
    ([''], ['a'], None)
    """
    value = value_of(cell) if is_listed(cell) else cell
    if isinstance(value, Mapping):
        texts = texts_in(value["text"]) if "text" in value else None
        return [""] if texts == [] else texts
    if value is None or value != value:  # NaN is how tables without nulls write a missing cell
        return []
    if isinstance(value, str | int | float):
        return [str(value)]
    if not isinstance(value, list | tuple):
        return None
    items = (item.get("text") if isinstance(item, Mapping) else item for item in value)
    there = [item for item in items if item is not None]
    if not all(isinstance(item, str | int | float) for item in there):
        return None
    return [str(item) for item in there]


def is_listed(cell: Any) -> bool:
    """Whether text is that of a list or of an object with the texts.

    >>> is_listed('["a"]'), is_listed("[applause]"), is_listed("{'text': ['a']}"), is_listed("a")
    (True, False, True, False)
    """
    if not isinstance(cell, str) or cell.strip()[:1] not in ("[", "{"):
        return False
    value = value_of(cell)
    if isinstance(value, Mapping):
        return isinstance(value.get("text"), list)
    return isinstance(value, list) and all(
        item is None or isinstance(item, str | Mapping) for item in value
    )


def column_of(name: str, head: pa.ChunkedArray, of_json: bool) -> Column:
    """How a column of references is read: its first cells tell lists from texts.

    of_json: a cell that is no list may stand beside those that are.
    """
    import pyarrow as pa

    if pa.types.is_nested(head.type):
        return ListColumn(name)
    cells = [cell for cell in head.to_pylist() if cell is not None and cell != ""]
    lists = sum(map(is_listed, cells))
    all_are = lists == len(cells) or of_json
    return ListColumn(name) if lists and all_are else TextColumn(name)


def _as_text(array: pa.Array, name: str, place: Place) -> pa.Array:
    """Text, the empty one included; other values by their spelling."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_dictionary(kind):
        return _as_text(array.dictionary_decode(), name, place)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _without_hidden(array)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise InputError(
            f"{place(0)}: {quoted(name)} holds {kind}, expected one text a row",
            hint="only references may be lists: write each hypothesis as a text",
        )
    if str(kind) == "string_view":
        return array.cast(pa.large_string())
    return text_array(array)


def _without_hidden(array: pa.Array) -> pa.Array:
    """The same text; a missing one has no bytes of its own."""
    missing = null_mask(array)
    offsets, _ = text_buffers(array)
    if missing is None or not np.diff(offsets)[missing].any():
        return array
    return array.take(numbers_array(np.arange(len(array), dtype=np.int64)))
