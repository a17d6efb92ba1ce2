"""Averages of score metrics over classes.

Their tables share rows, so their interval couples rows: each row's influence is summed over the
classes before it is squared.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.kept import KeptScores, places_of
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
    kept = evidence.kept
    assert kept
    total = float(kept.weight.sum())
    rows = total**2 / float(kept.weight @ kept.weight)
    if rows <= 1:
        raise NoInterval("one row")
    phi = _influence(request, evidence, kept, value) * kept.weight
    found = delta(value, float(phi @ phi) / total**2 * rows / (rows - 1), metric.range, level)
    return Interval(found.low, found.high, "delta, rows")


@dataclass(frozen=True, slots=True)
class _Term:
    """One table that enters an average, its value and its share in it.

    rows: those in the table; places: where in it the score of each is, None: where `kept` says;
    factor: how far a row moves the average for each unit of its influence on the table;
    subject: the share moves with the rows of these classes, by `drift` (weighted averages).
    """

    rows: NDArray[np.intp] | slice
    places: NDArray[np.int32] | None
    table: BinaryScores
    positive: int
    subject: tuple[int, ...]
    value: float
    share: float
    factor: float
    drift: float


def _one(request: Request, evidence: Evidence) -> BinaryScores:
    name = request.spec.of_class
    if name not in evidence.class_scores:
        raise Undefined(f"there are no scores of a class '{name}'")
    return evidence.class_scores[name]


def _terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    if request.spec.average == "micro":
        return _pooled_terms(request, evidence)
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
            slice(None),
            None,
            table,
            place,
            (place,),
            _value(request, table, name),
            float(shares[place]),
            float(shares[place]),
            table.total / float(positives.sum()) if weighted else 0.0,
        )


def _pooled_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """The scores of all labels as those of one event: each row enters once a label."""
    several = evidence.class_tables.values()
    table = reduce(ScoreTable.merge, several).binary("it")
    value, share = _value(request, table, "any label"), 1 / len(several)
    for place in range(len(several)):
        places = None
        if evidence.kept is not None:
            scores = evidence.kept.scores[place]
            places = np.searchsorted(table.scores, scores).astype(np.int32)
        yield _Term(slice(None), places, table, place, (), value, share, share, 0.0)


def _pair_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """Each two classes alone, by the score of one and by the score of the other."""
    names = tuple(evidence.class_tables)
    kept = evidence.kept
    assert kept
    truth, weight = kept.truth, kept.weight
    pairs = list(combinations(range(len(names)), 2))
    weighted = request.spec.average == "weighted"
    total = float(weight.sum())
    for a, b in pairs:
        rows = np.flatnonzero((truth == a) | (truth == b))
        for positive, other in ((a, b), (b, a)):
            scores = kept.scores[positive][rows]
            mine = Labels((truth[rows] == positive).astype(np.int32), ("rest", "it"))
            table = ScoreTable.of(mine, scores, weight[rows]).binary("it")
            share = (
                float(weight[rows].sum()) / total / (len(names) - 1) if weighted else 1 / len(pairs)
            )
            yield _Term(
                rows,
                places_of(scores),
                table,
                positive,
                (a, b),
                _value(request, table, f"{names[positive]} against {names[other]}"),
                share / 2,
                share / 2 * total / table.total,
                0.5 / (len(names) - 1) if weighted else 0.0,
            )


def _value(request: Request, table: BinaryScores, name: str) -> float:
    try:
        return float(request.metric.function(table, **request.options))
    except Undefined as error:
        raise Undefined(f"{error.reason} for class '{name}'") from None


def _influence(request: Request, evidence: Evidence, kept: KeptScores, average: float) -> Floats:
    """(n,) how far each row moves the average."""
    assert request.metric.influence
    influence = request.metric.influence
    total = float(kept.weight.sum())

    def of(term: _Term) -> Floats:
        phi = np.zeros(len(kept.weight))
        up, down = influence(term.table, **request.options)
        at = kept.places[term.positive] if term.places is None else term.places
        mine = kept.members(term.positive)[term.rows]
        phi[term.rows] = np.where(mine, up[at], down[at]) * term.factor
        for place in term.subject if term.drift else ():
            phi += term.drift * (term.value - average) * kept.members(place)
        return phi

    with ThreadPoolExecutor(2) as pool:  # numpy lets go of the lock
        summed = np.zeros(len(kept.weight))
        for phi in pool.map(of, _terms(request, evidence)):
            summed += phi
    return summed - (kept.weight @ summed) / total
