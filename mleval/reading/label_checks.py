"""Labels of one part checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Labels, LabelSets
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.part import Mask, Part
from mleval.reading.problems import DROP_OR_WRONG
from mleval.reading.set_checks import predicted_sets, true_sets

if TYPE_CHECKING:
    import pyarrow as pa


def truths(part: Part) -> Labels | LabelSets:
    """The truth; rows without any are left out."""
    layout = part.roles.labels
    if layout is not None:
        return true_sets(part, layout)
    labels, missing = _labels_of(part.array(part.roles.columns["truth"]))
    part.leave_out(missing, "no truth")
    return labels


def predictions(part: Part) -> Labels | LabelSets:
    """The predicted labels; a missing one has the code −1 where it counts as wrong."""
    layout = part.roles.labels
    if layout is not None:
        return predicted_sets(part, layout)
    column = part.roles.columns["prediction"]
    labels, missing = _labels_of(part.array(column))
    if missing is None:
        return labels
    if part.policy.missing != "wrong":
        part.miss(missing, column, "prediction", DROP_OR_WRONG)
        return labels
    part.counted_wrong += int(np.count_nonzero(missing & part.used))
    return Labels(np.where(missing, np.int32(-1), labels.codes).astype(np.int32), labels.names)


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
