"""Estimate and Report: what an evaluation found, as every renderer and reader gets it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.errors import UsageError
from mleval.report_file import REPORT_SCHEMA, load, require_schema
from mleval.spec import Spec

if TYPE_CHECKING:
    import pandas as pd


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
            for name, item in asdict(self).items()
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


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class in the per-class table: its rows in truth and in prediction, and its metrics."""

    support: float
    predicted: float | None = None
    metrics: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ConfusionTable:
    """Σw of each pair that occurs. labels: (K,); cells: (truth, prediction, Σw), largest first.

    A prediction None is a row without one.
    """

    labels: tuple[str, ...]
    cells: tuple[tuple[str, str | None, float], ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an evaluation found: `report["f1"].value`, iteration, `to_frame()`, `save()`.

    metrics: canonical Spec → Estimate, in the order of the report; classes: class → ClassRow;
    curves: name → columns of at most 512 points; assumed: what the input did not say;
    warnings: what a careful reader should know; signature: equal signatures may be compared;
    provenance: rows, label set, digests of the inputs; environment: versions.
    """

    task: str
    inputs: tuple[str, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    metrics: Mapping[str, Estimate] = field(default_factory=dict)
    classes: Mapping[str, ClassRow] = field(default_factory=dict)
    slices: tuple[Any, ...] = ()
    confusion: ConfusionTable | None = None
    curves: Mapping[str, Mapping[str, list[float | None]]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    gates: tuple[Any, ...] = ()
    signature: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, spec: str) -> Estimate:
        """The estimate of a Spec; a bare name stands for its [macro] where there are classes.

        A metric is found by its aliases too.

        Raises UsageError when the Spec does not parse or the report does not hold it.
        """
        parsed = replace(Spec.parse(spec), field=None)
        found = self._found(parsed) or self._found(self._canonical(parsed))
        if found:
            return found
        raise UsageError(f"the report has no '{spec}'", hint="it has: " + ", ".join(self.metrics))

    def _canonical(self, spec: Spec) -> Spec:
        """The Spec under its metric's own name."""
        from mleval.metrics import find  # few ask by an alias

        with suppress(UsageError):
            task: Any = self.task
            return replace(spec, name=find(spec.name, task).name)
        return spec

    def _found(self, parsed: Spec) -> Estimate | None:
        for wanted in (parsed, replace(parsed, average=parsed.average or "macro")):
            if str(wanted) in self.metrics:
                return self.metrics[str(wanted)]
        row = self.classes.get(parsed.of_class) if parsed.of_class is not None else None
        return row.metrics.get(str(replace(parsed, of_class=None))) if row else None

    def __iter__(self) -> Iterator[str]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def to_dict(self) -> dict[str, Any]:
        """The JSON report: plain types only, nothing that JSON lacks."""
        return {
            "schema": REPORT_SCHEMA,
            "task": self.task,
            "inputs": list(self.inputs),
            "assumed": [asdict(item) for item in self.assumed],
            "metrics": {spec: item.to_dict() for spec, item in self.metrics.items()},
            "classes": {name: _class_to_dict(row) for name, row in self.classes.items()},
            "slices": list(self.slices),
            "confusion": None
            if self.confusion is None
            else {
                "labels": list(self.confusion.labels),
                "cells": [list(cell) for cell in self.confusion.cells],
            },
            "curves": {name: dict(curve) for name, curve in self.curves.items()},
            "warnings": list(self.warnings),
            "gates": list(self.gates),
            "signature": dict(self.signature),
            "provenance": dict(self.provenance),
            "environment": dict(self.environment),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The inverse of `to_dict`; InputError for another schema."""
        require_schema(data, REPORT_SCHEMA)
        confusion = data["confusion"]
        return cls(
            task=data["task"],
            inputs=tuple(data["inputs"]),
            assumed=tuple(Assumption(**item) for item in data["assumed"]),
            metrics={spec: Estimate.from_dict(item) for spec, item in data["metrics"].items()},
            classes={name: _class_from_dict(row) for name, row in data["classes"].items()},
            slices=tuple(data["slices"]),
            confusion=confusion
            and ConfusionTable(
                labels=tuple(confusion["labels"]),
                cells=tuple((truth, guess, w) for truth, guess, w in confusion["cells"]),
            ),
            curves=data["curves"],
            warnings=tuple(data["warnings"]),
            gates=tuple(data["gates"]),
            signature=data["signature"],
            provenance=data["provenance"],
            environment=data["environment"],
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report, whole or not at all, in the format of the path's ending."""
        from mleval.rendering import write  # the one upward edge

        write(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Report:
        """Read a JSON report back. Raises InputError when it is not one."""
        return load(path, cls.from_dict)

    def to_frame(self) -> pd.DataFrame:
        """A pandas DataFrame, one row a metric, indexed by Spec."""
        import pandas as pd  # only who asks for a frame pays for pandas

        rows = {spec: item.to_dict() for spec, item in self.metrics.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")

    def __repr__(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "table")

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "html-fragment")


def finite(value: float) -> float | None:
    """The value for JSON, which has no nan and no infinity.

    >>> finite(0.5), finite(math.inf)
    (0.5, None)
    """
    return value if math.isfinite(value) else None


def _class_to_dict(row: ClassRow) -> dict[str, Any]:
    return {
        "support": row.support,
        "predicted": row.predicted,
        "metrics": {spec: item.to_dict() for spec, item in row.metrics.items()},
    }


def _class_from_dict(data: Mapping[str, Any]) -> ClassRow:
    return ClassRow(
        support=data["support"],
        predicted=data["predicted"],
        metrics={spec: Estimate.from_dict(item) for spec, item in data["metrics"].items()},
    )
