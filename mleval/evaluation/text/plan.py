"""The plan of an evaluation of texts: which states are kept of each stretch of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.evaluation.chunks import Chunks
from mleval.evaluation.requests import Request, components_of
from mleval.evaluation.text.reading import Stretch
from mleval.evaluation.text.segment_scores import (
    matches,
    scorable,
    segment_scores,
    shown,
    worse_first,
)
from mleval.metrics.diversity import ngram_set
from mleval.metrics.text_rows import TextRows
from mleval.registry import Component
from mleval.states import Kept, Means, NgramSet


@dataclass(frozen=True)
class TextPlan:
    """Which states to keep.

    components: the numbers a segment that `Means` keeps; grams: the lengths of n-grams of which
    the set is kept; scored: the metrics of which every segment's score is kept; ranked: the one by
    which the worst are found, of which `worst` are kept.
    """

    components: tuple[Component, ...] = ()
    grams: tuple[int, ...] = ()
    scored: tuple[Request, ...] = ()
    ranked: Request | None = None
    worst: int = 0

    def states_of(self, batch: Stretch) -> Mapping[str, Any]:
        """The states of one stretch, by name."""
        # What is made on the way lasts as long as the counting, even where stretches are kept.
        rows = TextRows(batch.rows.hypotheses, batch.rows.references)
        found: dict[str, Any] = {"means": Means.of({c.name: c.of(rows) for c in self.components})}
        for n in self.grams:
            found[f"grams {n}"] = ngram_set(rows, n=n)
        if self.scored:
            scores = {request.key: segment_scores(request, rows) for request in self.scored}
            found["scores"] = Chunks((scores,))
        if self.ranked is not None and self.worst:
            found["worst"] = self._worst(rows, batch.first, self.ranked)
        return found

    def _worst(self, rows: TextRows, first: int, ranked: Request) -> Kept:
        scores = segment_scores(ranked, rows)
        segments = np.arange(first, first + len(scores))
        # Blank texts score 0 by most metrics, and so do short ones, even where nothing is wrong.
        keys = np.where(matches(rows), np.inf, worse_first(ranked, scores))
        columns = {"key": keys, "segment": segments, "score": scores}
        return Kept.lowest(columns, self.worst)


def plan_of(requests: Sequence[Request], *, worst: int, scores: bool, drawn: bool) -> TextPlan:
    """The states that these requests need, the worst segments, and if asked every score.

    drawn: whether every score is kept of the metrics that plots show.
    """
    scoring = tuple(request for request in requests if scorable(request))
    sets = (request for request in requests if request.metric.state is NgramSet)
    return TextPlan(
        components=components_of(requests),
        grams=tuple(dict.fromkeys(request.options["n"] for request in sets)),
        scored=scoring if scores else shown(requests) if drawn else (),
        ranked=scoring[0] if scoring else None,
        worst=worst,
    )
