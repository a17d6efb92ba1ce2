"""How the rows that are wrong differ from those that are right, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Cell, Exhibit
from mleval.diagnosis.rows import Category, Column
from mleval.diagnosis.slices.pieces import Mask
from mleval.uncertainty.contrasts import holm

_CHANCE = 0.01
_DESCRIBED = 5
_FEWEST = 5  # rows of a category whose lift is told
_QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class _Contrast:
    """A column: its cells in the table, how large the difference is, its p before adjustment."""

    name: str
    cells: tuple[Cell, ...]
    size: float
    p: float
    numeric: bool


def contrasts(
    columns: Mapping[str, Column], wrong: Mask, weight: Floats | None
) -> tuple[Exhibit, ...]:
    """Numbers by their standardised difference, categories by their lift, the largest first.

    A column is marked where its p, adjusted for all columns (Holm), is 0.01 or less.
    """
    weights = np.ones(len(wrong)) if weight is None else weight
    found = [
        made
        for name, column in columns.items()
        if (made := _of(name, column, wrong, weights)) is not None
    ]
    adjusted = dict(zip((one.name for one in found), holm(_p(found)).tolist(), strict=True))
    found.sort(key=lambda one: (adjusted[one.name] > _CHANCE, -one.size))
    differ = [one for one in found if adjusted[one.name] <= _CHANCE and one.numeric]
    exhibits = [
        _exhibit([one for one in found if one.numeric is numeric], adjusted, numeric)
        for numeric in (True, False)
    ]
    described = _described([one.name for one in differ[:_DESCRIBED]], columns, wrong)
    return tuple(exhibit for exhibit in (*exhibits, described) if exhibit.rows)


def _p(found: list[_Contrast]) -> Floats:
    return np.array([one.p for one in found])


def _of(name: str, column: Column, wrong: Mask, weight: Floats) -> _Contrast | None:
    if isinstance(column, Category):
        return _category(name, column, wrong, weight)
    known = np.isfinite(column)
    sides = [(column[rows], weight[rows]) for rows in (known & wrong, known & ~wrong)]
    if any(len(values) < 2 for values, _ in sides):
        return None
    means = [float(w @ x / w.sum()) for x, w in sides]
    spreads = [
        float(w @ np.square(x - m) / w.sum()) for (x, w), m in zip(sides, means, strict=True)
    ]
    both = np.sqrt((spreads[0] + spreads[1]) / 2)
    error = np.sqrt(
        sum(
            float(np.square(w) @ np.square(x - m)) / w.sum() ** 2
            for (x, w), m in zip(sides, means, strict=True)
        )
    )
    if not both > 0 or not error > 0:
        return None
    difference = means[0] - means[1]
    cells = (name, means[0], means[1], difference / float(both))
    p = _two_sided(difference / float(error))
    return _Contrast(name, cells, abs(difference) / float(both), p, numeric=True)


def _category(name: str, column: Category, wrong: Mask, weight: Floats) -> _Contrast | None:
    size = len(column.names) + 1
    tables = [np.bincount(column.codes[rows] + 1, weight[rows], size) for rows in (wrong, ~wrong)]
    scale = weight.sum() / np.square(weight).sum()  # to the rows that they are worth
    table = np.array(tables) * scale
    table = table[:, table.sum(axis=0) > 0]
    p = _independent(table)
    bad, good = (side / side.sum() for side in tables)
    enough = (tables[0] + tables[1]) * scale >= _FEWEST
    if not enough.any() or p is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(enough & (good > 0), bad / good, 1.0)
        part = np.where(enough, np.abs(bad - good), 0.0)
    at = int(part.argmax())
    value = "" if at == 0 else column.names[at - 1]
    cells = (name, value, float(bad[at]), float(good[at]), float(lift[at]))
    return _Contrast(name, cells, float(part[at]), p, numeric=False)


def _independent(table: Floats) -> float | None:
    """P of the chi-squared test of a (2, levels) table."""
    from scipy.stats import chi2

    if table.shape[1] < 2 or not (table.sum(axis=1) > 0).all():
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    rare = expected.min(axis=0) < _FEWEST  # are taken together, or they are all that counts
    if rare.sum() > 1:
        table, expected = (
            np.column_stack([side[:, ~rare], side[:, rare].sum(axis=1)])
            for side in (table, expected)
        )
    if table.shape[1] < 2:
        return None
    statistic = float((np.square(table - expected) / expected).sum())
    return float(chi2.sf(statistic, table.shape[1] - 1))


def _two_sided(z: float) -> float:
    from math import erfc, sqrt

    return erfc(abs(z) / sqrt(2))


def _exhibit(found: list[_Contrast], adjusted: Mapping[str, float], numeric: bool) -> Exhibit:
    what = ("mean where wrong", "mean where right", "standardised difference")
    if not numeric:
        what = ("value", "share of the wrong", "share of the right", "lift")  # type: ignore[assignment]
    return Exhibit(
        name="numbers" if numeric else "categories",
        title=f"{'numbers' if numeric else 'categories'}: rows that are wrong against the others",
        columns=("column", *what, "p", "differs"),
        rows=tuple(
            (*one.cells, adjusted[one.name], "yes" if adjusted[one.name] <= _CHANCE else "")
            for one in found
        ),
        note=f"p by Holm over all columns; marked where it is {_CHANCE} or less",
        aside=all(adjusted[one.name] > _CHANCE for one in found),
    )


def _described(names: list[str], columns: Mapping[str, Column], wrong: Mask) -> Exhibit:
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        column = columns[name]
        assert isinstance(column, np.ndarray)
        for told, side in (("wrong", wrong), ("right", ~wrong)):
            values = column[side & np.isfinite(column)]
            quantiles = np.quantile(values, _QUANTILES).tolist()
            spread = float(values.std(ddof=1))
            rows.append((name, told, len(values), float(values.mean()), spread, *quantiles))
    return Exhibit(
        name="describe",
        title="the numbers that differ",
        columns=("column", "rows that are", "count", "mean", "std", *_NAMED),
        rows=tuple(rows),
        note="rows without weights",
        aside=True,
    )


_NAMED = ("min", "25 %", "50 %", "75 %", "max")
