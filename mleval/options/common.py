"""What every command that evaluates can be told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from mleval.errors import UsageError
from mleval.expression import Derived, Gate, specs_of
from mleval.leaves import has_baseline
from mleval.reading.roles import Choices
from mleval.spec import Spec

Problem = tuple[bool, str, str]  # whether it is one, what is wrong, what to do
Called = Callable[[str], str]  # an option as the person who is told knows it
_FLAGS = {"prediction": "--pred"}


def as_flag(name: str) -> str:
    """An option as the command line calls it.

    >>> as_flag("score_of"), as_flag("prediction")
    ('--score-of', '--pred')
    """
    return _FLAGS.get(name, f"--{name.replace('_', '-')}")


@dataclass(frozen=True, kw_only=True)
class Options(ABC):
    """What every command that evaluates can be told. Whatever is None is found out, and said.

    missing: what becomes of a row without prediction; metrics: to report in place of the
    default ones, `all` for every one; level: of the intervals; strict: refuse to guess.
    by: columns that rows are told apart by, crossed by `*`; min_slice: slices of fewer rows are
    taken together; max_slices: more are refused.
    gates: conditions on the report; baseline: a saved report or earlier predictions that they
    compare with; decide: by the value or the whole interval; force: whatever the baseline is of.
    plots: gather what plots and pages draw, which the report holds then.
    sep, encoding, header, decimal: how text files are written; header False: columns by number.
    """

    command: ClassVar[str]

    missing: Literal["error", "drop", "wrong"] = "error"
    metrics: tuple[Spec | Derived, ...] = ()
    gates: tuple[Gate, ...] = ()
    baseline: Any = None
    decide: Literal["point", "interval"] = "point"
    force: bool = False
    level: float = 0.95
    intervals: bool = True
    strict: bool = False
    by: tuple[str, ...] = ()
    min_slice: int = 10
    max_slices: int = 1000
    plots: bool = False
    sep: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None

    @property
    def sliced_by(self) -> Mapping[str, str]:
        """The columns of `by`, and those that gates speak of → the flag that names them."""
        sides = [side for gate in self.gates for side in (gate.left, gate.right)]
        parts = [spec.slice for side in sides for spec in specs_of(side)]
        of_gates = {part.column: "--gate" for part in parts if part}
        return dict.fromkeys(self.by, "--by") | {
            column: flag for column, flag in of_gates.items() if column not in self.by
        }

    @property
    def asks_for_rows(self) -> bool:
        """Whether rows are to be listed, even of several models."""
        return False

    def check(self, called: Called = as_flag) -> None:
        """Refuse what cannot be meant; a UsageError that says all of it, as options are called."""
        found = [(problem, hint) for wrong, problem, hint in self._problems(called) if wrong]
        if found:
            hints = [hint for _, hint in found if hint]
            raise UsageError(*(p for p, _ in found), hint=hints[0] if hints else None)

    def _problems(self, called: Called) -> Iterator[Problem]:
        """What can be wrong; a command adds its own."""
        yield from self._unknown_choices(called)
        yield (
            not 0 < self.level < 1,
            f"{called('level')} must lie between 0 and 1, not {self.level:g}",
            f"for {self.level:g} % write {self.level / 100:g}" if 1 < self.level < 100 else "",
        )
        yield from self._wrong_slices(called)
        yield from baseline_problems(self.gates, self.baseline)
        yield from self._without_intervals()

    def _without_intervals(self) -> Iterator[Problem]:
        """Gates that need what is not made."""
        sides = [side for gate in self.gates for side in (gate.left, gate.right)]
        ends = [spec for side in sides for spec in specs_of(side) if spec.field in ("low", "high")]
        both = "leave one of them out"
        yield (
            not self.intervals and bool(ends),
            f"a gate is on {', '.join(map(str, ends))}, and no intervals are made",
            both,
        )
        yield (
            not self.intervals and bool(self.gates) and self.decide == "interval",
            "intervals are to decide, and none are made",
            both,
        )

    @property
    def beside(self) -> Mapping[str, str]:
        """The files that are read beside the data: flag → name."""
        return {"--baseline": self.baseline} if isinstance(self.baseline, str) else {}

    def _wrong_slices(self, called: Called) -> Iterator[Problem]:
        by, least, most = called("by"), called("min_slice"), called("max_slices")
        yield ("" in self.by, f"{by} names a column, and is empty", "such as --by country")
        yield (self.min_slice < 1, f"{least} is 1 row or more, not {self.min_slice}", "")
        yield (self.max_slices < 2, f"{most} is 2 or more, not {self.max_slices}", "")

    @property
    def written(self) -> Mapping[str, str]:
        """The files that are written beside the report: flag → name."""
        return {}

    def _unknown_choices(self, called: Called) -> list[Problem]:
        """The options with named choices that hold none of them."""
        problems = []
        for name, kind in get_type_hints(type(self)).items():
            choices = [c for part in (kind, *get_args(kind)) for c in _choices(part)]
            value = getattr(self, name)
            if choices and value is not None:
                expected = ", ".join(choices)
                told = f"{called(name)} is one of {expected}, not {value!r}"
                problems.append((value not in choices, told, ""))
        return problems


@dataclass(frozen=True, kw_only=True)
class TableOptions(Options):
    """What every command can be told whose input is a table of predictions.

    weight, id: column names; cluster: that of what tells which rows go together; bins: of the
    columns of `by` that are numbers, how many (`4`, `age=4`) or their edges (`age=18,40`);
    truth_file: where the truth lies, when not beside the predictions;
    on: `a=b`, the names of the ids that join them where they differ; filter: the rows to evaluate,
    such as `split == "test"`; model: the one to evaluate of several in one file.
    """

    weight: str | None = None
    cluster: str | None = None
    bins: tuple[str, ...] = ()
    id: str | None = None
    truth_file: Any = None
    on: str | None = None
    filter: str | None = None
    model: str | None = None

    @abstractmethod
    def choices(self) -> Choices:
        """What they say of the columns."""

    @property
    def beside(self) -> Mapping[str, str]:
        """The files that are read beside the data: flag → name."""
        truths = {"--truth-file": self.truth_file} if isinstance(self.truth_file, str) else {}
        return {**super().beside, **truths}

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        yield from self._wrong_bins(called)
        yield cluster_problem(self.cluster, self.intervals, called)
        names, on, id_ = (self.on or "a").split("="), called("on"), called("id")
        yield (
            self.on is not None and self.truth_file is None,
            f"{on} names the ids that join the truth file, and there is none",
            "name it: --truth-file FILE",
        )
        yield (
            self.on is not None and self.id is not None,
            f"{on} and {id_} are two ways to name the ids",
            f"keep one: {id_} when both files call it the same",
        )
        yield (
            len(names) > 2 or not all(names),
            f"{on} is A=B (of the predictions, of the truth file), not '{self.on}'",
            "such as --on image=filename",
        )

    def _wrong_bins(self, called: Called) -> Iterator[Problem]:
        yield (
            bool(self.bins) and not self.sliced_by,
            f"{called('bins')} are of the columns of {called('by')}, and there is none",
            "name one: --by age",
        )
        if self.bins:
            from mleval.reading.bins import BinChoice  # few ask for bins

            for text in self.bins:
                BinChoice.parse(text)


def baseline_problems(gates: Sequence[Gate], baseline: Any) -> Iterator[Problem]:
    """What can be wrong about the baseline of gates."""
    speaking = [gate for gate in gates if has_baseline(gate.right)]
    yield (
        bool(speaking) and baseline is None,
        f"{', '.join(map(str, speaking))}: there is no baseline",
        "name an earlier report, or earlier predictions: --baseline FILE",
    )
    yield (
        baseline is not None and not speaking,
        "no gate speaks of the baseline",
        "such as --gate 'f1 >= baseline - 0.01'",
    )


def cluster_problem(cluster: str | None, intervals: bool, called: Called) -> Problem:
    """A cluster where there are no intervals for it to change."""
    return (
        cluster is not None and not intervals,
        f"{called('cluster')} is of intervals, and none are made",
        "leave one of them out",
    )


def _choices(kind: Any) -> tuple[str, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()
