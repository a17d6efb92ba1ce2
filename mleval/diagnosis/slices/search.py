"""The search for weak slices: one after the other, each among the rows that the last ones left."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.rows import Column
from mleval.diagnosis.slices.groups import Grouped, grouped
from mleval.diagnosis.slices.pieces import Mask, Slice
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.slices.tree import leaves

MOST = 10
_SIMPLER = 2.0  # nats that a slice of one more column must add beyond what chance adds
_SMALLEST = 0.01  # of the rows
_FEWEST = 20


def candidates(columns: Mapping[str, Column], lost: Lost) -> list[Slice]:
    """The slices that stand out, the most telling first.

    A slice's strength is how much likelier its losses are if it differs, less the logarithm of
    how many slices of as many columns were looked at, which is what chance makes of the best of
    them. So the simplest slice that explains the losses is found, and not its parts. Its rows are
    put aside before the next is looked for; the search ends where nothing is above chance.
    """
    groups = grouped(columns)
    found: list[Slice] = []
    if not groups:
        return found
    planned = _Planned(groups, leaves(columns, lost))
    held = [(one, one.holds(columns)) for one in planned.leaves]
    left = np.ones(len(lost.loss), np.bool_)
    while len(found) < MOST:
        best, strength = _best(planned, held, lost, left)
        if best is None or strength <= 0:
            break
        found.append(best)
        left &= ~best.holds(columns)
    return found


class _Planned:
    """What is looked at, and the strength that chance gives the best of them, by columns."""

    def __init__(self, groups: list[Grouped], leaves: list[Slice]) -> None:
        self.groups = groups
        self.leaves = leaves
        pieces = [len(group.pieces) for group in groups]
        single, double = sum(pieces), sum(a * b for a, b in combinations(pieces, 2))
        self.chance = {1: math.log(single), 2: math.log(max(double, 1)) + _SIMPLER}
        self.chance[3] = self.chance[2] + self.chance[1] + _SIMPLER


def _best(
    planned: _Planned, held: list[tuple[Slice, Mask]], lost: Lost, left: Mask
) -> tuple[Slice | None, float]:
    """The most telling slice of the rows that are left, and its strength above chance."""
    weight = np.where(left, lost.weight, 0.0)
    here = Lost(lost.loss, weight, lost.counts)
    smallest = max(_SMALLEST * weight.sum(), _FEWEST)
    best: tuple[Slice | None, float] = (None, 0.0)
    baseline = here.baseline()
    if weight.sum() < 2 * smallest:
        return best

    def strongest(rows: Floats, sums: Floats, columns: int) -> tuple[int, float]:
        strength = baseline.strength(rows, sums, smallest)
        at = int(strength.argmax())
        return at, float(strength.flat[at]) - planned.chance[columns]

    for group in planned.groups:
        rows, sums = (group.made_of @ table for table in _tables(here, group))
        at, strength = strongest(rows, sums, 1)
        if strength > best[1]:
            best = Slice((group.pieces[at],)), strength
    for one, other in combinations(planned.groups, 2):
        rows, sums = (one.made_of @ t @ other.made_of.T for t in _tables(here, one, other))
        at, strength = strongest(rows, sums, 2)
        if strength > best[1]:
            a, b = divmod(at, len(other.pieces))
            best = Slice((one.pieces[a], other.pieces[b])), strength
    for leaf, mask in held:
        inside = weight[mask]
        count, total = np.array([inside.sum()]), np.array([inside @ lost.loss[mask]])
        strength = strongest(count, total, min(len(leaf.pieces), 3))[1]
        if strength > best[1]:
            best = leaf, strength
    return best


def _tables(lost: Lost, *groups: Grouped) -> tuple[Floats, Floats]:
    """Rows and losses by the groups of one column or of two, one axis each."""
    shape = tuple(group.made_of.shape[1] for group in groups)
    codes = groups[0].codes
    for group, size in zip(groups[1:], shape[1:], strict=True):
        codes = codes * np.int32(size) + group.codes
    cells = math.prod(shape)
    rows = np.bincount(codes, lost.weight, cells).reshape(shape)
    return rows, np.bincount(codes, lost.weight * lost.loss, cells).reshape(shape)
