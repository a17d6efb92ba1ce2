"""The plan of an evaluation of texts: which states are kept of each stretch of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Batch, LabelSets
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

_WORDS = "words"


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
        rows = TextRows(batch.texts.hypotheses, batch.texts.references)
        found: dict[str, Any] = {"means": Means.of(_counted(batch, rows, self.components))}
        for n in self.grams:
            found[f"grams {n}"] = ngram_set(rows, n=n)
        if self.scored:
            scores = {request.key: segment_scores(request, rows) for request in self.scored}
            found["scores"] = Chunks((scores,))
        if self.ranked is not None and self.worst:
            found["worst"] = self._worst(rows, batch.first, self.ranked)
        return found

    def _worst(self, rows: TextRows, first: int, ranked: Request) -> Kept:
        # Blank texts score 0 by most metrics, and so do short ones, even where nothing is wrong.
        wrong = np.flatnonzero(~matches(rows))
        scores = segment_scores(ranked, rows)[wrong]
        columns = {"key": worse_first(ranked, scores), "segment": first + wrong, "score": scores}
        return Kept.lowest(columns, self.worst)


@dataclass(frozen=True)
class PartPlan:
    """The means and the n-grams alone, of what was counted of the segments."""

    components: tuple[Component, ...]
    grams: tuple[int, ...]

    def rows(self, batch: Stretch) -> Batch:
        """A row a segment: its components and words, and what it is told apart by."""
        rows = TextRows(batch.texts.hypotheses, batch.texts.references)
        columns = {**_counted(batch, rows, self.components), **batch.columns}
        if self.grams:
            words = rows.words[0]
            columns[_WORDS] = LabelSets(words.offsets, words.codes, tuple(words.names))
        return Batch(batch.rows, columns)

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        means = Means.of({c.name: batch.numbers(c.name) for c in self.components})
        found: dict[str, Any] = {"means": means}
        for n in self.grams:
            words = batch.label_sets(_WORDS)
            found[f"grams {n}"] = NgramSet.of(words.codes, words.offsets, words.names, n)
        return found


def _counted(batch: Stretch, rows: TextRows, components: Sequence[Component]) -> dict[str, Any]:
    """Component → (n,) of each segment; each is counted once, whoever asks."""
    for one in components:
        if one.name not in batch.counts:
            batch.counts[one.name] = one.of(rows)
    return {one.name: batch.counts[one.name] for one in components}


def plan_of(
    requests: Sequence[Request], *, worst: int, scores: bool, drawn: bool = False
) -> TextPlan:
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
