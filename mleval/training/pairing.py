"""Pairing: from the names of series to the curves of training and validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mleval.errors import UsageError
from mleval.reading.names import nearest
from mleval.training.axis import Points
from mleval.training.goals import direction
from mleval.training.names import Named, identifier, parsed
from mleval.training.series import Curve, Series
from mleval.training.settings import Goal, HistoryOptions
from mleval.visible import quoted

_RANK = {"validation": 0, "test": 1}


def series_of(points: Points, options: HistoryOptions) -> tuple[Series, ...]:
    """The series of a run with what their names and the person say of them.

    Raises UsageError for a pair whose series are not there.
    """
    named = {name: parsed(name) for name in points.series}
    validated = {one.metric.lower() for one in named.values() if one.split in _RANK}
    for name, one in named.items():
        if one.split is None and one.metric.lower() in validated:  # as Keras has it
            named[name] = Named("train", one.metric)
    for train, validation in options.pairs.items():
        first, second = _found(train, points.series), _found(validation, points.series)
        metric = named[second].metric
        named[first], named[second] = Named("train", metric), Named("validation", metric)
    made: list[Series] = []
    keys: set[str] = set()
    for name, held in points.series.items():
        key = identifier(name)
        while key in keys:
            key += "_"
        keys.add(key)
        goal, why = _goal(name, key, named[name].metric, options.goals)
        split, metric = named[name].split, named[name].metric
        made.append(Series(name, key, metric, split, goal, why, held.values, held.present))
    return tuple(made)


def _found(wanted: str, names: Mapping[str, object]) -> str:
    for name in names:
        if wanted in (name, identifier(name)):
            return name
    near = nearest(wanted, list(names)) or list(names)
    raise UsageError(
        f"--pair: there is no series {quoted(wanted)}", hint=f"there is {', '.join(near)}"
    )


def _goal(name: str, key: str, metric: str, given: Mapping[str, Goal]) -> tuple[Goal | None, str]:
    for wanted, goal in given.items():
        if wanted in (name, key, metric):
            return goal, "as --goal says"
    return direction(metric)


def curves_of(series: Sequence[Series]) -> tuple[Curve, ...]:
    """Each series of validation with that of training, then those that stand alone."""
    curves: list[Curve] = []
    paired: set[str] = set()
    rest = sorted((one for one in series if one.split in _RANK), key=lambda s: _RANK[str(s.split)])
    names: set[str] = set()
    for one in rest:
        train = _train_of(one, series)
        name = one.name if one.metric in names else one.metric
        names.add(one.metric)
        if train is not None:
            paired.add(train.key)
            if train.goal is None and one.goal is not None:
                train = replace(train, goal=one.goal, why=one.why)
        curves.append(Curve(name, train, one))
    for one in series:
        if one.split not in _RANK and one.key not in paired:
            curves.append(Curve(one.name if one.metric in names else one.metric, one, None))
            names.add(one.metric)
    return tuple(curves)


def _train_of(one: Series, series: Sequence[Series]) -> Series | None:
    mine = one.metric.lower()
    return next((s for s in series if s.split == "train" and s.metric.lower() == mine), None)


def monitored(curves: Sequence[Curve], wanted: str | None, file: str) -> Curve | None:
    """The curve that early stopping watches: as asked, else a loss, else the first with a goal.

    None where no curve has a goal. Raises UsageError for one that is not there, or has no goal.
    """
    if wanted is not None:
        return _asked(curves, wanted, file)
    judged = [curve for curve in curves if curve.judged.goal is not None]
    validated = [curve for curve in judged if curve.validation is not None] or judged
    whole = [c for c in validated if c.judged.metric.lower() == "loss"]
    losses = [c for c in validated if c.judged.metric.lower().endswith("loss")]
    return next(iter([*whole, *losses, *validated]), None)


def _asked(curves: Sequence[Curve], wanted: str, file: str) -> Curve:
    for curve in curves:
        known = {curve.name, curve.judged.metric, curve.judged.name, curve.judged.key}
        if wanted in known:
            if curve.judged.goal is None:
                raise UsageError(
                    f"--monitor {wanted}: nobody knows which way it is better",
                    hint=f"say it: --goal {wanted}=max, or {wanted}=min",
                )
            return curve
        if curve.train is not None and wanted in (curve.train.name, curve.train.key):
            return Curve(curve.train.name, curve.train, None)
    names = [curve.judged.name for curve in curves]
    near = nearest(wanted, names) or names
    raise UsageError(
        f"--monitor: {file} has no series {quoted(wanted)}", hint=f"it has {', '.join(near)}"
    )
