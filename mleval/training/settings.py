"""What a person may say of training histories."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mleval.errors import UsageError
from mleval.expression import Gate
from mleval.leaves import has_baseline

Goal = Literal["max", "min"]
Restarts = Literal["replace", "continue", "runs"]


@dataclass(frozen=True, kw_only=True)
class HistoryOptions:
    """How histories are read, and what is asked of them.

    monitor: the series that early stopping watches; goals: series or metric → max or min;
    pairs: training series → validation series, where their names do not tell;
    run: the column that tells runs apart; restarts: what epochs that go back mean;
    patience: points without a gain after which training stops; min_delta: what counts as a gain.
    """

    monitor: str | None = None
    goals: Mapping[str, Goal] = field(default_factory=dict)
    pairs: Mapping[str, str] = field(default_factory=dict)
    run: str | None = None
    restarts: Restarts | None = None
    patience: int = 5
    min_delta: float = 0.0
    gates: tuple[Gate, ...] = ()
    sep: str | None = None
    encoding: str | None = None
    decimal: str | None = None

    def check(self) -> None:
        """Raise UsageError for what cannot be meant, whatever the input holds."""
        if self.patience < 1:
            raise UsageError(
                f"--patience: expected 1 or more epochs, found {self.patience}",
                hint="--patience 5 stops after five epochs without a gain",
            )
        if not (math.isfinite(self.min_delta) and self.min_delta >= 0):
            raise UsageError(f"--min-delta: expected a number from 0 on, found {self.min_delta:g}")
        for name, goal in self.goals.items():
            if goal not in ("max", "min"):
                raise UsageError(
                    f"--goal: expected {name}=max or {name}=min, found {name}={goal}",
                    hint="max: more is better",
                )
        for gate in self.gates:
            if has_baseline(gate.right):
                raise UsageError(
                    f"{gate}: a training history has no baseline",
                    hint="name the limit, such as --gate 'val_loss.best <= 0.3'",
                )
