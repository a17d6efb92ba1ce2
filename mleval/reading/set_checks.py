"""Several labels a row of one part checked: sets in a column, or a 0/1 column a label."""

from __future__ import annotations

import numpy as np

from mleval.batch import LabelSets
from mleval.reading.label_sets import (
    FoundSets,
    by_number,
    indicator_sets,
    label_sets,
    marks_of,
)
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, DROP, DROP_OR_WRONG, PLURAL, Fault
from mleval.reading.roles import LabelLayout
from mleval.visible import quoted


def true_sets(part: Part, layout: LabelLayout) -> LabelSets:
    """The true labels; rows of which they are not known are left out."""
    if not layout.truth:
        found = _sets(part, "truth", layout)
        part.leave_out(found.missing, "no truth")
        return found.sets
    marks = np.empty((part.rows, len(layout.truth)), np.bool_)
    for place, column in enumerate(layout.truth.values()):
        marks[:, place], missing = _marks(part, "truth", column)
        part.leave_out(missing, "no truth")
    return indicator_sets(layout.truth, marks)


def predicted_sets(part: Part, layout: LabelLayout) -> LabelSets:
    """The predicted labels.

    A missing set that counts as wrong has no label, so that each true one is missed; a 0/1 column
    is a prediction of its own, and a missing one says what is not true.
    """
    if layout.prediction:
        return _predicted_marks(part, layout)
    found = _sets(part, "prediction", layout)
    if part.policy.missing != "wrong":
        part.miss(found.missing, part.roles.columns["prediction"], "prediction", DROP_OR_WRONG)
    elif found.missing is not None:
        truth = label_sets(part.array(part.roles.columns["truth"]), layout.separator).sets
        fault = Fault(
            f"expected a prediction beside every empty set of true labels, found {COUNT} empty "
            f"cell{PLURAL}: --missing wrong has no label to miss there",
            DROP,
        )
        part.refuse(fault, found.missing & (truth.sizes == 0), lambda _: "empty")
        part.counted_wrong += int(np.count_nonzero(found.missing & part.used))
    return found.sets


def _predicted_marks(part: Part, layout: LabelLayout) -> LabelSets:
    marks = np.empty((part.rows, len(layout.prediction)), np.bool_)
    wrong = np.zeros(part.rows, np.bool_)
    for place, (label, column) in enumerate(layout.prediction.items()):
        marks[:, place], missing = _marks(part, "prediction", column)
        if part.policy.missing != "wrong":
            part.miss(missing, column, "prediction", DROP_OR_WRONG)
        elif missing is not None:
            true = marks_of(part.array(layout.truth[label]))[0] > 0
            marks[missing, place] = ~true[missing]
            wrong |= missing
    part.counted_wrong += int(np.count_nonzero(wrong & part.used))
    return indicator_sets(layout.prediction, marks)


def _sets(part: Part, role: str, layout: LabelLayout) -> FoundSets:
    column = part.roles.columns[role]
    array = part.array(column)
    found = label_sets(array, layout.separator)
    fault = Fault(
        f"expected lists of labels in the {role} column {quoted(column)}, found {COUNT} "
        f"cell{PLURAL} that are none",
        'write them as ["a", "b"], or say what is between the labels: --label-sep',
    )
    part.refuse(fault, found.bad, lambda row: quoted(str(array[row].as_py())))
    return found._replace(sets=by_number(found.sets)) if layout.as_numbers else found


def _marks(part: Part, role: str, column: str) -> tuple[Mask, Mask | None]:
    """(n,) whether each row has the label of a 0/1 column, and where the cell is empty."""
    array = part.array(column)
    marks, missing = marks_of(array)
    fault = Fault(
        f"expected 0 or 1 in the {role} column {quoted(column)}, found {COUNT} other{PLURAL}",
        "a column of a label says whether the row has it",
    )
    part.refuse(fault, marks < 0, lambda row: quoted(str(array[row].as_py())))
    return marks > 0, missing
