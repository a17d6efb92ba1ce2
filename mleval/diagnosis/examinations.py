"""EXAMINATIONS: for each task its parts, in the order of the page. A part is a row here.

An examination is `examine(case)`, or of rows alone `examine(rows, options)`, in a module that is
loaded when its turn comes; it gives a Section, or None where there is nothing to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from mleval.diagnosis.case import Case, TextCase
from mleval.diagnosis.finding import Part, Section

Task = Literal["binary", "multiclass", "regress", "text"]


@dataclass(frozen=True, slots=True)
class Examination:
    """One part. module: in this package; of: what its `examine` takes."""

    part: Part
    module: str
    of: Literal["case", "rows"] = "rows"

    def __call__(self, case: Case | TextCase) -> Section | None:
        """What it tells of the case."""
        examine = import_module(f"mleval.diagnosis.{self.module}").examine
        made: Section | None = (
            examine(case) if self.of == "case" else examine(case.rows, case.options)
        )
        return made


_DATA = Examination("data", "data", of="case")
_FIT = Examination("fit", "fit", of="case")
_THRESHOLD = Examination("threshold", "threshold")
_CALIBRATION = Examination("calibration", "calibration")
_ERRORS = Examination("errors", "errors")
_RESIDUALS = Examination("residuals", "residuals")
_TEXTS = Examination("texts", "texts")

EXAMINATIONS: Mapping[Task, tuple[Examination, ...]] = {
    "binary": (_DATA, _FIT, _THRESHOLD, _CALIBRATION, _ERRORS),
    "multiclass": (_DATA, _FIT, _THRESHOLD, _CALIBRATION, _ERRORS),
    "regress": (_DATA, _FIT, _RESIDUALS),
    "text": (_TEXTS,),
}
