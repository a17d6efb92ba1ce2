"""diagnose: read what there is, examine it part by part, and put the findings in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mleval.diagnosis.case import Case, TextCase
from mleval.diagnosis.error_rows import error_rows
from mleval.diagnosis.examinations import EXAMINATIONS
from mleval.diagnosis.reading import read_case
from mleval.diagnosis.result import Diagnosis
from mleval.evaluation.fold import Progress
from mleval.options import DiagnoseOptions
from mleval.writing import write_whole


def diagnose(data: Any, options: DiagnoseOptions, *, progress: Progress | None = None) -> Diagnosis:
    """What is wrong with predictions, and what to do next.

    data: paths, or a table in memory. Raises UsageError for what cannot be meant, InputError for
    everything in the input that cannot be examined, and for files that cannot be written.
    """
    case = read_case(data, options, progress=progress)
    found = [examination(case) for examination in EXAMINATIONS[case.rows.task]]
    sections = tuple(section for section in found if section is not None)
    _write_beside(case, options)
    train = None if case.train is None else case.train.report
    return Diagnosis(report=case.report, sections=sections, train=train)


def _write_beside(case: Case | TextCase, options: DiagnoseOptions) -> None:
    """The files that were asked for, none of them where one cannot be made."""
    calibration = wrong = None
    if options.save_calibration is not None:
        from mleval.diagnosis.calibrating.refitting import fitted_calibration

        calibration = fitted_calibration(case).to_text()
    if options.errors is not None:
        wrong = error_rows(case)
    if options.save_calibration is not None and calibration is not None:
        write_whole(Path(options.save_calibration), calibration)
    if options.errors is not None and wrong is not None:
        from mleval.rendering.diagnosis.error_rows import write_errors

        write_errors(wrong, options.errors)
