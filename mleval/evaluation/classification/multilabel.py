"""A task of several labels a row: the states that are kept of its batches, and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Family, Floats, Labels, LabelSets
from mleval.errors import InputError
from mleval.evaluation.chunks import Chunks
from mleval.evaluation.classification.evidence import Evidence, Scale
from mleval.evaluation.classification.kept import ClassScores, KeptLabels, KeptScores, LabelRows
from mleval.evaluation.classification.labels import Spellings, in_order
from mleval.evaluation.classification.material import Material
from mleval.evaluation.classification.multiclass import class_order
from mleval.evaluation.classification.multilabel_refusals import (
    refuse_labels_without_scores,
    refuse_shared_scores,
    refuse_strangers,
    refuse_unknown_renames,
    refuse_what_is_of_one_label,
)
from mleval.evaluation.requests import Request
from mleval.options import ClassifyOptions
from mleval.reading.roles import ClassRoles
from mleval.states import Confusion, LabelCells, RowShapes, ScoreTable, State

MIDDLE: dict[Scale, float] = {"probability": 0.5, "logit": 0.0}
ABSENT = {
    "predictions": "no predicted labels",
    "scores": "no score column for the labels",
    "probabilities": "no score column for the labels",
}


@dataclass(frozen=True)
class LabelPlan:
    """Which states to keep of rows with several labels.

    threshold: scores at or above it predict their label, None where predictions are given;
    names: what labels are to be called instead; among: the labels that averages are over, all
    when there are none; tables: keep the scores of each label; keep_labels, keep_scores: keep
    rows, for intervals of averages over labels.
    """

    threshold: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    among: tuple[str, ...] = ()
    tables: bool = True
    keep_labels: bool = False
    keep_scores: bool = False
    by_prediction = False

    def states_of(self, batch: Batch) -> Mapping[str, State]:
        """The states of one batch, by name."""
        truth, weight = batch.label_sets("truth"), batch.weight
        cells = self.cells(batch)
        counted = cells.among(self.among) if self.among else cells
        states: dict[str, Any] = {
            "confusion": cells.confusion(weight),
            "shapes": counted.shapes(weight),
        }
        if self.names:
            guesses = () if self.threshold is not None else batch.label_sets("prediction").names
            states["spelled"] = Chunks((frozenset((*truth.names, *guesses)),))
        if self.keep_labels:
            states["labels"] = Chunks((LabelRows(cells, weight),))
        if self.tables and "probabilities" in batch.columns:
            states |= self._score_states(truth, batch.family("probabilities"), weight)
        return states

    def cells(self, batch: Batch) -> LabelCells:
        """What each row gets right and wrong."""
        prediction = predicted_sets(batch, self.threshold)
        return LabelCells.of(batch.label_sets("truth"), prediction, dict(self.names))

    def _score_states(
        self, truth: LabelSets, family: Family, weight: Floats | None
    ) -> dict[str, Any]:
        names = tuple(self.names.get(name, name) for name in family.names)
        members = membership(truth, names, self.names)
        states: dict[str, Any] = {}
        for name, mine, scores in zip(names, members, family.values, strict=True):
            labels = Labels(mine.astype(np.int32), ("rest", "it"))
            states[f"class {name}"] = ScoreTable.of(labels, scores, weight)
        if self.keep_scores:
            states["rows"] = Chunks((ClassScores(members, family.values, weight),))
        return states


def label_plan(
    requests: Iterable[Request],
    roles: ClassRoles,
    options: ClassifyOptions,
    *,
    derived: bool = False,
) -> LabelPlan:
    """The states that these requests may need of columns with these roles.

    derived: whether metrics are derived of them: that couples labels that are asked for alone.
    """
    wanted = list(requests)
    scored = [r for r in wanted if r.metric.state is ScoreTable]
    coupled = {
        r.metric.state
        for r in wanted
        if (r.spec.average in ("macro", "weighted", "micro") or derived) and options.intervals
    }
    if scored:
        refuse_shared_scores(roles, options)
    return LabelPlan(
        threshold=_cut(roles, options),
        names=options.map,
        among=options.classes,
        tables=bool(scored),
        keep_labels=Confusion in coupled,
        keep_scores=bool(scored) and ScoreTable in coupled,
    )


def _cut(roles: ClassRoles, options: ClassifyOptions) -> float | None:
    """The score that predicts a label, as scores are held; None where predictions are given."""
    threshold = options.threshold
    if threshold is not None and not roles.family:
        raise InputError(
            "--threshold cuts scores, and there is no score column for the labels",
            hint="name them with --proba PREFIX",
        )
    if threshold is None:
        return None if roles.predicts else MIDDLE[_scale(roles, options)]
    return threshold / 100 if options.score_scale == "percent" else threshold


def predicted_sets(batch: Batch, threshold: float | None) -> LabelSets:
    """The predictions, or the labels whose score reaches the threshold."""
    if threshold is None:
        return batch.label_sets("prediction")
    family = batch.family("probabilities")
    rows, codes = np.nonzero(threshold <= family.values.T)
    offsets = np.searchsorted(rows, np.arange(batch.rows + 1))
    return LabelSets(offsets.astype(np.int64), codes.astype(np.int32), family.names)


def membership(
    sets: LabelSets, names: tuple[str, ...], renames: Mapping[str, str]
) -> NDArray[np.bool_]:
    """(k, n) whether each row has each of k labels."""
    place = {name: at for at, name in enumerate(names)}
    spelled = [place.get(renames.get(name, name), -1) for name in sets.names]
    at = np.array(spelled, np.int64)[sets.codes]
    table = np.zeros((len(names) + 1, len(sets.offsets) - 1), np.bool_)  # the last: of no column
    table[at, sets.rows] = True
    return table[:-1]


def multilabel_evidence(material: Material) -> Evidence:
    """Counts and scores of each label, and the shapes of the rows."""
    options, states, roles = material.options, material.states, material.roles
    refuse_what_is_of_one_label(options)
    confusion: Confusion = states["confusion"]
    refuse_unknown_renames(states, roles, options)
    refuse_strangers(confusion, roles, options)
    labels = in_order({*confusion.labels, *_column_labels(roles, options)})
    material.findings.assume("task", "multilabel", f"{len(labels)} labels", "--task")
    classes, averaged, ordered = class_order(labels, material)
    counted = Evidence(
        task="multilabel",
        classes=classes,
        averaged=averaged,
        ordered=ordered,
        rows=material.rows,
        zero_division=options.zero_division,
        confusion=confusion,
        shapes=RowShapes.of(states["shapes"]),
        label_rows=KeptLabels.of(states["labels"].chunks, classes) if "labels" in states else None,
        spellings=Spellings(options.map, options.map),
        absent=ABSENT,
    )
    return _with_scores(counted, material) if roles.family else counted


def _with_scores(evidence: Evidence, material: Material) -> Evidence:
    """The evidence with the scores of each label, and whether they predict."""
    options, states, roles = material.options, material.states, material.roles
    tables = {
        name: states[f"class {name}"]
        for name in (options.map.get(raw, raw) for raw in roles.family)
        if f"class {name}" in states
    }
    threshold = _threshold(material)
    if tables or threshold is not None:
        refuse_labels_without_scores(evidence, roles, options)
    return replace(
        evidence,
        scale=_scale(roles, options),
        class_tables=tables,
        kept=KeptScores.of(states["rows"].chunks) if "rows" in states else None,
        threshold=threshold,
        derived=threshold is not None,
    )


def _column_labels(roles: ClassRoles, options: ClassifyOptions) -> list[str]:
    """The labels that columns are named for, as they are to be called."""
    assert roles.labels
    spelled = (*roles.labels.truth, *roles.labels.prediction, *roles.family)
    return [options.map.get(name, name) for name in spelled]


def _threshold(material: Material) -> float | None:
    """Which scores predict their label, told; None where the predictions given are taken."""
    options, findings = material.options, material.findings
    threshold = _cut(material.roles, options)
    if threshold is None:
        return None
    why = "the middle of the scale" if options.threshold is None else "as given"
    findings.assume("threshold", f"{threshold:g}", why, "--threshold")
    if material.roles.predicts:
        findings.notice("--threshold overrides the predictions that are given")
    return threshold


def _scale(roles: ClassRoles, options: ClassifyOptions) -> Scale:
    """What the scores are: declared or named."""
    declared, kind = options.score_scale, roles.family_kind
    if declared == "logit" or (declared == "auto" and kind == "logit"):
        return "logit"
    if declared in ("probability", "percent") or (declared == "auto" and kind == "probability"):
        return "probability"
    if roles.predicts or options.threshold is not None:
        return "any"
    raise InputError(
        "there are no predicted labels, and the scores are not known to be probabilities",
        hint="--threshold T predicts a label where its score is T or more; "
        "--score-scale says what the scores are",
    )
