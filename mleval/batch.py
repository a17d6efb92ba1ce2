"""Batch: rows of predictions, their columns found by role. What readers make and states fold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[Any]
Kind = Literal["label", "labels", "mark", "number", "family", "text", "nested"]


@dataclass(frozen=True, slots=True)
class Role:
    """What a column is for, and what it holds.

    kind: `label`: text compared as a class; `labels`: several of them a row; `mark`: whether a row
    has one label; `number`: float64, one column or (several targets) one a target; `family`: one
    number column a class or quantile; `text`: kept as it is (ids); `nested`: lists of numbers as
    the format has them, or their text: vectors, which may be a column a number as well.
    flag: of the command line, which names the column; of: what a missing cell means: without a
    truth a row is left out, without a prediction it is as `--missing` says, and neither
    weight nor cluster can be missing. low: the least number there can be; at_most: the role whose
    number a number does not exceed; rising: the columns of a family never fall from one to the
    next.
    """

    name: str
    kind: Kind
    flag: str
    of: Literal["truth", "prediction", "weight", "cluster", "id"] = "prediction"
    low: float = -math.inf
    at_most: str = ""
    rising: bool = False


_WEIGHT = Role("weight", "number", "--weight", "weight")
_CLUSTER = Role("cluster", "label", "--cluster", "cluster")
_ID = Role("id", "text", "--id", "id")

ROLES: Mapping[str, tuple[Role, ...]] = {
    "classify": (
        Role("truth", "label", "--truth", "truth"),
        Role("truth_probabilities", "family", "--truth-proba", "truth"),
        _WEIGHT,
        Role("prediction", "label", "--pred"),
        Role("score", "number", "--score"),
        Role("probabilities", "family", "--proba"),
        _CLUSTER,
        _ID,
    ),
    "pairs": (
        Role("dissimilar", "mark", "--same or --dissimilar", "truth"),
        _WEIGHT,
        Role("distance", "number", "--distances", low=0.0),
        Role("negative_distance", "number", "--negative-distances", low=0.0),
        Role("a", "nested", "--a"),
        Role("b", "nested", "--b"),
        Role("negative", "nested", "--negative"),
        _CLUSTER,
        _ID,
    ),
    "regress": (
        Role("truth", "number", "--truth", "truth"),
        _WEIGHT,
        Role("prediction", "number", "--pred"),
        Role("lower", "number", "--lower", at_most="upper"),
        Role("upper", "number", "--upper"),
        Role("std", "number", "--std", low=0.0),
        Role("quantiles", "family", "--quantiles", rising=True),
        _CLUSTER,
        _ID,
    ),
}
"""The roles of each command, in the order in which their columns are checked."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A label column, each distinct spelling held once.

    codes: (n,) int32, positions in `names`; names: the raw spellings, each once, in any order.

    >>> Labels.of(["cat", "dog", "cat"]).codes.tolist()
    [0, 1, 0]
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: list[str]) -> Labels:
        """Encode spellings, names sorted."""
        names, codes = np.unique(np.asarray(values, dtype=object), return_inverse=True)
        return cls(codes.astype(np.int32), tuple(names.tolist()))

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Labels:
        """The same column on some rows (a mask or positions)."""
        return Labels(self.codes[rows], self.names)


@dataclass(frozen=True, slots=True)
class LabelSets:
    """A column of label sets: several labels a row, or none.

    offsets: (n + 1,) int64; codes: (e,) positions in `names`, those of row i from offsets[i] to
    offsets[i + 1]; a label that stands twice in a row counts once. names: each spelling once.

    >>> LabelSets.of([["cat", "dog"], [], ["dog"]]).offsets.tolist()
    [0, 2, 2, 3]
    """

    offsets: NDArray[np.int64]
    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]]) -> LabelSets:
        """Encode sets of spellings, names in the order of appearance."""
        place: dict[str, int] = {}
        sets = [[place.setdefault(name, len(place)) for name in row] for row in rows]
        codes = np.array([code for row in sets for code in row], np.int32)
        return cls(_ends([len(row) for row in sets]), codes, tuple(place))

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(n,) how many labels each row has."""
        return np.diff(self.offsets)

    @property
    def rows(self) -> NDArray[np.int64]:
        """(e,) the row of each code."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.sizes)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> LabelSets:
        """The same column on some rows (a mask or positions)."""
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        sizes = self.sizes[rows]
        offsets = _ends(sizes)
        at = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], sizes)
        return LabelSets(offsets, self.codes[at], self.names)


def _ends(sizes: NDArray[np.int64] | list[int]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


@dataclass(frozen=True, slots=True)
class Family:
    """One number column a class, under the name of the class: probabilities, logits.

    names: the k classes as spelled in the header; values: (k, n) float64, one row a class,
    so that each class's column is contiguous.
    """

    names: tuple[str, ...]
    values: Floats

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Family:
        """The same columns on some rows (a mask or positions)."""
        return Family(self.names, self.values[:, rows])

    def column(self, name: str) -> Floats:
        """(n,) the column of that name."""
        found: Floats = self.values[self.names.index(name)]
        return found


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of text as its file holds it: cells become Python's only where they are asked for.

    held: an Arrow array; rows: (n,) which of its cells these are, None for all.

    >>> import pyarrow as pa
    >>> Texts(pa.array(["a", None, "c"])).take(np.array([1, 2])).cells(np.array([0, 1])).tolist()
    ['', 'c']
    """

    held: Any
    rows: NDArray[np.intp] | None = None

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Texts:
        """The same column on some rows (a mask or positions)."""
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.intp)
        return Texts(self.held, at if self.rows is None else self.rows[at])

    def cells(self, rows: NDArray[np.intp]) -> NDArray[np.str_]:
        """The cells of some rows, by position; empty where they are missing."""
        at = rows if self.rows is None else self.rows[rows]
        return np.array([self.held[int(row)].as_py() or "" for row in at], dtype=np.str_)


Column = Labels | LabelSets | Family | Floats | Vectors | Texts


@dataclass(frozen=True, slots=True)
class Batch:
    """`rows` rows; `columns` by role name; no column holds a missing value any more.

    `weight` is absent when every row counts once. part: of the source, in which these rows are;
    places: (n,) their positions in it, None when they are all of it.
    """

    rows: int
    columns: Mapping[str, Column] = field(default_factory=dict)
    part: int = 0
    places: NDArray[np.intp] | None = None

    def labels(self, role: str) -> Labels:
        """The label column of that role."""
        column = self.columns[role]
        assert isinstance(column, Labels)
        return column

    def label_sets(self, role: str) -> LabelSets:
        """The column of label sets of that role."""
        column = self.columns[role]
        assert isinstance(column, LabelSets)
        return column

    def numbers(self, role: str) -> Floats:
        """The number column of that role."""
        column = self.columns[role]
        assert isinstance(column, np.ndarray)
        return column

    def vectors(self, role: str) -> Vectors:
        """(n, d) the vectors of that role, numbers of any type."""
        column = self.columns[role]
        assert isinstance(column, np.ndarray)
        assert column.ndim == 2
        return column

    def family(self, role: str) -> Family:
        """The family of that role."""
        column = self.columns[role]
        assert isinstance(column, Family)
        return column

    def texts(self, role: str) -> Texts:
        """The column of text of that role."""
        column = self.columns[role]
        assert isinstance(column, Texts)
        return column

    @property
    def weight(self) -> Floats | None:
        """(n,) weights, or None when every row counts once."""
        return self.numbers("weight") if "weight" in self.columns else None
