"""Every metric read off an evidence: those of its states, and those derived of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mleval.evaluation.derived import Parts, derive
from mleval.evaluation.evaluator import Evaluator
from mleval.evaluation.influences import Influences
from mleval.evaluation.requests import DerivedRequest, Request, Setting
from mleval.report import Estimate


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of one evidence.

    parts: by key, each request with its estimate; derived: what is computed of them; setting: in
    which they were asked; influences: how far each row moves them, where rows are kept.
    """

    evaluator: Evaluator[Any, Any, Any]
    evidence: Any
    parts: Parts
    derived: tuple[DerivedRequest, ...]
    setting: Setting
    influences: Influences | None = None

    @classmethod
    def of(
        cls,
        evaluator: Evaluator[Any, Any, Any],
        evidence: Any,
        requests: Sequence[Request],
        derived: tuple[DerivedRequest, ...],
        setting: Setting,
        influences: Influences | None = None,
    ) -> Measured:
        """Read them."""
        parts = {r.key: (r, evaluator.estimate(r, evidence, evaluator.level)) for r in requests}
        if influences is not None and influences.clusters is not None:
            parts = {key: (r, influences.clustered(r, item)) for key, (r, item) in parts.items()}
        return cls(evaluator, evidence, parts, derived, setting, influences)

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was read."""
        return tuple(request for request, _ in self.parts.values())

    def metrics(self) -> dict[str, Estimate]:
        """As a report has them, by canonical Spec."""
        own = {key: item for key, (request, item) in self.parts.items() if not request.part}
        return own | {one.key: self.derive(one) for one in self.derived}

    def derive(self, asked: DerivedRequest) -> Estimate:
        """What a derived metric of these parts is."""
        evaluator, evidence = self.evaluator, self.evidence
        return derive(
            asked,
            self.parts,
            lambda part: evaluator.tangent(part, evidence),
            evaluator.level,
            self.influences,
        )
