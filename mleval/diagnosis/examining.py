"""diagnose: read what there is, examine it part by part, and put the findings in order."""

from __future__ import annotations

from typing import Any

from mleval.diagnosis.error_rows import error_rows
from mleval.diagnosis.examinations import EXAMINATIONS
from mleval.diagnosis.reading import read_case
from mleval.diagnosis.result import Diagnosis
from mleval.evaluation.fold import Progress
from mleval.options import DiagnoseOptions


def diagnose(data: Any, options: DiagnoseOptions, *, progress: Progress | None = None) -> Diagnosis:
    """What is wrong with predictions, and what to do next.

    data: paths, or a table in memory. Raises UsageError for what cannot be meant, InputError for
    everything in the input that cannot be examined, and for files that cannot be written.
    """
    case = read_case(data, options, progress=progress)
    found = [examination(case) for examination in EXAMINATIONS[case.rows.task]]
    sections = tuple(section for section in found if section is not None)
    if options.errors is not None:
        from mleval.rendering.diagnosis.error_rows import write_errors

        write_errors(error_rows(case), options.errors)
    train = None if case.train is None else case.train.report
    return Diagnosis(report=case.report, sections=sections, train=train)
