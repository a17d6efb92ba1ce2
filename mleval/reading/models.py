"""Several models in one file: columns of each beside one truth, or rows of each under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.candidates import Candidate, best, by_name, predictions_by_stem, truths_by_stem
from mleval.reading.columns_of_arrow import conformed, label_array
from mleval.reading.conditions import ColumnName, Comparison
from mleval.reading.filtered import FilteredSource
from mleval.reading.loading import one_array, whole_columns
from mleval.reading.model_families import ModelFamily, model_families
from mleval.reading.names import listed, nearest, normalised
from mleval.reading.roles import ColumnChoices
from mleval.reading.source import Source
from mleval.reading.synonyms import (
    ID,
    MODEL,
    MODEL_PREDICTIONS,
    NEVER,
    PREDICTION,
    SCORE,
    SCORE_STEMS,
    TRUTH,
    WEIGHT,
)
from mleval.reading.vocabulary import Head, matched
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 100
_ORDINARY = ({"0", "1"}, {"-1", "1"}, {"yes", "no"}, {"y", "n"}, {"t", "f"})


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a source.

    column: what names them in a long file; else `wide` has the columns of each by their roles, and
    `families` the class columns of each that has some.
    """

    names: tuple[str, ...]
    column: str | None = None
    wide: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    families: Mapping[str, ModelFamily] = field(default_factory=dict)

    def of(self, name: str, source: Source, choices: ColumnChoices) -> tuple[Source, ColumnChoices]:
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


def find_models(
    source: Source, choices: ColumnChoices, *, head_only: bool = False
) -> Models | None:
    """The models that a source certainly holds, or None: one, or nothing is certain.

    head_only: judge by the first rows, even where only all of them could tell for certain.
    """
    try:
        return models_by_rows(source, choices, head_only=head_only) or _wide(source, choices)
    except InputError:
        return None  # what is wrong with the columns is told by who looks for their roles


def _columns(source: Source) -> list[str]:
    return [name for name in source.names if name not in source.copies]


def _truth(columns: Sequence[str], choices: ColumnChoices) -> str | None:
    if choices.truth is not None:
        return choices.truth if choices.truth in columns else None
    if truths_by_stem(columns):
        return None
    found = best(by_name(columns, TRUTH), "truth", "--truth")
    return found.column if found else None


def models_by_rows(
    source: Source, choices: ColumnChoices, *, head_only: bool = False
) -> Models | None:
    """A column `model`, and the same rows again under each of its values; None for all else.

    The rows are the same by their id; where there is none, by their truths in the same order.
    """
    columns = _columns(source)
    named = by_name(columns, MODEL)
    if not named or named[0].column in (choices.truth, choices.prediction):
        return None
    ids = [choices.id] if choices.id else [c.column for c in by_name(columns, ID)]
    row = ids[0] if ids else _truth(columns, choices)
    if row is None:
        return None
    kinds: dict[str, Kind] = {named[0].column: "label", row: "label"}
    if len(kinds) < 2:
        return None
    if head_only:
        table = conformed(source.head(), kinds, source.name)
        found = {name: one_array(table.column(name).chunks) for name in kinds}
    else:
        found = whole_columns(source, kinds)
    (models, names), (keys, key_names) = map(_coded, found.values())
    if not 2 <= len(names) <= MOST or (models < 0).any() or (keys < 0).any():
        return None
    repeated = (
        _ids_repeat(models, keys, len(key_names)) if ids else _rows_repeat(models, keys, len(names))
    )
    return Models(tuple(names), named[0].column) if repeated else None


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


def _wide(source: Source, choices: ColumnChoices) -> Models | None:
    """`lr_pred, lr_proba, dt_pred, dt_proba` beside one truth, or columns of its very labels.

    Probabilities of each class may stand in place of a model's prediction, or beside it.
    """
    columns = _columns(source)
    if choices.prediction or choices.score or choices.proba:
        return None
    if by_name(columns, PREDICTION) or by_name(columns, SCORE):
        return None
    truth = _truth(columns, choices)
    if truth is None:
        return None
    head = Head(source.head())
    roles = (truth, choices.id, choices.weight)
    rest = [c for c in columns if c not in roles and not c.endswith("]")]  # nor numbers of a list
    labels = {matched(label) for label in head.vocabulary(truth)}
    families = model_families(head, rest, labels)
    found = _by_stem(head, rest, labels)
    if not found and not families:
        found = _by_labels(head, rest, labels)
    names = tuple(dict.fromkeys([*found, *families]))
    if len(names) < 2 or normalised(truth) in map(normalised, names):
        return None
    models = Models(names, wide={n: found.get(n, {}) for n in names}, families=families)
    in_order = sorted(names, key=lambda name: min(map(columns.index, models.columns_of(name))))
    return replace(models, names=tuple(in_order))


def _by_stem(head: Head, columns: list[str], labels: set[str]) -> dict[str, dict[str, str]]:
    """The columns of each stem by role; none when any of them may be something else."""
    found: dict[str, dict[str, str]] = {}
    for candidate in (*predictions_by_stem(columns), *_predictions_of(columns)):
        fraction = len(labels) <= 2 and head.is_fraction(candidate.column)
        role = "score" if fraction else "prediction"
        if not fraction and not labels & {matched(x) for x in head.vocabulary(candidate.column)}:
            return {}
        if role in found.setdefault(str(candidate.stem), {}):
            return {}
        found[str(candidate.stem)][role] = candidate.column
    for column in columns:
        shape = normalised(column)
        after = next((end for _, end in SCORE_STEMS if shape.endswith(end)), None)
        stem = shape.removesuffix(after) if after else ""
        if not stem or not head.is_fraction(column) or (after == "_score" and stem not in found):
            continue
        if "score" in found.setdefault(stem, {}):
            return {}
        found[stem]["score" if len(labels) <= 2 else "unused"] = column
    usable = all({"prediction", "score"} & set(roles) for roles in found.values())
    return found if usable and not labels & {matched(stem) for stem in found} else {}


def _predictions_of(columns: list[str]) -> list[Candidate]:
    """`y_pred_lr`, `prediction_lr`: a name of the prediction, and then the model's."""
    return [
        Candidate(column, len(PREDICTION), stem)
        for column in columns
        for before in MODEL_PREDICTIONS
        if (stem := normalised(column).removeprefix(before)) and stem != normalised(column)
    ]


def _by_labels(head: Head, columns: list[str], labels: set[str]) -> dict[str, dict[str, str]]:
    """Columns that hold nothing but labels of the truth, where those are words of its own."""
    lowered = {label.lower() for label in labels}
    numeric = all(label.replace(".", "").lstrip("-").isdigit() for label in labels)
    if len(labels) < 2 or numeric or any(lowered <= pair for pair in _ORDINARY):
        return {}
    found = {}
    for column in columns:
        if normalised(column) in NEVER or by_name([column], (*ID, *WEIGHT, *MODEL)):
            continue
        held = {matched(label) for label in head.vocabulary(column)}
        if len(held) >= 2 and held <= labels:
            found[column] = {"prediction": column}
    return found
