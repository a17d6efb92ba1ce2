"""The charts of texts: how their segments score, and what that has to do with their length."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mleval.batch import Floats
from mleval.evaluation.charts import columns, histogram
from mleval.evaluation.requests import Request
from mleval.evaluation.text.evidence import TextEvidence
from mleval.evaluation.text.segment_scores import shown
from mleval.reading.texts.lines import Lines
from mleval.report_charts import Cell, Chart, Charts
from mleval.states import Ordered
from mleval.uncertainty.intervals import normal_quantile

_BINS = 10  # of lengths


def charts(evidence: TextEvidence, requests: Sequence[Request], level: float | None) -> Charts:
    """Histograms of the scores of segments, and their means by length."""
    segments: list[dict[str, list[Cell]]] = []
    lengths: list[dict[str, list[Cell]]] = []
    characters = _characters(evidence.segments.references)
    for key in (request.key for request in shown(requests)):
        scores = evidence.scores[key]
        known = np.isfinite(scores)
        if not known.any():
            continue
        mine = histogram(Ordered.of(scores[known]))
        segments.append(_of_metric(key, mine))
        lengths.append(_of_metric(key, _by_length(scores[known], characters[known], level)))
    if not segments:
        return {}
    return {"segments": _stacked(segments), "score_by_length": _stacked(lengths)}


def _characters(references: Sequence[Lines]) -> Floats:
    """(n,) the characters of the first reference that each segment has."""
    found = np.zeros(len(references[0]))
    for lines in reversed(references):
        starts = np.frombuffer(lines.data, np.uint8) & 0xC0 != 0x80
        before = np.concatenate([np.zeros(1), np.cumsum(starts)])
        mine = np.diff(before[lines.offsets]) - 1  # the line feed at the end
        found = mine if lines.missing is None else np.where(lines.missing, found, mine)
    return found


def _of_metric(key: str, chart: Chart) -> dict[str, list[Cell]]:
    return {"metric": [key] * len(chart["weight"]), **chart}


def _stacked(parts: list[dict[str, list[Cell]]]) -> Chart:
    return {name: [item for part in parts for item in part[name]] for name in parts[0]}


def _by_length(scores: Floats, lengths: Floats, level: float | None) -> Chart:
    """The mean score of the segments of about a length, in bins of about as many of them."""
    cuts = np.quantile(lengths, np.arange(1, _BINS) / _BINS, method="inverted_cdf")
    place = np.searchsorted(np.unique(cuts), lengths)
    found = []
    for at in np.unique(place):
        some, mine = scores[place == at], lengths[place == at]
        n, mean = len(some), float(some.mean())
        reach = math.nan
        if n > 1 and level is not None:
            reach = normal_quantile(level) * float(some.std(ddof=1)) / math.sqrt(n)
        found.append((mine.min(), mine.max(), n, mean, mean - reach, mean + reach))
    names = ("lowest", "highest", "weight", "mean", "low", "high")
    return columns(**dict(zip(names, zip(*found, strict=True), strict=True)))
