"""Baselines: what every metric is for who knows nothing but how often each class comes.

A predictor that always says the same, and one that draws by the shares of the classes, are a few
weighted rows, so that the evaluator itself tells what each metric of them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.classes import counted
from mleval.diagnosis.finding import Exhibit, Finding, Ranged
from mleval.diagnosis.ordering import telling_first
from mleval.diagnosis.rows import ClassifiedRows, PredictedRows
from mleval.evaluation.run import Evaluated, evaluate
from mleval.options import ClassifyOptions, RegressOptions
from mleval.report import Estimate, Report
from mleval.visible import quoted

_MOST_CLASSES = 100  # whose pairs are drawn, each of which is a row
_ROUNDING = 1e-12
_HEADS = {"constant": "majority class", "random": "drawn by shares"}
_BEST = ("balanced_accuracy", "roc_auc", "r2")


@dataclass(frozen=True, slots=True)
class Baselines:
    """constant, random: Spec → the metric of the two predictors; said: what `constant` says."""

    exhibit: Exhibit
    constant: Mapping[str, float | None]
    random: Mapping[str, float | None]
    said: str


def chance(rows: ClassifiedRows | PredictedRows, report: Report) -> Baselines:
    """The baselines of the metrics of a report."""
    if isinstance(rows, PredictedRows):
        return _of_numbers(rows, report)
    shares = counted(rows.truth, rows)
    shares /= shares.sum()
    majority = int(shares.argmax())
    constant = _metrics(rows, report, shares, np.eye(len(shares))[majority])
    random = _metrics(rows, report, shares, shares) if len(shares) <= _MOST_CLASSES else {}
    return Baselines(
        _exhibit(report, {_HEADS["constant"]: constant, _HEADS["random"]: random}),
        constant,
        random,
        rows.classes[majority],
    )


def _exhibit(report: Report, baselines: Mapping[str, Mapping[str, float | None]]) -> Exhibit:
    known = {name: values for name, values in baselines.items() if values}
    return Exhibit(
        name="baselines",
        title="against guessing",
        columns=("metric", "value", *known),
        rows=tuple(
            (spec, _ranged(report.metrics[spec]), *(values.get(spec) for values in known.values()))
            for spec in telling_first(report.metrics)
            if any(values.get(spec) is not None for values in known.values())
        ),
        note="scores of both: the share of each class" if "majority class" in known else "",
    )


def _ranged(item: Estimate) -> Ranged:
    return Ranged(item.value, item.low, item.high)


def _metrics(
    rows: ClassifiedRows, report: Report, shares: Floats, drawn: Floats
) -> dict[str, float | None]:
    """The metrics where predictions are drawn by (K,) shares, whatever the truth.

    Each pair of a true and a predicted class is a row, with the chance of the two as its weight.
    """
    there = np.flatnonzero(shares)
    pairs = [(t, p) for t in there for p in np.flatnonzero(drawn)]
    data: dict[str, Any] = {
        "t": [rows.classes[t] for t, _ in pairs],
        "p": [rows.classes[p] for _, p in pairs],
        "w": [float(shares[t] * drawn[p]) for t, p in pairs],
    }
    options = ClassifyOptions(
        task=rows.task,
        truth="t",
        prediction="p",
        weight="w",
        intervals=False,
        classes=rows.classes if rows.positive is None else (),
        positive=None if rows.positive is None else rows.classes[rows.positive],
    )
    if rows.positive is not None and rows.score is not None:
        data["s"] = [float(shares[rows.positive])] * len(pairs)
        options = replace(options, score="s", score_scale="probability")
    elif rows.probability is not None and len(shares) <= _MOST_CLASSES:
        data |= {
            f"s_{name}": [float(shares[at])] * len(pairs) for at, name in enumerate(rows.classes)
        }
        options = replace(options, proba="s_", score_scale="probability")
    return _values(data, options, report)


def _values(data: Mapping[str, Any], options: Any, report: Report) -> dict[str, float | None]:
    done = evaluate(data, options)
    assert isinstance(done, Evaluated)
    found = done.report.metrics
    return {spec: _plain(found[spec].value) for spec in report.metrics if spec in found}


def _plain(value: float | None) -> float | None:
    """0 where only the rounding of sums keeps it from that."""
    return 0.0 if value is not None and abs(value) < _ROUNDING else value


def _of_numbers(rows: PredictedRows, report: Report) -> Baselines:
    """Of a regression: always the mean, or always the median."""
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    order = np.argsort(rows.truth, kind="stable")
    half = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    center = {
        "mean": float(weight @ rows.truth / weight.sum()),
        "median": float(rows.truth[order[min(half, len(order) - 1)]]),
    }
    found = {}
    for name, value in center.items():
        data = {"t": rows.truth, "p": np.full(len(rows), value), "w": weight}
        options = RegressOptions(truth="t", prediction="p", weight="w", intervals=False, worst=0)
        found[f"always the {name}"] = _values(data, options, report)
    mean, median = found.values()
    return Baselines(_exhibit(report, found), mean, median, f"{center['mean']:.4g}")


def no_better(
    rows: ClassifiedRows | PredictedRows, report: Report, baselines: Baselines
) -> Iterator[Finding]:
    """Predictions that are not known to be better than guesses, by their intervals."""
    if isinstance(rows, ClassifiedRows) and len(np.unique(rows.truth)) < 2:
        return
    accuracy = report.metrics.get("accuracy")
    limit = baselines.constant.get("accuracy")
    low = None if accuracy is None else accuracy.low
    if accuracy is not None and limit is not None and low is not None and low <= limit:
        yield Finding(
            part="data",
            kind="no_better_than_majority",
            says=f"accuracy {accuracy.value:.4f} is not known to be above {limit:.4f}, that of "
            f"always saying {quoted(baselines.said)}",
            step="Judge by balanced_accuracy or mcc, for which saying one class always is worth 0",
            evidence={"accuracy": accuracy.value, "low": accuracy.low, "majority": limit},
        )
    same = _constant(rows)
    if same is not None:
        yield same
        return
    for name in _BEST:
        item, guess = report.metrics.get(name), baselines.constant.get(name)
        if item is None or item.low is None or guess is None or item.low > guess:
            continue
        yield Finding(
            part="data",
            kind="no_better_than_chance",
            says=f"{name} {item.value:.4f} is not known to be above {guess:.4f}, that of guessing",
            step="Check that predictions stand beside the truth of their own rows, and what the "
            "model was fitted on",
            evidence={"metric": name, "value": item.value, "low": item.low, "chance": guess},
        )
        return


def _constant(rows: ClassifiedRows | PredictedRows) -> Finding | None:
    """Scores, or predicted numbers, that are all the same."""
    numbers = rows.predicted if isinstance(rows, PredictedRows) else rows.score
    if numbers is None or len(numbers) < 2 or not bool((numbers == numbers[0]).all()):
        return None
    what = "predictions" if isinstance(rows, PredictedRows) else "scores"
    return Finding(
        part="data",
        kind=f"constant_{what}",
        says=f"all {what} are {numbers[0]:.4g}: they tell no row from another",
        step=f"Check what wrote the {what}",
        evidence={"value": float(numbers[0])},
    )
