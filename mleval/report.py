"""Report: what an evaluation found, as every renderer and reader gets it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.errors import UsageError
from mleval.report_file import REPORT_SCHEMA, load, require_schema
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
from mleval.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Assumption",
    "ClassRow",
    "ConfusionTable",
    "Distribution",
    "Estimate",
    "Report",
    "WorstRow",
    "finite",
]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an evaluation found: `report["f1"].value`, iteration, `to_frame()`, `save()`.

    metrics: canonical Spec → Estimate, in the order of the report; classes: class → ClassRow;
    targets: target → Spec → Estimate, where a row has several; distributions: name → Distribution;
    worst: the rows that are furthest off, the worst first;
    curves: name → columns of at most 512 points; assumed: what the input did not say;
    warnings: what a careful reader should know; signature: equal signatures may be compared;
    provenance: rows, label set, digests of the inputs; environment: versions.
    """

    task: str
    inputs: tuple[str, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    metrics: Mapping[str, Estimate] = field(default_factory=dict)
    classes: Mapping[str, ClassRow] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    slices: tuple[Any, ...] = ()
    confusion: ConfusionTable | None = None
    curves: Mapping[str, Mapping[str, list[float | None]]] = field(default_factory=dict)
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    worst: tuple[WorstRow, ...] = ()
    warnings: tuple[str, ...] = ()
    gates: tuple[Any, ...] = ()
    signature: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, spec: str) -> Estimate:
        """The estimate of a Spec; a bare name stands for its [macro] where there are classes.

        A metric is found by its aliases too.

        Raises UsageError when the Spec does not parse or the report does not hold it.
        """
        parsed = replace(Spec.parse(spec), field=None)
        found = self._found(parsed) or self._found(self._canonical(parsed))
        if found:
            return found
        raise UsageError(f"the report has no '{spec}'", hint="it has: " + ", ".join(self.metrics))

    def _canonical(self, spec: Spec) -> Spec:
        """The Spec under its metric's own name."""
        from mleval.metrics import find  # few ask by an alias

        with suppress(UsageError):
            task: Any = self.task
            return replace(spec, name=find(spec.name, task).name)
        return spec

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
            "slices": list(self.slices),
            "confusion": self.confusion.to_dict() if self.confusion else None,
            "curves": {name: dict(curve) for name, curve in self.curves.items()},
            "distributions": {name: d.to_dict() for name, d in self.distributions.items()},
            "worst": [row.to_dict() for row in self.worst],
            "warnings": list(self.warnings),
            "gates": list(self.gates),
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
            slices=tuple(data["slices"]),
            confusion=confusion and ConfusionTable.from_dict(confusion),
            curves=data["curves"],
            distributions={
                name: Distribution.from_dict(item) for name, item in data["distributions"].items()
            },
            worst=tuple(map(WorstRow.from_dict, data["worst"])),
            warnings=tuple(data["warnings"]),
            gates=tuple(data["gates"]),
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

    def __repr__(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "table")

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # the one upward edge

        return render(self, "html-fragment")
