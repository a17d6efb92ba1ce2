"""What is particular to `text`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.errors import InputError
from mleval.evaluation.clusters import ROLE
from mleval.evaluation.evaluator import Evaluator, Opened
from mleval.evaluation.findings import Findings
from mleval.evaluation.moments import tangent_on
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.evaluation.text.cautions import cautions
from mleval.evaluation.text.charts import charts
from mleval.evaluation.text.citations import references
from mleval.evaluation.text.conventions import refuse_idle, spelled_out
from mleval.evaluation.text.estimates import estimate
from mleval.evaluation.text.evidence import TextEvidence
from mleval.evaluation.text.opened import OpenedTexts, SegmentRoles
from mleval.evaluation.text.plan import PartPlan, TextPlan, plan_of
from mleval.evaluation.text.reading import Stretch, TextReading
from mleval.evaluation.text.sections import sections
from mleval.evaluation.wanted import Wanted
from mleval.options import TextOptions
from mleval.reading.notes import Guess
from mleval.reading.source import Options as FileOptions
from mleval.reading.texts import (
    HeldTexts,
    TextChoices,
    TextRoles,
    TextSource,
    earlier_texts,
    open_texts,
)
from mleval.registry import Metric
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.spec import Spec
from mleval.states import Kept
from mleval.uncertainty.tangents import Tangent


class Text(Evaluator[TextOptions, SegmentRoles, TextEvidence]):
    """The evaluator of `text`."""

    command: ClassVar[str] = "text"
    row: ClassVar[str] = "segment"
    in_processes: ClassVar[bool] = True

    def counterpart(self, data: Any, baseline: Any) -> Any:
        """Earlier hypotheses, beside the references that `data` has."""
        held = next(iter(data.values()), None) if isinstance(data, Mapping) else data
        if isinstance(held, HeldTexts):
            return earlier_texts(held, baseline)
        found = super().counterpart(data, baseline)
        if self.options.references or found is baseline or isinstance(data, str | os.PathLike):
            return found
        return [*found, *data[1:]]

    def open(self, data: Any) -> Opened | Mapping[str, Opened]:
        """The files, recognised; one a system where there are several."""
        options = self.options
        choices = TextChoices(
            format=options.input_format,
            references=options.references,
            hypothesis=options.hypothesis,
            id=options.id,
            files=FileOptions(options.sep, options.encoding, options.header, options.decimal),
        )
        found = open_texts(data, choices)
        systems = found if isinstance(found, Mapping) else {"": found}
        for source in systems.values():
            if options.strict:
                _refuse_guesses(source.roles)
        opened: dict[str, Opened] = {
            name: OpenedTexts(one, options.cluster) for name, one in systems.items()
        }
        return opened if isinstance(found, Mapping) else opened[""]

    def spelled_out(self, metric: Metric, spec: Spec) -> Spec:
        """With the options that the preset and the flags give."""
        return spelled_out(metric, spec, self.options)

    def plan(self, wanted: Wanted, roles: SegmentRoles) -> TextPlan:
        """Which states are kept."""
        del roles
        requests, options = wanted.of("text"), self.options
        refuse_idle(requests, options)
        written, drawn = options.per_segment is not None, options.plots
        return plan_of(requests, worst=options.worst, scores=written, drawn=drawn)

    def read(self, source: TextSource, roles: SegmentRoles) -> TextReading:
        """The pass over the segments."""
        return TextReading(source.name, roles.segments, roles.by, roles.columns.get(ROLE))

    def assume(self, roles: SegmentRoles, findings: Findings) -> None:
        """Say what the input was taken for."""
        how = "as given" if roles.forced else "recognised"
        findings.assume("format", roles.format, how, "--input-format")
        for role, column in roles.columns.items():
            if role != ROLE:  # which is said with the number of clusters
                findings.assume(role, column)
        if self.options.preset:
            findings.assume("preset", self.options.preset, flag="--preset")

    def resolve(
        self,
        states: Mapping[str, Any],
        roles: SegmentRoles,
        plan: TextPlan,
        findings: Findings,
        rows: int,
    ) -> TextEvidence:
        """The evidence."""
        evidence = TextEvidence(
            rows=rows,
            means=states["means"],
            grams={n: states[f"grams {n}"] for n in plan.grams},
            worst=states.get("worst", Kept.empty()),
            scores=_joined(states["scores"].chunks) if plan.scored else {},
            segments=roles.segments,
            names=(roles.hypotheses, roles.segments.called),
        )
        fewest, most = evidence.references
        several = str(most) if fewest == most else f"{fewest}-{most}"
        findings.assume("references", several, "of each segment")
        return evidence

    def plan_of_parts(self, plan: TextPlan) -> PartPlan:
        """The means and the n-grams alone."""
        return PartPlan(plan.components, plan.grams)

    def part_rows(self, batch: Stretch, plan: TextPlan) -> Batch:
        """What is counted of the segments."""
        return self.plan_of_parts(plan).rows(batch)

    def resolve_part(
        self,
        whole: TextEvidence,
        states: Mapping[str, Any],
        roles: SegmentRoles,
        plan: PartPlan,
        rows: int,
    ) -> TextEvidence:
        """The sums of a part; which segments are the worst is said of the whole."""
        del roles
        grams = {n: states[f"grams {n}"] for n in plan.grams}
        return replace(
            whole, rows=rows, means=states["means"], grams=grams, worst=Kept.empty(), scores={}
        )

    def missing(self, request: Request, evidence: TextEvidence) -> str | None:
        """Texts have all that any metric reads."""
        del request, evidence
        return None

    def estimate(self, request: Request, evidence: TextEvidence, level: float | None) -> Estimate:
        """Read one metric."""
        return estimate(request, evidence, level)

    def tangent(self, request: Request, evidence: TextEvidence) -> Tangent:
        """How one metric moves with the means."""
        return tangent_on(request.metric, request.options, evidence.means)

    def spread(
        self, tangent: Tangent, evidence: TextEvidence, plan: TextPlan | PartPlan, rows: Rows
    ) -> Floats:
        """How far each segment moves a number, by what was counted of it."""

        def moved(counted: Any) -> Floats:
            numbers = {c.name: counted.numbers(c.name) for c in plan.components}
            return evidence.means.moved(tangent.slope, numbers)

        return rows.each(moved)

    def truths(self, evidence: TextEvidence, batch: Stretch) -> NDArray[Any]:
        """(r, n) the references."""
        del evidence
        return np.array([lines.texts for lines in batch.texts.references], object)

    def cautions(
        self,
        evidence: TextEvidence,
        requests: Sequence[Request],
        metrics: Mapping[str, Estimate],
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know."""
        return cautions(evidence, requests, metrics)

    def sections(
        self, evidence: TextEvidence, requests: Sequence[Request], source: TextSource
    ) -> Mapping[str, Any]:
        """What papers quote, and the segments that score lowest."""
        del source
        return sections(evidence, requests)

    def charts(self, evidence: TextEvidence, requests: Sequence[Request]) -> Charts:
        """How segments score, and what that has to do with their length."""
        # The bands take segments for independent.
        return charts(evidence, requests, None if self.options.cluster else self.level)

    def signature(self, evidence: TextEvidence) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared."""
        return {"references": references(evidence)}


def _joined(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: np.concatenate([chunk[key] for chunk in chunks]) for key in chunks[0]}


def _refuse_guesses(roles: TextRoles) -> None:
    """Raise InputError for what was guessed of the input."""
    for notice in roles.notices:
        if isinstance(notice, Guess):
            raise InputError(f"--strict: {notice}", hint=notice.hint)
