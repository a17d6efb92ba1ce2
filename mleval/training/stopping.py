"""Early stopping: what it would have kept of a series, and what it would have saved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats


@dataclass(frozen=True, slots=True)
class Stopping:
    """kept: the point whose model is kept; stopped: the last point trained, None where it ran out.

    saved: points that were not trained; missed: how much better the best of all points is than the
    one kept.

    Points are counted from 0 among those that the series has.
    """

    kept: int
    stopped: int | None
    saved: int
    missed: float


def stop(values: Floats, patience: int, min_delta: float) -> Stopping | None:
    """Early stopping on (n,) values, less is better; None where there is no finite one.

    Training stops at the `patience`-th value in a row that is not below the best before by more
    than min_delta, as in Keras, Lightning, transformers and XGBoost. nan is no gain.

    >>> stop(np.array([3.0, 2.0, 2.5, 2.4, 1.0]), patience=2, min_delta=0.0)
    Stopping(kept=1, stopped=3, saved=1, missed=1.0)
    """
    kept, waited, best = None, 0, np.inf
    stopped = None
    for point, value in enumerate(values):
        if value < best - min_delta:
            kept, best, waited = point, float(value), 0
        else:
            waited += 1
        if waited >= patience:
            stopped = point
            break
    if kept is None:
        return None
    saved = 0 if stopped is None else len(values) - 1 - stopped
    finite = values[np.isfinite(values)]
    return Stopping(kept, stopped, saved, best - float(finite.min()))
