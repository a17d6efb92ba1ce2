"""Calibration: a fitted mapping as a JSON file, with what it was fitted on."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.calibrating.mappings import (
    Isotonic,
    Mapping,
    OneVsRest,
    Platt,
    Temperature,
)
from mleval.errors import InputError
from mleval.version import __version__

CALIBRATION_SCHEMA = "mleval.calibration/1"
_HINT = "mleval diagnose FILE --save-calibration calibration.json writes one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A mapping, and what its probabilities are of.

    classes: in the order of the columns; positive: of a binary task the class whose probability
    it maps; fitted_on: rows, inputs and their digest; gained: metric → now, then, difference.
    """

    mapping: Mapping
    classes: tuple[str, ...]
    positive: str | None = None
    fitted_on: Table[str, Any] = field(default_factory=dict)
    gained: Table[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        return {
            "schema": CALIBRATION_SCHEMA,
            "mleval": __version__,
            "task": "multiclass" if self.positive is None else "binary",
            "method": self.mapping.method,
            "classes": list(self.classes),
            "positive": self.positive,
            "parameters": self.mapping.parameters,
            "fitted_on": dict(self.fitted_on),
            "gained": dict(self.gained),
        }

    def to_text(self) -> str:
        """The JSON file."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"


def read_calibration(path: str | os.PathLike[str]) -> Calibration:
    """The calibration in a file. Raises InputError for a file that is none."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not a calibration: it is no JSON", hint=_HINT) from error
    return calibration_of(found, str(path))


def calibration_of(found: Any, name: str = "the calibration") -> Calibration:
    """Of a JSON object. Raises InputError for one that is none; name: of its file."""
    if not isinstance(found, Table) or found.get("schema") != CALIBRATION_SCHEMA:
        schema = found.get("schema") if isinstance(found, Table) else None
        told = f"its schema is {schema!r}" if schema is not None else "it has no schema"
        raise InputError(
            f"{name}: not a calibration: expected schema {CALIBRATION_SCHEMA}, {told}", hint=_HINT
        )
    try:
        classes = tuple(_texts(found["classes"]))
        positive = found["positive"]
        if len(set(classes)) != len(classes) or len(classes) < 2:
            raise ValueError("classes must be two names or more, each once")
        if positive is not None and (len(classes) != 2 or positive not in classes):
            raise ValueError("positive must be one of two classes")
        mapping = _mapping(found["method"], found["parameters"], len(classes), positive is None)
    except KeyError as error:
        raise InputError(f"{name}: damaged: it has no {error.args[0]}", hint=_HINT) from error
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise InputError(f"{name}: damaged: {error}", hint=_HINT) from error
    return Calibration(
        mapping=mapping,
        classes=classes,
        positive=positive,
        fitted_on=found.get("fitted_on") or {},
        gained=found.get("gained") or {},
    )


def _mapping(method: Any, parameters: Any, classes: int, several: bool) -> Mapping:
    """Raises KeyError, TypeError and ValueError for what is no mapping of so many classes."""
    if method == "temperature":
        (temperature,) = _numbers([parameters["temperature"]])
        if not temperature > 0:
            raise ValueError(f"temperature must be above 0, not {temperature:g}")
        return Temperature(temperature)
    if method == "platt" and not several:
        slope, intercept = _numbers([parameters["slope"], parameters["intercept"]])
        return Platt(slope, intercept)
    if method == "isotonic" and not several:
        return _curve(parameters)
    if method == "isotonic":
        curves = tuple(_curve(one) for one in parameters["curves"])
        if len(curves) != classes:
            raise ValueError(f"{len(curves)} curves for {classes} classes")
        return OneVsRest(curves)
    raise ValueError(f"no method {method!r} of {'several' if several else 'two'} classes")


def _curve(parameters: Any) -> Isotonic:
    x, y = (np.array(_numbers(parameters[name])) for name in ("x", "y"))
    if not len(x) or len(x) != len(y):
        raise ValueError(f"a curve of {len(x)} x and {len(y)} y")
    if (np.diff(x) <= 0).any() or (np.diff(y) < 0).any() or y[0] < 0 or y[-1] > 1:
        raise ValueError("a curve must rise, from 0 to 1 at most")
    return Isotonic(x, y)


def _numbers(values: Sequence[Any]) -> list[float]:
    """Finite ones."""
    if not isinstance(values, list):
        raise TypeError("expected a list of numbers")
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        raise TypeError("expected numbers")
    found = [float(value) for value in values]
    if not all(map(math.isfinite, found)):
        raise ValueError("expected finite numbers")
    return found


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("classes must be a list of names")
    return values


_SLACK = 1e-3  # how far sums of rounded probabilities may be from 1


def applied(calibration: Calibration, probabilities: Any) -> Floats:
    """The probabilities that come true, in the shape of those that are given.

    probabilities: (n,) of the positive class, or (n, K) of every class in the order of
    `calibration.classes`. Raises InputError for other shapes, and for what is no probability.
    """
    given = _checked(calibration, probabilities)
    if calibration.positive is None:
        return calibration.mapping.apply(given)
    place = calibration.classes.index(calibration.positive)
    if given.ndim == 1:
        return calibration.mapping.apply(given)
    mapped = calibration.mapping.apply(np.ascontiguousarray(given[:, place]))
    both: Floats = np.empty_like(given)
    both[:, place], both[:, 1 - place] = mapped, 1 - mapped
    return both


def _checked(calibration: Calibration, probabilities: Any) -> Floats:
    """As float64. Raises InputError."""
    try:
        given: Floats = np.asarray(probabilities, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError("expected numbers for probabilities", hint="an array (n,)") from error
    classes = calibration.classes
    wanted = f"(n, {len(classes)}), of {', '.join(classes)}"
    if calibration.positive is not None:
        wanted = f"(n,), of {calibration.positive}, or {wanted}"
    fits = given.ndim == 2 and given.shape[1] == len(classes)
    if not fits and not (given.ndim == 1 and calibration.positive is not None):
        raise InputError(f"expected probabilities of shape {wanted}, found shape {given.shape}")
    wrong = ~((given >= 0) & (given <= 1))  # a nan is neither
    if wrong.any():
        place = np.argwhere(wrong)[0]
        raise InputError(
            f"expected probabilities from 0 to 1, found {given[tuple(place)]:g} "
            f"in row {place[0] + 1:,} ({int(wrong.sum()):,} in all)",
            hint="of logits take the softmax first",
        )
    if given.ndim == 2 and (off := np.abs(given.sum(axis=1) - 1) > _SLACK).any():
        row = int(np.flatnonzero(off)[0])
        raise InputError(
            f"expected probabilities that sum to 1, found {given[row].sum():g} in row {row + 1:,}"
        )
    return given
