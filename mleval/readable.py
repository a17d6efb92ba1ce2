"""What a metric has to declare, so that its tasks can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mleval.states import Confusion, Kept, Means, NgramSet, Ordered, ScoreTable

_CLASSES = (Confusion, Means, ScoreTable)
_STATES: Mapping[str, tuple[type, ...]] = {
    "binary": _CLASSES,
    "multiclass": _CLASSES,
    "multilabel": (Confusion, ScoreTable),
    "regress": (Means, Ordered, Kept),
    "pairs": (Means, ScoreTable),
    "text": (Means, NgramSet),
    "perplexity": (Means,),
}
"""The states that are kept of a task; of one that is not here, nothing is known."""


def require_readable(metric: Any) -> None:
    """Raise ValueError where a task of a `Metric` could not read it, as only a run would show."""
    for task in metric.tasks:
        states = _STATES.get(task, (metric.state,))
        if metric.state not in states:
            known = ", ".join(state.__name__ for state in states)
            raise ValueError(
                f"{metric.name}: a {task} metric reads {known}, not {metric.state.__name__}"
            )
    if metric.state is Means and metric.components is None:
        raise ValueError(f"{metric.name}: a metric on Means declares its components")
    if metric.state is Ordered and metric.share is None and not metric.no_interval:
        raise ValueError(f"{metric.name}: a metric on Ordered declares share, or no_interval")
