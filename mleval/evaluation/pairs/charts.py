"""The charts of pairs: scores are distances, of which the least are of pairs that are the same."""

from __future__ import annotations

from mleval.evaluation.charts import event_charts, score_chart
from mleval.evaluation.pairs.evidence import PairEvidence
from mleval.report_charts import Chart, Charts


def charts(evidence: PairEvidence, level: float | None) -> Charts:
    """Those of telling same pairs from different ones. level: of the bands."""
    event = evidence.event
    if event is None or not event.total:
        return {}
    found = event_charts(event, level)
    found["scores"] = score_chart(event, probability=False)
    return {name: _as_distances(chart) for name, chart in found.items()}


def _as_distances(chart: Chart) -> Chart:
    """With distances where it has their negatives."""
    turned = dict(chart)
    for name in ("threshold", "lowest", "highest"):
        if name in chart:
            turned[name] = [-x if isinstance(x, float) else x for x in chart[name]]
    if "lowest" in chart:
        turned |= {"lowest": turned["highest"], "highest": turned["lowest"]}
        turned = {name: column[::-1] for name, column in turned.items()}
    return turned
