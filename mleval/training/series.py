"""Series and curves: what was recorded, and what was recorded of the same thing twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.training.names import Split
from mleval.training.settings import Goal


@dataclass(frozen=True)
class Series:
    """One thing recorded over the points of a run.

    name: as the file has it; key: as a gate spells it; metric: what it measures; split: on which
    part of the data, None where nobody said; goal, why: which way is better and how that is known;
    values: (n,) nan where there is none or it is no number; present: (n,) where there is one.
    """

    name: str
    key: str
    metric: str
    split: Split | None
    goal: Goal | None
    why: str
    values: Floats
    present: NDArray[np.bool_]

    @property
    def places(self) -> NDArray[np.intp]:
        """The points at which it is a finite number."""
        return np.flatnonzero(self.present & np.isfinite(self.values))

    @property
    def sign(self) -> float:
        """What turns it into something that is better when it is less."""
        return -1.0 if self.goal == "max" else 1.0

    @property
    def best(self) -> int | None:
        """The point where it is best, the first of equals; None without a goal or a number."""
        places = self.places
        if self.goal is None or not len(places):
            return None
        return int(places[np.argmin(self.sign * self.values[places])])

    @property
    def last(self) -> int | None:
        """The last point at which there is a value, be it nan."""
        held = np.flatnonzero(self.present)
        return int(held[-1]) if len(held) else None


@dataclass(frozen=True)
class Curve:
    """What was recorded of one metric: on training data, on others, or either alone."""

    name: str
    train: Series | None
    validation: Series | None

    @property
    def judged(self) -> Series:
        """That by which epochs are compared: validation, where there is any."""
        found = self.validation or self.train
        assert found is not None
        return found

    def gap(self, point: int) -> float | None:
        """How much worse validation is than training at a point; None where either is missing."""
        if self.train is None or self.validation is None or self.judged.goal is None:
            return None
        apart = self.validation.values[point] - self.train.values[point]
        return float(apart * self.judged.sign) if np.isfinite(apart) else None
