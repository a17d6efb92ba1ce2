"""Several models in one file: columns of each beside one truth, or rows of each under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.candidates import by_name
from mleval.reading.columns_of_arrow import conformed, label_array
from mleval.reading.conditions import ColumnName, Comparison
from mleval.reading.filtered import FilteredSource
from mleval.reading.loading import one_array, whole_columns
from mleval.reading.model_families import ModelFamily
from mleval.reading.names import listed, nearest
from mleval.reading.roles import Choices
from mleval.reading.source import Source
from mleval.reading.synonyms import ID, MODEL
from mleval.reading.vocabulary import Head
from mleval.reading.wide_models import WIDE, lone_truth
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 100
Chosen = TypeVar("Chosen", bound=Choices)


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a source.

    column: what names them in a long file; else `wide` has the columns of each by their roles, and
    `families` the class columns of each that has some; disputed: how many ids have other truths
    under other models.
    """

    names: tuple[str, ...]
    column: str | None = None
    wide: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    families: Mapping[str, ModelFamily] = field(default_factory=dict)
    disputed: int = 0

    def of(self, name: str, source: Source, choices: Chosen) -> tuple[Source, Chosen]:
        """The source as if it held that model alone."""
        if self.column is not None:
            own = Comparison(ColumnName(self.column), "==", name)
            return FilteredSource(source, own, f"{self.column} == {name}"), choices
        hidden = {c for other in self.names if other != name for c in self.columns_of(other)}
        chosen = {role: c for role, c in self.wide[name].items() if role != "unused"}
        if name in self.families:
            chosen["proba"] = self.families[name].prefix
        return WithoutColumns(source, hidden), replace(choices, **chosen)  # type: ignore[arg-type]

    def columns_of(self, name: str) -> Iterator[str]:
        """Those of one model in a wide file."""
        yield from self.wide[name].values()
        if name in self.families:
            yield from self.families[name].columns.values()

    def require(self, name: str, source: Source) -> None:
        """InputError when there is no such model."""
        if name in self.names:
            return
        near = nearest(name, self.names)
        meant = f"did you mean {listed(near)}?" if near else "name one of them with --model"
        raise InputError(
            f"{source.name} has no model {quoted(name)}; its models are {listed(self.names)}",
            hint=meant,
        )


class WithoutColumns:
    """A Source without some of its columns."""

    def __init__(self, inner: Source, hidden: set[str]) -> None:
        self.inner = inner
        self.name, self.files, self.notices = inner.name, inner.files, inner.notices
        self.names = tuple(name for name in inner.names if name not in hidden)
        self.copies = {c: first for c, first in inner.copies.items() if c not in hidden}

    def head(self) -> pa.Table:
        """Of the columns that are left."""
        return self.inner.head().select(list(self.names))

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """As they are."""
        return self.inner.parts(kinds)

    def locate(self, part: int, row: int) -> str:
        """As it is."""
        return self.inner.locate(part, row)

    def digest(self) -> str:
        """Of the whole."""
        return self.inner.digest()


def find_models(source: Source, choices: Choices, *, head_only: bool = False) -> Models | None:
    """The models that a source certainly holds, or None: one, or nothing is certain.

    head_only: judge by the first rows, even where only all of them could tell for certain.
    """
    try:
        return models_by_rows(source, choices, head_only=head_only) or _wide(source, choices)
    except InputError:
        return None  # what is wrong with the columns is told by who looks for their roles


def _columns(source: Source) -> list[str]:
    return [name for name in source.names if name not in source.copies]


def models_by_rows(source: Source, choices: Choices, *, head_only: bool = False) -> Models | None:
    """A column `model`, and the same rows again under each of its values; None for all else.

    The rows are the same by their id; where there is none, by their truths in the same order.
    """
    columns = _columns(source)
    named = by_name(columns, MODEL)
    if not named or named[0].column in (choices.truth, choices.prediction):
        return None
    ids = [choices.id] if choices.id else [c.column for c in by_name(columns, ID)]
    row = ids[0] if ids else lone_truth(columns, choices)
    if row is None:
        return None
    kinds: dict[str, Kind] = {named[0].column: "label", row: "label"}
    if len(kinds) < 2:
        return None
    truth = lone_truth(columns, choices) if ids else None
    if truth is not None:
        kinds.setdefault(truth, "label")
    if head_only:
        table = conformed(source.head(), kinds, source.name)
        found = {name: one_array(table.column(name).chunks) for name in kinds}
    else:
        found = whole_columns(source, kinds)
    (models, names), (keys, key_names), *others = map(_coded, found.values())
    if not 2 <= len(names) <= MOST or (models < 0).any() or (keys < 0).any():
        return None
    repeated = (
        _ids_repeat(models, keys, len(key_names)) if ids else _rows_repeat(models, keys, len(names))
    )
    if not repeated:
        return None
    disputed = _disputed(keys, others[0][0]) if others else 0
    return Models(tuple(names), named[0].column, disputed=disputed)


def _disputed(ids: Any, truths: Any) -> int:
    """How many ids have several truths."""
    pairs = np.unique(np.stack([ids, truths]), axis=1)
    return int(np.count_nonzero(np.bincount(pairs[0]) > 1))


def _coded(array: Any) -> tuple[Any, list[str]]:
    """Codes of the labels that occur, −1 where there is none, and the labels."""
    labels = label_array(array)
    missing, codes = null_mask(labels.indices), plain_values(labels.indices).astype(np.int64)
    codes = codes if missing is None else np.where(missing, -1, codes)
    kept, codes = np.unique(codes, return_inverse=True)  # a filter leaves labels without a row
    names = labels.dictionary.to_pylist()
    empty = int(len(kept) > 0 and kept[0] < 0)
    return codes - empty, [names[code] for code in kept[empty:]]


def _ids_repeat(models: Any, ids: Any, count: int) -> bool:
    """Whether each model has an id once, and ids come again under another model."""
    return len(np.unique(models * count + ids)) == len(ids) > count


def _rows_repeat(models: Any, truths: Any, count: int) -> bool:
    """Whether every model has the same truths in the same order, and not all of them alike."""
    rows = np.bincount(models, minlength=count)
    if rows.min() != rows.max() or rows[0] < 2:
        return False
    table = truths[np.argsort(models, kind="stable")].reshape(count, -1)
    return bool((table == table[0]).all() and (table[0] != table[0, 0]).any())


def _wide(source: Source, choices: Choices) -> Models | None:
    """Columns of each of several models beside one truth."""
    columns = _columns(source)
    truth = None if choices.names_predictions else lone_truth(columns, choices)
    if truth is None:
        return None
    roles = (truth, choices.id, choices.weight)
    rest = [c for c in columns if c not in roles and not c.endswith("]")]  # nor numbers of a list
    found = WIDE[choices.command](Head(source.head()), rest, truth)
    names = tuple(found.names)
    if len(names) < 2:
        return None
    wide = {name: found.columns.get(name, {}) for name in names}
    models = Models(names, wide=wide, families=found.families)
    in_order = sorted(names, key=lambda name: min(map(columns.index, models.columns_of(name))))
    return replace(models, names=tuple(in_order))
