"""Predictions that are off where a column has some value: residuals against every column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.deviations.corrections import Rows, gain_of, group_means, is_sure
from mleval.diagnosis.deviations.overall import MATTERS
from mleval.diagnosis.finding import Cell, Exhibit, Finding, Ranged
from mleval.diagnosis.rows import Column
from mleval.diagnosis.slices.groups import Grouped, grouped
from mleval.diagnosis.slices.pieces import Slice
from mleval.diagnosis.wording import number
from mleval.uncertainty.contrasts import holm
from mleval.uncertainty.intervals import normal_quantile

_CHANCE = 0.01
_FEWEST = 10  # rows of a group whose mean is told


@dataclass(frozen=True, slots=True)
class _Trend:
    """Residuals by the groups of a column. p: that their means differ by chance."""

    group: Grouped
    column: str
    rows: Floats
    means: Floats
    errors: Floats
    p: float


def by_column(
    columns: Mapping[str, Column], residual: Floats, weight: Floats, first: Rows, level: float
) -> tuple[list[Finding], list[Exhibit]]:
    """The columns by whose values residuals differ for certain: Holm over them, p ≤ 0.01."""
    centred = residual - float(weight @ residual / weight.sum())
    trends = [_trend(group, centred, weight) for group in grouped(columns)]
    adjusted = holm(np.array([trend.p for trend in trends])).tolist()
    findings: list[Finding] = []
    exhibits: list[Exhibit] = []
    for trend, p in sorted(zip(trends, adjusted, strict=True), key=lambda pair: pair[1]):
        if p > _CHANCE:
            continue
        found = list(_finding(trend, p, centred, weight, first, level))
        findings += found
        exhibits += [_exhibit(trend, level)] if found else []
    return findings, exhibits


def _trend(group: Grouped, residual: Floats, weight: Floats) -> _Trend:
    """Means by group with robust errors, and Σ (mean / error)² against chi-squared."""
    from scipy.stats import chi2

    size = group.made_of.shape[1]
    rows = np.bincount(group.codes, minlength=size).astype(np.float64)
    held = np.bincount(group.codes, weight, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.bincount(group.codes, weight * residual, size) / held
        apart = np.square(weight * (residual - means[group.codes]))
        errors = np.sqrt(np.bincount(group.codes, apart, size)) / held
        ratios = np.where((rows >= _FEWEST) & (errors > 0), means / errors, 0.0)
    counted = int(((rows >= _FEWEST) & (errors > 0)).sum())
    p = float(chi2.sf(float(ratios @ ratios), counted - 1)) if counted > 1 else 1.0
    return _Trend(group, group.pieces[0].column, rows, means, errors, p)


def _single(trend: _Trend) -> Iterator[tuple[int, str]]:
    """Each group that is a piece of its own, and how it is told."""
    made_of = trend.group.made_of
    for piece, groups in zip(trend.group.pieces, made_of, strict=True):
        if groups.sum() == 1 and trend.rows[at := int(groups.argmax())] >= _FEWEST:
            yield at, str(Slice((piece,)))


def _finding(
    trend: _Trend, p: float, residual: Floats, weight: Floats, first: Rows, level: float
) -> Iterator[Finding]:
    gain = gain_of(group_means(residual, weight, trend.group.codes), residual, weight, first, level)
    groups = list(_single(trend))
    if not groups or not is_sure(gain) or gain.recovers < MATTERS:
        return
    at, told = max(groups, key=lambda one: abs(trend.means[one[0]]) * np.sqrt(trend.rows[one[0]]))
    mean = float(trend.means[at])
    way = "low" if mean > 0 else "high"
    yield Finding(
        part="residuals",
        kind="biased_slice",
        says=f"predictions depend on {trend.column} too little or too much: where {told} they are "
        f"{number(abs(mean))} too {way}, beyond those of all rows",
        gain=gain,
        step=f"Look how the model uses {trend.column}: fit it again with that column, or correct "
        "the mean of each of its groups",
        columns=(trend.column,),
        evidence={"slice": told, "bias": -mean, "p": p},
    )


def _exhibit(trend: _Trend, level: float) -> Exhibit:
    z = normal_quantile(level)
    rows: list[tuple[Cell, ...]] = []
    for at, told in _single(trend):
        mean, margin = float(trend.means[at]), z * float(trend.errors[at])
        rows.append((told, int(trend.rows[at]), Ranged(mean, mean - margin, mean + margin)))
    return Exhibit(
        name=f"residuals by {trend.column}",
        title=f"residuals (truth less prediction) by {trend.column}",
        columns=("where", "rows", "mean residual"),
        rows=tuple(rows),
        note="less the mean residual of all rows",
    )
