"""What a regression can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from mleval.options.common import Called, Problem, TableOptions
from mleval.reading.roles import RegressionChoices
from mleval.spec import Spec

WORST = 5  # rows with the largest errors that are listed when nothing was asked
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class RegressOptions(TableOptions):
    """Everything `mleval regress` can be told.

    truth, prediction: column names; lower, upper: of predicted intervals; std: of predicted
    standard deviations; quantiles: the prefix of the columns of predicted quantiles;
    worst: how many of the rows with the largest errors to list.

    >>> RegressOptions(worst=-1).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: --worst is a number of rows from 0 to 1000, not -1
    """

    command: ClassVar[str] = "regress"

    truth: str | None = None
    prediction: str | None = None
    lower: str | None = None
    upper: str | None = None
    std: str | None = None
    quantiles: str | None = None
    missing: Literal["error", "drop"] = "error"
    worst: int | None = None

    @property
    def describes(self) -> bool:
        """Whether the report has more than metrics: not where certain ones are asked for."""
        return not self.metrics or Spec("all") in self.metrics

    @property
    def asks_for_rows(self) -> bool:
        """Whether rows are to be listed, even of several models: where it was said how many."""
        return bool(self.worst)

    @property
    def listed(self) -> int:
        """How many of the worst rows to list: a few, where the report describes the errors."""
        if self.worst is not None:
            return self.worst
        return WORST if self.describes else 0

    def choices(self) -> RegressionChoices:
        """What they say of the columns."""
        return RegressionChoices(
            truth=self.truth,
            prediction=self.prediction,
            lower=self.lower,
            upper=self.upper,
            std=self.std,
            quantiles=self.quantiles,
            weight=self.weight,
            cluster=self.cluster,
            id=self.id,
            decimal=self.decimal,
            strict=self.strict,
        )

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        yield (
            not 0 <= self.listed <= MOST,
            f"{called('worst')} is a number of rows from 0 to {MOST}, not {self.worst}",
            "",
        )
        yield (
            (self.lower is None) != (self.upper is None),
            f"{called('lower')} and {called('upper')} are the two ends of an interval, and one is "
            "named",
            "name both",
        )
