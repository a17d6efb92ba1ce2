"""Classes: how many rows each has, how unequal they are, and those that one side alone knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Exhibit, Finding
from mleval.diagnosis.rows import ClassifiedRows, Codes
from mleval.diagnosis.wording import percent
from mleval.visible import quoted

IMBALANCED = 4.0  # rows of the largest class for one of the smallest
_FEW = 5  # rows of a class of which it is no wonder that none is predicted
_SHOWN = 5  # classes in a sentence
_PASTED = 12  # classes whose weights go into a sentence


def counted(codes: Codes, rows: ClassifiedRows) -> Floats:
    """(K,) the weight of each class."""
    found: Floats = np.bincount(codes, rows.weight, minlength=len(rows.classes)).astype(np.float64)
    return found


def class_table(rows: ClassifiedRows) -> Exhibit:
    """The counts, and the weights that would balance them."""
    truth, predicted = counted(rows.truth, rows), counted(rows.predicted, rows)
    weights = balanced_weights(rows)
    cells = [
        (name, _count(t), float(t / truth.sum()), _count(p), weights.get(name))
        for name, t, p in zip(rows.classes, truth.tolist(), predicted.tolist(), strict=True)
    ]
    cells.sort(key=lambda row: -float(row[1]))
    return Exhibit(
        name="classes",
        title="classes",
        columns=("class", "truth", "share", "predicted", "balanced weight"),
        rows=tuple(cells),
        note=pasted(weights) if len(weights) <= _PASTED else "",
    )


def _count(weight: float) -> float | int:
    return int(weight) if float(weight).is_integer() else weight


def balanced_weights(rows: ClassifiedRows) -> dict[str, float]:
    """n / (K · n of the class), for the classes that occur: `class_weight="balanced"`.

    Source: King & Zeng 2001, as in scikit-learn's compute_class_weight.
    """
    truth = counted(rows.truth, rows)
    there = truth > 0
    total, classes = float(truth.sum()), int(there.sum())
    return {
        name: total / (classes * weight)
        for name, weight, held in zip(rows.classes, truth.tolist(), there, strict=True)
        if held
    }


def pasted(weights: Mapping[str, float]) -> str:
    """Ready to paste, as Python and JSON have it."""
    rounded = {name: float(f"{weight:.4g}") for name, weight in weights.items()}
    return f"class_weight={json.dumps(rounded, ensure_ascii=False)}"


def only_class(rows: ClassifiedRows) -> Iterator[Finding]:
    """Truth that holds one class alone: there is nothing to tell apart."""
    truth = counted(rows.truth, rows)
    if int((truth > 0).sum()) == 1:
        name = rows.classes[int(truth.argmax())]
        yield Finding(
            part="data",
            kind="one_class",
            says=f"truth holds one class alone, {quoted(name)}: how well others are told from it "
            "cannot be seen in these rows",
            spoils=True,
            step="Evaluate on rows of every class",
            evidence={"class": name, "rows": float(len(rows))},
        )


def balance(rows: ClassifiedRows) -> Iterator[Finding]:
    """Classes of very different sizes, and what that does to the smallest."""
    truth = counted(rows.truth, rows)
    if int((truth > 0).sum()) < 2:
        return
    largest = int(truth.argmax())
    smallest = int(np.where(truth > 0, truth, np.inf).argmin())
    ratio = float(truth[largest] / truth[smallest])
    if ratio < IMBALANCED:
        return
    few, many = (_found(rows, at) for at in (smallest, largest))
    suffers, (worse, low) = _suffers(few, many), (few[0], many[0])
    big, small = quoted(rows.classes[largest]), quoted(rows.classes[smallest])
    weights = balanced_weights(rows)
    how = f"with {pasted(weights)}" if len(weights) <= _PASTED else 'with class_weight="balanced"'
    step = (
        f"Fit {how}, or on more rows of {small}"
        if suffers
        else ("Judge by balanced_accuracy or mcc: of accuracy, most is the largest class")
    )
    yield Finding(
        part="data",
        kind="imbalance",
        says=f"{ratio:.3g} rows of {big} for each of {small}; {percent(worse)} of {small} "
        f"and {percent(low)} of {big} are found",
        step=step,
        evidence={
            "ratio": ratio,
            "largest": rows.classes[largest],
            "smallest": rows.classes[smallest],
            "recall_of_smallest": worse,
            "recall_of_largest": low,
        },
    )


def _found(rows: ClassifiedRows, code: int) -> tuple[float, float]:
    """The recall of a class, and of how many rows."""
    mine = rows.truth == code
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    held = weight[mine]
    right = held @ (rows.predicted[mine] == code)
    return float(right / held.sum()), float(held.sum() ** 2 / (held**2).sum())


def _suffers(few: tuple[float, float], many: tuple[float, float]) -> bool:
    """Whether one recall is below the other by more than chance: their intervals are apart."""
    from mleval.uncertainty.intervals import wilson

    return wilson(*few, 0.95).high < wilson(*many, 0.95).low


def unmatched(rows: ClassifiedRows) -> Iterator[Finding]:
    """Classes that are never predicted, and those that are predicted and never true."""
    truth, predicted = counted(rows.truth, rows), counted(rows.predicted, rows)
    wrong = rows.truth != rows.predicted
    mistakes = float(wrong.sum() if rows.weight is None else rows.weight[wrong].sum())
    never = [at for at in range(len(truth)) if truth[at] >= _FEW and predicted[at] == 0]
    if never:
        names = [rows.classes[at] for at in never]
        lost = float(truth[never].sum())
        yield Finding(
            part="data",
            kind="never_predicted",
            says=f"{_some(names)} {_is_are(names)} never predicted: {lost:,.6g} rows, "
            f"{percent(lost / mistakes if mistakes else None)} of the mistakes",
            step=f"Give {_some(names)} more weight or more rows to fit on, or a lower threshold",
            evidence={"classes": ", ".join(names), "rows": lost},
        )
    strange = [at for at in range(len(truth)) if truth[at] == 0 and predicted[at] > 0]
    if strange and int((truth > 0).sum()) > 1:
        names = [rows.classes[at] for at in strange]
        lost = float(predicted[strange].sum())
        yield Finding(
            part="data",
            kind="absent_from_truth",
            says=f"{_some(names)} {_is_are(names)} predicted in {lost:,.6g} rows and never true",
            step="Check that truth and prediction have the same set of labels",
            evidence={"classes": ", ".join(names), "rows": lost},
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(quoted, names[:_SHOWN])) + more


def _is_are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
