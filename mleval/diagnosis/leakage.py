"""Leakage: rows that the model was fitted on and that it is judged by too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mleval.diagnosis.case import Case, Rows
from mleval.diagnosis.duplicates import keys_of, tells_apart
from mleval.diagnosis.finding import Finding, Section
from mleval.diagnosis.rows import Category, ClassifiedRows
from mleval.diagnosis.wording import percent
from mleval.visible import quoted

Mask = NDArray[np.bool_]
_FEW = 10  # rows on a side of which a score says something


def on_both_sides(case: Case) -> Iterator[Section]:
    """Ids that are in both, and rows that are the same in every column; nothing without training.

    Rows that are told by their ids are not told again by their columns.
    """
    if case.train is None:
        return
    rows, train = case.rows, case.train.rows
    findings: list[Finding] = []
    notes: list[str] = []
    known = np.zeros(len(rows), np.bool_)
    if rows.ids is not None and train.ids is not None:
        if _counts(rows.ids) and _counts(train.ids):
            notes.append("ids are not compared with those of training rows: both only count rows")
        else:
            known = _shared_ids(rows.ids, train.ids)
            findings += _by_id(rows, known)
    same = set(rows.others) & set(train.others)
    if same and all(tells_apart({n: side.others[n] for n in same}) for side in (rows, train)):
        copies = _shared_rows(rows, train, sorted(same)) & ~known
        findings += _by_columns(rows, copies)
    if not findings:
        notes.append("no row is known to be on both sides, of training and of the others")
    yield Section(part="fit", findings=tuple(findings), notes=tuple(notes))


def _counts(ids: Category) -> bool:
    """Whether they are 0, 1, 2 … or 1, 2, 3 …, in the order of the rows."""
    if len(ids.names) != len(ids.codes) or not len(ids.codes):
        return False
    first, last = (ids.names[int(ids.codes[at])] for at in (0, -1))
    whole = first.isdecimal() and last.isdecimal()
    return whole and int(first) in (0, 1) and int(last) - int(first) == len(ids.codes) - 1


def _shared_ids(ids: Category, others: Category) -> Mask:
    """(n,) whether the id of a row is among the others."""
    there = {*others.names}
    shared = np.array([*(name in there for name in ids.names), False])
    found: Mask = shared[ids.codes]
    return found


def _shared_rows(rows: Rows, train: Rows, columns: Sequence[str]) -> Mask:
    """(n,) whether a row of training is the same in these columns and in truth."""
    keys = []
    for side in (rows, train):
        truth = _truth(side)
        keys.append(keys_of({name: side.others[name] for name in columns} | {"": truth}))
    return np.isin(keys[0], keys[1])


def _truth(rows: Rows) -> Category | NDArray[np.float64]:
    if isinstance(rows, ClassifiedRows):
        return Category(rows.truth, rows.classes)
    return rows.truth


def _by_id(rows: Rows, leaked: Mask) -> Iterator[Finding]:
    count = int(leaked.sum())
    if not count:
        return
    assert rows.ids is not None
    first = rows.ids.names[int(rows.ids.codes[int(leaked.argmax())])]
    yield _leak(
        rows,
        leaked,
        "leaked_ids",
        f"have ids that training rows have too, such as {quoted(first)}",
    )


def _by_columns(rows: Rows, leaked: Mask) -> Iterator[Finding]:
    if not leaked.any():
        return
    first = int(rows.numbers[int(leaked.argmax())])
    yield _leak(
        rows,
        leaked,
        "leaked_rows",
        f"are the same as training rows in every column, such as row {first:,}",
    )


def _leak(rows: Rows, leaked: Mask, kind: str, what: str) -> Finding:
    """Rows on both sides; of a classification also how much better they do."""
    count = int(leaked.sum())
    evidence: dict[str, float | str | None] = {"rows": float(count), "share": count / len(rows)}
    better = ""
    if isinstance(rows, ClassifiedRows) and min(count, len(rows) - count) >= _FEW:
        right = rows.truth == rows.predicted
        evidence["accuracy"] = float(right[leaked].mean())
        evidence["accuracy_of_rest"] = float(right[~leaked].mean())
        better = (
            f"; accuracy {evidence['accuracy']:.4f} in them, "
            f"{evidence['accuracy_of_rest']:.4f} in the rest"
        )
    return Finding(
        part="fit",
        kind=kind,
        says=f"leakage: {count:,} rows ({percent(count / len(rows))}) {what}{better}",
        spoils=True,
        step="Take the rows that are on both sides out of one, fit and evaluate again",
        evidence=evidence,
    )
