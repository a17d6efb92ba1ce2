"""The metrics, one file a family, registered when the first metric of their command is looked up.

Look metrics up here rather than in the registry: here they are all there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from mleval import lookup, registry
from mleval.errors import UsageError
from mleval.metrics.plugins import plugged_in
from mleval.registry import COMMANDS, Metric, Task, command_of

__all__ = ["FAMILIES", "default_metrics", "find", "known", "metrics"]

FAMILIES: Mapping[str, tuple[str, ...]] = {  # in the order of reports and of the catalogue
    "classify": (
        "agreement",
        "counts",
        "costs",
        "ranking",
        "thresholds",
        "cuts",
        "losses",
        "multiclass",
        "soft_labels",
        "multilabel",
        "calibration",
        "recalibration",
    ),
    "regress": (
        "numeric_errors",
        "relative_errors",
        "percentiles",
        "explained",
        "robust_losses",
        "deviances",
        "forecasts",
        "association",
    ),
    "pairs": ("pairs",),
    "text": (
        "bleu",
        "bleu_parts",
        "sentence_bleu",
        "chrf",
        "rouge",
        "error_rates",
        "answers",
        "diversity",
    ),
    "perplexity": ("perplexity", "predicted_tokens"),
}


@cache
def _load(command: str) -> None:
    for family in FAMILIES[command]:
        import_module(f"{__name__}.{family}")


def _load_for(task: Task | None) -> None:
    for command in COMMANDS if task is None else [command_of(task)]:
        _load(command)


_PLACES = {
    f"{__name__}.{family}": place
    for place, family in enumerate(name for families in FAMILIES.values() for name in families)
}


def _place(metric: Metric) -> int:
    """Where its family stands, whatever was imported first."""
    return _PLACES.get(metric.function.__module__, len(_PLACES))


def metrics(task: Task | None = None) -> Iterator[Metric]:
    """Every metric, of one task or of all, in the order of their families, then those plugged in.

    Raises UsageError when those of another package cannot be loaded.
    """
    _load_for(task)
    plugged_in()
    return iter(sorted(registry.metrics(task), key=_place))


def default_metrics(task: Task) -> Iterator[Metric]:
    """The metrics of a task that may stand in its default report: none of them plugged in."""
    _load_for(task)
    others = {id(metric) for metric in plugged_in()} if plugged_in.cache_info().currsize else ()
    mine = (metric for metric in registry.metrics(task) if id(metric) not in others)
    return iter(sorted(mine, key=_place))


def known(name: str, task: Task) -> bool:
    """Whether a task has a metric of that name or alias."""
    _load_for(task)
    if registry.registered(name, task) is None:
        plugged_in()
    return registry.registered(name, task) is not None


def find(name: str, task: Task | None = None) -> Metric:
    """The metric of that name or alias; a UsageError that names the nearest when there is none."""
    _load_for(task)
    try:
        return lookup.find(name, task)
    except UsageError:
        _load_for(None)  # it may be of another task
        plugged_in()
        return lookup.find(name, task)
