"""The parts of a report: estimates, classes, confusions, distributions, the worst rows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


def finite(value: float) -> float | None:
    """The value for JSON, which has no nan and no infinity.

    >>> finite(0.5), finite(math.inf)
    (0.5, None)
    """
    return value if math.isfinite(value) else None


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One number with its uncertainty, or the reason why there is none.

    value: None when `undefined` says why; low, high: the interval at `level`, None when
    `no_interval` says why (or when no intervals were asked for); method: how it was made;
    goal, range: which way is better, and where values can lie; n: rows it rests on;
    of_class: the class it is about, in a binary task; threshold: where a best was found.

    >>> Estimate(value=0.8, low=0.7, high=0.9, level=0.95, method="wilson").value
    0.8
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    method: str | None = None
    goal: str = "none"
    range: tuple[float | None, float | None] = (None, None)
    n: float | None = None
    of_class: str | None = None
    threshold: float | None = None
    undefined: str | None = None
    no_interval: str | None = None

    def __float__(self) -> float:
        """The value; nan where it is undefined."""
        return math.nan if self.value is None else float(self.value)

    def __format__(self, how: str) -> str:
        """The value as a number is formatted, or the word `undefined` in as much room.

        >>> f"{Estimate(value=2 / 3):.3f} {Estimate(undefined='no positive rows'):>10.3f}"
        '0.667  undefined'
        """
        if not how:
            return str(self)
        if self.value is not None:
            return format(self.value, how)
        place = re.match(r"(?:.?[<>^])?", how)[0]  # type: ignore[index]
        room = re.match(r"[-+ z#0=]*(\d*)", how[len(place) :])[1]  # type: ignore[index]
        return format("undefined", place + room)

    def to_dict(self) -> dict[str, Any]:
        """JSON fields; those that say nothing here are left out, but value, low and high stay."""
        always = {"value", "low", "high", "level", "method", "goal", "range", "n"}
        return {
            "class" if name == "of_class" else name: list(item) if isinstance(item, tuple) else item
            for name, item in vars(self).items()
            if item is not None or name in always
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Estimate:
        """The inverse of `to_dict`."""
        known = {item.name for item in fields(cls)}
        values = {"of_class" if name == "class" else name: item for name, item in data.items()}
        values["range"] = tuple(values.get("range", (None, None)))
        return cls(**{name: item for name, item in values.items() if name in known})


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something the input did not say outright: what was taken, why, and the flag that overrides.

    >>> str(Assumption(what="positive", value="1", why="of the pair 1/0", flag="--positive"))
    'positive=1 (of the pair 1/0)'
    """

    what: str
    value: str
    why: str = ""
    flag: str = ""

    def __str__(self) -> str:
        return f"{self.what}={self.value}" + (f" ({self.why})" if self.why else "")


Estimates = Mapping[str, Estimate]  # by canonical Spec


def to_dicts(estimates: Estimates) -> dict[str, Any]:
    """The JSON fields of each."""
    return {spec: item.to_dict() for spec, item in estimates.items()}


def from_dicts(data: Mapping[str, Any]) -> dict[str, Estimate]:
    """The inverse of `to_dicts`."""
    return {spec: Estimate.from_dict(item) for spec, item in data.items()}


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class in the per-class table: its rows in truth and in prediction, and its metrics."""

    support: float
    predicted: float | None = None
    metrics: Estimates = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON fields."""
        return {
            "support": self.support,
            "predicted": self.predicted,
            "metrics": to_dicts(self.metrics),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ClassRow:
        """The inverse of `to_dict`."""
        return cls(
            support=data["support"],
            predicted=data["predicted"],
            metrics=from_dicts(data["metrics"]),
        )


@dataclass(frozen=True, kw_only=True)
class ConfusionTable:
    """Σw of each pair that occurs. labels: (K,); cells: (truth, prediction, Σw), largest first.

    A prediction None is a row without one.
    """

    labels: tuple[str, ...]
    cells: tuple[tuple[str, str | None, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON fields."""
        return {"labels": list(self.labels), "cells": [list(cell) for cell in self.cells]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ConfusionTable:
        """The inverse of `to_dict`."""
        cells = tuple((truth, guess, weight) for truth, guess, weight in data["cells"])
        return cls(labels=tuple(data["labels"]), cells=cells)


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """How a number is distributed over the rows.

    edges: (k + 1,) ascending; counts: (k,) Σw of the rows above an edge and up to the next, in the
    first bin from its lower edge on; quantiles: share → value.
    """

    edges: tuple[float, ...]
    counts: tuple[float, ...]
    quantiles: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON fields."""
        return {
            "edges": list(self.edges),
            "counts": list(self.counts),
            "quantiles": dict(self.quantiles),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Distribution:
        """The inverse of `to_dict`."""
        return cls(
            edges=tuple(data["edges"]),
            counts=tuple(data["counts"]),
            quantiles=dict(data["quantiles"]),
        )


@dataclass(frozen=True, kw_only=True)
class WorstRow:
    """One of the rows that are furthest off: where it is, its id, and what is said of it by name.

    >>> row = WorstRow(place="preds.csv, line 7", id="x6", fields={"truth": 1.0, "error": -3.5})
    >>> WorstRow.from_dict(row.to_dict()) == row
    True
    """

    place: str
    id: str | None = None
    fields: Mapping[str, str | float | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON fields: those of `fields` among them."""
        plain = {k: finite(v) if isinstance(v, float) else v for k, v in self.fields.items()}
        return {"place": self.place, "id": self.id, **plain}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WorstRow:
        """The inverse of `to_dict`."""
        rest = {name: item for name, item in data.items() if name not in ("place", "id")}
        return cls(place=data["place"], id=data["id"], fields=rest)
