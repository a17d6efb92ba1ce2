"""Positive numbers where log-probabilities should be: told one by one, or as what they all are."""

from __future__ import annotations

import math
from threading import Lock

import numpy as np

from mleval.errors import InputError
from mleval.reading.logprobs.scored import Scored
from mleval.reading.problems import COUNT, PLURAL, Fault, Problems

_POSITIVE = Fault(
    f"expected log-probabilities, which are at most 0; found {COUNT} sequence{PLURAL} with "
    "positive numbers",
    "probabilities and losses are something else: write the logarithms of probabilities",
    rank=5,
)


class Positives:
    """Counts the positive numbers of one pass, from all its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._negative = False
        self._numbers = 0
        self._highest = 0.0

    def note(self, scored: Scored, part: int, problems: Problems) -> None:
        """Look at the numbers of a part; its positive ones are problems."""
        values = scored.tokens.values
        if not len(values):
            return
        highest, lowest = values.max(), values.min()
        if math.isnan(lowest):
            highest, lowest = np.fmax.reduce(values), np.fmin.reduce(values)
        with self._lock:
            self._negative |= bool(lowest < 0)
            self._highest = max(self._highest, float(highest))
            self._numbers += len(values)
        if highest > 0:
            at = scored.first_of_each(np.flatnonzero(values > 0))
            told = dict(zip(scored.row_of(at).tolist(), at.tolist(), strict=True))
            problems.add(_POSITIVE, part, np.array([*told]), lambda row: scored.token(told[row]))

    def refuse_other_numbers(self, name: str) -> None:
        """InputError where all numbers are such that they must be something else."""
        if self._negative or not self._highest > 0:
            return
        count = f"all {self._numbers:,} numbers" if self._numbers > 1 else "the only number"
        lies, are = ("lie", "are") if self._numbers > 1 else ("lies", "is")
        if self._highest <= 1:
            raise InputError(
                f"{name}: {count} {lies} between 0 and 1: they look like probabilities, not "
                "log-probabilities",
                hint="write their logarithms, such as math.log(p)",
            )
        raise InputError(
            f"{name}: {count} {are} positive: they look like losses, not log-probabilities",
            hint="write them with a minus sign; sums of losses are read from a column 'nll', "
            "means from 'loss', beside one of 'num_tokens'",
        )
