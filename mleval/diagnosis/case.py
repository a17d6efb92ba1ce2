"""Case: all that is known of what is examined, read once for every part of the examination."""

from __future__ import annotations

from dataclasses import dataclass

from mleval.diagnosis.rows import ClassifiedRows, PredictedRows, WrittenRows
from mleval.options import DiagnoseOptions
from mleval.reading import Source
from mleval.report import Report

Rows = ClassifiedRows | PredictedRows


@dataclass(frozen=True, slots=True)
class Seen:
    """Some rows, the report of their plain evaluation, and the table that they are read from."""

    rows: Rows
    report: Report
    source: Source


@dataclass(frozen=True, slots=True)
class Case:
    """What is examined. seen: the rows that the model was not fitted on, as far as that is said.

    train: those that it was. only_training: what says that all rows are such.
    """

    seen: Seen
    options: DiagnoseOptions
    train: Seen | None = None
    only_training: str | None = None

    @property
    def rows(self) -> Rows:
        """Those that are examined."""
        return self.seen.rows

    @property
    def report(self) -> Report:
        """Of their plain evaluation."""
        return self.seen.report


@dataclass(frozen=True, slots=True)
class TextCase:
    """Texts that are examined, and the report of their plain evaluation."""

    rows: WrittenRows
    report: Report
    options: DiagnoseOptions
    train: None = None
