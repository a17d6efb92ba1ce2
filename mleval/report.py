"""Report: what an evaluation found, as every renderer and reader gets it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.errors import UsageError
from mleval.report_charts import Charts
from mleval.report_file import REPORT_SCHEMA, load, require_schema
from mleval.report_gates import GateResult, none_failed
from mleval.report_parts import (
    Assumption,
    ClassRow,
    ConfusionTable,
    Distribution,
    Estimate,
    WorstRow,
    finite,
    from_dicts,
    to_dicts,
)
from mleval.report_slices import Difference, Gap, SliceRow, SliceTable
from mleval.spec import Slice, Spec

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "Assumption",
    "ClassRow",
    "ConfusionTable",
    "Difference",
    "Distribution",
    "Estimate",
    "Gap",
    "GateResult",
    "Report",
    "SliceRow",
    "SliceTable",
    "WorstRow",
    "finite",
]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an evaluation found: `report["f1"].value`, iteration, `to_frame()`, `save()`.

    metrics: canonical Spec → Estimate, in the order of the report; classes: class → ClassRow;
    targets: target → Spec → Estimate, where a row has several; distributions: name → Distribution;
    slices: one table a column that rows were told apart by;
    worst: the rows that are furthest off, the worst first; citations: lines as papers quote them;
    curves: name → columns of at most 512 points; charts: what plots draw, if that was asked for
    (see `report_charts`); assumed: what the input did not say;
    warnings: what a careful reader should know; gates: the conditions that were checked;
    signature: equal signatures may be compared;
    provenance: rows, label set, digests of the inputs; environment: versions;
    lists_worst: whether the worst rows were asked for: a page that is sent about shows no others.
    """

    task: str
    inputs: tuple[str, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    metrics: Mapping[str, Estimate] = field(default_factory=dict)
    classes: Mapping[str, ClassRow] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    slices: tuple[SliceTable, ...] = ()
    confusion: ConfusionTable | None = None
    curves: Mapping[str, Mapping[str, list[float | None]]] = field(default_factory=dict)
    charts: Charts = field(default_factory=dict)
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    worst: tuple[WorstRow, ...] = ()
    citations: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()
    signature: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    lists_worst: bool = field(default=False, compare=False)

    def __getitem__(self, spec: str) -> Estimate:
        """The estimate of a Spec; a bare name stands for its [macro] where there are classes.

        A metric is found by its aliases too, and one with options by its bare name when it is the
        only one of that name; `f1{country=DE}` and `f1{worst country}` are those of slices.

        Raises UsageError when the Spec does not parse or the report does not hold it.
        """
        parsed = replace(Spec.parse(spec), field=None)
        if parsed.slice is not None:
            return self._of_slice(self._canonical(parsed), parsed.slice)
        found = self._found(parsed) or self._found(self._canonical(parsed)) or self._variant(parsed)
        if found:
            return found
        raise UsageError(f"the report has no '{spec}'", hint="it has: " + ", ".join(self.metrics))

    def _of_slice(self, spec: Spec, part: Slice) -> Estimate:
        """That of a slice, or of the worst one."""
        table = next((table for table in self.slices if table.column == part.column), None)
        if table is None:
            has = ", ".join(table.column for table in self.slices) or "none: evaluate with --by"
            raise UsageError(f"the report has no slices by '{part.column}'", hint=f"it has: {has}")
        for wanted in (spec, replace(spec, average=spec.average or "macro")):
            key = str(replace(wanted, slice=None))
            row = table.worst(key) if part.value is None else table.get(part.value)
            if row is not None and key in row.metrics:
                return row.metrics[key]
        there = part.value is None or table.get(part.value) is not None
        hint = "it has: " + ", ".join(self.metrics) if there else table.like(part.value)
        raise UsageError(f"the report has no '{spec}'", hint=hint)

    @property
    def passed(self) -> bool:
        """Whether no gate failed; an inconclusive one did not."""
        return none_failed(self.gates)

    def _canonical(self, spec: Spec) -> Spec:
        """The Spec under its metric's own name."""
        from mleval.metrics import find  # few ask by an alias

        with suppress(UsageError):
            task: Any = self.task
            return replace(spec, name=find(spec.name, task).name)
        return spec

    def _variant(self, spec: Spec) -> Estimate | None:
        """The one metric of the report that is that Spec but for its options."""
        if spec.options:
            return None
        bare = [key for key in self.metrics if key.partition("(")[0] == spec.name and "(" in key]
        same = [key for key in bare if replace(Spec.parse(key), options=()) == spec]
        return self.metrics[same[0]] if len(same) == 1 else None

    def _found(self, parsed: Spec) -> Estimate | None:
        for wanted in (parsed, replace(parsed, average=parsed.average or "macro")):
            if str(wanted) in self.metrics:
                return self.metrics[str(wanted)]
        if parsed.target is not None:
            of_target = self.targets.get(parsed.target, {})
            return of_target.get(str(replace(parsed, target=None)))
        row = self.classes.get(parsed.of_class) if parsed.of_class is not None else None
        return row.metrics.get(str(replace(parsed, of_class=None))) if row else None

    def __iter__(self) -> Iterator[str]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def to_dict(self) -> dict[str, Any]:
        """The JSON report: plain types only, nothing that JSON lacks."""
        return {
            "schema": REPORT_SCHEMA,
            "task": self.task,
            "inputs": list(self.inputs),
            "assumed": [asdict(item) for item in self.assumed],
            "metrics": to_dicts(self.metrics),
            "classes": {name: row.to_dict() for name, row in self.classes.items()},
            "targets": {name: to_dicts(row) for name, row in self.targets.items()},
            "slices": [table.to_dict() for table in self.slices],
            "confusion": self.confusion.to_dict() if self.confusion else None,
            "curves": {name: dict(curve) for name, curve in self.curves.items()},
            **(
                {"charts": {n: dict(chart) for n, chart in self.charts.items()}}
                if self.charts
                else {}
            ),
            "distributions": {name: d.to_dict() for name, d in self.distributions.items()},
            "worst": [row.to_dict() for row in self.worst],
            "citations": list(self.citations),
            "warnings": list(self.warnings),
            "gates": [result.to_dict() for result in self.gates],
            "signature": dict(self.signature),
            "provenance": dict(self.provenance),
            "environment": dict(self.environment),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The inverse of `to_dict`; InputError for another schema."""
        require_schema(data, REPORT_SCHEMA)
        confusion = data["confusion"]
        return cls(
            task=data["task"],
            inputs=tuple(data["inputs"]),
            assumed=tuple(Assumption(**item) for item in data["assumed"]),
            metrics=from_dicts(data["metrics"]),
            classes={name: ClassRow.from_dict(row) for name, row in data["classes"].items()},
            targets={name: from_dicts(row) for name, row in data["targets"].items()},
            slices=tuple(map(SliceTable.from_dict, data["slices"])),
            confusion=confusion and ConfusionTable.from_dict(confusion),
            curves=data["curves"],
            charts=data.get("charts", {}),
            distributions={
                name: Distribution.from_dict(item) for name, item in data["distributions"].items()
            },
            worst=tuple(map(WorstRow.from_dict, data["worst"])),
            citations=tuple(data["citations"]),
            warnings=tuple(data["warnings"]),
            gates=tuple(map(GateResult.from_dict, data["gates"])),
            signature=data["signature"],
            provenance=data["provenance"],
            environment=data["environment"],
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report, whole or not at all, in the format of the path's ending."""
        from mleval.rendering import write  # the one upward edge

        write(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Report:
        """Read a JSON report back. Raises InputError when it is not one."""
        return load(path, cls.from_dict)

    def to_frame(self) -> pd.DataFrame:
        """A pandas DataFrame, one row a metric, indexed by Spec."""
        import pandas as pd  # only who asks for a frame pays for pandas

        rows = {spec: item.to_dict() for spec, item in self.metrics.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")

    def plot(self, name: str | None = None) -> Figure:
        """A matplotlib figure of the plot of that name, such as "roc"; of the first, without one.

        Raises UsageError, with the names that there are, for a plot that the report has not got
        the charts of: some are gathered by `plots=True` alone.
        """
        from mleval.rendering.plots import figure  # the one upward edge

        return figure(self, name)

    def __repr__(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "table")

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "html-fragment")
