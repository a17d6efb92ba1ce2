"""The plan of a classification: which states are kept of each batch.

What depends on the whole is not decided here but in `resolve`, when the states are merged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats, Labels
from mleval.evaluation.chunks import Chunks
from mleval.evaluation.classification.kept import ClassScores
from mleval.evaluation.classification.labels import column_of
from mleval.evaluation.classification.soft_labels import true_probabilities
from mleval.metrics.multiclass import ClassRows, top_label
from mleval.registry import Component
from mleval.states import Confusion, Means, ScoreTable, State

ROW_SUM = Component("row_sum", lambda rows: rows.values.sum(axis=0))


@dataclass(frozen=True)
class Plan:
    """Which states to keep.

    by_prediction: keep scores apart by prediction too, since the score may turn out to be the
    probability of the predicted class; threshold: where score and prediction are compared;
    logits: the class columns hold logits; components: the numbers a row that `Means` keeps;
    renames: raw label → label; keep_rows: keep class scores, for intervals of averages over
    classes.
    """

    by_prediction: bool = False
    threshold: float = 0.5
    logits: bool = False
    components: tuple[Component, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    class_tables: bool = True
    keep_rows: bool = False
    _places: dict[tuple[tuple[str, ...], tuple[str, ...]], Any] = field(default_factory=dict)

    def states_of(self, batch: Batch) -> Mapping[str, State]:
        """The states of one batch, by name."""
        states: dict[str, Any] = {}
        truth, weight = batch.labels("truth"), batch.weight
        prediction = batch.labels("prediction") if "prediction" in batch.columns else None
        if prediction is not None:
            states["confusion"] = Confusion.of(truth, prediction, weight)
        if "score" in batch.columns:
            states |= self._score_states(batch, truth, prediction)
        if "probabilities" in batch.columns:
            states |= self._class_states(batch, truth, prediction)
        return states

    def _score_states(
        self, batch: Batch, truth: Labels, prediction: Labels | None
    ) -> dict[str, Any]:
        score, weight = batch.numbers("score"), batch.weight
        if prediction is None:
            return {"score": ScoreTable.of(truth, score, weight)}
        above = Labels((score >= self.threshold).astype(np.int32), ("below", "above"))
        labels = paired(truth, prediction) if self.by_prediction else truth
        return {
            "score": ScoreTable.of(labels, score, weight),
            "agreement": _agreement(prediction, above, weight),
        }

    def _class_states(
        self, batch: Batch, truth: Labels, prediction: Labels | None
    ) -> dict[str, Any]:
        family, weight = batch.family("probabilities"), batch.weight
        place, rows = self._class_rows(batch)
        scores = class_scores(rows)
        states: dict[str, Any] = {}
        if self.class_tables:
            for position, name in enumerate(family.names):
                mine = Labels((place == position).astype(np.int32), ("rest", "it"))
                states[f"class {name}"] = ScoreTable.of(mine, scores[position], weight)
        confidence, right = top_label(rows)
        states["top"] = ScoreTable.of(
            Labels(right.astype(np.int32), ("wrong", "right")), confidence, weight
        )
        winner = Labels(rows.best.astype(np.int32), family.names)
        states["argmax"] = Confusion.of(truth, winner, weight)
        if prediction is not None:
            states["agreement"] = _agreement(prediction, winner, weight)
        if self.components:
            states["means"] = Means.of(self.components_of(rows), weight)
        if self.keep_rows:
            states["rows"] = Chunks((ClassScores(rows.truth, scores, weight),))
        return states

    def class_rows(self, batch: Batch) -> ClassRows:
        """The class columns of a batch, and which is of the true class."""
        return self._class_rows(batch)[1]

    def components_of(self, rows: ClassRows) -> dict[str, Any]:
        """What `Means` sums up."""
        return {component.name: component.of(rows) for component in self.components}

    def _class_rows(self, batch: Batch) -> tuple[NDArray[np.int64], ClassRows]:
        """Also (n,) the position of the true class, -1 where there is none."""
        truth, family = batch.labels("truth"), batch.family("probabilities")
        place = self._place(truth.names, family.names)[truth.codes]
        soft = true_probabilities(batch)
        return place, ClassRows(np.maximum(place, 0), family.values, self.logits, soft)

    def _place(self, labels: tuple[str, ...], names: tuple[str, ...]) -> Any:
        """(len(labels) + 1,) the column of each label, -1 for none: a refusal at the end."""
        key = (labels, names)
        if key not in self._places:
            found = (column_of(self.renames.get(label, label), names) for label in labels)
            self._places[key] = np.array([-1 if c is None else c for c in found], np.int64)
        return self._places[key]


def class_scores(rows: ClassRows) -> Floats:
    """(k, n) what classes are ranked by: probabilities; of logits each class's log-odds.

    z − log Σ exp of the other logits: where a softmax would round to 1, they still differ.
    """
    if not rows.logits:
        return rows.values
    z, everyone = rows.values.copy(), np.arange(rows.values.shape[1])
    best, highest = z.argmax(axis=0), z.max(axis=0)
    powers = np.exp(z - highest)
    odds: Floats = z - highest - np.log(np.maximum(powers.sum(axis=0) - powers, 0.5))
    z[best, everyone] = -np.inf  # the others of the highest: not by a difference, to keep digits
    second = z.max(axis=0)
    odds[best, everyone] = highest - second - np.log(np.exp(z - second).sum(axis=0))
    return odds


def _agreement(prediction: Labels, derived: Labels, weight: Floats | None) -> Confusion:
    """How predictions go with what the scores say; rows without a prediction say nothing."""
    if (prediction.codes >= 0).all():
        return Confusion.of(prediction, derived, weight)
    known = np.flatnonzero(prediction.codes >= 0)
    return Confusion.of(
        prediction.take(known), derived.take(known), None if weight is None else weight[known]
    )


def paired(truth: Labels, prediction: Labels) -> Labels:
    """One label a (truth, prediction) pair, so that a score can be told apart by both."""
    width = len(prediction.names) + 1
    pair = truth.codes.astype(np.int64) * width + prediction.codes + 1
    seen, codes = np.unique(pair, return_inverse=True)
    guesses = (None, *prediction.names)
    names = tuple(json.dumps([truth.names[p // width], guesses[p % width]]) for p in seen.tolist())
    return Labels(codes.astype(np.int32), names)


def unpaired(label: str) -> tuple[str, str | None]:
    """The truth and the prediction of a `paired` label.

    >>> unpaired(paired(Labels.of(["a"]), Labels.of(["b"])).names[0])
    ('a', 'b')
    """
    truth, prediction = json.loads(label)
    return truth, prediction
