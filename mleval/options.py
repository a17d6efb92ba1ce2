"""What a classification is asked to do: one typed value from its surfaces to the core."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mleval.errors import UsageError
from mleval.spec import Spec


@dataclass(frozen=True, kw_only=True)
class ClassifyOptions:
    """Everything `mleval classify` can be told. Whatever is None is found out, and said.

    truth, prediction, score, weight, id: column names; proba: the prefix of the class columns;
    score_of: of which class the score is the probability; score_scale: what the scores are;
    threshold: scores at or above it are predicted positive, overriding a prediction column;
    classes: the classes, in order, that averages are taken over; map: raw label → label;
    truth_file: where the truth lies, when not beside the predictions; on: `a=b`, the names of the
    ids that join them where they differ; filter: the rows to evaluate, such as `split == "test"`;
    model: the one to evaluate of several in one file;
    missing: what becomes of a row without prediction or score; zero_division: what an undefined
    class counts in an average, 0 or nan (left out); metrics: Specs to report in place of the
    default ones, `all` for every one; level: of the intervals; strict: refuse to guess.
    sep, encoding, header, decimal: how text files are written; header False: columns by number.
    label_sep: what stands between the labels of a cell, `list` for lists.
    """

    task: Literal["binary", "multiclass", "multilabel"] | None = None
    truth: str | None = None
    prediction: str | None = None
    score: str | None = None
    score_of: Literal["positive", "predicted"] | None = None
    proba: str | None = None
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto"
    positive: str | None = None
    threshold: float | None = None
    classes: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    weight: str | None = None
    id: str | None = None
    truth_file: Any = None
    on: str | None = None
    filter: str | None = None
    model: str | None = None
    missing: Literal["error", "drop", "wrong"] = "error"
    metrics: tuple[Spec, ...] = ()
    zero_division: float = 0.0
    level: float = 0.95
    intervals: bool = True
    strict: bool = False
    sep: str | None = None
    encoding: str | None = None
    label_sep: str | None = None
    header: bool | None = None
    decimal: str | None = None

    def check(self) -> None:
        """Refuse what cannot be meant; a UsageError that says all of it.

        >>> ClassifyOptions(level=0).check()
        Traceback (most recent call last):
        mleval.errors.UsageError: level must lie between 0 and 1, not 0
        """
        several = self.task in ("multiclass", "multilabel")
        problems = [
            *self._unknown_choices(),
            (
                not 0 < self.level < 1,
                f"level must lie between 0 and 1, not {self.level:g}",
                f"for {self.level:g} % write {self.level / 100:g}" if 1 < self.level < 100 else "",
            ),
            (
                self.score is not None and self.proba is not None,
                "score and proba are two ways to say the scores",
                "keep the one that the file has",
            ),
            (
                self.task == "multiclass" and self.threshold is not None,
                "a threshold cuts the scores of two classes, and the task is multiclass",
                "leave one of them out",
            ),
            (
                several and self.positive is not None,
                f"a positive class belongs to two classes, and the task is {self.task}",
                "leave one of them out",
            ),
            (self.proba == "", "proba is empty", "such as prob_ of prob_cat and prob_dog"),
            *self._wrong_joins(),
            (
                self.threshold is not None and math.isnan(self.threshold),
                "threshold must be a number",
                "",
            ),
            (
                self.label_sep is not None and self.task not in (None, "multilabel"),
                f"label_sep is between several labels of a row, and the task is {self.task}",
                "leave one of them out",
            ),
            (self.label_sep == "", "label_sep is empty", "for example label_sep='|', or list"),
            (
                self.zero_division != 0 and not math.isnan(self.zero_division),
                f"zero_division is 0 or nan, not {self.zero_division:g}",
                "",
            ),
        ]
        found = [(problem, hint) for wrong, problem, hint in problems if wrong]
        if found:
            hints = [hint for _, hint in found if hint]
            raise UsageError(*(p for p, _ in found), hint=hints[0] if hints else None)

    def _wrong_joins(self) -> list[tuple[bool, str, str]]:
        names = (self.on or "a").split("=")
        return [
            (
                self.on is not None and self.truth_file is None,
                "on names the ids that join the truth file, and there is none",
                "name it: --truth-file FILE",
            ),
            (
                self.on is not None and self.id is not None,
                "on and id are two ways to name the ids",
                "keep one: id when both files call it the same",
            ),
            (
                len(names) > 2 or not all(names),
                f"on is A=B (of the predictions, of the truth file), not '{self.on}'",
                "such as --on image=filename",
            ),
        ]

    def _unknown_choices(self) -> list[tuple[bool, str, str]]:
        """The options with named choices that hold none of them."""
        problems = []
        for name, kind in get_type_hints(type(self)).items():
            choices = [c for part in (kind, *get_args(kind)) for c in _choices(part)]
            value = getattr(self, name)
            if choices and value is not None:
                expected = ", ".join(choices)
                problems.append(
                    (value not in choices, f"{name} is one of {expected}, not {value!r}", "")
                )
        return problems


def _choices(kind: Any) -> tuple[str, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()
