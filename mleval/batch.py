"""Batch: rows of predictions, their columns found by role. What readers make and states fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["label", "number", "family", "text", "nested"]


@dataclass(frozen=True, slots=True)
class Role:
    """What a column is for, and what it holds.

    `label`: text compared as a class; `number`: float64; `family`: one number column a class;
    `text`: kept as it is (ids); `nested`: lists and objects as the format has them, or their text.
    """

    name: str
    kind: Kind


CLASSIFY_ROLES = (
    Role("truth", "label"),
    Role("prediction", "label"),
    Role("score", "number"),
    Role("probabilities", "family"),
    Role("weight", "number"),
    Role("id", "text"),
)


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


Column = Labels | Family | Floats


@dataclass(frozen=True, slots=True)
class Batch:
    """`rows` rows; `columns` by role name; no column holds a missing value any more.

    `weight` is absent when every row counts once.
    """

    rows: int
    columns: Mapping[str, Column] = field(default_factory=dict)

    def labels(self, role: str) -> Labels:
        """The label column of that role."""
        column = self.columns[role]
        assert isinstance(column, Labels)
        return column

    def numbers(self, role: str) -> Floats:
        """The number column of that role."""
        column = self.columns[role]
        assert isinstance(column, np.ndarray)
        return column

    def family(self, role: str) -> Family:
        """The family of that role."""
        column = self.columns[role]
        assert isinstance(column, Family)
        return column

    @property
    def weight(self) -> Floats | None:
        """(n,) weights, or None when every row counts once."""
        return self.numbers("weight") if "weight" in self.columns else None
