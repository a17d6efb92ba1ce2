"""Rows that come again: the same in every column, or with another truth.

Rows of few short categories are alike by nature, so rows are only compared where a column of
numbers tells most of them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Finding
from mleval.diagnosis.rows import Category, ClassifiedRows, Column, PredictedRows
from mleval.diagnosis.wording import percent

Keys = NDArray[np.uint64]
_TELLING = 0.5  # of the rows have a number of their own in a column that tells them apart


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was found of rows that come again, and what was looked at."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def repeated(rows: ClassifiedRows | PredictedRows) -> Repeated:
    """Duplicates, and rows that are the same in all but their truth."""
    if not tells_apart(rows.others):
        return Repeated()
    keys = keys_of(rows.others)
    findings = [*_conflicts(rows, keys), *_duplicates(rows, keys)]
    note = f"no two rows are the same in the {len(rows.others)} other columns"
    return Repeated(tuple(findings), () if findings else (note,))


def tells_apart(others: Mapping[str, Column]) -> bool:
    """Whether a column has a number of its own in most rows."""
    return any(
        not isinstance(column, Category) and _distinct(column) > _TELLING * len(column)
        for column in others.values()
    )


def _distinct(values: Floats) -> int:
    """How many different numbers, where they have decimals: counts and places come again."""
    some = values[:: max(1, len(values) // 10_000)]
    if not (np.nan_to_num(some) % 1).any():
        return 0
    return int(len(values) * len(np.unique(some)) / max(1, len(some)))


def keys_of(others: Mapping[str, Column], *more: Any) -> Keys:
    """(n,) a key of each row, the same for rows that are the same in all columns.

    Of 64 bits: that two of a million rows share one by chance is a matter of 1 in 10⁷.
    """
    found: Keys | None = None
    for name in sorted(others):
        column = others[name]
        values = _spelled(column) if isinstance(column, Category) else _bits(column)
        found = values if found is None else mixed(found) ^ values
    for extra in more:
        found = (
            _bits(np.asarray(extra, np.float64))
            if found is None
            else (mixed(found) ^ _bits(np.asarray(extra, np.float64)))
        )
    assert found is not None
    return mixed(found)


def _spelled(column: Category) -> Keys:
    """By the spelling, so that keys of two files are alike."""
    import hashlib

    digests = [
        int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
        for name in column.names
    ]
    return np.array([*digests, 0], np.uint64)[column.codes]


def _bits(values: Floats) -> Keys:
    """0 and −0 are the same; so is every nan."""
    plain = np.where(np.isnan(values), np.nan, values + 0.0)
    return mixed(np.ascontiguousarray(plain).view(np.uint64))


def mixed(keys: Keys) -> Keys:
    """Every bit of a key spread over all: splitmix64. Source: Steele, Lea & Flood 2014."""
    found = keys + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))


def _conflicts(rows: ClassifiedRows | PredictedRows, keys: Keys) -> list[Finding]:
    """Rows of which the truth differs, and nothing else."""
    groups = _groups(keys)
    if groups is None:
        return []
    order, starts = groups
    truth = np.asarray(rows.truth)[order]
    low = np.minimum.reduceat(truth, starts)
    high = np.maximum.reduceat(truth, starts)
    sizes = np.diff([*starts.tolist(), len(order)])
    differ = low != high
    if not differ.any():
        return []
    count = int(sizes[differ].sum())
    first = rows.numbers[order[starts[int(differ.argmax())]]]
    return [
        Finding(
            part="data",
            kind="conflicting_duplicates",
            says=f"{count:,} rows ({percent(count / len(rows))}) are the same as others in all "
            f"columns but the truth, such as row {first:,}: no model can be right in all of them",
            spoils=True,
            step="Settle which truth is right in the rows that are the same but for it",
            evidence={
                "rows": float(count),
                "groups": float(differ.sum()),
                "share": count / len(rows),
                "first": float(first),
            },
        )
    ]


def _duplicates(rows: ClassifiedRows | PredictedRows, keys: Keys) -> list[Finding]:
    """Rows that are the same in truth and prediction too: they count several times."""
    whole = mixed(keys ^ _bits(np.asarray(rows.truth, np.float64)))
    whole = mixed(whole ^ _bits(np.asarray(rows.predicted, np.float64)))
    groups = _groups(whole)
    if groups is None:
        return []
    order, starts = groups
    again = len(order) - len(starts)
    first = rows.numbers[order[starts[0]]]
    return [
        Finding(
            part="data",
            kind="duplicate_rows",
            says=f"{again:,} rows ({percent(again / len(rows))}) come again the same in every "
            f"column, such as row {first:,}: they count several times, and intervals are too short",
            step="Leave out the rows that come again, and evaluate again",
            evidence={
                "rows": float(again),
                "groups": float(len(starts)),
                "share": again / len(rows),
                "first": float(first),
            },
        )
    ]


def _groups(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    """The rows whose keys come again, group by group, and where each group begins; None for none.

    Within a group the rows are in their order.
    """
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    if not same.any():
        return None
    within = np.append(same, False) | np.insert(same, 0, False)
    order, fresh = order[within], ~np.insert(same, 0, False)[within]
    return order, np.flatnonzero(fresh)
