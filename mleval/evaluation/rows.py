"""Rows that are kept, for what couples states, runs or rows: memory grows with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats

_STATES = 4  # of which it is known where rows are in them: an integer a row each
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Rows:
    """All rows that count, as they were parsed, in the order of the input.

    >>> both = Rows((Batch(2, {"weight": np.array([1.0, 3.0])}), Batch(0, {"weight": np.ones(0)})))
    >>> both.weight.tolist()
    [1.0, 3.0]
    """

    batches: tuple[Batch, ...]

    @cached_property
    def weight(self) -> Floats:
        """(n,) weights; ones where every row counts once."""
        return self.each(lambda b: np.ones(b.rows) if b.weight is None else b.weight)

    def places(self, state: object, of: Callable[[Batch], NDArray[np.intp]]) -> NDArray[np.intp]:
        """(n,) where each row is in a state, as `of` finds it; remembered of a few states."""
        held = self._held
        if id(state) not in held:
            if len(held) == _STATES:
                del held[next(iter(held))]
            held[id(state)] = (state, self.each(of))  # held, no other state has its id
        return held[id(state)][1]

    @cached_property
    def _held(self) -> dict[int, tuple[object, NDArray[np.intp]]]:
        return {}

    def each(self, of: Callable[[Batch], NDArray[Number]]) -> NDArray[Number]:
        """(n,) what is computed of the rows of each batch."""
        return np.concatenate([of(batch) for batch in self.batches])
