"""Evidence built straight from arrays: what a file of these columns would come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mleval.batch import Batch, Family, Floats, Labels
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.plan import Plan
from mleval.evaluation.classification.resolve import resolve
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request, components_of
from mleval.options import ClassifyOptions
from mleval.reading import ClassRoles
from mleval.states import Confusion, Means, ScoreTable

STATES = {"confusion": Confusion, "agreement": Confusion, "argmax": Confusion, "means": Means}


def binary_batch(
    truth: Any, prediction: Any, score: Any = None, weight: Floats | None = None
) -> Batch:
    """Rows of the classes 0 and 1."""
    names = ("0", "1")
    columns: dict[str, Any] = {
        "truth": Labels(np.asarray(truth, np.int32), names),
        "prediction": Labels(np.asarray(prediction, np.int32), names),
    }
    if score is not None:
        columns["score"] = np.asarray(score, np.float64)
    return Batch(len(truth), columns | ({} if weight is None else {"weight": weight}))


def class_batch(
    truth: Any,
    prediction: Any,
    table: Floats,
    names: Sequence[str],
    weight: Floats | None = None,
) -> Batch:
    """Rows of the classes `names`, with a (k, n) table of their probabilities."""
    names = tuple(names)
    columns: dict[str, Any] = {
        "truth": Labels(np.asarray(truth, np.int32), names),
        "prediction": Labels(np.asarray(prediction, np.int32), names),
        "probabilities": Family(names, np.ascontiguousarray(table, np.float64)),
    }
    return Batch(len(truth), columns | ({} if weight is None else {"weight": weight}))


def take(batch: Batch, rows: Any) -> Batch:
    """Some rows of a batch, by position, in that order."""
    taken = {
        role: column[rows] if isinstance(column, np.ndarray) else column.take(rows)
        for role, column in batch.columns.items()
    }
    return Batch(len(rows), taken)


def plan_of(requests: Sequence[Request]) -> Plan:
    """All that these requests may be read off, rows included."""
    return Plan(components=components_of(requests), keep_rows=True)


def merged(*several: Mapping[str, Any]) -> dict[str, Any]:
    """States by name, merged from left to right."""
    whole: dict[str, Any] = {}
    for states in several:
        for name, state in states.items():
            whole[name] = whole[name].merge(state) if name in whole else state
    return whole


def evidence_of(states: Mapping[str, Any], like: Batch, **options: Any) -> Evidence:
    """What the states of batches with such columns amount to."""
    columns = {role: role for role in like.columns if role != "probabilities"}
    classes = like.family("probabilities").names if "probabilities" in like.columns else ()
    roles = ClassRoles(
        columns=columns,
        families={"probabilities": {name: name for name in classes}},
        score_kind="probability",
    )
    task = "multiclass" if classes else "binary"
    options = {"task": task, "classes": classes or ("0", "1")} | options
    return resolve(
        states,
        roles,
        ClassifyOptions(**options),
        Findings(strict=False),
        rows=like.rows,
        by_prediction=False,
    )


def state_type(name: str) -> Any:
    """The class of the state that a plan keeps under a name."""
    return STATES.get(name, ScoreTable)
