"""The columns that rows are told apart by: a missing value is one of its own, none is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mleval.batch import Floats, Labels, Texts
from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import label_array, number_array, parsed_numbers
from mleval.reading.part import Part
from mleval.reading.problems import COUNT, Fault
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa


def clusters(part: Part) -> Labels:
    """The cluster of each row; that of a row that counts cannot be missing."""
    column = part.roles.columns["cluster"]
    found = _texts(part, column, "--cluster")
    missing = found.codes < 0
    if missing.any():
        part.refuse(no_cluster(column), missing, lambda _: "empty")
    return found


def no_cluster(column: str) -> Fault:
    """Rows that count and are of no cluster."""
    return Fault(
        f"expected a cluster in every row of {quoted(column)}, found {COUNT} empty",
        "write one in every row, its own where a row goes with no other",
    )


def groups(part: Part, column: str) -> Labels | Floats | Texts:
    """The values of a column, with the code −1, or NaN for numbers, where there is none."""
    kind, array = part.roles.by[column], part.array(column)
    if kind == "number":
        array = number_array(array)  # a column that has another role was read as that needs it
        if str(array.type) == "string":  # what is no number is none
            return parsed_numbers(array.to_pylist())[0]
        missing, values = null_mask(array), plain_values(array)
        return values if missing is None else np.where(missing, np.nan, values)
    if kind == "text":
        return Texts(array)
    return _texts(part, column, "--by")


def _texts(part: Part, column: str, flag: str) -> Labels:
    named = "name another column; a field of an object has a name such as 'meta.country'"
    return one_a_row(part.array(column), column, flag, named)


def one_a_row(array: pa.Array, column: str, flag: str, hint: str = "name another column") -> Labels:
    """The values of a column as text, with the code −1 where there is none."""
    import pyarrow as pa

    if pa.types.is_nested(array.type):
        raise InputError(
            f"{flag}: column {quoted(column)} should hold one value a row, found {array.type}",
            hint=hint,
        )
    labels = label_array(array)
    missing, codes = null_mask(labels.indices), plain_values(labels.indices)
    codes = codes if missing is None else np.where(missing, np.int32(-1), codes)
    return Labels(codes.astype(np.int32), tuple(labels.dictionary.to_pylist()))
