"""Keeping: what is kept of the rows beside the states of the whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mleval.batch import Batch
from mleval.evaluation.chunks import Chunks
from mleval.evaluation.clusters import ROLE, Clusters, shared
from mleval.evaluation.derived import coupled
from mleval.evaluation.evaluator import Evaluator, Plan
from mleval.evaluation.findings import Findings
from mleval.evaluation.influences import Influences
from mleval.evaluation.measuring import Measured
from mleval.evaluation.rows import Rows
from mleval.evaluation.wanted import Wanted
from mleval.reading import Roles, Slicing
from mleval.report import Estimate, SliceTable

if TYPE_CHECKING:
    from mleval.evaluation.slices import SlicingPlan

AnyEvaluator = Evaluator[Any, Any, Any]
_ROWS = "batches"


@dataclass(frozen=True, slots=True)
class PlanWithRows:
    """The states of a plan, and the rows themselves where `rows`, in clusters where `clustered`."""

    plan: Plan
    rows: bool
    clustered: bool = False

    def states_of(self, batch: Any) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        states = self.plan.states_of(batch)
        return {**states, _ROWS: Chunks((batch,))} if self.rows else states

    def influences(
        self, evaluator: AnyEvaluator, evidence: Any, states: Mapping[str, Any]
    ) -> Influences | None:
        """How far each row moves the numbers, where rows are kept."""
        if not self.rows:
            return None
        rows = Rows(states[_ROWS].chunks)
        clusters = Clusters.of(rows) if self.clustered else None
        return Influences(evaluator, evidence, self.plan, rows, clusters)


@dataclass(frozen=True, slots=True)
class Keeping:
    """The states of a plan and those of slices, with the rows themselves, as they are wanted.

    coupled: what takes the rows for its interval; part_rows: what slices are made of.
    """

    whole: PlanWithRows
    part: PlanWithRows
    sliced: SlicingPlan | None
    coupled: Sequence[str]
    part_rows: Callable[[Any, Any], Batch]

    @classmethod
    def of(
        cls,
        evaluator: AnyEvaluator,
        wanted: Wanted,
        roles: Roles,
        slicing: Slicing | None,
        *,
        rows: bool,
    ) -> Keeping:
        """What is kept for these metrics. rows: those of the whole in any case."""
        plan, coupled = evaluator.plan(wanted, roles), _coupled(evaluator, wanted, roles)
        clustered = ROLE in roles.columns
        kept = clustered or bool(coupled)
        whole = PlanWithRows(plan, rows or kept, clustered)
        part = PlanWithRows(evaluator.plan_of_parts(plan), kept, clustered)
        sliced = None
        if slicing is not None:
            from mleval.evaluation.slices import SlicingPlan  # a run without slices starts sooner

            sliced = SlicingPlan(slicing, part, evaluator.options.max_slices)
        return cls(whole, part, sliced, coupled, evaluator.part_rows)

    def states_of(self, batch: Any) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        states = dict(self.whole.states_of(batch))
        if self.sliced is not None:
            states["slices"] = self.sliced.of(self.part_rows(batch, self.whole.plan))
        return states

    def slices(
        self, whole: Measured, roles: Roles, states: Mapping[str, Any], findings: Findings
    ) -> tuple[SliceTable, ...]:
        """The same metrics of each slice."""
        if self.sliced is None:
            return ()
        from mleval.evaluation.slices import slice_tables

        evaluator, plan = whole.evaluator, self.part

        def measure(
            states: Mapping[str, Any], rows: int
        ) -> tuple[dict[str, Estimate], float | None]:
            evidence = evaluator.resolve_part(whole.evidence, states, roles, plan.plan, rows)
            influences = plan.influences(evaluator, evidence, states)
            requests, derived = whole.requests, whole.derived
            part = Measured.of(evaluator, evidence, requests, derived, whole.setting, influences)
            degrees = influences.degrees if influences else evaluator.degrees(evidence)
            return part.metrics(), degrees if math.isfinite(degrees) else None

        def together(parts: Sequence[Mapping[str, Any]]) -> bool:
            return plan.clustered and shared(Rows(states[_ROWS].chunks) for states in parts)

        least = evaluator.options.min_slice
        return slice_tables(states["slices"], least, findings, measure, together)


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
