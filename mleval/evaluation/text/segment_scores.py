"""Metrics of single segments, for a file of all of them and for the worst."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.evaluation.requests import Request
from mleval.metrics.bleu import bleu
from mleval.metrics.bleu_formulas import Smoothing
from mleval.metrics.text_rows import TextRows
from mleval.states import Means

SHOWN = 4  # metrics of segments that plots show
_BLEU = {"bleu": None, "bleu1": 1, "bleu2": 2, "bleu3": 3}


def scorable(request: Request) -> bool:
    """Whether a metric says anything of a single segment."""
    return request.metric.state is Means


def shown(requests: Sequence[Request]) -> tuple[Request, ...]:
    """Those whose segments plots show: the first of each family, such as rouge1 of all ROUGE."""
    some: dict[str, Request] = {}
    for request in requests:
        if scorable(request) and request.metric.goal != "none":
            some.setdefault(request.metric.name.rstrip("0123456789LSU"), request)
    return tuple(some.values())[:SHOWN]


def segment_scores(request: Request, rows: TextRows) -> Floats:
    """(n,) the metric as if each segment were all there is; nan where it has no value.

    BLEU is that of sentences, as sacreBLEU has it: over the orders of which there are n-grams.
    """
    assert request.metric.components
    function, options = request.metric.function, dict(request.options)
    if request.metric.name in _BLEU:
        function = bleu
        options["order"] = _BLEU[request.metric.name] or options["order"]
        options["effective_order"] = not Smoothing(options["smooth"]).is_nltk
    parts = request.metric.components(**request.options)
    readings: dict[str, Any] = {part.name: part.of(rows) for part in parts} | {"weight": 1.0}
    found = np.full(len(rows.hypotheses), np.nan)
    with np.errstate(all="ignore"):
        found[:] = function(readings, **options)
    return np.where(np.isfinite(found), found, np.nan)


def matches(rows: TextRows) -> NDArray[np.bool_]:
    """(n,) whether the hypothesis is one of the references, to the letter."""
    found = np.zeros(len(rows.hypotheses), np.bool_)
    for lines in rows.references:
        same = np.fromiter(map(eq, rows.hypotheses, lines), np.bool_, len(lines))
        found |= same if lines.missing is None else same & ~lines.missing
    return found


def worse_first(request: Request, scores: Floats) -> Floats:
    """(n,) keys of which the lowest is the worst; those without a value come last."""
    keys = -scores if request.metric.goal == "min" else scores
    if request.metric.goal == "none":
        keys = np.where(scores > 1, 1 / np.maximum(scores, 1), scores)
    return np.where(np.isnan(keys), np.inf, keys)
