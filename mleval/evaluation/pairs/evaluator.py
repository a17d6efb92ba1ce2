"""What is particular to `pairs`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.evaluation import moments, scoring
from mleval.evaluation.estimates import Way, read_off
from mleval.evaluation.findings import Findings
from mleval.evaluation.pairs.charts import charts
from mleval.evaluation.pairs.evidence import PairEvidence
from mleval.evaluation.pairs.plan import PairPlan, pair_rows, plan_of
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.evaluation.table_evaluator import TableEvaluator
from mleval.evaluation.wanted import Wanted
from mleval.options import PairsOptions
from mleval.reading import PairRoles, Source
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.states import BinaryScores, Means, ScoreTable
from mleval.uncertainty.tangents import Tangent

_WAYS: Mapping[type, Way] = {
    Means: Way(moments.mean_value, moments.mean_interval),
    ScoreTable: Way(scoring.score_value, scoring.score_interval),
}
_SMALL = 30  # effective rows under which coverage is not what the level says


class Pairs(TableEvaluator[PairsOptions, PairRoles, PairEvidence]):
    """The evaluator of `pairs`."""

    command: ClassVar[str] = "pairs"
    said: ClassVar[tuple[str, ...]] = ("distance", "negative_distance", "weight")

    def plan(self, wanted: Wanted, roles: PairRoles) -> PairPlan:
        """Which states are kept."""
        return plan_of(wanted.of("pairs"), roles, self.options.measure, self.options.p)

    def assume(self, roles: PairRoles, findings: Findings) -> None:
        """Say what the columns were taken for, and how vectors are compared."""
        if "dissimilar" in roles.columns:
            said = "same" if roles.says_same else "dissimilar"
            findings.assume(said, roles.columns["dissimilar"], flag=f"--{said}")
        super().assume(roles, findings)
        if not roles.width:
            return
        for role in ("a", "b", "negative"):
            family = [*roles.families.get(role, {}).values()]
            name = f"{family[0]} … {family[-1]}" if family else roles.columns.get(role)
            if name is not None:
                findings.assume(role, name, f"{roles.width} numbers", flag=f"--{role}")
        p = f", p={self.options.p or 2:g}" if self.options.measure == "minkowski" else ""
        findings.assume("distance", self.options.measure + p, flag="--distance")

    def resolve(
        self,
        states: Mapping[str, Any],
        roles: PairRoles,
        plan: PairPlan,
        findings: Findings,
        rows: int,
    ) -> PairEvidence:
        """The states, and the scores of the pairs that are the same."""
        del findings
        scores = states.get("scores")
        return PairEvidence(
            rows=rows,
            means=states.get("means"),
            event=None if scores is None else scores.binary("same"),
            measure=plan.measure if roles.width else None,
        )

    def missing(self, request: Request, evidence: PairEvidence) -> str | None:
        """Nothing is, beyond what a metric needs."""
        del request, evidence
        return None

    def estimate(self, request: Request, evidence: PairEvidence, level: float | None) -> Estimate:
        """Read one metric; a threshold is a distance up to which pairs are taken for the same."""
        metric = request.metric
        found = read_off(_WAYS[metric.state], request, evidence, level)
        if metric.threshold is None or found.value is None:
            return found
        return replace(found, threshold=-metric.threshold(evidence.event, **request.options))

    def tangent(self, request: Request, evidence: PairEvidence) -> Tangent:
        """How one metric moves with its state: with the means, or with the distances."""
        metric, options = request.metric, request.options
        if metric.state is Means:
            assert evidence.means
            return moments.tangent_on(metric, options, evidence.means)
        assert evidence.event
        return scoring.tangent_on(metric, options, evidence.event)

    def spread(
        self, tangent: Tangent, evidence: PairEvidence, plan: PairPlan, rows: Rows
    ) -> Floats:
        """How far each row moves a number."""
        del evidence
        state, slope = tangent.of, tangent.slope

        def moved(batch: Batch) -> Floats:
            assert isinstance(state, Means)
            pairs = pair_rows(batch, plan.measure, plan.p)
            return state.moved(slope, {c.name: c.of(pairs) for c in plan.components})

        def places(batch: Batch) -> NDArray[np.intp]:
            assert isinstance(state, BinaryScores)
            pairs = pair_rows(batch, plan.measure, plan.p)
            assert pairs.dissimilar is not None
            return state.places(-pairs.distance, pairs.dissimilar == 0)

        return rows.each(moved) if isinstance(state, Means) else slope[rows.places(state, places)]

    def truths(self, evidence: PairEvidence, batch: Batch) -> Floats | None:
        """(n,) which pairs are different, where a column says so."""
        del evidence
        return batch.numbers("dissimilar") if "dissimilar" in batch.columns else None

    def cautions(
        self,
        evidence: PairEvidence,
        requests: Sequence[Request],
        metrics: Mapping[str, Estimate],
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know."""
        del requests
        event = evidence.event
        if event is not None and 0 in (event.positives, event.negatives):
            yield f"all pairs are {'different' if not event.positives else 'the same'}"
        area = metrics.get("roc_auc")
        if area is not None and area.high is not None and area.high < 0.5:
            yield (
                "roc_auc is below 0.5: same pairs are farther apart than different ones: are these "
                "similarities, not distances, or the labels the other way round (--same, "
                "--dissimilar)?"
            )
        if event is not None and len(event.scores) == 1 and evidence.rows > 1:
            yield f"all distances are {-event.scores[0]:g}: they tell nothing apart"
        means = evidence.means
        some = any(item.low is not None for item in metrics.values())
        if some and means is not None and 1 < means.weight**2 / means.weight2 < _SMALL:
            yield f"under {_SMALL} rows: intervals are approximate"

    def sections(
        self, evidence: PairEvidence, requests: Sequence[Request], source: Source
    ) -> Mapping[str, Any]:
        """None beside the metrics."""
        del evidence, requests, source
        return {}

    def charts(self, evidence: PairEvidence, requests: Sequence[Request]) -> Charts:
        """Curves and distances of pairs that are the same and of others."""
        del requests
        return charts(evidence, self.band_level)

    def signature(self, evidence: PairEvidence) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared."""
        p = 2.0 if self.options.p is None else self.options.p
        shown = p if math.isfinite(p) else "inf"  # which JSON has no number for
        minkowski = evidence.measure == "minkowski"
        return {"distance": evidence.measure, "p": shown if minkowski else None}
