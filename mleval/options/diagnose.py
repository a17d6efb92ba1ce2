"""What a diagnosis can be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal

from mleval.errors import UsageError
from mleval.options.common import Called, Problem, as_flag

_OWN = (
    *("task", "split", "fold", "train", "train_size", "bias_limit", "variance_limit", "cost"),
    *("wanted_precision", "wanted_recall", "low_confidence", "save_calibration", "errors"),
)
"""The options of a diagnosis itself; the others are those of what evaluates the file."""


@dataclass(frozen=True, kw_only=True)
class DiagnoseOptions:
    """Everything `mleval diagnose` can be told.

    task: what the file holds, found out when None; train: the predictions for the rows that the
    model was fitted on, as `data` is; split, fold: the columns that tell training rows from others,
    and the folds of a cross-validation apart; train_size: the rows that each fold was fitted on.
    bias_limit: a score on training rows below it is high bias; variance_limit: a score on others
    below that part of it is high variance.
    cost: of a false positive (`fp`) and of a false negative (`fn`); wanted_precision,
    wanted_recall: what the threshold is to give; low_confidence: below which a row is unsure;
    save_calibration, errors: files to write.
    The rest are as in `ClassifyOptions`, `RegressOptions` and `TextOptions`.
    """

    task: Literal["binary", "multiclass", "regression", "text"] | None = None
    split: str | None = None
    fold: str | None = None
    train: Any = None
    train_size: int | None = None
    bias_limit: float = 0.85
    variance_limit: float = 0.95
    cost: Mapping[str, float] = field(default_factory=dict)
    wanted_precision: float | None = None
    wanted_recall: float | None = None
    low_confidence: float = 0.6
    save_calibration: str | None = None
    errors: str | None = None

    truth: str | None = None
    prediction: str | None = None
    score: str | None = None
    proba: str | None = None
    score_of: Literal["positive", "predicted"] | None = None
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto"
    positive: str | None = None
    threshold: float | None = None
    classes: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    hypothesis: str | None = None
    references: tuple[str, ...] = ()
    missing: Literal["error", "drop"] = "error"
    weight: str | None = None
    id: str | None = None
    truth_file: Any = None
    on: str | None = None
    filter: str | None = None
    model: str | None = None
    level: float = 0.95
    strict: bool = False
    sep: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What was said of the file, by the names of the options of what evaluates it."""
        said = {} if self.task not in ("binary", "multiclass") else {"task": self.task}
        for known in fields(self):
            value = getattr(self, known.name)
            if known.name not in _OWN and value != _default(known):
                said[known.name] = value
        return said

    @property
    def beside(self) -> dict[str, str]:
        """The files that are read beside the data: flag → name."""
        named = {"--train": self.train, "--truth-file": self.truth_file}
        named |= {f"--ref {name}": name for name in self.references}
        return {flag: name for flag, name in named.items() if isinstance(name, str)}

    @property
    def written(self) -> dict[str, str]:
        """The files that are written beside the diagnosis: flag → name."""
        named = {"--save-calibration": self.save_calibration, "--errors": self.errors}
        return {flag: name for flag, name in named.items() if name is not None}

    def check(self, called: Called = as_flag) -> None:
        """Raise UsageError for what cannot be meant, whatever the input holds."""
        found = [(problem, hint) for wrong, problem, hint in self._problems(called) if wrong]
        if found:
            hints = [hint for _, hint in found if hint]
            raise UsageError(*(p for p, _ in found), hint=hints[0] if hints else None)

    def _problems(self, called: Called) -> Iterator[Problem]:
        for name in (
            *("bias_limit", "variance_limit", "wanted_precision", "wanted_recall"),
            *("low_confidence",),
        ):
            value = getattr(self, name)
            yield (
                value is not None and not 0 < value < 1,
                f"{called(name)} must lie between 0 and 1, not {value}",
                f"for {value:g} % write {value / 100:g}" if value and 1 < value < 100 else "",
            )
        yield (
            self.train is not None and self.split is not None,
            f"{called('train')} and {called('split')} are two ways to give the training rows",
            "keep one",
        )
        yield (
            self.train_size is not None and self.train_size < 1,
            f"{called('train_size')} is a number of rows from 1 up, not {self.train_size}",
            "",
        )
        yield from self._wrong_costs(called)

    def _wrong_costs(self, called: Called) -> Iterator[Problem]:
        example = f"such as {called('cost')} fp=1,fn=10"
        unknown = [name for name in self.cost if name not in ("fp", "fn")]
        yield (
            bool(unknown),
            f"{called('cost')} is of fp and fn, not of {', '.join(unknown)}",
            example,
        )
        yield (
            any(not (math.isfinite(cost) and cost >= 0) for cost in self.cost.values())
            or (bool(self.cost) and not any(self.cost.values())),
            f"{called('cost')} is of numbers from 0 up, one of them above 0",
            example,
        )


def _default(known: Any) -> Any:
    return known.default_factory() if known.default is MISSING else known.default
