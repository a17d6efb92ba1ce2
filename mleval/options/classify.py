"""What a classification can be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mleval.options.common import Problem, TableOptions
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
    mleval.errors.UsageError: level must lie between 0 and 1, not 0
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
            id=self.id,
            task=self.task,
            strict=self.strict,
            score_of=self.score_of,
            score_scale=self.score_scale,
            classes=self.classes,
            renames=self.map,
            label_sep=self.label_sep,
        )

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        yield (self.proba == "", "proba is empty", "such as prob_ of prob_cat and prob_dog")
        several = self.task in ("multiclass", "multilabel")
        yield (
            self.truth_proba == "",
            "truth_proba is empty",
            "such as true_ of true_cat and true_dog",
        )
        yield (
            self.task == "multilabel" and self.truth_proba is not None,
            "soft labels are a distribution over classes, and the task is multilabel",
            "leave one of them out",
        )
        yield (
            self.score is not None and self.proba is not None,
            "score and proba are two ways to say the scores",
            "keep the one that the file has",
        )
        yield (
            self.task == "multiclass" and self.threshold is not None,
            "a threshold cuts the scores of two classes, and the task is multiclass",
            "leave one of them out",
        )
        yield (
            several and self.positive is not None,
            f"a positive class belongs to two classes, and the task is {self.task}",
            "leave one of them out",
        )
        yield (
            self.threshold is not None and math.isnan(self.threshold),
            "threshold must be a number",
            "",
        )
        yield (
            self.label_sep is not None and self.task not in (None, "multilabel"),
            f"label_sep is between several labels of a row, and the task is {self.task}",
            "leave one of them out",
        )
        yield (self.label_sep == "", "label_sep is empty", "for example label_sep='|', or list")
        yield (
            self.zero_division != 0 and not math.isnan(self.zero_division),
            f"zero_division is 0 or nan, not {self.zero_division:g}",
            "",
        )
