"""Slices: the same metrics of parts of the rows, as a report holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mleval.report_parts import Estimate, Estimates, from_dicts, to_dicts

SliceKind = Literal["value", "missing", "other"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far a slice lies from the rest: the mean of the other slices, weighted by their rows.

    value: slice less rest; low, high: its interval; p: adjusted by Holm over the slices of the
    table, for each metric by itself; differs: whether that p is below 1 − level.
    """

    value: float
    low: float
    high: float
    p: float
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The largest difference between groups of a metric: of `highest` and `lowest`, by name.

    ratio: lowest over highest, from 0 to 1; None where a value is below 0, or both are 0. It is a
    maximum, so it is above 0 even where chance alone makes the groups differ: no interval.
    """

    highest: str
    lowest: str
    difference: float
    ratio: float | None = None


@dataclass(frozen=True, kw_only=True)
class SliceRow:
    """One slice. rows: how many; support: their weight; metrics, differences: by canonical Spec.

    kind: `value` of the column; `missing`: no value; `other`: those with few rows together;
    degrees: of freedom of its intervals, where they are of clusters, which may be few.
    """

    name: str
    rows: int
    support: float
    kind: SliceKind = "value"
    metrics: Estimates = field(default_factory=dict)
    differences: Mapping[str, Difference] = field(default_factory=dict)
    degrees: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON fields."""
        return {
            "name": self.name,
            "kind": self.kind,
            "rows": self.rows,
            "support": self.support,
            "metrics": to_dicts(self.metrics),
            "differences": {spec: dict(vars(item)) for spec, item in self.differences.items()},
            **({} if self.degrees is None else {"degrees": self.degrees}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SliceRow:
        """The inverse of `to_dict`."""
        differences = {spec: Difference(**item) for spec, item in data["differences"].items()}
        plain = {name: data[name] for name in ("name", "kind", "rows", "support")}
        return cls(
            **plain,
            metrics=from_dicts(data["metrics"]),
            differences=differences,
            degrees=data.get("degrees"),
        )


@dataclass(frozen=True, kw_only=True)
class SliceTable:
    """The slices by one column, or by several crossed (`country*device`), the worst first.

    ordered_by: the metric by which they are the worst, None where none tells better from worse;
    slices without a value of it come after the others, and that of `other` rows last. folded: how
    many slices are in it. bins: column → the edges of its bins, ascending. gaps: by canonical
    Spec, over all slices but `other`.

    >>> table = SliceTable(column="country", slices=(SliceRow(name="DE", rows=9, support=9.0),))
    >>> table["DE"].rows, SliceTable.from_dict(table.to_dict()) == table
    (9, True)
    """

    column: str
    slices: tuple[SliceRow, ...] = ()
    ordered_by: str | None = None
    folded: int = 0
    bins: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict)

    def __getitem__(self, name: str) -> SliceRow:
        """The slice of that name; KeyError when there is none."""
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str) -> SliceRow | None:
        """The slice of that name, if there is one."""
        return next((row for row in self.slices if row.name == name), None)

    def like(self, name: str | None) -> str:
        """For a hint: the slices that are called almost so, or the first."""
        from difflib import get_close_matches

        names = [row.name for row in self.slices]
        near = get_close_matches(name or "", names)
        return f"did you mean {', '.join(near)}?" if near else f"slices: {', '.join(names[:5])}"

    def worst(self, spec: str) -> SliceRow | None:
        """The slice with the worst value of a metric; None where none has one, or it has no goal.

        spec: its canonical spelling, as in `metrics`.
        """
        items = {row.name: row.metrics[spec] for row in self.slices if spec in row.metrics}
        costs = {name: badness(item) for name, item in items.items()}
        known = {name: cost for name, cost in costs.items() if cost is not None}
        return self[max(known, key=known.__getitem__)] if known else None

    def to_dict(self) -> dict[str, Any]:
        """JSON fields."""
        return {
            "column": self.column,
            "ordered_by": self.ordered_by,
            "folded": self.folded,
            "bins": {column: list(edges) for column, edges in self.bins.items()},
            "slices": [row.to_dict() for row in self.slices],
            "gaps": {spec: dict(vars(gap)) for spec, gap in self.gaps.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SliceTable:
        """The inverse of `to_dict`."""
        return cls(
            column=data["column"],
            ordered_by=data["ordered_by"],
            folded=data["folded"],
            bins={column: tuple(edges) for column, edges in data["bins"].items()},
            slices=tuple(map(SliceRow.from_dict, data["slices"])),
            gaps={spec: Gap(**gap) for spec, gap in data["gaps"].items()},
        )


def badness(item: Estimate) -> float | None:
    """How bad a value is, on a scale where more is worse; None where nothing tells.

    >>> badness(Estimate(value=0.8, goal="max")), badness(Estimate(value=-2.0, goal="zero"))
    (-0.8, 2.0)
    """
    value = item.value
    if value is None:
        return None
    return {"max": -value, "min": value, "zero": abs(value)}.get(item.goal)
