"""Weak slices, found on one half of the rows and confirmed on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Exhibit, Finding, Gain, Part, Ranged
from mleval.diagnosis.halves import first_half
from mleval.diagnosis.rows import Category, Column
from mleval.diagnosis.slices.confirm import Tested, tested
from mleval.diagnosis.slices.giveaways import without_giveaways
from mleval.diagnosis.slices.groups import taken
from mleval.diagnosis.slices.pieces import Slice
from mleval.diagnosis.slices.search import candidates
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.wording import number, percent, points

CHANCE = 0.01  # that any slice is named where none is worse than the others
MATTERS = 0.01  # of all that is lost: what a slice holds beyond its share to be named
_SEARCHED = 100_000  # rows at most
_TAIL = 0.99  # quantile
_FEWEST = 100  # rows of which halves can say something


class Sliced(Protocol):
    """Rows that have other columns; see ClassifiedRows."""

    @property
    def others(self) -> Mapping[str, Column]:
        """The columns by name."""
        ...

    @property
    def weight(self) -> Floats | None:
        """(n,) weights."""
        ...

    @property
    def ids(self) -> Category | None:
        """(n,) what identifies them."""
        ...

    @property
    def numbers(self) -> NDArray[np.int64]:
        """(n,) where they stand."""
        ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What rows lose, and how that is told.

    loss: (n,) of each row; counts: whether it is 0 or 1; called: what its mean is called; metric,
    now, sign: the metric that it moves, its value, and in which direction; lost: all that is lost
    on average; flipped: whether readers know 1 less the loss.
    """

    part: Part
    loss: Floats
    counts: bool
    called: str
    metric: str
    now: float
    sign: int
    lost: float
    flipped: bool = False

    def reads(self, mean: Ranged) -> Ranged:
        """A mean loss as a reader knows it."""
        if not self.flipped or mean.value is None or mean.low is None or mean.high is None:
            return mean
        return Ranged(1 - mean.value, 1 - mean.high, 1 - mean.low)


@dataclass(frozen=True, slots=True)
class WeakSlices:
    """What was found, and what was looked at. slices: of the findings."""

    findings: tuple[Finding, ...] = ()
    slices: tuple[Slice, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    notes: tuple[str, ...] = ()


def weak_slices(rows: Sliced, judged: Judged, level: float = 0.95) -> WeakSlices:
    """Slices of one to three other columns that lose more than the rest of the rows."""
    columns, told = without_giveaways(rows.others, judged.loss)
    if not columns:
        return WeakSlices(notes=told)
    if len(rows) < _FEWEST:
        few = f"no slices are looked for in under {_FEWEST} rows"
        return WeakSlices(notes=(*told, few))
    searched = first_half(rows.numbers, rows.ids)
    at = np.flatnonzero(searched)
    at = at[:: -(-len(at) // _SEARCHED)]
    slices = candidates(taken(columns, at), _lost(rows, judged, _without_tail(judged), at))
    rest = np.flatnonzero(~searched)
    found = tested(slices, taken(columns, rest), _lost(rows, judged, judged.loss, rest), level)
    named = [one for one in found if one.p <= CHANCE and _recovered(one, judged) >= MATTERS]
    note = (
        f"slices by {len(columns)} columns: {len(slices)} stood out in {len(at):,} rows, "
        f"{len(named)} confirmed in the other {len(rest):,} (Holm, p ≤ {CHANCE})"
    )
    return WeakSlices(
        tuple(_finding(one, judged) for one in named),
        tuple(one.slice for one in named),
        (_exhibit(found, judged),) if found else (),
        (*told, note),
    )


def _lost(rows: Sliced, judged: Judged, loss: Floats, at: NDArray[np.intp]) -> Lost:
    weight = None if rows.weight is None else rows.weight[at]
    return Lost.of(loss[at], weight, counts=judged.counts)


def _without_tail(judged: Judged) -> Floats:
    """(n,) losses to search by: none so large that a slice is chosen for one of its rows."""
    if judged.counts:
        return judged.loss
    return np.minimum(judged.loss, np.quantile(judged.loss, _TAIL))


def _fewer(one: Tested) -> Ranged:
    """How much less all rows would lose on average, were the slice as good as the rest."""
    assert one.worse.value is not None
    assert one.worse.low is not None
    assert one.worse.high is not None
    return Ranged(*(one.share * end for end in (one.worse.value, one.worse.low, one.worse.high)))


def _recovered(one: Tested, judged: Judged) -> float:
    """The part of all that is lost that this is."""
    return (_fewer(one).value or 0.0) / judged.lost if judged.lost else 0.0


def _finding(one: Tested, judged: Judged) -> Finding:
    fewer = _fewer(one)
    assert fewer.value is not None
    ends = [judged.sign * end for end in (fewer.low, fewer.high) if end is not None]
    change = judged.sign * fewer.value
    shown = percent if judged.counts else number
    shown_difference = points if judged.counts else number
    inside, rest = judged.reads(one.inside), judged.reads(one.rest)
    says = (
        f"{one.slice}: {judged.called} {shown(inside.value)} in {one.rows:,} rows, "
        f"{shown(rest.value)} in the rest: {shown_difference(one.worse)} "
        f"{'less' if judged.flipped else 'more'}"
    )
    return Finding(
        part=judged.part,
        kind="weak_slice",
        says=says,
        gain=Gain(
            judged.metric,
            judged.now,
            judged.now + change,
            Ranged(change, min(ends), max(ends)),
            min(_recovered(one, judged), 1.0),
        ),
        step=f"Look at the rows where {one.slice}: their data and labels, how many were fitted on",
        columns=one.slice.columns,
        evidence={
            "slice": str(one.slice),
            "rows": one.rows,
            "share": one.share,
            "inside": inside.value,
            "rest": rest.value,
            "difference": one.worse.value,
            "low": one.worse.low,
            "high": one.worse.high,
            "p": one.p,
        },
    )


def _exhibit(found: Sequence[Tested], judged: Judged) -> Exhibit:
    rows = tuple(
        (
            str(one.slice),
            one.rows,
            judged.reads(one.inside),
            judged.reads(one.rest),
            one.worse,
            one.p,
        )
        for one in found
    )
    return Exhibit(
        name="slices",
        title="slices that stood out, on the rows that did not choose them",
        columns=("slice", "rows", judged.called, "rest", "worse by", "p"),
        rows=rows,
        note="each without the rows of those above it; p by Holm over them",
    )
