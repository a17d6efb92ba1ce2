"""Every metric read off an evidence: those of its states, and those derived of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mleval.evaluation.derived import Parts, derive
from mleval.evaluation.evaluator import Evaluator
from mleval.evaluation.influences import Influences
from mleval.evaluation.requests import DerivedRequest, Request
from mleval.report import Estimate


def read_parts(
    evaluator: Evaluator[Any, Any, Any], evidence: Any, requests: Sequence[Request]
) -> Parts:
    """By key, each request with its estimate."""
    return {r.key: (r, evaluator.estimate(r, evidence, evaluator.level)) for r in requests}


def measured(
    evaluator: Evaluator[Any, Any, Any],
    evidence: Any,
    parts: Parts,
    derived: Sequence[DerivedRequest],
    influences: Influences | None = None,
) -> dict[str, Estimate]:
    """The metrics as a report has them, by canonical Spec.

    influences: how far each row moves them, where rows are kept.
    """
    metrics = {key: item for key, (request, item) in parts.items() if not request.part}
    for one in derived:
        metrics[one.key] = derive(
            one, parts, lambda part: evaluator.tangent(part, evidence), evaluator.level, influences
        )
    return metrics
