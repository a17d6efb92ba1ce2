"""The parts of the report of texts beside its metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mleval.evaluation.requests import Request
from mleval.evaluation.text.citations import citations
from mleval.evaluation.text.differences import marked, nearest
from mleval.evaluation.text.evidence import TextEvidence
from mleval.evaluation.text.segment_scores import scorable
from mleval.report import WorstRow


def sections(evidence: TextEvidence, requests: Sequence[Request]) -> dict[str, Any]:
    """The lines that papers quote; the segments that score lowest, if any are to be listed."""
    found: dict[str, Any] = {"citations": tuple(citations(requests, evidence))}
    ranked = next((request for request in requests if scorable(request)), None)
    if evidence.worst.rows and ranked is not None:
        found["worst"] = tuple(_worst(evidence, ranked))
    return found


def _worst(evidence: TextEvidence, ranked: Request) -> Iterator[WorstRow]:
    columns, segments = evidence.worst.columns, evidence.segments
    for score, at in zip(columns["score"].tolist(), columns["segment"].tolist(), strict=True):
        references = [
            lines[at]
            for lines in segments.references
            if lines.missing is None or not lines.missing[at]
        ]
        hypothesis = segments.hypotheses[at]
        said, wanted = marked(hypothesis, nearest(hypothesis, references))
        yield WorstRow(
            place=segments.place(at),
            id=None if segments.ids is None else segments.ids[at],
            fields={
                ranked.key: score if score == score else None,
                "hypothesis": said,
                "reference": wanted,
            },
        )
