"""Mean cost of the decisions: two prices in the binary task, or a table of them from a file."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError, Undefined, UsageError
from mleval.registry import metric
from mleval.states import Confusion, Counts, ratio
from mleval.states.counts import Array

_LAYOUT = "the first line names the predictions, the first column the truths; commas between"

mean_cost = partial(
    metric,
    "cost",
    title="Mean cost",
    state=Confusion,
    goal="min",
    range=(-math.inf, math.inf),
    source="Elkan 2001",
    use="you know, even roughly, what each kind of error costs: then minimise this",
    aliases=("mean_cost",),
    undefined="no rows",
)


@mean_cost(
    tasks=("binary",),
    formula="(fp · FP + fn · FN) / n",
    beware="holds for the class shares of these data only; with probabilities, first move the "
    "threshold to fp / (fp + fn)",
    example="cost(fp=1,fn=5)",
)
def binary_cost(counts: Counts, *, fp: float = 1.0, fn: float = 1.0, matrix: str = "") -> Array:
    """Mean cost a row: `fp` a false positive, `fn` a false negative; or see `class_cost`.

    A row without a prediction costs what an error of its class does.

    >>> cells = [0, 0, 1, 1], [0, 1, 0, 1], [5, 2, 1, 2]  # truth, prediction, rows
    >>> counts = Counts.of_cells(("n", "p"), *map(np.array, cells))
    >>> binary_cost(counts, fp=1.0, fn=5.0).item()  # (2 · 1 + 1 · 5) / 10
    0.7
    """
    if matrix:
        if (fp, fn) != (1, 1):
            raise UsageError("cost: the matrix has all the costs", hint="leave out fp and fn")
        return class_cost(counts, matrix=matrix)
    wrong = counts.truth - counts.diagonal
    return ratio(fp * wrong[0] + fn * wrong[1], counts.total)


@mean_cost(
    tasks=("multiclass",),
    formula="Σ matrix[truth, prediction] / n",
    beware="holds for the class shares of these data only",
    example="cost(matrix=costs.csv)",
)
def class_cost(counts: Counts, *, matrix: str) -> Array:
    """Mean cost a row; `matrix` is a CSV file, a line for each truth, a column for each prediction.

    ```
    truth,cat,dog
    cat,0,1
    dog,5,0
    ```

    Raises:
        InputError: the file cannot be read, lacks a class or has a cell that is not a number.
    """
    costs = read_cost_matrix(Path(matrix), counts.classes)
    if (counts.cell_prediction < 0).any():
        raise Undefined("rows without a prediction have no column in the cost matrix")
    return ratio(
        (counts.cells * costs[counts.cell_truth, counts.cell_prediction]).sum(), counts.total
    )


def read_cost_matrix(path: Path, classes: Sequence[str]) -> Floats:
    """(K, K) costs of K classes, truth in rows; the file may name more classes than these."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [[cell.strip() for cell in line] for line in csv.reader(file) if line]
    except (OSError, UnicodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot read the cost matrix: {reason}", hint=_LAYOUT) from None
    header, *rows = lines or [[]]
    columns = _places(path, "column", header[1:], classes)
    places = _places(path, "row", [row[0] for row in rows], classes)
    costs = np.array([[_number(rows[i], j + 1) for j in columns] for i in places])
    if np.isnan(costs).any():
        wrong = [f"{classes[i]} taken for {classes[j]}" for i, j in np.argwhere(np.isnan(costs))]
        raise InputError(f"{path}: no number for {_listed(wrong)}", hint="write 0.5, not 0,5")
    return costs


def _places(path: Path, what: str, names: list[str], classes: Sequence[str]) -> list[int]:
    """Where each class stands among the names of the rows or columns."""
    wrong = [repr(name) for name in classes if names.count(name) != 1]
    if wrong:
        raise InputError(f"{path}: expected one {what} each for {_listed(wrong)}", hint=_LAYOUT)
    return [names.index(name) for name in classes]


def _number(row: list[str], column: int) -> float:
    """The finite number in a cell, else nan."""
    try:
        value = float(row[column])
    except (ValueError, IndexError):
        return math.nan
    return value if math.isfinite(value) else math.nan


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
