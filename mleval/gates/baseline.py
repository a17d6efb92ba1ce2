"""Baselines: an earlier report, or an earlier file of predictions, that gates compare with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError, UsageError
from mleval.evaluation.evaluator import evaluator_of
from mleval.evaluation.run import Evaluated, EvaluatedSet, evaluate
from mleval.expression import Derived, Expression, specs_of
from mleval.gates.numbers import LiveNumbers, Numbers, ReportNumbers, SavedNumbers
from mleval.gates.paired import variance_of_difference
from mleval.gates.same_rows import differing, matched
from mleval.leaves import has_baseline
from mleval.options import Options
from mleval.report import Report
from mleval.report_file import REPORT_SCHEMA, SET_SCHEMA
from mleval.report_set import ReportSet

_LOOKED_AT = 1 << 16  # bytes of a file in which a saved report names its schema
_FORCE = "compare like with like, or all the same with --force"


class Variance(NamedTuple):
    """That of a difference, and the degrees of freedom that it has."""

    value: float
    degrees: float


class Baseline(Protocol):
    """What a gate's left side is compared with."""

    @property
    def numbers(self) -> Numbers:
        """Its metrics."""
        ...

    def together(self, own: Expression, limit: Limit, numbers: Numbers) -> Variance | None:
        """The variance of left less right, which knows which rows are the same.

        own: left less right where the baseline is taken for certain; limit: how the right side
        moves with the baseline; numbers: of the report that is compared. None where that is not
        known: then the two are taken to be independent.
        """
        ...


@dataclass(frozen=True, slots=True)
class Limit:
    """How a limit moves with the baseline: slope · what the left side is there."""

    left: Expression
    slope: float


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A baseline of which only its own intervals are known."""

    numbers: Numbers

    def together(self, own: Expression, limit: Limit, numbers: Numbers) -> Variance | None:
        """Nothing: the two are taken to be independent."""
        del own, limit, numbers
        return None


@dataclass(frozen=True, slots=True)
class Paired:
    """A baseline of the same rows, if these are kept.

    place: (n,) where each row is among those of the baseline, None where it is in its place.
    """

    numbers: Numbers
    place: NDArray[np.intp] | None = None

    def together(self, own: Expression, limit: Limit, numbers: Numbers) -> Variance | None:
        """By how far each row moves both."""
        ours, theirs = numbers.by_row(own), self.numbers.by_row(limit.left)
        if ours is None or theirs is None:
            return None
        variance = variance_of_difference(ours, theirs, limit.slope, self.place)
        return Variance(variance, ours.degrees)


@dataclass(frozen=True, slots=True)
class Compared:
    """A baseline, and the numbers that are compared with it. notices: what to tell the reader."""

    baseline: Baseline
    numbers: Numbers
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A baseline that was read: of one model (under None), or of several by name."""

    name: str
    models: Mapping[str | None, ReportNumbers]
    force: bool

    def of(self, model: str | None, numbers: ReportNumbers) -> Compared:
        """The one to compare a model with. Raises InputError when they are not alike."""
        if None not in self.models and model not in self.models:
            named = ", ".join(map(str, self.models))
            which = "several models" if model is None else f"no model '{model}'"
            raise InputError(f"the baseline {self.name} holds {which}: {named}")
        found = self.models.get(model) or self.models[None]
        if not self.force:
            _require_alike(numbers.report, found.report, self.name)
        if isinstance(found, LiveNumbers) and isinstance(numbers, LiveNumbers):
            return self._paired(numbers.done, found.done)
        if isinstance(found, SavedNumbers):
            found = replace(found, compared=numbers)
        return Compared(Unpaired(found), numbers)

    def _paired(self, ours: Evaluated, theirs: Evaluated) -> Compared:
        """Row by row, with averages over the labels of both."""
        here, there = LiveNumbers(ours.beside(theirs)), LiveNumbers(theirs.beside(ours))
        notices = list(_other_labels(ours, theirs, self.name))
        if ours.influences is None or theirs.influences is None:
            return Compared(Paired(there), here, tuple(notices))
        place = matched(ours.influences.rows, theirs.influences.rows, self.name)
        count, many = differing(ours, theirs, place)
        told = f"in {count:,} of {ours.report.provenance['rows_used']:,} rows the truth is another"
        if many and not self.force:
            raise InputError(
                f"{told} in the baseline {self.name}: they are not the same rows",
                hint=f"name a column of ids that both have (--id COLUMN), or {_FORCE}",
            )
        if count:
            notices.append(f"{told} in the baseline {self.name}")
        return Compared(Paired(there, place), here, tuple(notices))


def open_baseline(data: Any, options: Options) -> Opened:
    """The baseline of an evaluation: a saved report, or predictions evaluated in the same way.

    data: what is compared with it.
    """
    if _is_saved(options.baseline):
        return open_saved_baseline(options.baseline, force=options.force)
    earlier = evaluator_of(options).counterpart(data, options.baseline)
    done = evaluate(earlier, _of_gates(options), keep_batches=keeps_rows(options))
    several = dict(done.systems) if isinstance(done, EvaluatedSet) else {None: done}
    models: dict[str | None, ReportNumbers] = {
        name: LiveNumbers(one) for name, one in several.items()
    }
    return Opened(_name(options.baseline), models, options.force)


def _of_gates(options: Options) -> Options:
    """What is read of the baseline: what is left in the gates that speak of it, and no more."""
    gates = tuple(gate for gate in options.gates if has_baseline(gate.right))
    derived = {one.name: one for one in options.metrics if isinstance(one, Derived)}
    wanted = [
        derived.get(spec.name) or replace(spec, field=None, slice=None)
        for gate in gates
        for spec in specs_of(gate.left)
    ]
    others = [
        derived[spec.name] for g in gates for spec in specs_of(g.right) if spec.name in derived
    ]
    return replace(options, metrics=tuple(dict.fromkeys([*wanted, *others])), gates=gates)


def _other_labels(ours: Evaluated, theirs: Evaluated, name: str) -> Iterator[str]:
    """That averages are not over the same labels as in the reports, if they are not."""
    here, there = (set(one.report.provenance.get("labels", ())) for one in (ours, theirs))
    if ours.report.task == "binary" or here == there:
        return
    alone = {"here": here - there, f"in the baseline {name}": there - here}
    told = " and ".join(f"{_some([*only])} {where} alone" for where, only in alone.items() if only)
    yield f"averages that are compared are over the labels of both: there is {told}"


def keeps_rows(options: Options) -> bool:
    """Whether gates compare with predictions, row by row."""
    compares = options.baseline is not None and not _is_saved(options.baseline)
    return compares and options.intervals


def open_saved_baseline(baseline: Any, *, force: bool) -> Opened:
    """The baseline that a saved report is, or those that several are."""
    if not _is_saved(baseline):
        raise UsageError(
            f"the baseline of saved reports is a saved report, and {_name(baseline)} is none",
            hint="rows are compared where predictions are: mleval classify FILE --baseline FILE",
        )
    report = read_report(baseline) if _is_path(baseline) else baseline
    several = report.systems if isinstance(report, ReportSet) else {None: report}
    models: dict[str | None, ReportNumbers] = {
        name: SavedNumbers(one) for name, one in several.items()
    }
    return Opened(_name(baseline), models, force)


def read_report(path: str | os.PathLike[str]) -> Report | ReportSet:
    """The report, or the reports of several models, in a file of JSON; InputError for others."""
    several = SET_SCHEMA.partition("/")[0] in _beginning(Path(path))
    return ReportSet.load(path) if several else Report.load(path)


def _is_saved(baseline: Any) -> bool:
    if isinstance(baseline, Report | ReportSet):
        return True
    schemas = [schema.partition("/")[0] for schema in (REPORT_SCHEMA, SET_SCHEMA)]
    return _is_path(baseline) and any(name in _beginning(Path(baseline)) for name in schemas)


def _beginning(path: Path) -> str:
    """What a saved report names its schema in; nothing of another kind of file."""
    try:
        with path.open("rb") as stream:
            found = stream.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return ""  # whoever reads it will say so
    return found if found.lstrip("\ufeff \t\r\n").startswith("{") else ""


def _is_path(baseline: Any) -> bool:
    return isinstance(baseline, str | os.PathLike)


def _name(baseline: Any) -> str:
    return str(baseline) if _is_path(baseline) else f"a {type(baseline).__name__}"


def _require_alike(here: Report, there: Report, name: str) -> None:
    """InputError that shows what the two do not have in common, told together."""
    problems = []
    if here.task != there.task:
        problems.append(f"the task is {here.task} here, and {there.task} in the baseline {name}")
    else:
        problems += _other_signature(here, there, name)
        ours, theirs = truth_labels(here), truth_labels(there)
        if ours is not None and theirs is not None and set(ours) != set(theirs):
            problems.append(
                f"the truth has the labels {_some(ours)} here, and {_some(theirs)} "
                f"in the baseline {name}"
            )
    if problems:
        raise InputError(*problems, hint=_FORCE)


def _other_signature(here: Report, there: Report, name: str) -> list[str]:
    """The fields that are another; derived metrics are the same if they are derived alike."""
    found = []
    for field in dict.fromkeys([*here.signature, *there.signature]):
        ours, theirs = here.signature.get(field), there.signature.get(field)
        if field == "derived":
            shared = set(ours or {}) & set(theirs or {})
            ours, theirs = ({key: (side or {})[key] for key in shared} for side in (ours, theirs))
        if ours != theirs:
            found.append(
                f"{field} is {_shown(ours)} here, and {_shown(theirs)} in the baseline {name}"
            )
    return found


def _shown(value: Any) -> str:
    return (
        "not said"
        if value is None
        else str(value).lower()
        if value in (True, False)
        else str(value)
    )


def truth_labels(report: Report) -> list[str] | None:
    """The labels that the truth holds; None where truth is no label."""
    if report.confusion is not None:
        return list(dict.fromkeys(truth for truth, _, weight in report.confusion.cells if weight))
    if report.classes:
        return [label for label, row in report.classes.items() if row.support]
    labels = report.provenance.get("labels")
    return None if labels is None else list(labels)


def _some(labels: Sequence[str]) -> str:
    shown = sorted(labels)
    more = [f"… ({len(shown)} in all)"] if len(shown) > 10 else []
    return ", ".join([*shown[:10], *more])
