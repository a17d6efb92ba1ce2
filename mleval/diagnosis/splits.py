"""Which rows the model was fitted on, and which folds there are: columns found by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mleval.errors import InputError
from mleval.reading import Source
from mleval.reading.conditions import ColumnName, Membership
from mleval.reading.filtered import FilteredSource
from mleval.reading.loading import whole_columns
from mleval.reading.names import alike, listed, nearest, normalised
from mleval.visible import quoted

SPLIT = ("split", "subset", "partition", "data_split", "dataset_split")
FOLD = ("fold", "cv_fold", "kfold", "fold_id", "k_fold")
_TRAINING = frozenset({"train", "training", "tr", "fit", "in_sample"})
_MOST_FOLDS = 50


@dataclass(frozen=True, slots=True)
class Split:
    """A column that says which rows the model was fitted on, and which of its values say so."""

    column: str
    fitted: tuple[str, ...]
    held_out: tuple[str, ...]

    def told(self) -> str:
        """In a few words."""
        return f"{self.column}={'/'.join(self.fitted)}"

    def rows(self, source: Source, *, fitted: bool) -> FilteredSource:
        """The rows that it was fitted on, or all others that have a value."""
        values = self.fitted if fitted else self.held_out
        condition = Membership(ColumnName(self.column), values)
        return FilteredSource(source, condition, f"{self.column} in {listed(values)}")


def column_named(source: Source, wanted: str | None, flag: str, names: Sequence[str]) -> str | None:
    """The column that was asked for, or one that is called so; InputError for one not there."""
    if wanted is None:
        return next((c for name in names for c in source.names if normalised(c) == name), None)
    found = alike(wanted, source.names)
    if found is None:
        near = nearest(wanted, source.names)
        raise InputError(
            f"{flag}: {source.name} has no column {listed([wanted])}; its columns are "
            f"{listed(source.names)}",
            hint=f"did you mean {listed(near)}?" if near else "name a column of the table",
        )
    return found


def split_of(source: Source, wanted: str | None) -> Split | None:
    """The column that tells training rows from others.

    Of one that was found by its name all rows may be of training; InputError for one that was asked
    for and does not tell them apart.
    """
    column = column_named(source, wanted, "--split", SPLIT)
    if column is None:
        return None
    values = _values(source, column)
    fitted = tuple(value for value in values if normalised(value) in _TRAINING)
    held_out = tuple(value for value in values if value not in fitted)
    if fitted and held_out:
        return Split(column, fitted, held_out)
    if wanted is None:
        return Split(column, fitted, ()) if fitted else None
    if fitted:
        raise InputError(
            f"--split: all rows have {listed(fitted)} in {quoted(column)}: none is held out",
            hint="the predictions for rows that the model has not seen are what is examined",
        )
    raise InputError(
        f"--split: {quoted(column)} holds {listed(values, 5)}, none of which says training",
        hint="write train in the rows that the model was fitted on, or give these rows in a file "
        "of their own: --train FILE",
    )


def fold_of(source: Source, wanted: str | None) -> str | None:
    """The column of folds; InputError for one that was asked for and has too few or many."""
    column = column_named(source, wanted, "--fold", FOLD)
    if column is None:
        return None
    count = len(_values(source, column))
    if 1 < count <= _MOST_FOLDS:
        return column
    if wanted is None:
        return None
    raise InputError(
        f"--fold: {quoted(column)} has {count:,} values, and folds are 2 to {_MOST_FOLDS}",
        hint="name the column that says in which fold of a cross-validation a row was held out",
    )


def _values(source: Source, column: str) -> list[str]:
    """Those of all rows."""
    encoded = whole_columns(source, {column: "label"})[column]
    held = encoded.dictionary.take(encoded.indices.unique().drop_null())
    return sorted(str(value) for value in held.to_pylist())
