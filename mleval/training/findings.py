"""Findings: what is to be said of a curve, each with the numbers that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mleval.batch import Floats
from mleval.training.series import Curve, Series
from mleval.training.turning import Turn, falls_after, still_since, turn_of

Kind = Literal["not finite", "divergence", "overfitting", "worsening", "plateau"]
_HALF = 0.5  # of what was gained, lost again: divergence


@dataclass(frozen=True)
class Finding:
    """kind: what it is; series: the key of the series that shows it; epoch: where it begins.

    evidence: the numbers that it rests on.
    """

    kind: Kind
    series: str
    epoch: float
    evidence: Mapping[str, float]


def findings_of(curves: tuple[Curve, ...], watched: Curve | None, labels: Floats) -> list[Finding]:
    """Those of every series that is not finite, and of the curve that is watched."""
    series = {s.key: s for c in curves for s in (c.train, c.validation) if s is not None}
    found = [item for one in series.values() for item in _not_finite(one, labels)]
    if watched is not None and watched.judged.goal is not None:
        found += _of_curve(watched, labels)
    return sorted(found, key=lambda item: item.epoch)


def _not_finite(one: Series, labels: Floats) -> Iterator[Finding]:
    wrong = np.flatnonzero(one.present & ~np.isfinite(one.values))
    if len(wrong):
        count = {"count": float(len(wrong))}
        yield Finding("not finite", one.key, float(labels[wrong[0]]), count)


def _of_curve(curve: Curve, labels: Floats) -> Iterator[Finding]:
    train = None if curve.train is None else _turn(curve.train)
    diverged = train is not None and train.lost >= _HALF
    if curve.train is not None and train is not None and diverged:
        yield _turned("divergence", curve.train, train, labels)
    if curve.validation is None:
        if curve.train is not None and train is not None and not diverged:
            yield _turned("worsening", curve.train, train, labels)
        if train is None:
            yield from _plateau(curve.judged, labels)
        return
    turn = _turn(curve.validation)
    if turn is None:
        yield from [] if diverged else _plateau(curve.validation, labels)
    elif not diverged:
        yield _turned(_kind(curve, turn), curve.validation, turn, labels)


def _kind(curve: Curve, turn: Turn) -> Kind:
    """What it is that validation gets worse: overfitting only where training still gains."""
    assert curve.validation is not None
    if curve.train is not None:
        best = int(curve.validation.places[turn.best])
        places = curve.train.places
        after = int(np.searchsorted(places, best))
        if falls_after(curve.train.sign * curve.train.values[places], after):
            return "overfitting"
        return "worsening"
    return "divergence" if turn.lost >= 1 else "worsening"


def _turn(one: Series) -> Turn | None:
    return turn_of(one.sign * one.values[one.places])


def _turned(kind: Kind, one: Series, turn: Turn, labels: Floats) -> Finding:
    at = labels[one.places[turn.onset]]
    evidence = {"best": one.sign * turn.level, "end": one.sign * turn.end}
    return Finding(kind, one.key, float(at), evidence)


def _plateau(one: Series, labels: Floats) -> Iterator[Finding]:
    first = still_since(one.sign * one.values[one.places])
    if first is not None:
        level = float(one.values[one.places[first:]].mean())
        count = float(len(one.places) - first)
        yield Finding(
            "plateau", one.key, float(labels[one.places[first]]), {"level": level, "count": count}
        )
