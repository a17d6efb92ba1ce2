"""Finding, Exhibit, Section: what an examination tells, whatever it is set in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["data", "fit", "threshold", "calibration", "residuals", "errors", "texts"]


@dataclass(frozen=True, slots=True)
class Ranged:
    """A number with its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


Cell = str | int | float | Ranged | None
"""What a table of evidence holds: texts are labels from the data or words of ours, never markup."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What mending it could gain: a metric now, and what it would become.

    metric: a Spec's text; now, then: its values; difference: then - now with its interval, from
    rows that did not choose `then`; recovers: what part of all that is lost that is, 0-1 (of
    errors, of loss), by which findings of different metrics are put in order.
    """

    metric: str
    now: float
    then: float
    difference: Ranged
    recovers: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, with its evidence.

    kind: what it is, in snake case, the same from version to version; says: a sentence with its
    numbers; spoils: whether the numbers themselves cannot be trusted until it is mended (leakage,
    conflicting duplicates), which comes before any gain; step: what to do, an imperative sentence,
    None where nothing follows; columns: those it is about; evidence: the numbers of the sentence,
    unrounded, by name.
    """

    part: Part
    kind: str
    says: str
    spoils: bool = False
    gain: Gain | None = None
    step: str | None = None
    columns: tuple[str, ...] = ()
    evidence: Mapping[str, float | str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table of evidence: (rows, columns) cells.

    note: what to know of it, where that helps; most: of its rows a page has room for so many, for
    none where it is 0; JSON has all. aside: whether a terminal only names it, as no finding is
    read off it alone.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    most: int = 6
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What the examination of one part tells. notes: what was looked at and what was left out."""

    part: Part
    findings: tuple[Finding, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    notes: tuple[str, ...] = ()
