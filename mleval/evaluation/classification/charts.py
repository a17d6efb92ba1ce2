"""The charts of a classification: what plots and pages draw of it."""

from __future__ import annotations

from mleval.evaluation.charts import event_charts, one_vs_rest, reliability_chart, score_chart
from mleval.evaluation.classification.evidence import Evidence
from mleval.report_charts import Chart, Charts


def charts(evidence: Evidence, level: float | None) -> Charts:
    """Those of the event, and of each class against the rest. level: of the bands."""
    found: dict[str, Chart] = {}
    scores, probability = evidence.event, evidence.scale != "any"
    if scores is not None and scores.total:
        if evidence.task == "binary":
            found |= event_charts(scores, level)
        found["scores"] = score_chart(scores, probability=probability)
        if probability:
            found["reliability"] = reliability_chart(scores, level)
    if evidence.task != "binary":
        found |= one_vs_rest(evidence.class_scores)
    return found
