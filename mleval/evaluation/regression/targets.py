"""Several targets a row: a metric of all of them is the mean over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mleval.errors import Undefined
from mleval.registry import Metric

ONE = ""
"""The name of the only target of a row."""


def of_target(name: str, target: str) -> str:
    """What something of a target is called among those of all targets.

    >>> of_target("error", "price"), of_target("error", ONE)
    ('error of price', 'error')
    """
    return name if target == ONE else f"{name} of {target}"


def mean_over(targets: tuple[str, ...], read: Callable[[str], Any]) -> Any:
    """The mean over the targets of what is read of each; Undefined names the target without."""
    values = []
    for target in targets:
        try:
            values.append(read(target))
        except Undefined as error:
            where = f" for the target '{target}'" if len(targets) > 1 else ""
            raise Undefined(error.reason + where) from None
    return values[0] if len(values) == 1 else sum(values) / len(values)


def over_targets(metric: Metric, targets: tuple[str, ...]) -> Metric:
    """The mean over targets of a metric on means, as one metric on the means of all targets."""
    if targets == (ONE,):
        return metric

    def function(means: Mapping[str, Any], **options: Any) -> Any:
        return mean_over(targets, lambda name: metric.function(_Of(means, name), **options))

    return replace(metric, function=function)


class _Of(Mapping[str, Any]):
    """The means of one target, by the names that its metrics know."""

    def __init__(self, means: Mapping[str, Any], target: str) -> None:
        self._means, self._target = means, target

    def __getitem__(self, name: str) -> Any:
        return self._means[name if name in ("weight", "weight2") else of_target(name, self._target)]

    def __iter__(self) -> Any:
        after = of_target("", self._target)
        return (name.removesuffix(after) for name in self._means if name.endswith(after))

    def __len__(self) -> int:
        return sum(1 for _ in self)
