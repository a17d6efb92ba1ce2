"""`mleval.calibrate`: probabilities through a saved calibration."""

from __future__ import annotations

import os
from typing import Any

from mleval.batch import Floats


def calibrate(calibration: Any, probabilities: Any) -> Floats:
    """Probabilities as they come true, by a mapping that `mleval diagnose` wrote.

    calibration: the file that `--save-calibration FILE` wrote, or its JSON object; probabilities:
    (n,) of the positive class, or (n, K) of every class in the order of its `classes`. Returns the
    same shape, float64.

    Raises InputError for a file that is no calibration, another number of classes, and numbers
    that are no probabilities.

    >>> found = {"schema": "mleval.calibration/1", "classes": ["no", "yes"], "positive": "yes",
    ...          "method": "platt", "parameters": {"slope": 0.5, "intercept": 0.0}}
    >>> calibrate(found, [0.1, 0.5, 0.9]).round(3).tolist()  # half as sure
    [0.25, 0.5, 0.75]
    """
    from mleval.diagnosis.calibrating.saved import applied, calibration_of, read_calibration

    if isinstance(calibration, str | os.PathLike):
        return applied(read_calibration(calibration), probabilities)
    return applied(calibration_of(calibration), probabilities)
