"""Tables of thresholds: the best ones beside the present one, and the whole curve."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mleval.diagnosis.cuts.choosing import Chosen
from mleval.diagnosis.cuts.paired import Metric, accuracy, cost_of, counts_of
from mleval.diagnosis.finding import Cell, Exhibit
from mleval.diagnosis.ranked import Ranked
from mleval.diagnosis.rows import ClassifiedRows
from mleval.metrics.counts import f1, precision, recall
from mleval.options import DiagnoseOptions
from mleval.states import BinaryScores
from mleval.states.counts import ClassCounts
from mleval.states.vocabulary import distinct

_POINTS, _CURVE = 15, 512


def shown_metrics(options: DiagnoseOptions) -> dict[str, Metric]:
    """Those that stand beside every threshold."""
    found: dict[str, Metric] = {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "accuracy": accuracy,
    }
    if options.cost:
        found["cost"] = cost_of(options.cost.get("fp", 1.0), options.cost.get("fn", 1.0))
    return found


def best_thresholds(
    rows: ClassifiedRows, ranked: Ranked, found: Sequence[Chosen], options: DiagnoseOptions
) -> Exhibit:
    """A row for the present predictions and for every goal."""
    assert rows.score is not None
    metrics = shown_metrics(options)
    weight, now = ranked.weight, rows.predicted == rows.positive
    lines: list[tuple[Cell, ...]] = []
    present = _values(counts_of(ranked.positive, now, weight), metrics)
    lines.append(("present", rows.threshold, None, *present))
    for one in found:
        at = counts_of(ranked.positive, rows.score >= one.threshold, weight)
        threshold = one.threshold if math.isfinite(one.threshold) else None
        lines.append((one.goal.name, threshold, one.difference, *_values(at, metrics)))
    return Exhibit(
        name="thresholds",
        title="the best thresholds",
        columns=("best for", "threshold", "gain", *metrics),
        rows=tuple(lines),
        note="positive from the threshold up; gain: of what it is best for, each fifth of the rows "
        "by a threshold chosen on the others: not above 0 where the best is luck",
        most=len(lines),
    )


def _values(at: ClassCounts, metrics: dict[str, Metric]) -> tuple[Cell, ...]:
    with np.errstate(all="ignore"):
        values = [float(metric(at)) for metric in metrics.values()]
    return tuple(value if math.isfinite(value) else None for value in values)


def curves(scores: BinaryScores, options: DiagnoseOptions) -> tuple[Exhibit, Exhibit]:
    """Metrics against the threshold: a few for the page, and those for JSON."""
    few = _curve(scores, options, _POINTS, "operating_points", "metrics against the threshold")
    many = _curve(scores, options, _CURVE, "threshold_curve", "the same, in finer steps")
    return few, many


def _curve(
    scores: BinaryScores, options: DiagnoseOptions, points: int, name: str, title: str
) -> Exhibit:
    """At distinct scores in even steps of the rows that are predicted positive."""
    tp, fp = scores.positives_at_least, scores.negatives_at_least
    taken = tp + fp
    steps = np.linspace(taken[-1], taken[0], points)
    at = np.searchsorted(-taken, -steps).clip(max=len(taken) - 1)
    at = distinct(np.sort(at)) if len(taken) > points else np.arange(len(taken))
    tp, fp, taken = tp[at], fp[at], taken[at]
    every = ClassCounts(tp=tp, fp=fp, fn=scores.positives - tp, tn=scores.negatives - fp)
    metrics = shown_metrics(options)
    with np.errstate(all="ignore"):
        columns = [np.asarray(metric(every), np.float64).tolist() for metric in metrics.values()]
    share = (taken / scores.total).tolist()
    return Exhibit(
        name=name,
        title=title,
        columns=("threshold", "predicted", *metrics),
        rows=tuple(zip(scores.scores[at].tolist(), share, *columns, strict=True)),
        note="predicted: the share of rows from the threshold up" if points == _POINTS else "",
        most=_POINTS if points == _POINTS else 0,
        aside=True,
    )
