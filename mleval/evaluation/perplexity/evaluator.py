"""What is particular to `perplexity`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mleval.batch import Batch, Floats
from mleval.errors import InputError
from mleval.evaluation.evaluator import Evaluator
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress
from mleval.evaluation.moments import tangent_on
from mleval.evaluation.perplexity.cautions import cautions
from mleval.evaluation.perplexity.charts import charts
from mleval.evaluation.perplexity.conventions import convention, first_tokens
from mleval.evaluation.perplexity.estimates import estimate, missing
from mleval.evaluation.perplexity.evidence import PerplexityEvidence
from mleval.evaluation.perplexity.plan import PartPlan, PerplexityPlan, plan_of
from mleval.evaluation.perplexity.sections import sections
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.evaluation.wanted import Wanted
from mleval.options import Options, PerplexityOptions
from mleval.reading.logprobs import (
    LogprobChoices,
    LogprobReading,
    LogprobRoles,
    LogprobSource,
    open_logprobs,
)
from mleval.reading.notes import refuse_guesses
from mleval.reading.slicing import Slicing, columns_by
from mleval.reading.source import Options as FileOptions
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.sequences import Sequences
from mleval.states import Kept, Ordered
from mleval.uncertainty.tangents import Tangent

_COLUMNS = {"logprobs": "--logprobs", "tokens": "--tokens", "document": "--doc"}


@dataclass(frozen=True, slots=True)
class OpenedLogprobs:
    """An opened input: of its sequences nothing is joined, filtered or chosen."""

    source: LogprobSource

    def roles(self) -> LogprobRoles:
        """What was found to be for what."""
        return self.source.roles

    def slicing(self, options: Options) -> Slicing | None:
        """The columns or keys that sequences are told apart by, if any are named."""
        if not options.sliced_by:
            return None
        if not self.source.names:
            raise InputError(
                f"--by: {self.source.name} holds {self.source.roles.format}, which has no columns "
                "or keys to tell sequences apart by",
                hint="evaluate each part alone, or write JSON lines or a table",
            )
        found = Slicing(columns_by(self.source, options.sliced_by))
        self.source.tell_apart([*found.kinds])
        return found

    def introduce(self, findings: Findings) -> None:
        """All of it is evaluated."""

    def require_rows(self) -> None:
        """The reading does."""

    def assume(self, findings: Findings) -> None:
        """All is said of the roles."""

    def provenance(self) -> Mapping[str, Any]:
        """Nothing beside the digest."""
        return {}


class Perplexity(Evaluator[PerplexityOptions, LogprobRoles, PerplexityEvidence]):
    """The evaluator of `perplexity`."""

    command: ClassVar[str] = "perplexity"
    row: ClassVar[str] = "sequence"

    def prepared(self, data: Any, progress: Progress | None) -> Any:
        """With a model, what it gives the texts."""
        if self.options.model is None:
            return data
        from mleval.lm import score_texts  # few runs have a model

        return score_texts(data, self.options, progress)

    def open(self, data: Any) -> OpenedLogprobs:
        """The files, recognised."""
        options = self.options
        source = data if isinstance(data, LogprobSource) else self._recognised(data)
        if options.strict:
            refuse_guesses(source.roles.notices)
        return OpenedLogprobs(source)

    def _recognised(self, data: Any) -> LogprobSource:
        options = self.options
        choices = LogprobChoices(
            format=options.input_format,
            base=options.log_base,
            logprobs=options.logprobs,
            tokens=options.tokens,
            document=options.doc,
            text=options.text,
            loss=options.loss,
            files=FileOptions(options.sep, options.encoding, options.header, options.decimal),
        )
        return open_logprobs(data, choices)

    def plan(self, wanted: Wanted, roles: LogprobRoles) -> PerplexityPlan:
        """Which states are kept."""
        del roles
        options = self.options
        requests = wanted.of("perplexity")
        return plan_of(
            requests, listed=options.listed, described=options.describes or options.plots
        )

    def read(self, source: LogprobSource, roles: LogprobRoles) -> LogprobReading:
        """The pass over the sequences."""
        del roles
        return LogprobReading(source, self.options.missing)

    def assume(self, roles: LogprobRoles, findings: Findings) -> None:
        """Say what the input was taken for, or how it came about."""
        if roles.made is not None:
            for said in roles.made.said:
                findings.assume(*said)
            return
        how = "as given" if roles.forced else "recognised"
        findings.assume("format", roles.format, how, "--input-format")
        for role, flag in _COLUMNS.items():
            if role in roles.columns:
                findings.assume(role, roles.columns[role], flag=flag)
        if "count" in roles.columns:
            findings.assume("count", roles.columns["count"])
        if roles.loss is not None:
            over = "mean over the tokens" if roles.loss == "mean" else "sum over the tokens"
            findings.assume("loss", over, "by its name", "--loss", guess=not roles.loss_known)
        name = {"e": "natural", "2": "binary", "10": "decimal"}[roles.base]
        why = "" if roles.base_known else "the input does not say"
        findings.assume("logarithms", name, why, "--log-base", guess=not roles.base_known)

    def resolve(
        self,
        states: Mapping[str, Any],
        roles: LogprobRoles,
        plan: PerplexityPlan,
        findings: Findings,
        rows: int,
    ) -> PerplexityEvidence:
        """The evidence, and the conventions that its numbers follow."""
        del plan
        evidence = PerplexityEvidence(
            rows=rows,
            means=states["means"],
            worst=states["worst"],
            tokens=states["tokens"],
            truncated=states["truncated"],
            perplexities=states.get("perplexities", Ordered.empty()),
            models=tuple(sorted(frozenset().union(*states["models"].chunks))),
            place=roles.place,
            text=roles.text,
            conditions=roles.made.signature if roles.made is not None else {},
        )
        findings.assume("convention", convention(evidence))
        return evidence

    def plan_of_parts(self, plan: PerplexityPlan) -> PartPlan:
        """The means alone."""
        return PartPlan(plan.components)

    def part_rows(self, batch: Sequences, plan: PerplexityPlan) -> Batch:
        """What is summed up of the sequences."""
        return self.plan_of_parts(plan).rows(batch)

    def resolve_part(
        self,
        whole: PerplexityEvidence,
        states: Mapping[str, Any],
        roles: LogprobRoles,
        plan: PartPlan,
        rows: int,
    ) -> PerplexityEvidence:
        """The means of a part; which sequences and tokens are the worst is said of the whole."""
        del roles, plan
        none = Kept.empty()
        return replace(
            whole, rows=rows, means=states["means"], worst=none, tokens=none, truncated=none
        )

    def missing(self, request: Request, evidence: PerplexityEvidence) -> str | None:
        """Why the evidence does not hold what a request reads."""
        return missing(request, evidence)

    def estimate(
        self, request: Request, evidence: PerplexityEvidence, level: float | None
    ) -> Estimate:
        """Read one metric."""
        return estimate(request, evidence, level)

    def degrees(self, evidence: PerplexityEvidence) -> float:
        """Those of its sequences, which are the clusters of tokens."""
        return evidence.rows - 1

    def tangent(self, request: Request, evidence: PerplexityEvidence) -> Tangent:
        """How one metric moves with the means."""
        return tangent_on(request.metric, request.options, evidence.means)

    def spread(
        self, tangent: Tangent, evidence: PerplexityEvidence, plan: PerplexityPlan, rows: Rows
    ) -> Floats:
        """How far each sequence moves a number."""

        def moved(batch: Any) -> Floats:
            return evidence.means.moved(
                tangent.slope, {c.name: c.of(batch) for c in plan.components}
            )

        return rows.each(moved)

    def cautions(
        self,
        evidence: PerplexityEvidence,
        requests: Sequence[Request],
        metrics: Mapping[str, Estimate],
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know."""
        del requests
        return cautions(evidence, metrics)

    def sections(
        self, evidence: PerplexityEvidence, requests: Sequence[Request], source: LogprobSource
    ) -> Mapping[str, Any]:
        """The distribution over the sequences; what the model finds unlikely."""
        del requests
        return sections(evidence, source, self.options)

    def charts(self, evidence: PerplexityEvidence, requests: Sequence[Request]) -> Charts:
        """The perplexities of the sequences."""
        del requests
        return charts(evidence)

    def signature(self, evidence: PerplexityEvidence) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared."""
        return {
            "first_tokens": first_tokens(evidence),
            "text": evidence.text if evidence.knows("bytes") else None,
            **evidence.conditions,
        }

    def provenance(self, evidence: PerplexityEvidence) -> Mapping[str, Any]:
        """How many tokens there are, and the models that the input names."""
        tokens = evidence.total("tokens") if evidence.knows("tokens") else None
        skipped = evidence.total("skipped")
        return {"models": list(evidence.models), "tokens": tokens, "tokens_skipped": skipped}
