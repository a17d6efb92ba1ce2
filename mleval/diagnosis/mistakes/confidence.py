"""How sure the predictions are of themselves, and the mistakes of those that are most sure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Exhibit, Finding
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.slices.confirm import mean_of
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.wording import percent
from mleval.uncertainty.contrasts import against_others

_EDGES = (0.8, 0.95, 0.99)
_LISTED = 10
_HELD = 0.2  # of all mistakes: what unsure rows must hold to be worth a person's time
_SHARE = 0.5  # of all rows, of which they must be fewer
_CHANCE = 0.01


def confidence(rows: ClassifiedRows) -> Floats | None:
    """(n,) the probability of the class that is predicted; None where there is none."""
    if rows.probability is None:
        return None
    if rows.probability.ndim == 2:
        return np.asarray(rows.probability[np.arange(len(rows)), rows.predicted])
    return np.where(rows.predicted == rows.positive, rows.probability, 1 - rows.probability)


def bands(rows: ClassifiedRows, sure: Floats, low: float, level: float) -> Exhibit:
    """How often rows are wrong by how sure they are, beside what their scores expect."""
    lost = Lost.of((rows.truth != rows.predicted).astype(float), rows.weight, counts=True)
    edges = sorted({0.0, low, *(edge for edge in _EDGES if edge > low)})
    found = []
    for least, most in zip(edges, [*edges[1:], np.inf], strict=True):
        inside = (sure >= least) & (sure < most)
        if inside.any():
            told = f"from {least:g}" if most == np.inf else f"{least:g} to {most:g}"
            weight = lost.weight[inside]
            expected = float(weight @ (1 - sure[inside]) / weight.sum())
            wrong = int(lost.loss[inside].sum())
            rate = mean_of(lost, inside, level)
            found.append((told, int(inside.sum()), wrong, rate, expected))
    return Exhibit(
        name="confidence",
        title="mistakes by how sure the prediction is",
        columns=("confidence", "rows", "wrong", "error rate", "expected by the scores"),
        rows=tuple(found),
        aside=True,
    )


def unsure(rows: ClassifiedRows, low: float, level: float) -> Iterator[Finding]:
    """Rows whose likeliest class is below the limit, where they hold many of the mistakes."""
    assert rows.probability is not None
    chance = rows.probability
    sure = chance.max(axis=1) if chance.ndim == 2 else np.maximum(chance, 1 - chance)
    lost = Lost.of((rows.truth != rows.predicted).astype(float), rows.weight, counts=True)
    below = sure < low
    wrong = float(lost.weight @ lost.loss)
    if not below.any() or below.all() or wrong == 0:
        return
    share = float(lost.weight[below].sum() / lost.weight.sum())
    held = float(lost.weight[below] @ lost.loss[below]) / wrong
    means = [mean_of(lost, some, level) for some in (below, ~below)]
    value, least, most = (np.array([getattr(m, end) for m in means]) for end in _ENDS)
    p = float(against_others(value, least, most, np.array([share, 1 - share]), level).p[0])
    if held < _HELD or share > _SHARE or p > _CHANCE or value[0] <= value[1]:
        return
    count = int(below.sum())
    yield Finding(
        part="errors",
        kind="low_confidence",
        says=f"{count:,} rows are less sure than {low:g}: {percent(share)} of the rows, "
        f"{percent(held)} of the mistakes ({percent(means[0].value)} of them are wrong, "
        f"{percent(means[1].value)} of the rest)",
        step=f"Let a person or a better model decide the rows that are less sure than {low:g}",
        evidence={
            "rows": count,
            "share": share,
            "held": held,
            "inside": means[0].value,
            "rest": means[1].value,
            "p": p,
        },
    )


_ENDS = ("value", "low", "high")


def worst_first(rows: ClassifiedRows, sure: Floats | None) -> np.ndarray:
    """The positions of the mistakes: the most sure first, those as sure as they stand."""
    wrong = np.flatnonzero(rows.truth != rows.predicted)
    return wrong if sure is None else wrong[np.argsort(-sure[wrong], kind="stable")]


def mistakes(rows: ClassifiedRows, sure: Floats) -> Exhibit | None:
    """the most confident mistakes."""
    worst = worst_first(rows, sure)[:_LISTED].tolist()
    named = rows.ids is not None
    found = []
    for at in worst:
        who = [_name(rows, at)] if named else []
        labels = (rows.classes[rows.truth[at]], rows.classes[rows.predicted[at]])
        found.append((int(rows.numbers[at]), *who, *labels, float(sure[at])))
    if not found:
        return None
    return Exhibit(
        name="mistakes",
        title="the most confident mistakes",
        columns=("row", *(["id"] if named else []), "truth", "predicted", "confidence"),
        rows=tuple(found),
    )


def _name(rows: ClassifiedRows, at: int) -> str | None:
    assert rows.ids is not None
    code = int(rows.ids.codes[at])
    return None if code < 0 else rows.ids.names[code]
