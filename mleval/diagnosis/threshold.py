"""The threshold: whether another one would serve better, on rows that did not choose it."""

from __future__ import annotations

import math

from mleval.diagnosis.cuts.choosing import Chosen, chosen
from mleval.diagnosis.cuts.exhibits import best_thresholds, curves
from mleval.diagnosis.cuts.goals import goals
from mleval.diagnosis.finding import Finding, Gain, Section
from mleval.diagnosis.ranked import Ranked, enough
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.wording import percent
from mleval.options import DiagnoseOptions
from mleval.visible import quoted

_FEWEST = 10  # rows of either class


def examine(rows: ClassifiedRows, options: DiagnoseOptions) -> Section | None:
    """None where there are no scores of a positive class, and nobody asked for a threshold."""
    asked = [goal.name for goal in goals(options) if goal.asked]
    if rows.positive is None or rows.score is None:
        told = f"no threshold for {', '.join(asked)}: there are no scores of a positive class"
        return Section(part="threshold", notes=(told,)) if asked else None
    if not enough(rows, _FEWEST):
        few = f"no thresholds are compared with fewer than {_FEWEST} rows of a class"
        return Section(part="threshold", notes=(few,))
    if (rows.score == rows.score[0]).all():
        return Section(part="threshold", notes=("all scores are alike: no threshold parts them",))
    ranked = Ranked.of(rows.score, rows.truth == rows.positive, rows.weight)
    found, notes = chosen(rows, ranked, goals(options), options.level)
    exhibits = best_thresholds(rows, ranked, found, options), *curves(ranked.among(), options)
    pursued = [one for one in found if one.goal.name in (asked or ("f1",))]
    findings = tuple(_finding(one, rows) for one in pursued if one.better)
    return Section(part="threshold", findings=findings, exhibits=exhibits, notes=tuple(notes))


def _finding(one: Chosen, rows: ClassifiedRows) -> Finding:
    """The present predictions against those of the better threshold."""
    assert rows.positive is not None
    now, then = (float((c.tp + c.fp) / c.total) for c in (one.pair.now, one.pair.then))
    name, goal = quoted(rows.classes[rows.positive]), one.goal.name
    few = then > now
    better = "above all" if math.isinf(one.threshold) else f"{one.threshold:.4g}"
    if rows.threshold is None:
        wrong = f"too {'few' if few else 'many'} rows are predicted {name} for the best {goal}"
    else:
        wrong = f"the threshold {rows.threshold:.4g} is too {'high' if few else 'low'} for the best"
        wrong += f" {goal}"
    return Finding(
        part="threshold",
        kind="threshold",
        says=f"{wrong}: {percent(now)} of the rows are {name}, {percent(then)} with {better}",
        gain=Gain(one.metric, one.now, one.then, one.difference, one.recovers),
        step=f"Predict {name} for scores from {better} up",
        evidence={
            "goal": goal,
            "threshold": rows.threshold,
            "better": one.threshold if math.isfinite(one.threshold) else None,
            "too": "high" if few else "low",
            "predicted": now,
            "predicted_then": then,
            "moved": one.pair.moved,
        },
    )
