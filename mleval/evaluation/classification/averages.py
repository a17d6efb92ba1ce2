"""Averages of score metrics over classes.

Their tables share rows, so their interval couples rows: each row's influence is summed over the
classes before it is squared.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.kept import KeptScores, places_of
from mleval.evaluation.requests import Request
from mleval.evaluation.scoring import interval_on, tangent_on
from mleval.states import BinaryScores, ScoreTable
from mleval.uncertainty.influences import centred, influence_interval
from mleval.uncertainty.intervals import Interval, at_the_edge
from mleval.uncertainty.tangents import Tangent, of_rows


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
    influence = _influence(request, evidence, kept, value)
    return influence_interval(influence, kept.weight, value, metric.range, level)


def average_tangent(request: Request, evidence: Evidence) -> Tangent:
    """By the rows that are kept; for one class, as for any event."""
    if request.spec.of_class is not None:
        return tangent_on(request.metric, request.options, _one(request, evidence))
    if request.metric.influence is None:
        raise NoInterval("none is known for it")
    kept = evidence.kept
    assert kept
    value = float(average_value(request, evidence))
    return of_rows(kept, _influence(request, evidence, kept, value), kept.weight)


@dataclass(frozen=True, slots=True)
class _Term:
    """One table that enters an average, its value and its share in it.

    rows: those in the table; places: where in it the score of each is, None: where `kept` says;
    subject: the share moves with the rows of these classes, by `drift` (weighted averages);
    times: how often each row is in the table.
    """

    rows: NDArray[np.intp] | slice
    places: NDArray[np.int32] | None
    table: BinaryScores
    positive: int
    subject: tuple[int, ...]
    value: float
    share: float
    drift: float
    times: int = 1


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
    places = _averaged(evidence)
    total = sum(tables[name].positives for name in places)
    weighted = request.spec.average == "weighted"
    for name, place in places.items():
        table = tables[name]
        yield _Term(
            slice(None),
            None,
            table,
            place,
            (place,),
            _value(request, table, name),
            table.positives / total if weighted and total else 1 / len(places),
            1 / total if weighted and total else 0.0,
        )


def _averaged(evidence: Evidence) -> dict[str, int]:
    """The classes that averages are over, and which column is theirs."""
    out = evidence.classes[evidence.averaged :]
    return {name: at for at, name in enumerate(evidence.class_tables) if name not in out}


def _pooled_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """The scores of all labels as those of one event: each row enters once a label."""
    averaged = _averaged(evidence)
    table = reduce(ScoreTable.merge, (evidence.class_tables[n] for n in averaged)).binary("it")
    value, times = _value(request, table, "any label"), len(averaged)
    for place in averaged.values():
        places = None
        if evidence.kept is not None:
            scores = evidence.kept.scores[place]
            places = np.searchsorted(table.scores, scores).astype(np.int32)
        yield _Term(slice(None), places, table, place, (), value, 1 / times, 0.0, times)


def _pair_terms(request: Request, evidence: Evidence) -> Iterator[_Term]:
    """Each two classes alone, by the score of one and by the score of the other."""
    names = tuple(evidence.class_tables)
    averaged = _averaged(evidence)
    kept = evidence.kept
    assert kept
    truth, weight = kept.truth, kept.weight
    pairs = list(combinations(averaged.values(), 2))
    weighted = request.spec.average == "weighted"
    size = np.bincount(truth, weight, minlength=len(names))
    total = float(sum(size[a] + size[b] for a, b in pairs))
    for a, b in pairs:
        rows = np.flatnonzero((truth == a) | (truth == b))
        share = float(size[a] + size[b]) / total if weighted else 1 / len(pairs)
        for positive, other in ((a, b), (b, a)):
            scores = kept.scores[positive][rows]
            mine = Labels((truth[rows] == positive).astype(np.int32), ("rest", "it"))
            table = ScoreTable.of(mine, scores, weight[rows]).binary("it")
            yield _Term(
                rows,
                places_of(scores),
                table,
                positive,
                (a, b),
                _value(request, table, f"{names[positive]} against {names[other]}"),
                share / 2,
                0.5 / total if weighted else 0.0,
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
    if request.metric.over == "class" and request.spec.average != "micro":
        _ = kept.places  # before the threads ask for it
    total = float(kept.weight.sum())

    def of(term: _Term) -> Floats:
        up, down = influence(term.table, **request.options)
        at = kept.places[term.positive] if term.places is None else term.places
        moved: Floats = down[at]
        mine = np.flatnonzero(kept.members(term.positive)[term.rows])
        moved[mine] = up[at[mine]]
        moved *= term.share * total * term.times / term.table.total
        phi = moved
        if len(moved) < len(kept.weight):
            phi = np.zeros(len(kept.weight))
            phi[term.rows] = moved
        for place in term.subject if term.drift else ():
            phi += term.drift * total * (term.value - average) * kept.members(place)
        found: Floats = phi
        return found

    summed = np.zeros(len(kept.weight))
    terms = _terms(request, evidence)
    with ThreadPoolExecutor(2) as pool:  # numpy lets go of the lock
        while some := list(islice(terms, 4)):  # a few at a time: each is as long as the rows
            for phi in pool.map(of, some):
                summed += phi
    return centred(summed, kept.weight)
