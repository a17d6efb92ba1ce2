"""The charts of a language model."""

from __future__ import annotations

from mleval.evaluation.charts import histogram, is_finite
from mleval.evaluation.perplexity.evidence import PerplexityEvidence
from mleval.report_charts import Charts


def charts(evidence: PerplexityEvidence) -> Charts:
    """How perplexity is distributed over the sequences."""
    found = evidence.perplexities
    return {"perplexities": histogram(found, ratios=True)} if is_finite(found) else {}
