"""Forecasts: probabilities and what came true, of two classes or several, seen alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.calibrating.fitting import BINARY, SEVERAL
from mleval.diagnosis.calibrating.mappings import Mapping
from mleval.diagnosis.ranked import Ranked
from mleval.diagnosis.rows import ClassifiedRows, Codes
from mleval.states import BinaryScores
from mleval.states.score_table import CLIP

Mask = NDArray[np.bool_]


class Forecasts(Protocol):
    """(n,) rows with probabilities. methods: the names of those that can be fitted."""

    @property
    def probability(self) -> Floats:
        """(n,) of the positive class, or (n, K)."""
        ...

    @property
    def weight(self) -> Floats | None:
        """(n,), None for ones."""
        ...

    @property
    def methods(self) -> tuple[str, ...]:
        """Names."""
        ...

    def fit(self, method: str, among: Mask | None = None) -> Mapping:
        """The mapping that fits some rows best. Raises Undefined where there is none."""
        ...

    def losses(self, probability: Floats) -> tuple[Floats, Floats]:
        """(n,) logarithmic and squared, were these their probabilities."""
        ...

    def event(self, probability: Floats) -> BinaryScores:
        """What calibration errors are read off: the positive class, or the top label."""
        ...


@dataclass(frozen=True)
class Binary:
    """Of a positive class. positive: (n,) whether rows are of it."""

    probability: Floats
    positive: Mask
    weight: Floats | None
    methods = tuple(BINARY)

    @cached_property
    def ranked(self) -> Ranked:
        """By the probability."""
        return Ranked.of(self.probability, self.positive, self.weight)

    def fit(self, method: str, among: Mask | None = None) -> Mapping:
        """See Forecasts."""
        return BINARY[method](self.ranked.among(among))

    def losses(self, probability: Floats) -> tuple[Floats, Floats]:
        """As `log_loss` and `brier`, which are on 0-1."""
        clipped = np.clip(probability, CLIP, 1 - CLIP)
        logarithmic = -np.where(self.positive, np.log(clipped), np.log1p(-clipped))
        return logarithmic, np.square(probability - self.positive)

    def event(self, probability: Floats) -> BinaryScores:
        """The positive class."""
        return Ranked.of(probability, self.positive, self.weight).among()


@dataclass(frozen=True)
class Several:
    """Of K classes: truth (n,), probability (n, K)."""

    probability: Floats
    truth: Codes
    weight: Floats | None
    methods = tuple(SEVERAL)

    def fit(self, method: str, among: Mask | None = None) -> Mapping:
        """See Forecasts."""
        rows = slice(None) if among is None else among
        weight = None if self.weight is None else self.weight[rows]
        return SEVERAL[method](self.truth[rows], self.probability[rows], weight)

    def losses(self, probability: Floats) -> tuple[Floats, Floats]:
        """As `log_loss` and `brier`, which are on 0-2."""
        right = probability[np.arange(len(self.truth)), self.truth]
        squares = np.einsum("ij,ij->i", probability, probability)
        return -np.log(np.clip(right, CLIP, 1 - CLIP)), squares - 2 * right + 1

    def event(self, probability: Floats) -> BinaryScores:
        """That the likeliest class is the true one."""
        top = probability.argmax(axis=1)
        sure = probability[np.arange(len(top)), top]
        return Ranked.of(sure, top == self.truth, self.weight).among()


def forecasts(rows: ClassifiedRows, step: int = 1) -> Binary | Several:
    """Of every `step`-th row; the rows must have probabilities."""
    assert rows.probability is not None
    some = slice(None, None, step)
    weight = None if rows.weight is None else rows.weight[some]
    if rows.positive is None:
        return Several(rows.probability[some], rows.truth[some], weight)
    return Binary(rows.probability[some], rows.truth[some] == rows.positive, weight)
