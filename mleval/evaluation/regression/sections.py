"""The parts of the report of a regression beside its metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mleval.evaluation.distributions import distribution
from mleval.evaluation.regression.estimates import estimate
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.targets import ONE, of_target
from mleval.evaluation.requests import Request
from mleval.options import RegressOptions
from mleval.reading import Source
from mleval.report import Estimate, WorstRow


def sections(
    evidence: RegressionEvidence,
    requests: Sequence[Request],
    source: Source,
    options: RegressOptions,
    level: float | None,
) -> dict[str, Any]:
    """The targets, the distribution of the errors, and the worst rows."""
    found: dict[str, Any] = {"targets": _targets(evidence, requests, level)}
    if options.describes:
        found["distributions"] = {
            of_target("error", target): distribution(errors)
            for target, errors in evidence.errors.items()
            if math.isfinite(errors.quantile(0.0)) and math.isfinite(errors.quantile(1.0))
        }
    if options.listed:
        found["worst"] = tuple(_worst(evidence, source, options.listed))
    return found


def _targets(
    evidence: RegressionEvidence, requests: Sequence[Request], level: float | None
) -> dict[str, dict[str, Estimate]]:
    """Each of several targets alone, under each metric that the report has of all."""
    if evidence.targets == (ONE,):
        return {}
    of_all = [request for request in requests if request.spec.target is None]
    return {
        target: {
            request.key: estimate(
                replace(request, spec=replace(request.spec, target=target)), evidence, level
            )
            for request in of_all
        }
        for target in evidence.targets
    }


def _worst(evidence: RegressionEvidence, source: Source, most: int) -> list[WorstRow]:
    rows = []
    for target, kept in evidence.worst.items():
        columns = kept.columns
        for at in range(min(most, len(columns["key"]))):
            truth, prediction = float(columns["truth"][at]), float(columns["prediction"][at])
            fields = {"truth": truth, "prediction": prediction, "error": prediction - truth}
            rows.append(
                WorstRow(
                    place=source.locate(int(columns["part"][at]), int(columns["row"][at])),
                    id=str(columns["id"][at]) if "id" in columns else None,
                    fields=fields if target == ONE else {"target": target, **fields},
                )
            )
    return rows
