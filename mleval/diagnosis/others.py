"""The columns that have no role: which of them can be looked at, as numbers or categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mleval.batch import Batch, Kind, Labels
from mleval.diagnosis.rows import Category, Codes, Column
from mleval.reading import Roles, Source
from mleval.reading.names import normalised
from mleval.reading.slicing import role_of
from mleval.reading.synonyms import ID
from mleval.reading.vocabulary import Head

_FEW = 20  # rows in which values may all differ by chance
_ALL_DIFFER = 0.9  # of the cells of a column of texts, or of ids
_MANY = 0.5  # the same of all rows, where the first ones did not show it
_MOST = 256  # columns that are read: pictures and embeddings have many, of which none says much
_AN_ID = "an id"
_TEXTS = "a text a row"
_NESTED = "lists or objects"


def others_of(source: Source, roles: Roles, taken: Sequence[str]) -> list[str]:
    """The columns that are for nothing yet, in their order. taken: those that have other uses."""
    used = {*roles.columns.values(), *taken}
    for family in roles.families.values():
        used |= {*family.values()}
    return [name for name in source.names if name not in used]


def kinds_of(source: Source, columns: Sequence[str]) -> tuple[dict[str, Kind], dict[str, str]]:
    """How each is to be read, by the first rows; and why others are left out, by name."""
    head = Head(source.head())
    kinds: dict[str, Kind] = {}
    left_out: dict[str, str] = {}
    for name in columns:
        first = head.first(name)
        if isinstance(first, list | dict) or len(kinds) == _MOST:
            left_out[name] = f"beyond {_MOST} columns" if len(kinds) == _MOST else _NESTED
            continue
        cells = [cell for cell in head.cells(name) if cell is not None]
        numeric = bool(cells) and head.numbers(name) is not None
        differ = len(cells) >= _FEW and len(set(cells)) >= _ALL_DIFFER * len(cells)
        if differ and (not numeric or _names_id(name)):
            left_out[name] = _AN_ID if _names_id(name) else _TEXTS
        else:
            kinds[name] = "number" if numeric else "label"
    return kinds, left_out


def _names_id(name: str) -> bool:
    """Whether a column is called as ids are."""
    plain = normalised(name)
    return plain in ID or plain.endswith("_id")


def looked_at(batch: Batch, kinds: Mapping[str, Kind]) -> tuple[dict[str, Column], dict[str, str]]:
    """The columns by name, and why others are left out now that all rows are known."""
    found: dict[str, Column] = {}
    left_out: dict[str, str] = {}
    for name in kinds:
        column: Any = batch.columns[role_of(name)]
        made = category(column) if isinstance(column, Labels) else column
        why = _idle(made, batch.rows)
        if why:
            left_out[name] = why
        else:
            found[name] = made
    return found, left_out


def _idle(column: Column, rows: int) -> str | None:
    """Why a column tells nothing."""
    if isinstance(column, Category):
        if len(column.names) > max(_FEW, _MANY * rows):
            return _TEXTS
        several = len(column.names) + bool((column.codes < 0).any()) > 1
        empty = not column.names
    else:
        present = column[~np.isnan(column)]
        empty = len(present) == 0
        several = not empty and (len(present) < len(column) or bool((present != present[0]).any()))
    if empty:
        return "empty"
    return None if several else "one value"


def category(labels: Labels) -> Category:
    """The column without the names that no row has, the others in order."""
    held = np.unique(labels.codes)
    held = held[held >= 0]
    order = sorted(held.tolist(), key=lambda code: labels.names[code])
    moved: Codes = np.full(len(labels.names) + 1, -1, np.int32)  # the last is that of −1
    moved[order] = np.arange(len(order), dtype=np.int32)
    return Category(moved[labels.codes], tuple(labels.names[code] for code in order))


def ids_of(batches: Sequence[Batch], column: str) -> Category | None:
    """The ids of all rows: their texts are made when they are asked for."""
    import pyarrow as pa

    role = role_of(column)
    chunks = []
    for batch in batches:
        texts = batch.texts(role)
        chunks.append(texts.held if texts.rows is None else texts.held.take(pa.array(texts.rows)))
    encoded = pa.chunked_array(chunks).cast(pa.large_string()).combine_chunks()
    encoded = encoded.dictionary_encode()
    whole = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Category(codes, Spellings(whole.dictionary))


class Spellings(Sequence[str]):
    """Texts as an Arrow array holds them, each made when it is asked for."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def __len__(self) -> int:
        return len(self.held)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        return self.held[int(place)].as_py()

    def __iter__(self) -> Iterator[str]:
        return iter(self.held.to_pylist())
