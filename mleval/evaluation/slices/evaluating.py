"""The tables of slices: few rows folded, every metric read of each, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.evaluation.findings import Findings
from mleval.evaluation.slices.sliced import Key, Part, Sliced
from mleval.reading import By, Slicing
from mleval.report import Difference, Estimate, Gap, SliceRow, SliceTable
from mleval.report_parts import Estimates
from mleval.report_slices import SliceKind, badness
from mleval.uncertainty.contrasts import against_others, holm

Measure = Callable[[Mapping[str, Any], int], tuple[Estimates, float | None]]
"""Of states, of so many rows: the metrics, and of how many degrees of freedom, where few."""
Together = Callable[[Sequence[Mapping[str, Any]]], bool]
"""Of the states of slices: whether rows of several may have been drawn together."""
MISSING, OTHER = "(missing)", "(other)"


def slice_tables(
    sliced: Sliced, least: int, findings: Findings, measure: Measure, together: Together
) -> tuple[SliceTable, ...]:
    """A table for each `--by`. least: rows of a slice; measure: the metrics of one.

    Slices of which rows were drawn `together` are not told from the rest.

    Raises InputError for a column that tells nothing apart.
    """
    plan = sliced.plan
    settled = sliced.settled().parts
    return tuple(
        _table(plan.slicing, by, settled[by], least, findings, measure, together)
        for by in plan.slicing.by
    )


def _table(
    slicing: Slicing,
    by: By,
    parts: Mapping[Key, Part],
    least: int,
    findings: Findings,
    measure: Measure,
    together: Together,
) -> SliceTable:
    names = names_of({key: part.rows for key, part in parts.items()}, least)
    small = {key: part for key, part in parts.items() if names[key][1] == "other"}
    kept = {key: part for key, part in parts.items() if key not in small}
    column = "*".join(by)
    _require_several(column, parts, small, kept, least)
    named = [(*names[key], kept[key]) for key in _in_order(kept)]
    if small:
        folded = reduce(Part.merge, small.values())
        named.append((*names[next(iter(small))], folded))
        count = "1 slice" if len(small) == 1 else f"{len(small):,} slices"
        findings.notice(
            f"--by {column}: {count} under {least:,} rows, {folded.rows:,} in all, "
            f"{'is' if len(small) == 1 else 'are'} taken together as {named[-1][0]} (--min-slice)"
        )
    with ThreadPoolExecutor(2) as pool:  # sorting and sums let go of the lock
        found = pool.map(lambda part: measure(part.states, part.rows), [p for *_, p in named])
        rows = [
            SliceRow(
                name=name, kind=kind, rows=p.rows, support=p.support, metrics=mine, degrees=degrees
            )
            for (name, kind, p), (mine, degrees) in zip(named, found, strict=True)
        ]
    if together([part.states for *_, part in named]):
        findings.notice(
            f"--by {column}: clusters have rows in several slices, so it is not tested which "
            "slices differ from the rest"
        )
    else:
        rows = _compared(rows)
    ordered_by = _criterion(rows)
    return SliceTable(
        column=column,
        slices=tuple(sorted(rows, key=lambda row: _badness(row, ordered_by))),
        ordered_by=ordered_by,
        folded=len(small),
        bins={c: slicing.binnings[c].edges for c in by if c in slicing.binnings},
        gaps=_gaps(rows),
    )


def any_value(key: Key) -> bool:
    """Whether there is a value in any column."""
    return any(value is not None for value in key)


def _require_several(
    column: str,
    parts: Mapping[Key, Part],
    small: Mapping[Key, Part],
    kept: Mapping[Key, Part],
    least: int,
) -> None:
    """InputError where there would be but one slice."""
    if len(parts) == 1:
        (key, part), *_ = parts.items()
        held = f"the same value, '{_told(key)}'" if any_value(key) else "no value"
        raise InputError(
            f"--by {column}: all {part.rows:,} rows have {held}: there is nothing to compare",
            hint="name a column that has several values",
        )
    if len(kept) + bool(small) == 1:
        rows = max(part.rows for part in small.values())
        raise InputError(
            f"--by {column}: all {len(small):,} slices have under {least:,} rows (the largest "
            f"{rows:,}): it looks like an id",
            hint=f"name a column with fewer values, or --min-slice {rows}",
        )


def names_of(rows: Mapping[Key, int], least: int) -> dict[Key, tuple[str, SliceKind]]:
    """What the slice of each key is called; those of fewer rows than `least` are one.

    What is ours to name gives way to the values of the column.
    """
    small = {key for key, count in rows.items() if count < least and any_value(key)}
    found: dict[Key, tuple[str, SliceKind]] = {}
    taken: set[str] = set()
    for key in _in_order(key for key in rows if key not in small):
        kind: SliceKind = "value" if any_value(key) else "missing"
        found[key] = (_free(_told(key), taken), kind)
        taken.add(found[key][0])
    return found | dict.fromkeys(small, (_free(OTHER, taken), "other"))


def _in_order(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (None in key, [value or "" for value in key]))


def _told(key: Key) -> str:
    return "*".join(MISSING if value is None else value for value in key)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"({name})"
    return name


def _criterion(rows: Sequence[SliceRow]) -> str | None:
    """The first metric that tells better from worse, and has a value somewhere."""
    for spec, item in rows[0].metrics.items():
        known = any(row.metrics[spec].value is not None for row in rows)
        if item.goal != "none" and known:
            return spec
    return None


def _badness(row: SliceRow, spec: str | None) -> tuple[bool, bool, float]:
    """What slices are sorted by: the worst first, those without a value, then the others'."""
    cost = None if spec is None else badness(row.metrics[spec])
    return row.kind == "other", cost is None, -row.rows if cost is None else -cost


def _gaps(rows: Sequence[SliceRow]) -> dict[str, Gap]:
    """For each metric that several groups have."""
    found = {}
    for spec in rows[0].metrics:
        groups = {row.name: row.metrics[spec].value for row in rows if row.kind != "other"}
        known = {name: value for name, value in groups.items() if value is not None}
        if len(known) < 2:
            continue
        lowest, highest = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
        low, high = known[lowest], known[highest]
        ratio = low / high if low >= 0 < high else None
        found[spec] = Gap(highest=highest, lowest=lowest, difference=high - low, ratio=ratio)
    return found


def _compared(rows: Sequence[SliceRow]) -> list[SliceRow]:
    """With the difference of each from the rest, for the metrics that have intervals."""
    differences: list[dict[str, Difference]] = [{} for _ in rows]
    for spec in rows[0].metrics:
        places = [at for at, row in enumerate(rows) if _has_interval(row.metrics[spec])]
        if len(places) < 2:
            continue
        items = [rows[at].metrics[spec] for at in places]
        value, low, high = (
            np.array([getattr(item, end) for item in items], np.float64)
            for end in ("value", "low", "high")
        )
        level = float(items[0].level or 0.0)
        weight = np.array([rows[at].support for at in places])
        found = against_others(value, low, high, weight, level)
        adjusted = holm(found.p)
        for at, *numbers in zip(places, found.value, found.low, found.high, adjusted, strict=True):
            difference, lowest, highest, p = map(float, numbers)
            differences[at][spec] = Difference(
                value=difference, low=lowest, high=highest, p=p, differs=p < 1 - level
            )
    pairs = zip(rows, differences, strict=True)
    return [replace(row, differences=mine) for row, mine in pairs]


def _has_interval(item: Estimate) -> bool:
    ends = (item.value, item.low, item.high)
    return all(end is not None and np.isfinite(end) for end in ends)
