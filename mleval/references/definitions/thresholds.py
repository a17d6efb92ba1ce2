"""Metrics of the threshold curve by their definitions, from one walk down the scores.

A row is predicted positive when its score ≥ the threshold; the thresholds are the distinct
scores. Limits are compared with a slack of 1e-12, so that the rounding of summed weights does
not decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mleval.references.one_vs_rest import OneVsRest, over_classes

SLACK = 1e-12


@dataclass(frozen=True)
class Point:
    """What is predicted positive at a threshold: the weights that are right and wrong."""

    threshold: float
    tp: float
    fp: float


@dataclass(frozen=True)
class Curve:
    """The points from the highest threshold to the lowest, and the totals of both classes."""

    points: tuple[Point, ...]
    positives: float
    negatives: float

    @property
    def rates(self) -> list[tuple[float, float]]:
        """(FPR, TPR) of each point; both classes must occur."""
        return [(p.fp / self.negatives, p.tp / self.positives) for p in self.points]


def curve(rows: OneVsRest) -> Curve:
    """Walk down the sorted scores and note the sums after each distinct one."""
    columns = (rows.score.tolist(), rows.truth.tolist(), rows.weights.tolist())
    descending = sorted(zip(*columns, strict=True), key=lambda row: -row[0])
    points: list[Point] = []
    tp = fp = 0.0
    for score, truth, weight in descending:
        if truth:
            tp += weight
        else:
            fp += weight
        if points and points[-1].threshold == score:
            points.pop()
        points.append(Point(score, tp, fp))
    return Curve(tuple(points), tp, fp)


@over_classes
def eer(rows: OneVsRest) -> float:
    """The equal error rate: FPR where FPR = FNR on the ROC drawn with straight lines.

    The lines start at (0, 0). Undefined unless both classes occur. ISO/IEC 19795-1.
    """
    if not rows.has_both:
        return math.nan
    before_fpr, before_tpr = 0.0, 0.0
    for fpr, tpr in curve(rows).rates:
        if fpr + tpr >= 1:
            way = (1 - before_fpr - before_tpr) / (fpr + tpr - before_fpr - before_tpr)
            return before_fpr + way * (fpr - before_fpr)
        before_fpr, before_tpr = fpr, tpr
    return before_fpr


@over_classes
def recall_at_precision(rows: OneVsRest, *, precision: float) -> float:
    """max TP / P over the thresholds with TP / (TP + FP) ≥ precision.

    Predicting nothing does not count. Undefined without positives, or where no threshold
    reaches the precision.
    """
    scores = curve(rows)
    if not scores.positives:
        return math.nan
    reached = [p for p in scores.points if p.tp / (p.tp + p.fp) >= precision - SLACK]
    return max((p.tp / scores.positives for p in reached), default=math.nan)


@over_classes
def precision_at_recall(rows: OneVsRest, *, recall: float) -> float:
    """max TP / (TP + FP) over the thresholds with TP / P ≥ recall. Undefined without positives."""
    scores = curve(rows)
    if not scores.positives:
        return math.nan
    reached = [p for p in scores.points if p.tp / scores.positives >= recall - SLACK]
    return max((p.tp / (p.tp + p.fp) for p in reached), default=math.nan)


@over_classes
def tpr_at_fpr(rows: OneVsRest, *, fpr: float) -> float:
    """max TPR over the thresholds with FPR ≤ fpr, nothing interpolated.

    Predicting nothing counts, so it is 0 where no threshold stays below. Undefined unless both
    classes occur.
    """
    if not rows.has_both:
        return math.nan
    return max((tp for fp, tp in curve(rows).rates if fp <= fpr + SLACK), default=0.0)


def _precision_of_highest(rows: OneVsRest, size: float) -> float:
    scores = curve(rows)
    total = scores.positives + scores.negatives
    if not 0 < size <= total * (1 + SLACK):
        return math.nan
    before = Point(math.inf, 0.0, 0.0)
    for point in scores.points:
        if point.tp + point.fp >= size:
            group = point.tp + point.fp - before.tp - before.fp
            share = (size - before.tp - before.fp) / group
            return (before.tp + share * (point.tp - before.tp)) / size
        before = point
    return scores.positives / total


@over_classes
def precision_at_k(rows: OneVsRest, *, k: float) -> float:
    """The share of positives among the k rows with the highest scores; k in units of weight.

    Of rows tied at the cut, their expectation under random order counts (McSherry & Najork
    2008). Undefined where there are fewer than k rows.
    """
    return _precision_of_highest(rows, k)


@over_classes
def lift_at(rows: OneVsRest, *, fraction: float) -> float:
    """precision_at_k(k = fraction · Σw) / prevalence. Undefined without positives."""
    scores = curve(rows)
    if not scores.positives:
        return math.nan
    total = scores.positives + scores.negatives
    return _precision_of_highest(rows, fraction * total) / (scores.positives / total)


def _highest_best(values: list[tuple[float, float]]) -> tuple[float, float]:
    """(value, threshold): the largest value, at the highest threshold within the slack of it."""
    largest = max(value for value, _ in values)
    return largest, max(threshold for value, threshold in values if value >= largest - SLACK)


def _best_f1(rows: OneVsRest) -> tuple[float, float]:
    scores = curve(rows)
    if not scores.positives:
        return math.nan, math.nan
    return _highest_best(
        [(2 * p.tp / (p.tp + p.fp + scores.positives), p.threshold) for p in scores.points]
    )


def _youden(rows: OneVsRest) -> tuple[float, float]:
    if not rows.has_both:
        return math.nan, math.nan
    scores = curve(rows)
    return _highest_best(
        [
            (tpr - fpr, point.threshold)
            for (fpr, tpr), point in zip(scores.rates, scores.points, strict=True)
        ]
    )


@over_classes
def best_f1(rows: OneVsRest) -> float:
    """max over thresholds of 2TP / (2TP + FP + FN). Undefined without positives."""
    return _best_f1(rows)[0]


@over_classes
def best_f1_threshold(rows: OneVsRest) -> float:
    """The highest threshold at which F1 is largest."""
    return _best_f1(rows)[1]


@over_classes
def youden(rows: OneVsRest) -> float:
    """max over thresholds of TPR − FPR (Youden 1950). Undefined unless both classes occur."""
    return _youden(rows)[0]


@over_classes
def youden_threshold(rows: OneVsRest) -> float:
    """The highest threshold at which TPR − FPR is largest."""
    return _youden(rows)[1]
