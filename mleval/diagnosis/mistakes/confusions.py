"""Which class is taken for which."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Exhibit, Finding, Gain, Ranged
from mleval.diagnosis.halves import first_half
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.slices.confirm import mean_of
from mleval.diagnosis.slices.pieces import Mask
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.wording import percent
from mleval.visible import quoted

_LISTED = 10
_TRIED = 3  # pairs
_STANDS_OUT = 2.0  # times what its classes' rows let expect
_MATTERS = 0.05  # of all mistakes
_SURE = 0.99


def confusions(rows: ClassifiedRows) -> Exhibit | None:
    """The most frequent kinds of mistakes."""
    table = _table(rows, np.ones(len(rows), np.bool_))
    wrong = table - np.diag(table.diagonal())
    if not wrong.any():
        return None
    order = np.argsort(-wrong, axis=None, kind="stable")[:_LISTED]
    found = []
    for truth, predicted in zip(*np.unravel_index(order, wrong.shape), strict=True):
        count = wrong[truth, predicted]
        if count > 0:
            of_truth = float(count / table[truth].sum())
            cells = (float(count), float(count / wrong.sum()), of_truth)
            found.append((rows.classes[truth], rows.classes[predicted], *cells))
    return Exhibit(
        name="confusions",
        title="what is taken for what",
        columns=("truth", "predicted", "rows", "share of the mistakes", "share of the class"),
        rows=tuple(found),
        note="rows count as much as they weigh" if rows.weight is not None else "",
        aside=len(rows.classes) == 2,
    )


def confused(rows: ClassifiedRows, level: float) -> Iterator[Finding]:
    """Pairs of classes that hold more of the mistakes than their rows let expect.

    Chosen on one half of the rows, told of the other.
    """
    size = len(rows.classes)
    wrong = rows.truth != rows.predicted
    searched = first_half(rows.numbers, rows.ids)
    if size < 3 or not (wrong & searched).any() or not (wrong & ~searched).any():
        return
    shares, expected = _pairs(rows, wrong & searched, searched)
    excess = shares - expected
    for at in np.argsort(-excess, kind="stable")[:_TRIED].tolist():
        if shares[at] > max(_STANDS_OUT * expected[at], _MATTERS):
            yield from _tested(rows, wrong, ~searched, at, level)


def _tested(
    rows: ClassifiedRows, wrong: Mask, here: Mask, at: int, level: float
) -> Iterator[Finding]:
    a, b = (int(classes[at]) for classes in np.triu_indices(len(rows.classes), 1))
    inside = np.isin(rows.truth, (a, b)) & np.isin(rows.predicted, (a, b)) & wrong
    lost = Lost.of(inside.astype(float), rows.weight, counts=True)
    mistakes = wrong & here
    share = mean_of(lost, mistakes, level)
    least = mean_of(lost, mistakes, 1 - (1 - _SURE) / _TRIED).low
    expected = float(_pairs(rows, mistakes, here)[1][at])
    assert share.value is not None
    assert share.low is not None
    assert share.high is not None
    if least is None or least <= expected or share.value <= max(_STANDS_OUT * expected, _MATTERS):
        return
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    rate = float(weight[wrong].sum() / weight.sum())
    gained = [rate * (end - expected) for end in (share.value, share.low, share.high)]
    names = tuple(quoted(rows.classes[code]) for code in (a, b))
    yield Finding(
        part="errors",
        kind="confusion",
        says=f"{percent(share.value)} of the mistakes take {names[0]} and {names[1]} for each "
        f"other; as many rows of other classes have {percent(expected)}",
        gain=Gain("accuracy", 1 - rate, 1 - rate + gained[0], Ranged(*gained), gained[0] / rate),
        step=f"Look at what tells {names[0]} from {names[1]}: clearer labels, features, more rows",
        evidence={
            "first": rows.classes[a],
            "second": rows.classes[b],
            "share": share.value,
            "low": share.low,
            "high": share.high,
            "expected": expected,
        },
    )


def _pairs(rows: ClassifiedRows, mistakes: Mask, here: Mask) -> tuple[Floats, Floats]:
    """Of each unordered pair of classes its share of the mistakes, and what rows let expect.

    That is as if every row were as likely to be wrong, and to be taken for any other class.
    """
    size = len(rows.classes)
    table = _table(rows, mistakes)
    support = _table(rows, here).sum(axis=1)
    both = support[:, None] + support
    upper = np.triu_indices(size, 1)
    shares = (table + table.T)[upper] / max(table.sum(), 1e-300)
    return shares, both[upper] / ((size - 1) * support.sum())


def _table(rows: ClassifiedRows, some: Mask) -> Floats:
    """(K, K) the weight of some rows by truth and prediction."""
    size = len(rows.classes)
    cells = rows.truth[some].astype(np.int64) * size + rows.predicted[some]
    weight = None if rows.weight is None else rows.weight[some]
    return np.bincount(cells, weight, size * size).reshape(size, size).astype(np.float64)
