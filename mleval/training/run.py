"""Run: one training, with all that was found in its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mleval.batch import Floats
from mleval.report_gates import GateResult
from mleval.report_parts import finite
from mleval.training.findings import Finding
from mleval.training.series import Curve, Series
from mleval.training.stopping import Stopping


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training: its points, what was recorded at them, and what that shows.

    format: what the file was taken for; axis, labels: what counts the points, and (n,) where it
    stands at each; curves: training and validation of each metric; watched: the curve that early
    stopping watches and that runs are compared by, None where none has a goal; stopping: in points
    of that curve.
    """

    name: str
    format: str
    axis: str
    labels: Floats
    series: tuple[Series, ...]
    curves: tuple[Curve, ...]
    watched: Curve | None
    patience: int
    min_delta: float
    stopping: Stopping | None = None
    findings: tuple[Finding, ...] = ()
    assumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()

    def at(self, point: int | None) -> float | None:
        """The label of a point."""
        return None if point is None else float(self.labels[point])

    def stopping_at(self) -> Mapping[str, Any] | None:
        """Early stopping by labels in place of points."""
        if self.stopping is None or self.watched is None:
            return None
        judged = self.watched.judged
        places = [i for i in range(len(self.labels)) if judged.present[i]]
        kept, stopped = self.stopping.kept, self.stopping.stopped
        return {
            "series": judged.key,
            "patience": self.patience,
            "min_delta": self.min_delta,
            "kept": self.at(places[kept]),
            "value": float(judged.values[places[kept]]),
            "stopped": None if stopped is None else self.at(places[stopped]),
            "saved": self.stopping.saved,
            "missed": self.stopping.missed,
        }

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: nan, infinities and missing values are null."""
        return {
            "format": self.format,
            "axis": self.axis,
            "points": self.labels.tolist(),
            "series": {one.key: self._series(one) for one in self.series},
            "curves": {curve.name: self._curve(curve) for curve in self.curves},
            "monitored": None if self.watched is None else self.watched.judged.key,
            "early_stopping": self.stopping_at(),
            "findings": [
                {"kind": f.kind, "series": f.series, "at": f.epoch, "evidence": dict(f.evidence)}
                for f in self.findings
            ],
            "assumed": list(self.assumed),
            "warnings": list(self.warnings),
            "gates": [result.to_dict() for result in self.gates],
        }

    def _series(self, one: Series) -> dict[str, Any]:
        return {
            "name": one.name,
            "metric": one.metric,
            "split": one.split,
            "goal": one.goal,
            "best": self._point(one, one.best),
            "last": self._point(one, one.last),
            "values": [finite(value) for value in one.values.tolist()],
        }

    def _curve(self, curve: Curve) -> dict[str, Any]:
        judged = curve.judged
        gaps = {
            name: None if point is None else curve.gap(point)
            for name, point in (("best", judged.best), ("last", judged.last))
        }
        return {
            "train": curve.train and curve.train.key,
            "validation": curve.validation and curve.validation.key,
            "gap": gaps if None not in (curve.train, curve.validation) else None,
        }

    def _point(self, one: Series, point: int | None) -> dict[str, Any] | None:
        if point is None:
            return None
        return {"at": self.at(point), "value": finite(float(one.values[point]))}
