"""Labels of one part checked: one a row, several a row, and ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Labels, LabelSets
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import label_array
from mleval.reading.label_sets import indicator_sets, label_sets, marks_of
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.reading.roles import LabelLayout
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa


def truths(part: Part) -> Labels | LabelSets:
    """The truth; rows without any are left out."""
    layout = part.roles.labels
    if layout is not None:
        return _sets(part, "truth", layout)
    labels, missing = _labels_of(part.array(part.roles.columns["truth"]))
    part.leave_out(missing, "no truth")
    return labels


def predictions(part: Part) -> Labels | LabelSets:
    """The predicted labels; a missing one has the code −1 where it counts as wrong."""
    layout = part.roles.labels
    if layout is not None:
        return _sets(part, "prediction", layout)
    column = part.roles.columns["prediction"]
    labels, missing = _labels_of(part.array(column))
    if missing is None:
        return labels
    if part.policy.missing != "wrong":
        part.miss(missing, column, "prediction")
        return labels
    part.counted_wrong += int(np.count_nonzero(missing & part.used))
    return Labels(np.where(missing, np.int32(-1), labels.codes).astype(np.int32), labels.names)


def ids(part: Part) -> Labels:
    """What names the rows; the empty text where nothing does."""
    labels, missing = _labels_of(label_array(part.array(part.roles.columns["id"])))
    if missing is None:
        return labels
    names = labels.names if "" in labels.names else (*labels.names, "")
    codes = np.where(missing, names.index(""), labels.codes)
    return Labels(codes.astype(np.int32), names)


def _sets(part: Part, role: str, layout: LabelLayout) -> LabelSets:
    if marked := layout.marked(role):
        marks = [_marks(part, column, role) for column in marked.values()]
        return indicator_sets(marked, np.stack(marks, axis=1) > 0)
    column = part.roles.columns[role]
    array = part.array(column)
    if array.null_count and str(array.type) == "null":
        return _no_sets(part, column)
    sets, bad = label_sets(array, layout.separator)
    fault = Fault(
        f"expected lists of labels in the {role} column {quoted(column)}, found {COUNT} "
        f"cell{PLURAL} that are none",
        'write them as ["a", "b"], or say what is between the labels: --label-sep',
    )
    part.refuse(fault, bad, lambda row: quoted(str(array[row].as_py())))
    return sets


def _no_sets(part: Part, column: str) -> LabelSets:
    """Of rows that have no prediction: to count as wrong, they predict no label."""
    if part.policy.missing == "wrong":
        part.counted_wrong += int(np.count_nonzero(part.used))
    else:
        part.miss(np.ones(part.rows, dtype=np.bool_), column, "prediction")
    return LabelSets.of([()] * part.rows)


def _marks(part: Part, column: str, role: str) -> NDArray[np.int8]:
    array = part.array(column)
    marks, missing = marks_of(array)
    if role == "truth":
        part.leave_out(missing, "no truth")
    elif part.policy.missing != "wrong":  # else it is not predicted: a miss where it is true
        part.miss(missing, column, "prediction")
    fault = Fault(
        f"expected 0 or 1 in the {role} column {quoted(column)}, found {COUNT} other{PLURAL}",
        "a column of a label says whether the row has it",
    )
    part.refuse(fault, marks < 0, lambda row: quoted(str(array[row].as_py())))
    return marks


def _labels_of(array: pa.DictionaryArray) -> tuple[Labels, Mask | None]:
    """The codes and spellings of a dictionary<int32, string> array, and where it is missing.

    Where it is missing the code is 0 and means nothing.
    """
    missing = null_mask(array.indices)
    codes: NDArray[np.int32] = plain_values(array.indices)
    if missing is not None:
        codes = np.where(missing, np.int32(0), codes)
    names = array.dictionary
    if len(names) > 2 * len(codes) + 16:
        # A few rows of a large vocabulary keep only the labels that occur in them.
        kept, places = np.unique(codes, return_inverse=True)
        names, codes = names.take(kept), places.astype(np.int32)
    return Labels(codes, tuple(names.to_pylist())), missing
