"""What is said of slices, whatever it is set in: which of them, what marks them, the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mleval.rendering.numerals import level
from mleval.report import Estimate, SliceRow, SliceTable
from mleval.report_parts import Estimates
from mleval.spec import Slice
from mleval.spelling import quote

SLICES = 40  # more slices than this, and only the worst are shown
WORST = 20
MARK = "*"
INTERVALS = "slice intervals"


@dataclass(frozen=True)
class Shown:
    """A table of slices as it is shown. rows: slice by slice, the gaps between them at the end.

    names, rows, counts: one a line; marks: of each line the metrics that differ from the rest.
    """

    head: str
    names: tuple[str, ...]
    counts: tuple[int | None, ...]
    rows: tuple[Estimates, ...]
    marks: tuple[frozenset[str], ...]
    notes: tuple[str, ...]
    first: str | None


def shown(table: SliceTable) -> Shown:
    """The slices to show, the worst alone when they are many."""
    some = _some(table)
    gaps = _gaps(table)
    marks = [frozenset(s for s, d in row.differences.items() if d.differs) for row in some]
    notes = []
    if len(some) < len(table.slices):
        notes.append(
            f"the {len(some)} worst of {len(table.slices):,} slices"
            + (f" by {table.ordered_by}" if table.ordered_by else "")
            + "; JSON has them all"
        )
    if any(marks):
        notes.append(
            f"{MARK} differs from the mean of the other slices, weighted by their rows "
            f"({_level(table)}, Holm over the slices)"
        )
    return Shown(
        head=table.column,
        names=(*(row.name for row in some), *gaps),
        counts=(*(row.rows for row in some), *(None for _ in gaps)),
        rows=(*(row.metrics for row in some), *gaps.values()),
        marks=(*marks, *(frozenset[str]() for _ in gaps)),
        notes=tuple(notes),
        first=table.ordered_by,
    )


def title(table: SliceTable) -> str:
    """What a table is called where it is folded."""
    return f"{len(table.slices):,} slices by {table.column}"


def of_slice(name: str, column: str, value: str) -> str:
    """The canonical Spec of a slice's metric.

    >>> of_slice("f1", "country", "New Zealand")
    'f1{country="New Zealand"}'
    """
    return f"{name}{{{Slice(column, value)}}}"


def told(table: SliceTable) -> str | None:
    """In one line, between which slices the metric that orders them differs the most."""
    gap = table.gaps.get(table.ordered_by or "")
    if gap is None or gap.highest == gap.lowest:
        return None
    return (
        f"{table.ordered_by} by {table.column}: highest in {quote(gap.highest)}, lowest in "
        f"{quote(gap.lowest)}; the largest of several differences is no fair estimate of one"
    )


def _some(table: SliceTable) -> tuple[SliceRow, ...]:
    return table.slices if len(table.slices) <= SLICES else table.slices[:WORST]


def _gaps(table: SliceTable) -> Mapping[str, Estimates]:
    """The largest difference and the ratio of each metric, as lines below the slices."""
    ratios = {s: Estimate(value=g.ratio) for s, g in table.gaps.items() if g.ratio is not None}
    lines = {
        "largest difference": {s: Estimate(value=g.difference) for s, g in table.gaps.items()},
        "lowest / highest": ratios,
    }
    return {name: line for name, line in lines.items() if line}


def _level(table: SliceTable) -> str:
    levels = (item.level for row in table.slices for item in row.metrics.values())
    return level(next(found for found in levels if found is not None))
