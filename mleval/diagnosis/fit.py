"""The fit."""

from __future__ import annotations

from mleval.diagnosis.case import Case
from mleval.diagnosis.finding import Section


def examine(case: Case) -> Section | None:
    """Not yet."""
    return None
