"""ObservedNumbers: the columns of a regression that a reference implementation is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mleval.references.observed import Floats


@dataclass(frozen=True, kw_only=True)
class ObservedNumbers:
    """Rows of a regression, of one target; every column has length n.

    lower, upper: the limits of predicted intervals; std: predicted standard deviations;
    quantiles: level → predicted quantile; weight: above 0; level: what the intervals promise to
    hold, where that is known.
    """

    truth: Floats
    prediction: Floats
    lower: Floats | None = None
    upper: Floats | None = None
    std: Floats | None = None
    quantiles: Mapping[float, Floats] = field(default_factory=dict)
    weight: Floats | None = None
    level: float | None = None

    @property
    def weights(self) -> Floats:
        """(n,) weights, ones where every row counts once."""
        return np.ones(len(self.truth)) if self.weight is None else self.weight

    @property
    def rows(self) -> list[tuple[float, float, float]]:
        """Truth, prediction and weight of each row."""
        columns = (self.truth, self.prediction, self.weights)
        return list(zip(*(column.tolist() for column in columns), strict=True))
