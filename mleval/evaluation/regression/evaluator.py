"""What is particular to `regress`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from mleval.batch import Batch, Family, Floats
from mleval.errors import InputError
from mleval.evaluation.findings import Findings
from mleval.evaluation.regression.cautions import cautions
from mleval.evaluation.regression.charts import charts
from mleval.evaluation.regression.estimates import estimate, missing
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.plan import RegressionPlan, plan_of
from mleval.evaluation.regression.sections import sections
from mleval.evaluation.regression.tangents import spread, tangent
from mleval.evaluation.regression.targets import ONE, of_target
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.evaluation.table_evaluator import TableEvaluator
from mleval.evaluation.wanted import Wanted
from mleval.options import RegressOptions
from mleval.reading import Reading, RegressionRoles, Source, read
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.uncertainty.tangents import Tangent


class Regression(TableEvaluator[RegressOptions, RegressionRoles, RegressionEvidence]):
    """The evaluator of `regress`."""

    command: ClassVar[str] = "regress"
    said: ClassVar[tuple[str, ...]] = ("truth", "prediction", "lower", "upper", "std", "weight")

    def plan(self, wanted: Wanted, roles: RegressionRoles) -> RegressionPlan:
        """Which states are kept."""
        requests, options = wanted.of("regress"), self.options
        return plan_of(
            requests,
            roles,
            listed=options.listed,
            described=options.describes or options.plots,
            sampled=options.plots,
            coupled=self.level is not None,
        )

    def read(self, source: Source, roles: RegressionRoles) -> Reading:
        """With the ids, where rows are listed or those of a baseline are to be the same."""
        ids = self.options.listed > 0 or self.options.baseline is not None
        return read(source, roles, missing=self.options.missing, ids=ids)

    def assume(self, roles: RegressionRoles, findings: Findings) -> None:
        """Say what the columns were taken for."""
        super().assume(roles, findings)
        if roles.targets:
            findings.assume(
                "targets", ", ".join(roles.targets), f"{len(roles.targets)} pairs", "--truth"
            )
            for role in ("lower", "upper", "std"):
                if role in roles.families:
                    findings.assume(role, ", ".join(roles.families[role].values()), flag="--truth")
        self._assume_levels(roles, findings)
        quantiles = roles.families.get("quantiles", {})
        if quantiles:
            findings.assume("quantiles", ", ".join(quantiles), flag="--quantiles")

    def _assume_levels(self, roles: RegressionRoles, findings: Findings) -> None:
        """What the intervals promise to hold."""
        targets = roles.targets or (ONE,)
        levels = [roles.levels[target] for target in targets if target in roles.levels]
        if levels and len(levels) == len(targets):
            told = ", ".join(f"{100 * level:g} %" for level in dict.fromkeys(levels))
            findings.assume("interval", told, "by the names of its ends", "--lower")

    def resolve(
        self,
        states: Mapping[str, Any],
        roles: RegressionRoles,
        plan: RegressionPlan,
        findings: Findings,
        rows: int,
    ) -> RegressionEvidence:
        """The states of each target."""
        del roles, findings

        def by_target(name: str) -> dict[str, Any]:
            names = {target: of_target(name, target) for target in plan.targets}
            return {target: states[key] for target, key in names.items() if key in states}

        return RegressionEvidence(
            rows=rows,
            targets=plan.targets,
            means=states["means"],
            samples=by_target("sample"),
            components=frozenset(c.name for c in (*plan.components, *plan.kept)),
            errors=by_target("errors"),
            ranked=by_target("ranked"),
            worst=by_target("worst"),
            heaviest=by_target("heaviest"),
        )

    def plan_of_parts(self, plan: RegressionPlan) -> RegressionPlan:
        """Without the worst rows, which are those of the whole."""
        return replace(plan, worst=0, sampled=False)

    def missing(self, request: Request, evidence: RegressionEvidence) -> str | None:
        """Why the evidence does not hold what a request reads; InputError for an unknown target."""
        target = request.spec.target
        if target is not None and target not in evidence.targets:
            several = len(evidence.targets) > 1
            there = f"there are {', '.join(evidence.targets)}" if several else "there is but one"
            raise InputError(f"{request.key}: there is no target '{target}'; {there}")
        return missing(request, evidence)

    def estimate(
        self, request: Request, evidence: RegressionEvidence, level: float | None
    ) -> Estimate:
        """Read one metric."""
        return estimate(request, evidence, level)

    def tangent(self, request: Request, evidence: RegressionEvidence) -> Tangent:
        """How one metric moves with its state."""
        return tangent(request, evidence)

    def spread(
        self, tangent: Tangent, evidence: RegressionEvidence, plan: RegressionPlan, rows: Rows
    ) -> Floats:
        """How far each row moves a number."""
        return spread(tangent, evidence, plan, rows)

    def truths(self, evidence: RegressionEvidence, batch: Batch) -> Floats:
        """The true numbers, (n,); of several targets (k, n), by their names."""
        del evidence
        column = batch.columns["truth"]
        if not isinstance(column, Family):
            return batch.numbers("truth")
        return column.values[np.argsort(column.names)]

    def cautions(
        self,
        evidence: RegressionEvidence,
        requests: Sequence[Request],
        metrics: Mapping[str, Estimate],
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know."""
        del requests
        return cautions(evidence, metrics)

    def sections(
        self, evidence: RegressionEvidence, requests: Sequence[Request], source: Source
    ) -> Mapping[str, Any]:
        """The targets, the distribution of the errors, and the worst rows."""
        return sections(evidence, requests, source, self.options, self.level)

    def charts(self, evidence: RegressionEvidence, requests: Sequence[Request]) -> Charts:
        """Errors as they are, beside the normal, and against predictions."""
        del requests
        return charts(evidence, self.band_level)

    def signature(self, evidence: RegressionEvidence) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared."""
        return {"targets": [target for target in evidence.targets if target]}
