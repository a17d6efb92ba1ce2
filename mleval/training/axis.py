"""The points of a run: its rows in order, taken together to one a validation or an epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.reading.histories import Log
from mleval.reading.histories.log import Written
from mleval.reading.names import listed
from mleval.training.names import EPOCHS, STEPS, is_aside, parsed
from mleval.training.order import complete, named
from mleval.visible import quoted

_MOST_NAMED = 5


@dataclass(frozen=True)
class Points:
    """One run: (n,) labels of its points, and each series at them.

    axis: what the labels count, such as epoch; assumed: what was made of the rows;
    warnings: what a careful reader should know; averaged: series of which a point is the mean of
    several values.
    """

    name: str
    axis: str
    labels: Floats
    series: dict[str, Written]
    assumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    averaged: tuple[str, ...] = ()


def points_of(log: Log) -> Points:
    """The points of one run. Raises InputError where rows cannot be told apart."""
    series = {
        name: held
        for name, held in log.numbers.items()
        if name.strip().lower() not in (*EPOCHS, *STEPS) and not is_aside(name)
    }
    series = {name: held for name, held in series.items() if held.present.any()}
    series, assumed = _without_steps(series)
    assumed = log.assumed + assumed
    if not series:
        columns = [*log.numbers, *log.texts]
        raise InputError(
            f"{log.name}: there is no series of numbers to look at",
            f"found the columns {listed(columns)}" if columns else "found no column",
            hint="a history has a column a series, such as loss and val_loss, and a row an epoch",
        )
    anchors = _anchors(series)
    axis, order = _axis(log, series, anchors)
    labels = np.unique(order[_any_of(series, anchors)])
    place = np.searchsorted(labels, order)
    later = int((place == len(labels)).sum())
    if later:
        assumed += (f"{later:,} rows after the last validation left out",)
    made = {n: _gathered(held, place, len(labels)) for n, held in series.items()}
    averaged = tuple(n for n, held in series.items() if _repeats(held, place, len(labels)))
    return Points(
        log.name,
        axis,
        labels,
        {n: held for n, held in made.items() if held.present.any()},
        (f"{axis}=the order of rows",) * (axis == "row") + assumed,
        tuple(_gaps(axis, labels)) + log.notices,
        averaged,
    )


def _without_steps(series: dict[str, Written]) -> tuple[dict[str, Written], tuple[str, ...]]:
    """Without what Lightning logs by step where it logs the same by epoch."""
    left = [n for n in series if n.endswith("_step") and f"{n[:-5]}_epoch" in series]
    said = (f"{', '.join(left)} left out for the same by epoch",) if left else ()
    return {n: held for n, held in series.items() if n not in left}, said


def _anchors(series: dict[str, Written]) -> list[str]:
    """The series whose rows are the points: what is validated, else all."""
    validated = [n for n in series if parsed(n).split in ("validation", "test")]
    return validated or list(series)


def _any_of(series: dict[str, Written], names: list[str]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.any([series[name].present for name in names], axis=0)
    return found


def _axis(log: Log, series: dict[str, Written], anchors: list[str]) -> tuple[str, Floats]:
    """What counts the points and its value in each row: epochs if these tell them apart."""
    epoch, step = named(log, EPOCHS), named(log, STEPS)
    if epoch is None and step is None:
        return "row", np.arange(1.0, log.rows + 1)
    found = None
    for column in filter(None, (epoch, step)):
        order = complete(log, column)
        repeated = _repeated(series, anchors, order)
        if repeated is None:
            return column.strip().lower(), order
        found = found or (column, *repeated)
    assert found is not None
    column, name, value, row = found
    if all(
        parsed(n).split not in ("validation", "test") for n in series
    ):  # training alone, logged several times an epoch
        return column.strip().lower(), complete(log, column)
    raise InputError(
        f"{log.locate(row)}: a second value of {quoted(name)} for {column} {value:g}",
        hint="are there several runs in the file? tell them apart with --run COLUMN",
    )


def _repeated(
    series: dict[str, Written], anchors: list[str], order: Floats
) -> tuple[str, float, int] | None:
    """A series with two values at one place, which, and the row of the second; None if none."""
    for name in anchors:
        rows = np.flatnonzero(series[name].present)
        seen, counts = np.unique(order[rows], return_counts=True)
        if (counts > 1).any():
            value = float(seen[counts > 1][0])
            return name, value, int(rows[order[rows] == value][1])
    return None


def _gathered(held: Written, place: NDArray[np.intp], points: int) -> Written:
    """The mean of the values that belong to each point: those since the one before."""
    mine = held.present & (place < points)
    counts = np.bincount(place[mine], minlength=points)
    sums = np.bincount(place[mine], weights=held.values[mine], minlength=points)
    return Written(np.where(counts, sums / np.maximum(counts, 1), np.nan), counts > 0)


def _repeats(held: Written, place: NDArray[np.intp], points: int) -> bool:
    mine = held.present & (place < points)
    return bool((np.bincount(place[mine], minlength=points) > 1).any())


def _gaps(axis: str, labels: Floats) -> list[str]:
    """What is said of epochs that are not there."""
    steps = np.diff(labels)
    if len(steps) < 2:
        return []
    usual = float(np.median(steps))
    wide = np.flatnonzero(steps > 1.5 * usual)
    if not len(wide):
        return []
    missing = sum(round(steps[i] / usual) - 1 for i in wide)
    first = [f"{labels[i]:g} to {labels[i + 1]:g}" for i in wide[:_MOST_NAMED]]
    more = ", …" if len(wide) > _MOST_NAMED else ""
    told = f"about {missing:,} points are missing: {axis} goes from {', '.join(first)}{more}"
    return [told]
