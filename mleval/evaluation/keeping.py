"""Keeping: what is kept of the rows beside the states of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mleval.evaluation.chunks import Chunks
from mleval.evaluation.clusters import ROLE, Clusters
from mleval.evaluation.derived import coupled
from mleval.evaluation.evaluator import Evaluator, Plan
from mleval.evaluation.findings import Findings
from mleval.evaluation.influences import Influences
from mleval.evaluation.measuring import measured, read_parts
from mleval.evaluation.requests import DerivedRequest, Request, Wanted
from mleval.evaluation.rows import Rows
from mleval.reading import Roles, Slicing
from mleval.report import Estimate, SliceTable

if TYPE_CHECKING:
    from mleval.evaluation.slices import SlicingPlan

AnyEvaluator = Evaluator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The states of a plan, those of slices, and the rows themselves, as they are wanted.

    coupled: what takes the rows for its interval; clustered: whether all do; rows: whether they
    are kept.
    """

    plan: Plan
    sliced: SlicingPlan | None
    coupled: Sequence[str]
    clustered: bool
    rows: bool

    @classmethod
    def of(
        cls,
        evaluator: AnyEvaluator,
        wanted: Wanted,
        roles: Roles,
        plan: Plan,
        slicing: Slicing | None,
        *,
        batches: bool,
    ) -> Keeping:
        """What is kept for these metrics. batches: the rows in any case."""
        sliced = None
        if slicing is not None:
            from mleval.evaluation.slices import SlicingPlan  # a run without slices starts sooner

            of_parts = evaluator.plan_of_parts(plan)
            sliced = SlicingPlan(slicing, of_parts, evaluator.options.max_slices)
        coupled = _coupled(evaluator, wanted, roles)
        clustered = ROLE in roles.columns
        return cls(plan, sliced, coupled, clustered, rows=batches or clustered or bool(coupled))

    def states_of(self, batch: Any) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        states = dict(self.plan.states_of(batch))
        if self.sliced is not None:
            states["slices"] = self.sliced.of(batch)
        if self.rows:
            states["batches"] = Chunks((batch,))
        return states

    def influences(
        self, evaluator: AnyEvaluator, evidence: Any, states: Mapping[str, Any]
    ) -> Influences | None:
        """How far each row moves the numbers, where rows are kept."""
        if not self.rows:
            return None
        rows = Rows(states["batches"].chunks)
        clusters = Clusters.of(rows) if self.clustered else None
        return Influences(evaluator, evidence, self.plan, rows, clusters)

    def slices(
        self,
        evaluator: AnyEvaluator,
        whole: Any,
        roles: Roles,
        states: Mapping[str, Any],
        readable: Sequence[Request],
        derived: Sequence[DerivedRequest],
        findings: Findings,
    ) -> tuple[SliceTable, ...]:
        """The same metrics of each slice. whole: the evidence of all rows."""
        if self.sliced is None:
            return ()
        from mleval.evaluation.slices import slice_tables

        plan = self.sliced.plan

        def measure(states: Mapping[str, Any], rows: int) -> dict[str, Estimate]:
            evidence = evaluator.resolve_part(whole, states, roles, plan, rows)
            return measured(evaluator, evidence, read_parts(evaluator, evidence, readable), derived)

        return slice_tables(states["slices"], evaluator.options.min_slice, findings, measure)


def _coupled(evaluator: AnyEvaluator, wanted: Wanted, roles: Roles) -> list[str]:
    """The derived metrics and gates whose intervals take the rows, under any task it may be."""
    if evaluator.level is None:
        return []
    return [
        *dict.fromkeys(
            one.key
            for task in evaluator.likely(roles)
            if wanted.may_be(task)
            for one in wanted.combined(task)
            if coupled(one, wanted.under(task), task)
        )
    ]
