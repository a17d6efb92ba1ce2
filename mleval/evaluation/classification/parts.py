"""The evidence of some of the rows: everything that was decided of all rows holds of them too.

Only what occurs is of the part: averages are over the classes that its rows have, as they would be
in a file of these rows alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mleval.evaluation.classification.binary import (
    as_wrong,
    confusion_at,
    of_positive,
    turned,
)
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.kept import KeptLabels, KeptScores
from mleval.evaluation.classification.labels import column_of
from mleval.evaluation.classification.multiclass import of_being_right
from mleval.options import ClassifyOptions
from mleval.reading import ClassRoles
from mleval.states import BinaryScores, Confusion, RowShapes, ScoreTable

States = Mapping[str, Any]


def evidence_of_part(
    whole: Evidence,
    states: States,
    roles: ClassRoles,
    options: ClassifyOptions,
    rows: int,
    *,
    by_prediction: bool,
) -> Evidence:
    """The evidence of the states of a part of the rows that `whole` is of."""
    part = replace(whole, rows=rows, means=states.get("means"))
    if not whole.labelled:
        return part
    if whole.task == "multilabel":
        return _multilabel(part, states, roles, options)
    if whole.task == "binary":
        return _binary(part, states, roles, options, by_prediction=by_prediction)
    return _multiclass(part, states, roles, options)


def _binary(
    part: Evidence,
    states: States,
    roles: ClassRoles,
    options: ClassifyOptions,
    *,
    by_prediction: bool,
) -> Evidence:
    assert part.positive is not None
    event = None
    if part.event is not None:
        event = _event(part, states, roles, options, by_prediction=by_prediction)
    confusion = None
    if part.derived:
        assert event is not None
        assert part.threshold is not None
        confusion = confusion_at(event, part.threshold, part.positive, part.classes[0])
    elif part.confusion is not None:
        confusion = as_wrong(_relabelled(part, states["confusion"]), part.positive, part.classes[0])
    return replace(part, event=event, confusion=confusion)


def _event(
    part: Evidence,
    states: States,
    roles: ClassRoles,
    options: ClassifyOptions,
    *,
    by_prediction: bool,
) -> BinaryScores:
    """The scores of the positive class."""
    positive = part.positive
    assert positive is not None
    if roles.family:
        names = tuple(roles.family)
        table: ScoreTable = states[f"class {names[column_of(positive, names) or 0]}"]
        label = "it"
    else:
        turn = turned(options.score_scale) if part.of_predicted else None
        table, label = states["score"], positive
        table = of_positive(table, part.spellings, positive, turn) if by_prediction else table
        table = table if by_prediction else table.relabel(part.spellings.truth)
    return replace(table.binary(label), logit=part.scale == "logit")


def _multiclass(
    part: Evidence, states: States, roles: ClassRoles, options: ClassifyOptions
) -> Evidence:
    confusion = _relabelled(part, states["argmax" if part.derived else "confusion"])
    event = part.event
    if event is not None and part.of_predicted:
        event = of_being_right(states["score"], part.spellings)
    elif event is not None:
        event = states["top"].binary("right")
    names = [name for name in roles.family if f"class {name}" in states]
    tables = dict(zip(part.class_tables, (states[f"class {n}"] for n in names), strict=False))
    return replace(
        _of_classes(part, set(confusion.labels), options),
        confusion=confusion,
        event=event,
        class_tables=tables,
        kept=KeptScores.of(states["rows"].chunks) if part.kept else None,
    )


def _multilabel(
    part: Evidence, states: States, roles: ClassRoles, options: ClassifyOptions
) -> Evidence:
    confusion: Confusion = states["confusion"]
    assert roles.labels
    columns = (*roles.labels.truth, *roles.labels.prediction, *roles.family)
    named = {options.map.get(name, name) for name in columns}
    part = _of_classes(part, {*confusion.labels, *named}, options)
    rows = KeptLabels.of(states["labels"].chunks, part.classes) if part.label_rows else None
    return replace(
        part,
        confusion=confusion,
        shapes=RowShapes.of(states["shapes"]),
        label_rows=rows,
        class_tables={name: states[f"class {name}"] for name in part.class_tables},
        kept=KeptScores.of(states["rows"].chunks) if part.kept else None,
    )


def _of_classes(part: Evidence, occurring: set[str], options: ClassifyOptions) -> Evidence:
    """With the classes that occur, in their order, and those that the caller named."""
    named = part.classes[: part.averaged] if options.classes else ()
    classes = [name for name in part.classes if name in occurring or name in named]
    averaged = sum(name in classes for name in part.classes[: part.averaged])
    return replace(part, classes=tuple(classes), averaged=averaged)


def _relabelled(part: Evidence, confusion: Confusion) -> Confusion:
    return confusion.relabel(part.spellings.truth, part.spellings.prediction)
