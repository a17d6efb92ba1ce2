"""Diagnosis: what an examination found, as every renderer and reader gets it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.diagnosis.finding import Exhibit, Finding, Ranged, Section
from mleval.report import Estimate, Report
from mleval.report_parts import finite

if TYPE_CHECKING:
    import pandas as pd

DIAGNOSIS_SCHEMA = "mleval.diagnosis/1"
_HEADLINES: Mapping[str, tuple[str, ...]] = {
    "binary": ("accuracy", "f1", "roc_auc"),
    "multiclass": ("accuracy", "f1[macro]", "roc_auc_ovr[macro]"),
    "regress": ("r2", "rmse", "mae"),
    "text": ("chrf", "bleu", "rouge1"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next; findings: the numbers, from 1, of those that it follows from."""

    text: str
    findings: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What was found: `diagnosis.findings`, `.steps`, `.report["f1"].value`, `.save("page.md")`.

    report: the plain evaluation of the rows that are examined; train: that of the rows that the
    model was fitted on; sections: what each part of the examination tells.
    """

    report: Report
    sections: tuple[Section, ...] = ()
    train: Report | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In order: first what spoils the numbers themselves, then by what mending could gain."""
        found = [finding for section in self.sections for finding in section.findings]
        return tuple(
            sorted(found, key=lambda f: (not f.spoils, -(f.gain.recovers if f.gain else 0)))
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do next, in the order of the findings; those that ask for the same are one."""
        places: dict[str, list[int]] = {}
        for number, finding in enumerate(self.findings, 1):
            if finding.step is not None:
                places.setdefault(finding.step, []).append(number)
        return tuple(Step(text, tuple(numbers)) for text, numbers in places.items())

    @property
    def headline(self) -> dict[str, Estimate]:
        """The metrics that stand for all, by Spec."""
        metrics = self.report.metrics
        names = [name for name in _HEADLINES.get(self.report.task, ()) if name in metrics]
        return {name: metrics[name] for name in names or list(metrics)[:3]}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a careful reader should know."""
        return self.report.warnings

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: plain types only, nothing that JSON lacks."""
        return {
            "schema": DIAGNOSIS_SCHEMA,
            "task": self.report.task,
            "inputs": list(self.report.inputs),
            "headline": {name: item.to_dict() for name, item in self.headline.items()},
            "findings": [
                {"number": number, **_finding(item)} for number, item in enumerate(self.findings, 1)
            ],
            "steps": [{"step": s.text, "findings": list(s.findings)} for s in self.steps],
            "sections": [_section(section) for section in self.sections],
            "report": self.report.to_dict(),
            "train": None if self.train is None else self.train.to_dict(),
        }

    def to_frame(self) -> pd.DataFrame:
        """A pandas DataFrame, a row a finding, indexed by its number."""
        import pandas as pd  # only who asks for a frame pays for pandas

        rows = [
            {
                "part": item.part,
                "kind": item.kind,
                "says": item.says,
                "columns": ", ".join(item.columns),
                "metric": item.gain and item.gain.metric,
                "now": item.gain and item.gain.now,
                "then": item.gain and item.gain.then,
                "step": item.step,
            }
            for item in self.findings
        ]
        frame = pd.DataFrame(rows, index=range(1, len(rows) + 1))
        return frame.rename_axis("finding")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it, whole or not at all, in the format of the path's ending."""
        from mleval.rendering import write  # as a Report presents itself

        write(self, Path(path))

    def _repr_html_(self) -> str:
        from mleval.rendering import render  # as a Report presents itself

        return render(self, "html-fragment")

    def __repr__(self) -> str:
        from mleval.rendering import render  # as a Report presents itself

        return render(self, "table")


def _finding(item: Finding) -> dict[str, Any]:
    gain = None
    if item.gain is not None:
        gain = {**asdict(item.gain), "difference": _plain(item.gain.difference)}
    return {
        "part": item.part,
        "kind": item.kind,
        "says": item.says,
        "spoils": item.spoils,
        "gain": gain and {name: _plain(value) for name, value in gain.items()},
        "step": item.step,
        "columns": list(item.columns),
        "evidence": {name: _plain(value) for name, value in item.evidence.items()},
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "part": section.part,
        "exhibits": [_exhibit(item) for item in section.exhibits],
        "notes": list(section.notes),
    }


def _exhibit(item: Exhibit) -> dict[str, Any]:
    return {
        "name": item.name,
        "title": item.title,
        "columns": list(item.columns),
        "rows": [[_plain(cell) for cell in row] for row in item.rows],
        "note": item.note,
    }


def _plain(value: Any) -> Any:
    """A number or a text as JSON has it; nan and infinities are null."""
    if isinstance(value, Ranged):
        return {name: _plain(getattr(value, name)) for name in ("value", "low", "high")}
    if isinstance(value, bool | str | dict) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return finite(float(value))
