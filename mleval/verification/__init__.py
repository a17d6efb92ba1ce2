"""Verification: a report recomputed, from the same parsed columns, by implementations not ours.

A command has a module here, named in `HOMES`: `observe(evaluated, options)` gives the rows as
references take them, `value(function, request, observed, options)` what a reference makes of them,
and `scale(request, observed)` how large the numbers are that a metric adds up.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any

from mleval.errors import UsageError
from mleval.evaluation.requests import DerivedRequest, Request
from mleval.evaluation.run import Evaluated, EvaluatedSet
from mleval.expression import evaluate
from mleval.options import Options
from mleval.references import reference
from mleval.report import Estimate

TOLERANCE = 1e-12
HOMES: Mapping[str, str] = {
    "classify": "mleval.verification.classification",
    "pairs": "mleval.verification.pairs",
    "regress": "mleval.verification.regression",
    "perplexity": "mleval.verification.perplexity",
    "text": "mleval.verification.text",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One metric by mleval and by its reference.

    agrees: None when the two cannot be compared, and `note` says why (an undefined case, in
    which a library has a convention of its own).
    """

    spec: str
    value: float | None
    reference: float | None
    difference: float | None
    library: str
    agrees: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every metric of a report beside its reference."""

    rows: tuple[Check, ...]

    @property
    def disagreements(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(row for row in self.rows if row.agrees is False)


def verify(evaluated: Evaluated | EvaluatedSet, options: Options) -> Verification:
    """Recompute the metrics of a report whose batches were kept (`evaluate(keep_batches=True)`).

    Raises UsageError for a metric whose reference is of a package that is not installed.
    """
    if isinstance(evaluated, EvaluatedSet):
        return Verification(
            tuple(
                replace(row, spec=f"{name}: {row.spec}")
                for name, one in evaluated.systems.items()
                for row in verify(one, options).rows
            )
        )
    home: Any = import_module(HOMES[options.command])
    observed = home.observe(evaluated, options)
    checks = {}
    for request in evaluated.requests:
        checks[request.key] = _check(
            request,
            evaluated.parts[request.key][1],
            evaluated.report.task,
            partial(_value, home, request, observed, options),
            home.scale(request, observed),
        )
    shown = [checks[request.key] for request in evaluated.requests if not request.part]
    derived = [_derived(one, evaluated.report[one.key], checks) for one in evaluated.derived]
    return Verification((*shown, *derived))


def _value(home: Any, request: Request, observed: Any, options: Options, function: Any) -> float:
    return float(home.value(function, request, observed, options))


def _derived(asked: DerivedRequest, found: Estimate, checks: Mapping[str, Check]) -> Check:
    """A derived metric beside what it is of the references of its parts."""
    parts = {key: checks[key] for key in asked.keys.values()}
    libraries = dict.fromkeys(part.library for part in parts.values() if part.library)
    check = Check(
        spec=asked.key,
        value=found.value,
        reference=None,
        difference=None,
        library=", ".join(libraries),
        agrees=None,
        note=f"undefined: {found.undefined}" if found.undefined else "",
    )
    unknown = [key for key, part in parts.items() if part.reference is None]
    if found.value is None or unknown:
        return replace(check, note=check.note or f"no reference of {', '.join(unknown)}")
    read = {key: part.reference for key, part in parts.items()}
    other = float(evaluate(asked.derived.expression, lambda spec: read[asked.key_of(spec)]))
    scale = max(1.0, *(abs(part.reference or 0.0) for part in parts.values()))
    agrees, difference = _agreement(found.value, other, scale)
    return replace(check, reference=other, difference=difference, agrees=agrees)


def _check(
    request: Request, found: Estimate, task: str, value: Callable[[Any], float], scale: float
) -> Check:
    """One metric beside its reference."""
    theirs = reference(task, request.metric.name)
    unknown = Check(
        spec=request.key,
        value=found.value,
        reference=None,
        difference=None,
        library=theirs.by(request.options) if theirs else "",
        agrees=None,
        note="no reference",
    )
    if theirs is None:
        return unknown
    try:
        other, note = _reference_value(theirs.function, value)
    except ArithmeticError as error:  # numbers at the ends of what floats hold
        return replace(unknown, note=f"the reference cannot compute it: {error}")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--verify: {request.key} is compared with {error.name}, which is not installed",
            hint="pip install 'mleval[verify]'",
        ) from error
    agrees, difference = _agreement(found.value, other, scale)
    if found.value is None:
        note = note or f"undefined: {found.undefined}"
    return replace(unknown, reference=other, difference=difference, agrees=agrees, note=note)


def _reference_value(function: Any, value: Callable[[Any], float]) -> tuple[float | None, str]:
    """What the reference says, None with a note where it has no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = float(value(function))
    return (None, "undefined there too") if math.isnan(found) else (found, "")


def _agreement(
    value: float | None, other: float | None, scale: float
) -> tuple[bool | None, float | None]:
    """Whether two values agree to tolerance; None where one of them has a convention of its own."""
    if value is None or other is None:
        return (True if value is other else None if value is None else False), None
    difference = abs(value - other)
    return difference <= TOLERANCE * max(abs(value), abs(other), scale), difference
