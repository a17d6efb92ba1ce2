"""Training rows against the others: high bias, high variance, or neither."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mleval.diagnosis.case import Case
from mleval.diagnosis.finding import Cell, Exhibit, Finding, Gain, Ranged, Section
from mleval.diagnosis.ordering import telling_first
from mleval.report import Estimate, Report

PRIMARY = ("accuracy", "roc_auc", "r2")
"""What the verdict is on, 1 at best: the first that both reports have."""


def training_gap(case: Case) -> Iterator[Section]:
    """Every metric of both, and a verdict; nothing where there are no training rows."""
    if case.train is None:
        return
    train, held_out = case.train.report, case.report
    name = next((n for n in PRIMARY if _known(train, n) and _known(held_out, n)), None)
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    if name is None:
        notes = ("no verdict on the fit: no score from 0 to 1 is known of both sides",)
    else:
        findings, notes = _verdict(name, train.metrics[name], held_out.metrics[name], case)
    yield Section(part="fit", findings=findings, exhibits=(_exhibit(train, held_out),), notes=notes)


def _known(report: Report, name: str) -> bool:
    item = report.metrics.get(name)
    return item is not None and item.value is not None


def difference(one: Estimate, other: Estimate, scale: float = 1.0) -> Ranged:
    """One less `scale` times the other, of two independent samples.

    The interval is made of theirs, which need not be symmetric: MOVER (Zou & Donner 2008).

    >>> pair = [Estimate(value=v, low=v - 0.03, high=v + 0.03) for v in (0.9, 0.8)]
    >>> [round(x, 4) for x in (difference(*pair).low, difference(*pair).high)]
    [0.0576, 0.1424]
    """
    if one.value is None or other.value is None:
        return Ranged(None)
    value = one.value - scale * other.value
    if None in (one.low, one.high, other.low, other.high):
        return Ranged(value)
    down = math.hypot(one.value - _end(one.low), scale * (_end(other.high) - other.value))
    up = math.hypot(_end(one.high) - one.value, scale * (other.value - _end(other.low)))
    return Ranged(value, value - down, value + up)


def _end(end: float | None) -> float:
    assert end is not None
    return end


def _exhibit(train: Report, held_out: Report) -> Exhibit:
    rows: list[tuple[Cell, ...]] = []
    for name in telling_first(held_out.metrics):
        item, other = held_out.metrics[name], train.metrics.get(name)
        if other is None or (item.value is None and other.value is None):
            continue
        both = (Ranged(i.value, i.low, i.high) for i in (other, item))
        rows.append((name, difference(other, item), *both))
    return Exhibit(
        name="fit",
        title="training rows against the others",
        columns=("metric", "gap", "training", "others"),
        rows=tuple(rows),
    )


def _verdict(
    name: str, train: Estimate, held_out: Estimate, case: Case
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """What both limits say, where the intervals bear it out."""
    low, part = case.options.bias_limit, case.options.variance_limit
    assert train.value is not None
    assert held_out.value is not None
    told = f"{name} is {train.value:.4f} on training rows and {held_out.value:.4f} on the others"
    short = difference(held_out, train, part)
    evidence: dict[str, float | str | None] = {
        "metric": name,
        "training": train.value,
        "others": held_out.value,
        "gap": train.value - held_out.value,
        "gap_low": difference(train, held_out).low,
        "gap_high": difference(train, held_out).high,
    }
    findings = []
    if train.high is not None and train.high < low:
        findings.append(
            Finding(
                part="fit",
                kind="high_bias",
                says=f"high bias: {told}; a model that fits reaches {low:g} on training rows",
                step="Let the model fit more closely: more features or capacity, less "
                "regularisation, longer training; also look whether the labels allow it",
                evidence={**evidence, "limit": low},
            )
        )
    if short.high is not None and short.high < 0 < train.value:
        findings.append(_variance(name, train, held_out, told, evidence, part))
    if findings:
        return tuple(findings), ()
    unsure = train.value < low or held_out.value < part * train.value
    verdict = "no verdict on the fit, too few rows" if unsure else "the fit is balanced"
    return (), (
        f"{verdict}: {told}; high bias is below {low:g} on training rows, high variance below "
        f"{part:g} of it on the others",
    )


def _variance(
    name: str,
    train: Estimate,
    held_out: Estimate,
    told: str,
    evidence: dict[str, float | str | None],
    part: float,
) -> Finding:
    """The others fall short of their part of the training score; closing that gap is the gain."""
    assert train.value is not None
    assert held_out.value is not None
    then = part * train.value
    short = difference(held_out, train, part)
    gained = Ranged(then - held_out.value, -(short.high or 0.0), -(short.low or 0.0))
    left = 1 - held_out.value
    return Finding(
        part="fit",
        kind="high_variance",
        says=f"high variance: {told}, {held_out.value / train.value:.2f} of it, where {part:g} "
        "would be balanced",
        gain=Gain(name, held_out.value, then, gained, min((then - held_out.value) / left, 1.0)),
        step="Fit less closely: more training rows, regularisation, fewer features, earlier "
        "stopping",
        evidence={**evidence, "limit": part},
    )
