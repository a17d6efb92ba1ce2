"""ReportSet: the reports of several models side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.errors import UsageError
from mleval.report import Estimate, Report
from mleval.report_file import SET_SCHEMA, load, require_schema

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class ReportSet:
    """One Report a model: `reports["lr"]["f1"].value`, iteration over the names, `to_frame()`.

    lists_worst: whether the table lists the worst rows of each model, and not only the metrics.

    >>> both = {"a": Report(task="binary"), "b": Report(task="binary")}
    >>> list(ReportSet(systems=both))
    ['a', 'b']
    """

    systems: Mapping[str, Report]
    lists_worst: bool = False

    def __getitem__(self, name: str) -> Report:
        """The report of a model; UsageError when there is none of that name."""
        if name in self.systems:
            return self.systems[name]
        raise UsageError(f"there is no model '{name}'", hint="there are: " + ", ".join(self))

    def __iter__(self) -> Iterator[str]:
        return iter(self.systems)

    def __len__(self) -> int:
        return len(self.systems)

    @property
    def metrics(self) -> dict[str, dict[str, Estimate]]:
        """Spec → model → estimate, in the order of the reports."""
        specs = dict.fromkeys(spec for report in self.systems.values() for spec in report.metrics)
        return {
            spec: {n: r.metrics[spec] for n, r in self.systems.items() if spec in r.metrics}
            for spec in specs
        }

    @property
    def passed(self) -> bool:
        """Whether no gate of any model failed; an inconclusive one did not."""
        return all(report.passed for report in self.systems.values())

    @property
    def as_many_rows(self) -> bool:
        """Whether every model is evaluated on as many rows."""
        return len({report.provenance.get("rows_used") for report in self.systems.values()}) < 2

    def best(self, spec: str) -> tuple[str, ...]:
        """The models with the best value of a metric: several when equal, none without a goal.

        None either when the models have not as many rows: they were not asked the same.
        """
        if not self.as_many_rows:
            return ()
        items = self.metrics.get(spec, {})
        values = {name: item.value for name, item in items.items() if item.value is not None}
        goal = next((item.goal for item in items.values()), "none")
        if len(values) < 2 or goal not in ("max", "min"):
            return ()
        top = max(values.values()) if goal == "max" else min(values.values())
        return tuple(name for name, value in values.items() if value == top)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: each model's report, and the best models of each metric."""
        return {
            "schema": SET_SCHEMA,
            "systems": {name: report.to_dict() for name, report in self.systems.items()},
            "best": {spec: list(self.best(spec)) for spec in self.metrics},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReportSet:
        """The inverse of `to_dict`; InputError for another schema."""
        require_schema(data, SET_SCHEMA)
        return cls(systems={n: Report.from_dict(item) for n, item in data["systems"].items()})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the reports, whole or not at all, in the format of the path's ending."""
        from mleval.rendering import write  # the one upward edge

        write(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> ReportSet:
        """Read the JSON reports of several models back. Raises InputError for anything else."""
        return load(path, cls.from_dict)

    def to_frame(self) -> pd.DataFrame:
        """A pandas DataFrame of the values: one row a metric, one column a model."""
        import pandas as pd  # only who asks for a frame pays for pandas

        values = {
            spec: {name: item.value for name, item in items.items()}
            for spec, items in self.metrics.items()
        }
        return pd.DataFrame.from_dict(values, orient="index").rename_axis("metric")

    def plot(self, name: str | None = None) -> Figure:
        """A matplotlib figure in which the models are drawn together, such as "roc".

        Raises UsageError, with the names that there are, for another.
        """
        from mleval.rendering.plots import figure  # the one upward edge

        return figure(self, name)

    def __repr__(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "table")

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "html-fragment")
