"""The rows of a regression as its metrics see them, and the columns that several share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError, Undefined
from mleval.registry import Component
from mleval.states import Means, Product

BLOCK = 1 << 13  # rows whose columns fit the processor's cache together


@dataclass(frozen=True)
class RegressionRows:
    """n rows: numbers, what was predicted of them, and how sure the prediction was.

    truth, prediction: (n,); lower, upper: (n,) limits of an interval; std: (n,) predicted standard
    deviation; quantiles: level → (n,) predicted quantile; level: what the intervals promise to
    hold, where that is known.

    >>> RegressionRows(np.array([1.0, 2.0]), np.array([3.0, 1.5])).error.tolist()
    [2.0, -0.5]
    """

    truth: Floats
    prediction: Floats
    lower: Floats | None = None
    upper: Floats | None = None
    std: Floats | None = None
    quantiles: Mapping[float, Floats] | None = None
    level: float | None = None

    @cached_property
    def error(self) -> Floats:
        """(n,) prediction − truth."""
        return self.prediction - self.truth

    @cached_property
    def absolute_error(self) -> Floats:
        """(n,) |prediction − truth|."""
        return np.abs(self.error)

    @cached_property
    def squared_error(self) -> Floats:
        """(n,) (prediction − truth)²."""
        return self.error * self.error

    def at_level(self, level: float) -> Floats:
        """(n,) the predicted quantile; without predicted quantiles, the prediction.

        Raises InputError where quantiles are predicted, but not that one.
        """
        if self.quantiles is None:
            return self.prediction
        for known, column in self.quantiles.items():
            if abs(known - level) < 1e-9:
                return column
        there = ", ".join(f"{known:g}" for known in sorted(self.quantiles))
        raise InputError(
            f"no column is of the quantile {level:g}", hint=f"there are columns of {there}"
        )

    def promised(self, level: float | None) -> float:
        """What the intervals promise to hold: as is asked for, else as is known of them.

        Raises InputError where these are different, and where there is neither.
        """
        if level is None and self.level is None:
            raise InputError(
                "what the intervals promise to hold is not told by the names of their columns",
                hint="such as winkler(level=0.9) for intervals of 90 %",
            )
        if level is not None and self.level is not None and abs(level - self.level) > 1e-9:
            raise InputError(
                "the names of their columns say that the intervals are of "
                f"{100 * self.level:g} %, not {100 * level:g} %",
                hint=f"ask for winkler(level={self.level:g}), or name other columns with --lower "
                "and --upper",
            )
        return level if level is not None else float(self.level or 0)

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, RegressionRows]]:
        """The rows by at most `size`, in order, and where they are."""
        for start in range(0, len(self.truth), size):
            some = slice(start, start + size)
            yield some, self.take(some)

    def take(self, some: slice) -> RegressionRows:
        """Some of the rows."""
        lower, upper, std = (
            None if column is None else column[some]
            for column in (self.lower, self.upper, self.std)
        )
        quantiles = self.quantiles and {q: column[some] for q, column in self.quantiles.items()}
        truth, prediction = self.truth[some], self.prediction[some]
        return RegressionRows(truth, prediction, lower, upper, std, quantiles, self.level)


def means_of(
    rows: RegressionRows, components: Iterable[Component], weight: Floats | None = None
) -> Means:
    """The means of these components over the rows, block by block; weight: (n,) or None for ones.

    >>> rows = RegressionRows(np.array([1.0, 2.0]), np.array([3.0, 1.5]))
    >>> means_of(rows, [ERROR]).value("error")
    0.75
    """
    wanted = tuple(components)
    return Means.over(
        ({c.name: c.of(block) for c in wanted}, None if weight is None else weight[some])
        for some, block in rows.blocks()
    )


def refuse(mean: Mapping[str, Any], forbidden: str) -> None:
    """Raise Undefined where the 0/1 component `forbidden` is 1, with how many rows those are.

    Of weighted rows with what they weigh: no count can be read off their mean.
    """
    if not mean[forbidden] > 0:
        return
    found = mean[forbidden] * mean["weight"]
    if mean["weight"] != mean["weight2"]:
        raise Undefined(f"{forbidden} in rows that weigh {found:,.6g} of {mean['weight']:,.6g}")
    raise Undefined(f"{forbidden} in {found:,.10g} row{'' if round(found, 9) == 1 else 's'}")


TRUTH = Component("truth", lambda rows: rows.truth)
PREDICTION = Component("prediction", lambda rows: rows.prediction)
ERROR = Component("error", lambda rows: rows.error)
ABSOLUTE_ERROR = Component("absolute_error", lambda rows: rows.absolute_error)
SQUARED_ERROR = Component("squared_error", lambda rows: rows.squared_error)

# Read as variances and covariances, ÷ Σw; what they are of has to be kept beside them.
TRUTH_VARIANCE = Component("truth*truth", lambda _: Product("truth", "truth"))
PREDICTION_VARIANCE = Component(
    "prediction*prediction", lambda _: Product("prediction", "prediction")
)
COVARIANCE = Component("truth*prediction", lambda _: Product("truth", "prediction"))
ERROR_VARIANCE = Component("error*error", lambda _: Product("error", "error"))
