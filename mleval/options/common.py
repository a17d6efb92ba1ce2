"""What every command that evaluates can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from mleval.errors import UsageError
from mleval.expression import Derived
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
class Options:
    """What every command that evaluates can be told. Whatever is None is found out, and said.

    weight, id: column names; truth_file: where the truth lies, when not beside the predictions;
    on: `a=b`, the names of the ids that join them where they differ; filter: the rows to evaluate,
    such as `split == "test"`; model: the one to evaluate of several in one file;
    missing: what becomes of a row without prediction; metrics: to report in place of the
    default ones, `all` for every one; level: of the intervals; strict: refuse to guess.
    sep, encoding, header, decimal: how text files are written; header False: columns by number.
    """

    command: ClassVar[str]

    weight: str | None = None
    id: str | None = None
    truth_file: Any = None
    on: str | None = None
    filter: str | None = None
    model: str | None = None
    missing: Literal["error", "drop", "wrong"] = "error"
    metrics: tuple[Spec | Derived, ...] = ()
    level: float = 0.95
    intervals: bool = True
    strict: bool = False
    sep: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None

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
        yield from self._wrong_joins(called)

    def _wrong_joins(self, called: Called) -> list[Problem]:
        names, on, id_ = (self.on or "a").split("="), called("on"), called("id")
        return [
            (
                self.on is not None and self.truth_file is None,
                f"{on} names the ids that join the truth file, and there is none",
                "name it: --truth-file FILE",
            ),
            (
                self.on is not None and self.id is not None,
                f"{on} and {id_} are two ways to name the ids",
                f"keep one: {id_} when both files call it the same",
            ),
            (
                len(names) > 2 or not all(names),
                f"{on} is A=B (of the predictions, of the truth file), not '{self.on}'",
                "such as --on image=filename",
            ),
        ]

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


def _choices(kind: Any) -> tuple[str, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()
