"""What is particular to `text`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np

from mleval.errors import InputError
from mleval.evaluation.evaluator import Evaluator, Opened
from mleval.evaluation.findings import Findings
from mleval.evaluation.moments import tangent_on
from mleval.evaluation.requests import Request
from mleval.evaluation.text.cautions import cautions
from mleval.evaluation.text.charts import charts
from mleval.evaluation.text.citations import references
from mleval.evaluation.text.conventions import refuse_idle, spelled_out
from mleval.evaluation.text.estimates import estimate
from mleval.evaluation.text.evidence import TextEvidence
from mleval.evaluation.text.plan import TextPlan, plan_of
from mleval.evaluation.text.reading import TextReading
from mleval.evaluation.text.sections import sections
from mleval.evaluation.wanted import Wanted
from mleval.options import Options, TextOptions
from mleval.reading.notes import Guess
from mleval.reading.source import Options as FileOptions
from mleval.reading.texts import Segments, TextChoices, TextRoles, TextSource, open_texts
from mleval.registry import Metric
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.spec import Spec
from mleval.states import Kept
from mleval.uncertainty.tangents import Tangent


@dataclass(frozen=True, kw_only=True)
class SegmentRoles(TextRoles):
    """What was found, and the segments themselves: all of them are read to tell who is whose."""

    segments: Segments = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenedTexts:
    """The opened texts of one system: of its segments nothing is joined, filtered or chosen."""

    source: TextSource

    def roles(self) -> SegmentRoles:
        """What was found to be for what; InputError for texts that do not fit together."""
        found, segments = self.source.roles, self.source.segments()
        known = {item.name: getattr(found, item.name) for item in fields(found)}
        notices = (*found.notices, *segments.notices)
        return SegmentRoles(**(known | {"notices": notices}), segments=segments)

    def slicing(self, options: Options) -> None:
        """Segments have no columns to be told apart by."""

    def introduce(self, findings: Findings) -> None:
        """All of it is evaluated."""

    def require_rows(self) -> None:
        """The reading does."""

    def assume(self, findings: Findings) -> None:
        """All is said of the roles."""

    def provenance(self) -> Mapping[str, Any]:
        """Nothing beside the digest."""
        return {}


class Text(Evaluator[TextOptions, SegmentRoles, TextEvidence]):
    """The evaluator of `text`."""

    command: ClassVar[str] = "text"
    row: ClassVar[str] = "segment"
    in_processes: ClassVar[bool] = True

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
        opened: dict[str, Opened] = {name: OpenedTexts(one) for name, one in systems.items()}
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
        return TextReading(source.name, roles.segments)

    def assume(self, roles: SegmentRoles, findings: Findings) -> None:
        """Say what the input was taken for."""
        how = "as given" if roles.forced else "recognised"
        findings.assume("format", roles.format, how, "--input-format")
        for role, column in roles.columns.items():
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
        findings.assume("references", references(evidence), "of each segment")
        return evidence

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
        return charts(evidence, requests, self.level)

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
