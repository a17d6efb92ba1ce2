"""Members: which of the rows that are kept are of one slice, and its numbers with their rows."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch
from mleval.evaluation.clusters import Clusters
from mleval.evaluation.influences import Influences
from mleval.evaluation.measuring import Measured
from mleval.evaluation.rows import Rows
from mleval.evaluation.slices.evaluating import names_of
from mleval.evaluation.slices.rows import joined, ordered
from mleval.evaluation.slices.sliced import Part, coded
from mleval.reading import Roles, Slicing
from mleval.reading.slicing import role_of

Marks = NDArray[np.bool_]


def slice_of(
    whole: Measured, roles: Roles, slicing: Slicing, column: str, name: str
) -> tuple[Marks, Measured]:
    """(n,) whether each row is of the slice of that name, and what is measured of those that are.

    whole: with its rows; column: as the table of slices has it.
    """
    evaluator, kept = whole.evaluator, whole.influences
    assert kept is not None
    marks = _members(kept.rows, slicing, column, name, evaluator.options.min_slice)
    plan, batches, end = evaluator.plan_of_parts(kept.plan), [], 0
    for batch in kept.rows.batches:
        start, end = end, end + batch.rows
        batches.append(ordered(batch, np.flatnonzero(marks[start:end])))
    parts = [Part(batch.rows, 0.0, plan.states_of(batch)) for batch in batches if batch.rows]
    states = reduce(Part.merge, parts).states
    evidence = evaluator.resolve_part(whole.evidence, states, roles, plan, int(marks.sum()))
    rows = Rows(tuple(batches))
    clusters = Clusters.of(rows) if kept.clusters is not None else None
    influences = Influences(evaluator, evidence, plan, rows, clusters)
    requests, derived = whole.requests, whole.derived
    return marks, Measured.of(evaluator, evidence, requests, derived, whole.setting, influences)


def _members(rows: Rows, slicing: Slicing, column: str, name: str, least: int) -> Marks:
    by = next(by for by in slicing.by if "*".join(by) == column)
    roles = [role_of(one) for one in by]
    parts = [Batch(b.rows, {role: b.columns[role] for role in roles}) for b in rows.batches]
    codes, keys = coded(slicing, joined(parts), by)
    counts = np.bincount(codes, minlength=len(keys)).tolist()
    names = names_of(dict(zip(keys, counts, strict=True)), least)
    of_it = np.array([names[key][0] == name for key in keys])
    return np.asarray(of_it[codes], np.bool_)
