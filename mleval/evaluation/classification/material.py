"""Material: what the decisions about a classification are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mleval.evaluation.classification.labels import Spellings
from mleval.evaluation.findings import Findings
from mleval.options import ClassifyOptions
from mleval.reading.roles import ClassRoles


@dataclass(frozen=True, slots=True)
class Material:
    """Merged states, the roles of the columns, the options, and how labels are spelled.

    rows: how many were used; by_prediction: whether scores are kept apart by prediction too.
    """

    states: Mapping[str, Any]
    roles: ClassRoles
    options: ClassifyOptions
    rows: int
    by_prediction: bool
    findings: Findings
    spellings: Spellings
