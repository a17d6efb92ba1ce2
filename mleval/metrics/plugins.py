"""Metrics of other packages: their entry points of the group `mleval.metrics`.

    [project.entry-points."mleval.metrics"]
    my_metrics = "my_package.metrics"

Each names a module, or an object in one; importing it is to register metrics by `mleval.metric`.
They are looked for when a name is not one of ours, and when every metric is asked for: finding
them takes longer than a small report. So a default report has none of them.
"""

from __future__ import annotations

from functools import cache

from mleval import registry
from mleval.errors import UsageError
from mleval.registry import Metric

GROUP = "mleval.metrics"


@cache
def plugged_in() -> tuple[Metric, ...]:
    """What other packages have registered; UsageError that names one that cannot be loaded."""
    from importlib.metadata import entry_points

    before = {id(metric) for metric in registry.metrics()}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        package = point.dist.name if point.dist else point.module
        held = registry.held()
        try:
            point.load()
        except Exception as error:  # whatever another package does
            registry.restore(held)  # half of its metrics would be none of a working package
            raise UsageError(
                f"the metrics of the package {package} ({point.value}) cannot be loaded: "
                f"{type(error).__name__}: {error}",
                hint=f"update {package}, or uninstall it",
            ) from error
    return tuple(metric for metric in registry.metrics() if id(metric) not in before)
