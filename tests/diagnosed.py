"""Diagnoses as tests look at them."""

from __future__ import annotations

from typing import Any

from mleval.diagnosis.case import Case
from mleval.diagnosis.finding import Cell, Finding, Section
from mleval.diagnosis.reading import read_case
from mleval.diagnosis.result import Diagnosis
from mleval.options import DiagnoseOptions


def case_of(data: Any, **options: Any) -> Case:
    """What is examined."""
    found = read_case(data, DiagnoseOptions(**options))
    assert isinstance(found, Case)
    return found


def section(diagnosis: Diagnosis, part: str) -> Section:
    (found,) = [section for section in diagnosis.sections if section.part == part]
    return found


def finding(diagnosis: Diagnosis, kind: str) -> Finding:
    (found,) = [item for item in diagnosis.findings if item.kind == kind]
    return found


def kinds(diagnosis: Diagnosis) -> set[str]:
    return {item.kind for item in diagnosis.findings}


def table(diagnosis: Diagnosis, name: str) -> dict[str, dict[str, Cell]]:
    """First cell of a row → column → cell, of the exhibit of that name."""
    (item,) = [e for s in diagnosis.sections for e in s.exhibits if e.name == name]
    return {str(row[0]): dict(zip(item.columns, row, strict=True)) for row in item.rows}
