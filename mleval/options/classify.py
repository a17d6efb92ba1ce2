"""What a classification can be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mleval.options.common import Called, Problem, TableOptions
from mleval.reading.roles import ColumnChoices


@dataclass(frozen=True, kw_only=True)
class ClassifyOptions(TableOptions):
    """Everything `mleval classify` can be told.

    truth, prediction, score: column names; proba: the prefix of the class columns;
    truth_proba: of those of soft labels, a true distribution over the classes a row;
    score_of: of which class the score is the probability; score_scale: what the scores are;
    threshold: scores at or above it are predicted positive, overriding a prediction column;
    classes: the classes, in order, that averages are taken over; map: raw label → label;
    zero_division: what an undefined class counts in an average, 0 or nan (left out).
    label_sep: what stands between the labels of a cell, `list` for lists.

    >>> ClassifyOptions(level=0).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: --level must lie between 0 and 1, not 0
    """

    command: ClassVar[str] = "classify"

    task: Literal["binary", "multiclass", "multilabel"] | None = None
    truth: str | None = None
    prediction: str | None = None
    score: str | None = None
    score_of: Literal["positive", "predicted"] | None = None
    proba: str | None = None
    truth_proba: str | None = None
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto"
    positive: str | None = None
    threshold: float | None = None
    classes: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    zero_division: float = 0.0
    label_sep: str | None = None

    def choices(self) -> ColumnChoices:
        """What they say of the columns."""
        return ColumnChoices(
            truth=self.truth,
            prediction=self.prediction,
            score=self.score,
            proba=self.proba,
            truth_proba=self.truth_proba,
            weight=self.weight,
            cluster=self.cluster,
            id=self.id,
            task=self.task,
            strict=self.strict,
            score_of=self.score_of,
            score_scale=self.score_scale,
            classes=self.classes,
            renames=self.map,
            label_sep=self.label_sep,
        )

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        yield from self._empty_names(called)
        yield from self._wrong_for_the_task(called)
        yield (
            self.score is not None and self.proba is not None,
            f"{called('score')} and {called('proba')} are two ways to say the scores",
            "keep the one that the file has",
        )
        yield (
            self.threshold is not None and math.isnan(self.threshold),
            f"{called('threshold')} must be a number",
            "",
        )
        yield (
            self.zero_division != 0 and not math.isnan(self.zero_division),
            f"{called('zero_division')} is 0 or nan, not {self.zero_division:g}",
            "",
        )

    def _empty_names(self, called: Called) -> Iterator[Problem]:
        examples = {
            "proba": "such as prob_ of prob_cat and prob_dog",
            "truth_proba": "such as true_ of true_cat and true_dog",
            "label_sep": "such as '|', or list",
        }
        for name, example in examples.items():
            yield getattr(self, name) == "", f"{called(name)} is empty", example

    def _wrong_for_the_task(self, called: Called) -> Iterator[Problem]:
        """What belongs to another task than the one that was named."""
        several, leave = self.task in ("multiclass", "multilabel"), "leave one of them out"
        yield (
            self.task == "multilabel" and self.truth_proba is not None,
            f"soft labels ({called('truth_proba')}) are a distribution over classes, and the task "
            "is multilabel",
            leave,
        )
        yield (
            self.task == "multiclass" and self.threshold is not None,
            f"{called('threshold')} cuts the scores of two classes, and the task is multiclass",
            leave,
        )
        yield (
            several and self.positive is not None,
            f"{called('positive')} belongs to two classes, and the task is {self.task}",
            leave,
        )
        yield (
            self.label_sep is not None and self.task not in (None, "multilabel"),
            f"{called('label_sep')} is between several labels of a row, and the task is "
            f"{self.task}",
            leave,
        )
