"""History: the trainings of one call, as every renderer and reader gets them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.report_gates import GateResult, none_failed
from mleval.training.run import Run

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

HISTORY_SCHEMA = "mleval.history/1"


@dataclass(frozen=True, kw_only=True)
class History:
    """The trainings of one call by name: `history["log.csv"].findings`, `best`, `to_frame()`."""

    runs: Mapping[str, Run]

    def __getitem__(self, name: str) -> Run:
        return self.runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def run(self) -> Run:
        """The only training; ValueError where there are several."""
        (found,) = self.runs.values()
        return found

    @property
    def alike(self) -> bool:
        """Whether all trainings watch the same metric, on the same part of the data."""
        watched = [run.watched and run.watched.judged for run in self.runs.values()]
        return len({(one.metric, one.split, one.goal) if one else None for one in watched}) == 1

    @property
    def best(self) -> str | None:
        """The training that got furthest in what all of them watch; None where they differ."""
        values = {}
        for name, run in self.runs.items():
            one = None if run.watched is None else run.watched.judged
            if one is not None and one.best is not None:
                values[name] = one.sign * float(one.values[one.best])
        return min(values, key=lambda name: values[name]) if values and self.alike else None

    @property
    def gates(self) -> tuple[GateResult, ...]:
        """Those of every training, in order."""
        return tuple(result for run in self.runs.values() for result in run.gates)

    @property
    def passed(self) -> bool:
        """Whether no gate failed."""
        return none_failed(self.gates)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: plain types only, nothing that JSON lacks."""
        return {
            "schema": HISTORY_SCHEMA,
            "best": self.best,
            "runs": {name: run.to_dict() for name, run in self.runs.items()},
        }

    def to_frame(self) -> pd.DataFrame:
        """A pandas DataFrame, a row a point and a column a series, indexed by run and point."""
        import pandas as pd  # only who asks for a frame pays for pandas

        frames = {
            name: pd.DataFrame({one.key: one.values for one in run.series}, index=run.labels)
            for name, run in self.runs.items()
        }
        return pd.concat(frames, names=["run", "point"])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it, whole or not at all, in the format of the path's ending."""
        from mleval.rendering import write  # as a Report presents itself

        write(self, Path(path))

    def plot(self, name: str | None = None) -> Figure:
        """A matplotlib figure of the learning curves. Raises UsageError where there are none."""
        from mleval.rendering.plots import figure  # as a Report presents itself

        return figure(self, name)

    def __repr__(self) -> str:
        from mleval.rendering import render  # as a Report presents itself

        return render(self, "table")

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # as a Report presents itself

        return render(self, "html-fragment")
