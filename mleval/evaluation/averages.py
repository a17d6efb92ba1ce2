"""Averages of score metrics over classes.

Their tables share rows, so their interval couples rows: each row's influence is summed over the
classes before it is squared.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.evaluation.scoring import interval_on
from mleval.states import BinaryScores, ScoreTable
from mleval.uncertainty.intervals import Interval, at_the_edge, delta


def average_value(request: Request, evidence: Evidence) -> Any:
    """The mean of the metric over classes or pairs of classes, or its value for one class."""
    if request.spec.of_class is not None:
        return request.metric.function(_one(request, evidence), **request.options)
    terms = list(_terms(request, evidence))
    return sum(term.share * term.value for term in terms)


def average_interval(request: Request, evidence: Evidence, level: float, value: float) -> Interval:
    """The delta method on per-row influences; for one class, as for any event."""
    metric = request.metric
    if request.spec.of_class is not None:
        return interval_on(metric, request.options, _one(request, evidence), level, value)
    if metric.influence is None:
        raise NoInterval("none is known for it")
    if value in metric.range and np.isfinite(metric.range).all():
        return at_the_edge(value, metric.range, evidence.smallest_class, level)
    truth, weight = _rows(evidence)
    total, rows = float(weight.sum()), float(weight.sum() ** 2 / (weight @ weight))
    if rows <= 1:
        raise NoInterval("one row")
    phi = _influence(request, evidence, truth, weight) * weight
    found = delta(value, float(phi @ phi) / total**2 * rows / (rows - 1), metric.range, level)
    return Interval(found.low, found.high, "delta, rows")


@dataclass(frozen=True, slots=True)
class _Term:
    """One table that enters an average: its rows, its scores, its value and its share in it.

    subject: the share moves with the rows of these classes, by `drift` (weighted averages).
    """

    rows: NDArray[np.intp] | None
    scores: Floats
    table: BinaryScores
    positive: int
    subject: tuple[int, ...]
    value: float
    share: float
    drift: float


def _one(request: Request, evidence: Evidence) -> BinaryScores:
    name = request.spec.of_class
    if name not in evidence.class_scores:
        raise Undefined(f"there are no scores of a class '{name}'")
    return evidence.class_scores[name]


def _terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    return (
        _pair_terms(request, evidence)
        if request.metric.over == "pair"
        else _class_terms(request, evidence)
    )


def _class_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """One class against the rest, each."""
    tables = evidence.class_scores
    positives = np.array([table.positives for table in tables.values()])
    weighted = request.spec.average == "weighted"
    shares = positives / positives.sum() if weighted else np.full(len(tables), 1 / len(tables))
    for place, (name, table) in enumerate(tables.items()):
        yield _Term(
            None,
            _class_column(evidence, place),
            table,
            place,
            (place,),
            _value(request, table, name),
            float(shares[place]),
            1.0 if weighted else 0.0,
        )


def _pair_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """Each two classes alone, by the score of one and by the score of the other."""
    names = tuple(evidence.class_tables)
    truth, weight = _rows(evidence)
    pairs = list(combinations(range(len(names)), 2))
    weighted = request.spec.average == "weighted"
    total = float(weight.sum())
    for a, b in pairs:
        rows = np.flatnonzero((truth == a) | (truth == b))
        for positive, other in ((a, b), (b, a)):
            scores = _class_column(evidence, positive)[rows]
            mine = Labels((truth[rows] == positive).astype(np.int32), ("rest", "it"))
            table = ScoreTable.of(mine, scores, weight[rows]).binary("it")
            share = (
                float(weight[rows].sum()) / total / (len(names) - 1) if weighted else 1 / len(pairs)
            )
            yield _Term(
                rows,
                scores,
                table,
                positive,
                (a, b),
                _value(request, table, f"{names[positive]} against {names[other]}"),
                share / 2,
                0.5 / (len(names) - 1) if weighted else 0.0,
            )


def _value(request: Request, table: BinaryScores, name: str) -> float:
    try:
        return float(request.metric.function(table, **request.options))
    except Undefined as error:
        raise Undefined(f"{error.reason} for class '{name}'") from None


def _influence(
    request: Request, evidence: Evidence, truth: NDArray[np.int64], weight: Floats
) -> Floats:
    """(n,) how far each row moves the average."""
    assert request.metric.influence
    influence, total = request.metric.influence, float(weight.sum())

    def of(term: _Term) -> Floats:
        phi = np.zeros(len(truth))
        rows = slice(None) if term.rows is None else term.rows
        up, down = influence(term.table, **request.options)
        at = np.searchsorted(term.table.scores, term.scores + 0.0)
        moved = np.where(truth[rows] == term.positive, up[at], down[at])
        phi[rows] = term.share * moved * (total / term.table.total)
        if term.drift:
            phi += term.drift * term.value * np.isin(truth, term.subject)
        return phi

    with ThreadPoolExecutor(2) as pool:  # looking scores up lets go of the lock
        summed = np.zeros(len(truth))
        for phi in pool.map(of, _terms(request, evidence)):
            summed += phi
    return summed - (weight @ summed) / total


def _rows(evidence: Evidence) -> tuple[NDArray[np.int64], Floats]:
    """(n,) the position of each row's class among the columns, and its weight."""
    chunks = evidence.chunks
    truth = np.concatenate([chunk.rows.truth for chunk in chunks])
    weights = [np.ones(len(c.rows.truth)) if c.weight is None else c.weight for c in chunks]
    return truth, np.concatenate(weights)


def _class_column(evidence: Evidence, place: int) -> Floats:
    return np.concatenate([np.empty(0), *(chunk.scores[place] for chunk in evidence.chunks)])
