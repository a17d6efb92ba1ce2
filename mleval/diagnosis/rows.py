"""The rows that are examined, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.reading.texts import Segments

Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Category:
    """A column of categories: (n,) codes into names; -1 where a cell is empty.

    names: of ids, which are many, a sequence that makes each text when it is asked for.
    """

    codes: Codes
    names: Sequence[str]


Column = Floats | Category
"""One other column of the rows: (n,) numbers, nan where empty; or categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedRows:
    """(n,) rows of a binary or multiclass classification, those that count.

    classes: by code; truth, predicted: (n,) codes into classes; positive: its code in a binary
    task, None in others; probability: (n, K) of every class, or (n,) of the positive one, None
    where there is none; score: (n,) that ranks the positive class, also where it is no probability;
    threshold: at which scores are predicted positive, None where predictions are not cut from
    scores; weight: (n,) or None; others: the columns that have no other role, by name; left_out:
    name → why of those that cannot be looked at (a text a row, one value); ids: (n,) or None;
    fold: the column of that role; numbers: (n,) where rows stand in the input, from 1.
    """

    classes: tuple[str, ...]
    truth: Codes
    predicted: Codes
    positive: int | None = None
    probability: Floats | None = None
    score: Floats | None = None
    threshold: float | None = None
    weight: Floats | None = None
    others: Mapping[str, Column]
    left_out: Mapping[str, str]
    ids: Category | None = None
    fold: Category | None = None
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def task(self) -> Literal["binary", "multiclass"]:
        """What they are rows of."""
        return "multiclass" if self.positive is None else "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedRows:
    """(n,) rows of a regression, those that count; the other fields as of ClassifiedRows."""

    truth: Floats
    predicted: Floats
    weight: Floats | None = None
    others: Mapping[str, Column]
    left_out: Mapping[str, str]
    ids: Category | None = None
    fold: Category | None = None
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def task(self) -> Literal["regress"]:
        """What they are rows of."""
        return "regress"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRows:
    """(n,) texts and what they are compared with.

    segments: the texts, and where they are; scores: Spec → (n,) of each text alone, nan where it
    has no value; metric: that of them by which texts are judged.
    """

    segments: Segments
    scores: Mapping[str, Floats]
    metric: str

    def __len__(self) -> int:
        return len(self.segments)

    @property
    def task(self) -> Literal["text"]:
        """What they are rows of."""
        return "text"
