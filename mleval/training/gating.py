"""Gates on histories: `val_loss` is the last value of a series, `val_loss.best` the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mleval.errors import UsageError
from mleval.expression import Expression, Gate, specs_of
from mleval.gates.checking import check
from mleval.gates.numbers import read
from mleval.gates.paired import RowInfluences
from mleval.reading.names import nearest
from mleval.report import Estimate, SliceTable
from mleval.report_parts import finite
from mleval.spec import Spec
from mleval.training.history import History
from mleval.training.run import Run
from mleval.training.series import Series

_NONE = "a training history has no rows to make one of"
_SHORT = {"train": "train", "validation": "val", "test": "test"}


@dataclass(frozen=True, slots=True)
class SeriesNumbers:
    """The series of a run, as gates look metrics up."""

    run: Run

    def estimate(self, spec: Spec) -> Estimate:
        """The last value, or the best; undefined where that is no number."""
        one = self.find(spec)
        point = one.best if spec.field == "best" else one.last
        if point is None:
            return Estimate(undefined=f"{one.name} has no finite value")
        value = finite(float(one.values[point]))
        at = f"{self.run.axis} {self.run.at(point):g}"
        if value is None:
            return Estimate(undefined=f"{one.name} is {one.values[point]} at {at}")
        return Estimate(value=value, goal=one.goal or "none", no_interval=_NONE)

    def sliced(self, spec: Spec) -> tuple[SliceTable, str]:
        """UsageError: a history has no slices."""
        raise UsageError(f"{spec}: a history of training has no slices")

    def joint(self, expression: Expression) -> Estimate:
        """An expression of several series."""
        values = {spec: float(self.estimate(spec)) for spec in specs_of(expression)}
        return Estimate(value=read(expression, values), no_interval=_NONE)

    def by_row(self, expression: Expression) -> RowInfluences | None:
        """None: a history has no rows of predictions."""
        del expression
        return None

    def find(self, spec: Spec) -> Series:
        """The series that a Spec names; UsageError where there is none, or more is asked of it."""
        plain = Spec(spec.name, field=spec.field)
        if spec != plain or spec.field in ("low", "high"):
            raise UsageError(
                f"{spec}: a series of training has a last value and a best one, nothing else",
                hint=f"{spec.name} is the last value, {spec.name}.best the best one",
            )
        known = self._names()
        found = known.get(spec.name) or known.get(spec.name.lower())
        if found is None:
            near = nearest(spec.name, list(known)) or [one.key for one in self.run.series]
            raise UsageError(
                f"{self.run.name} has no series '{spec.name}'", hint=f"it has {', '.join(near)}"
            )
        if spec.field == "best" and found.goal is None:
            raise UsageError(
                f"{spec}: nobody knows which way {found.name} is better",
                hint=f"say it: --goal {found.key}=max, or {found.key}=min",
            )
        return found

    def _names(self) -> dict[str, Series]:
        """By key, by key in lower case, and by part and metric, such as val_rmse."""
        found = {one.key: one for one in self.run.series}
        for one in self.run.series:
            found.setdefault(one.key.lower(), one)
        from mleval.training.names import identifier

        for one in self.run.series:
            if one.split is not None:
                found.setdefault(f"{_SHORT[one.split]}_{identifier(one.metric)}", one)
        return found


def gated(history: History, gates: Sequence[Gate]) -> History:
    """The history with its gates checked in every run, by value.

    Raises UsageError for a gate on a series that a run does not have.
    """
    if not gates:
        return history
    runs = {}
    for name, run in history.runs.items():
        numbers = SeriesNumbers(run)
        for gate in gates:
            for spec in (*specs_of(gate.left), *specs_of(gate.right)):
                numbers.find(spec)
        results = tuple(check(gate, numbers, None, "point") for gate in dict.fromkeys(gates))
        runs[name] = replace(run, gates=results)
    return History(runs=runs)
