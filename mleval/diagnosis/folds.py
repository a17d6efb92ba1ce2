"""The folds of a cross-validation: how far they differ, and the odd one out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mleval.diagnosis.case import Case
from mleval.diagnosis.finding import Exhibit, Finding, Ranged, Section
from mleval.diagnosis.ordering import telling_first
from mleval.report import SliceRow
from mleval.uncertainty.contrasts import against_others
from mleval.uncertainty.student import t_quantile
from mleval.visible import quoted

CHANCE = 0.01  # that a fold is called odd where all are alike
_JUDGED = ("accuracy", "roc_auc", "mae")


def across_folds(case: Case) -> Iterator[Section]:
    """Mean, deviation and interval of every metric; nothing where there are no folds."""
    if not case.report.slices:
        return
    (table,) = case.report.slices
    folds = sorted((row for row in table.slices if row.kind == "value"), key=_in_order)
    if len(folds) < 2:
        return
    fitted = case.options.train_size
    rows = sum(fold.rows for fold in folds)
    trained = float(fitted) if fitted else rows * (1 - 1 / len(folds))
    name = next((n for n in _JUDGED if all(_value(fold, n) is not None for fold in folds)), None)
    exhibits = [_summary(folds, trained, case.options.level, given=fitted is not None)]
    findings = []
    if name is not None:
        odd = odd_ones(folds, name, case.options.level)
        exhibits.append(_each(folds, name, odd))
        findings = [*_findings(folds, name, odd)]
    yield Section(part="fit", findings=tuple(findings), exhibits=tuple(exhibits))


def _in_order(fold: SliceRow) -> tuple[bool, float, str]:
    number = float(fold.name) if fold.name.isdecimal() else math.nan
    return math.isnan(number), 0.0 if math.isnan(number) else number, fold.name


def _value(fold: SliceRow, name: str) -> float | None:
    item = fold.metrics.get(name)
    return None if item is None else item.value


def nadeau_bengio(values: Sequence[float], tested: float, trained: float, level: float) -> Ranged:
    """The mean of k folds with the interval that knows that they share training rows.

    mean ± t · √((1/k + n_test/n_train) · s²), t with k − 1 degrees of freedom.
    Source: Nadeau & Bengio 2003.

    >>> found = nadeau_bengio([0.8, 0.9, 0.85], tested=50, trained=100, level=0.95)
    >>> [round(x, 4) for x in (found.value, found.low, found.high)]
    [0.85, 0.6536, 1.0464]
    """
    k = len(values)
    mean = math.fsum(values) / k
    variance = math.fsum((value - mean) ** 2 for value in values) / (k - 1)
    margin = t_quantile(level, k - 1) * math.sqrt((1 / k + tested / trained) * variance)
    return Ranged(mean, mean - margin, mean + margin)


def _summary(folds: Sequence[SliceRow], trained: float, level: float, *, given: bool) -> Exhibit:
    """A row a metric that all folds have."""
    tested = sum(fold.rows for fold in folds) / len(folds)
    rows = []
    for name in telling_first(folds[0].metrics):
        values = [value for fold in folds if (value := _value(fold, name)) is not None]
        if len(values) < len(folds):
            continue
        found = nadeau_bengio(values, tested, trained, level)
        rows.append((name, found, float(np.std(values, ddof=1)), min(values), max(values)))
    how = "as given" if given else "all rows but those of a fold"
    return Exhibit(
        name="folds",
        title=f"over {len(folds)} folds",
        columns=("metric", "mean", "deviation", "lowest", "highest"),
        rows=tuple(rows),
        note=f"intervals: Nadeau & Bengio, {trained:,.0f} rows fitted on a fold ({how})",
    )


def _each(folds: Sequence[SliceRow], name: str, odd: Mapping[str, _Odd]) -> Exhibit:
    """A row a fold."""
    rows = []
    for fold in folds:
        item, apart = fold.metrics[name], fold.differences.get(name)
        rest = None if apart is None else Ranged(apart.value, apart.low, apart.high)
        mark = "odd" if fold.name in odd else ""
        rows.append((fold.name, fold.rows, Ranged(item.value, item.low, item.high), rest, mark))
    return Exhibit(
        name="each_fold",
        title="each fold",
        columns=("fold", "rows", name, "against the rest", ""),
        rows=tuple(rows),
        aside=not odd,
    )


@dataclass(frozen=True, slots=True)
class _Odd:
    """A fold against those of the others that are not odd themselves; p by Bonferroni."""

    difference: Ranged
    p: float


def odd_ones(folds: Sequence[SliceRow], name: str, level: float) -> dict[str, _Odd]:
    """Each fold that differs from the rest by more than chance among so many, the oddest first.

    One by one, since an odd fold is part of the rest of all others. Of two, none is the odd one.
    """
    left = [fold for fold in folds if _has_interval(fold, name)]
    found: dict[str, _Odd] = {}
    while len(left) > 2:
        items = [fold.metrics[name] for fold in left]
        value, low, high = (
            np.array([getattr(item, end) for item in items], np.float64)
            for end in ("value", "low", "high")
        )
        support = np.array([fold.support for fold in left])
        apart = against_others(value, low, high, support, level)
        at = int(apart.p.argmin())
        p = min(float(apart.p[at]) * len(left), 1.0)
        if p >= CHANCE:
            break
        ends = (float(end[at]) for end in (apart.value, apart.low, apart.high))
        found[left.pop(at).name] = _Odd(Ranged(*ends), p)
    return found


def _has_interval(fold: SliceRow, name: str) -> bool:
    item = fold.metrics.get(name)
    return item is not None and None not in (item.value, item.low, item.high)


def _findings(folds: Sequence[SliceRow], name: str, odd: Mapping[str, _Odd]) -> Iterator[Finding]:
    for fold in folds:
        if fold.name not in odd:
            continue
        value, apart, p = _value(fold, name), odd[fold.name].difference, odd[fold.name].p
        assert value is not None
        assert apart.value is not None
        high = "above" if apart.value > 0 else "below"
        yield Finding(
            part="fit",
            kind="odd_fold",
            says=f"fold {quoted(fold.name)} is odd: {name} {value:.4f} in its {fold.rows:,} rows, "
            f"{abs(apart.value):.4f} {high} the rest ({apart.low:.4f} to {apart.high:.4f})",
            step=f"Look at how fold {quoted(fold.name)} was drawn: its sources, classes and dates",
            evidence={
                "fold": fold.name,
                "metric": name,
                "value": value,
                "difference": apart.value,
                "low": apart.low,
                "high": apart.high,
                "p": p,
            },
        )
