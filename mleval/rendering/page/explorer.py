"""What the script of the page needs to move a threshold: exact counts at some hundred scores."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from mleval.rendering.numerals import whole_counts
from mleval.rendering.page.blocks import Slider
from mleval.rendering.page.charts.columns import rows
from mleval.report import Report

METRICS = (
    *("accuracy", "balanced_accuracy", "mcc", "kappa", "precision", "recall", "f1"),
    *("specificity", "npv", "jaccard", "informedness"),
)
"""Those that the script of the page knows."""
_DEFAULTS = METRICS[:8]


@dataclass(frozen=True)
class Thresholds:
    """Counts where scores from a threshold on are predicted positive.

    thresholds: ascending; tp, fp: at each; positives, negatives: of all rows; current: the
    threshold of the report, None where its predictions are given.
    """

    thresholds: Sequence[float]
    tp: Sequence[float]
    fp: Sequence[float]
    positives: float
    negatives: float
    current: float | None

    @classmethod
    def of(cls, report: Report) -> Thresholds | None:
        """None where the report has no scores of two classes."""
        chart = report.charts.get("thresholds")
        if report.task != "binary" or not chart:
            return None
        lines = {line[0]: line[1:] for line in rows(chart, "threshold", "tp", "fp", "fn", "tn")}
        current = report.signature.get("threshold")
        if current is not None and report.confusion is not None:
            lines[current] = _as_reported(report)
        thresholds = sorted(lines)
        columns = zip(*(lines[t] for t in thresholds), strict=True)
        tp, fp, fn, tn = map(list, columns)
        return cls(thresholds, tp, fp, tp[0] + fn[0], fp[0] + tn[0], current)


def _as_reported(report: Report) -> tuple[float, ...]:
    """tp, fp, fn and tn of the report itself."""
    positive = report.signature["positive"]
    counts = {(True, True): 0.0, (False, True): 0.0, (True, False): 0.0, (False, False): 0.0}
    for truth, guess, weight in report.confusion.cells if report.confusion else ():
        counts[truth == positive, guess == positive] += weight
    return tuple(counts.values())


def slider(report: Report, digits: int) -> Slider | None:
    """The block with all that the script reads; None where there is nothing to move."""
    found = Thresholds.of(report)
    labels = report.provenance.get("labels")
    if found is None or len(found.thresholds) < 2 or not labels:
        return None
    metrics = [name for name in METRICS if name in report.metrics] or list(_DEFAULTS)
    asked = next((item.value for item in report.assumed if item.what == "score-scale"), "")
    data = {
        "thresholds": [_given(t, percent=asked == "percent") for t in found.thresholds],
        "tp": _short(found.tp),
        "fp": _short(found.fp),
        "positives": _short([found.positives])[0],
        "negatives": _short([found.negatives])[0],
        "whole": whole_counts(report),
        "digits": digits,
        "start": _start(found),
        "command": shlex.join(["mleval", "classify", *report.inputs, "--threshold"]),
    }
    positive = str(report.signature["positive"])
    negative = next((label for label in labels if label != positive), "other")
    return Slider(data=data, positive=positive, negative=negative, metrics=metrics)


def _given(threshold: float, *, percent: bool) -> float:
    """The threshold as the command line takes it: of percentages it divides by 100."""
    if not percent:
        return threshold
    plain = float(f"{100 * threshold:.12g}")
    return plain if plain / 100 == threshold else 100 * threshold


def _short(counts: Sequence[float]) -> list[float]:
    return [int(n) if float(n).is_integer() else n for n in counts]


def _start(found: Thresholds) -> int:
    """The first threshold at which as much is predicted as in the report, else the middle."""
    current = 0.5 if found.current is None else found.current
    at_least = [at for at, t in enumerate(found.thresholds) if t >= current]
    return at_least[0] if at_least else len(found.thresholds) // 2
