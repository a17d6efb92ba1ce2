"""Sliced: the states of each slice. Rows wait until they are many, since each slice costs a call.

A slice of a chunk has few rows, and a state of few rows costs as much as one of a thousand. So
chunks wait until there are `BLOCK` rows of them, which are sorted by slice and summed up: memory
does not grow with the rows, unless the states themselves do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch
from mleval.errors import InputError
from mleval.evaluation.evaluator import Plan
from mleval.evaluation.slices.rows import between, bytes_of, joined, ordered, without
from mleval.reading import By, Slicing
from mleval.reading.slicing import role_of
from mleval.visible import quoted

BLOCK = 1 << 19  # rows that are summed up together
BLOCK_BYTES = 1 << 28  # or fewer rows that are wide
Key = tuple[str | None, ...]  # the value in each column, None where it is missing


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept of the rows of a slice. support: Σw; states: by name."""

    rows: int
    support: float
    states: Mapping[str, Any]

    def merge(self, other: Part) -> Part:
        """Of both."""
        merged = dict(self.states)
        for name, state in other.states.items():
            merged[name] = merged[name].merge(state) if name in merged else state
        return Part(self.rows + other.rows, self.support + other.support, merged)


@dataclass(frozen=True, slots=True)
class SlicingPlan:
    """plan: which states are kept of a slice; most: slices that a table may have."""

    slicing: Slicing
    plan: Plan
    most: int

    def of(self, batch: Batch) -> Sliced:
        """The slices of one batch."""
        return Sliced(self, (batch,), batch.rows)


@dataclass(frozen=True)
class Sliced:
    """For each table its slices: summed up, and `waiting` rows that are not yet."""

    plan: SlicingPlan
    waiting: tuple[Batch, ...] = ()
    rows: int = 0
    parts: Mapping[By, Mapping[Key, Part]] = field(default_factory=dict)

    def merge(self, other: Sliced) -> Sliced:
        """Of both; InputError for more slices than there may be."""
        waiting, rows = self.waiting + other.waiting, self.rows + other.rows
        both = Sliced(self.plan, waiting, rows, self._with(other.parts))
        full = rows >= BLOCK or sum(map(bytes_of, waiting)) >= BLOCK_BYTES
        return both.settled() if full else both

    def settled(self) -> Sliced:
        """With no rows waiting."""
        waiting = [batch for batch in self.waiting if batch.rows]
        if not waiting:
            return replace(self, waiting=(), rows=0)
        batch = joined(waiting)
        fresh = {by: dict(self._parts_of(batch, by)) for by in self.plan.slicing.by}
        return Sliced(self.plan, (), 0, self._with(fresh))

    def _with(self, others: Mapping[By, Mapping[Key, Part]]) -> Mapping[By, Mapping[Key, Part]]:
        if not others:
            return self.parts
        merged = {by: dict(parts) for by, parts in self.parts.items()}
        for by, parts in others.items():
            mine = merged.setdefault(by, {})
            for key, part in parts.items():
                mine[key] = mine[key].merge(part) if key in mine else part
            self._refuse_ids(by, mine)
        return merged

    def _refuse_ids(self, by: By, parts: Mapping[Key, Part]) -> None:
        if len(parts) <= self.plan.most:
            return
        rows = sum(part.rows for part in parts.values())
        name, example = "*".join(by), next(iter(parts))
        raise InputError(
            f"--by {name}: more than {self.plan.most:,} slices in {rows:,} rows, such as "
            f"{quoted(' '.join(map(str, example)))}: it looks like an id",
            hint="numbers go in bins: --bins 4; for slices so small: --max-slices N",
        )

    def _parts_of(self, batch: Batch, by: By) -> Iterator[tuple[Key, Part]]:
        codes, keys = coded(self.plan.slicing, batch, by)
        rows = np.bincount(codes, minlength=len(keys))
        if len(keys) > self.plan.most:
            self._refuse_ids(by, {k: Part(int(n), 0, {}) for k, n in zip(keys, rows, strict=True)})
        narrow = codes.astype(np.int16 if len(keys) < 1 << 15 else np.int64)  # sorts by radix
        order = np.argsort(narrow, kind="stable")
        others = [role_of(column) for column in self.plan.slicing.kinds]
        whole = ordered(without(batch, others), order)
        end = 0
        for key, size in zip(keys, rows.tolist(), strict=True):
            start, end = end, end + size
            mine = between(whole, start, end)
            support = size if mine.weight is None else float(mine.weight.sum())
            yield key, Part(size, float(support), self.plan.plan.states_of(mine))


def coded(slicing: Slicing, batch: Batch, by: By) -> tuple[NDArray[np.int64], list[Key]]:
    """(n,) the slice of each row, and the value of each in every column."""
    codes: NDArray[np.int64] = np.zeros(batch.rows, np.int64)
    keys: list[Key] = [()]
    for column in by:
        mine, names = slicing.codes(batch, column)
        codes = codes * (len(names) + 1) + mine + 1
        seen, codes = np.unique(codes, return_inverse=True)
        values = (None, *names)
        pairs = (divmod(int(code), len(values)) for code in seen)
        keys = [(*keys[before], values[value]) for before, value in pairs]
    return codes, keys
