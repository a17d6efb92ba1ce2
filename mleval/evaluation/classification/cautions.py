"""What a careful reader of these numbers should know: the warnings that the numbers call for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mleval.evaluation.classification.counting import class_values
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.report import Estimate
from mleval.states import Confusion
from mleval.visible import shown

FEW_ROWS = 50  # effective rows of a class under which coverage is not what the level says


def cautions(
    evidence: Evidence,
    requests: Sequence[Request],
    metrics: Mapping[str, Estimate],
    level: float | None,
) -> Iterator[str]:
    """One sentence a caution."""
    yield from _of_values(metrics)
    yield from _of_averages(evidence, requests)
    yield from _of_micro(evidence, requests)
    yield from _of_empty_sets(evidence)
    if level is not None:
        yield from _of_few_rows(evidence)
    yield from _of_predictions(evidence)
    if "log_loss" in metrics:
        yield from _of_clipping(evidence)


def _of_clipping(evidence: Evidence) -> Iterator[str]:
    """Certain probabilities, of which a wrong one is infinitely wrong."""
    clipped = 0.0
    if evidence.means and "clipped" in evidence.means.names:
        clipped = evidence.means.value("clipped") * evidence.means.weight
    elif evidence.event and evidence.task == "binary":
        clipped = evidence.event.clipped
    if clipped > 0:
        yield (
            f"{clipped:g} {'row has' if clipped == 1 else 'rows have'} probability 0 or 1, clipped "
            "at 2.2e-16 for log loss: if wrong it decides the mean, and its interval misleads"
        )


def _of_values(metrics: Mapping[str, Estimate]) -> Iterator[str]:
    auc = metrics.get("roc_auc")
    if auc and auc.value is not None and auc.value < 0.5:
        yield (
            f"ROC-AUC {auc.value:.3f} is below 0.5: the scores rank the wrong way round; "
            "is the positive class right (--positive), or the score a cost?"
        )


def _of_averages(evidence: Evidence, requests: Sequence[Request]) -> Iterator[str]:
    """Classes that an average counts as 0 (or leaves out) because they have no value."""
    told: set[str] = set()
    zero = evidence.zero_division
    for request in requests:
        metric = request.metric
        mean = request.spec.average in ("macro", "weighted") and metric.state is Confusion
        if not mean or metric.over != "class" or evidence.by_class is None or metric.name in told:
            continue
        told.add(metric.name)
        values = class_values(metric, evidence, request.options)[: evidence.averaged]
        names = [evidence.classes[i] for i in np.flatnonzero(np.isnan(values))]
        if names and len(names) < len(values):
            effect = "left out of" if np.isnan(zero) else f"counted {zero:g} in"
            yield (
                f"{metric.name} is undefined for {_some(names)} "
                f"({metric.undefined.format(**{'class': 'it'})}) and {effect} its averages"
            )


def _of_micro(evidence: Evidence, requests: Sequence[Request]) -> Iterator[str]:
    equal = [
        request.key
        for request in requests
        if request.spec.average == "micro" and request.metric.name in ("precision", "recall", "f1")
    ]
    complete = evidence.counts is not None and (evidence.counts.cell_prediction >= 0).all()
    everything = complete and evidence.averaged == len(evidence.classes)
    if equal and everything and evidence.task == "multiclass":
        yield f"over all classes {', '.join(equal)} {'is' if len(equal) == 1 else 'are'} accuracy"


def _of_empty_sets(evidence: Evidence) -> Iterator[str]:
    shapes = evidence.shapes
    if shapes is None:
        return
    for none, where in ((shapes.tp + shapes.fn, "true"), (shapes.tp + shapes.fp, "predicted")):
        rows = float(shapes.weight[none == 0].sum())
        if rows:
            have = "row has" if rows == 1 else "rows have"
            yield f"{rows:,g} {have} no {where} label: the empty set"


def _of_few_rows(evidence: Evidence) -> Iterator[str]:
    few = [name for name, n in evidence.class_sizes.items() if 0 < n < FEW_ROWS]
    if few:
        yield f"under {FEW_ROWS} rows of {_some(few)}: intervals are approximate"


def _of_predictions(evidence: Evidence) -> Iterator[str]:
    counts = evidence.counts
    if counts is None:
        return
    truth, prediction = np.flatnonzero(counts.truth), np.flatnonzero(counts.prediction)
    if len(truth) == 1 and len(counts.classes) > 1 and evidence.task != "multilabel":
        yield f"every row is of class {evidence.classes[truth[0]]}: much is undefined"
    never = [evidence.classes[i] for i in truth if not counts.prediction[i]]
    if never and len(prediction):
        yield f"never predicted: {_some(never)}"
    absent = [evidence.classes[i] for i in prediction if not counts.truth[i]]
    if absent and len(truth) > 1:
        yield f"predicted but not in truth: {_some(absent)}"


def _some(names: list[str], most: int = 5) -> str:
    some = ", ".join(map(shown, names[:most]))
    return some if len(names) <= most else f"{some} and {len(names) - most} more"
