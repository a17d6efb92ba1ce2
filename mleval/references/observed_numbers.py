"""ObservedNumbers: the parsed columns of a regression that a reference is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ObservedNumbers:
    """Rows of one target; every column has length n. quantiles: share → what was predicted of it.

    A reference of a regression is called as f(observed, **options) and returns nan where the
    metric has no value.
    """

    truth: Floats
    prediction: Floats
    weight: Floats | None = None
    lower: Floats | None = None
    upper: Floats | None = None
    std: Floats | None = None
    quantiles: Mapping[float, Floats] | None = None
