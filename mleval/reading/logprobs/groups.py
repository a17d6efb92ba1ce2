"""Groups: what tells sequences apart for slices, in the records or the rows that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Labels
from mleval.errors import InputError
from mleval.reading.by_checks import one_a_row
from mleval.reading.columns_of_arrow import one_chunk
from mleval.reading.logprobs.records import Record, Row
from mleval.sequences import Ints

if TYPE_CHECKING:
    import pyarrow as pa

Groups = dict[str, Labels]
"""Column or key → (n,) the value of each sequence, the code −1 where there is none."""


def names_in(record: Record, within: str = "") -> Iterator[str]:
    """The keys of a record that hold a value, those of objects in it by their path.

    >>> list(names_in({"id": 7, "doc": {"subject": "law"}, "logprobs": [-1.0]}))
    ['id', 'doc.subject']
    """
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from names_in(value, f"{within}{key}.")
        elif not isinstance(value, list):
            yield f"{within}{key}"


def of_records(rows: Sequence[Row], sequences: Ints, keys: Sequence[str]) -> Groups:
    """Those of sequences, each of the record in such a row."""
    at = np.searchsorted(np.array([row for row, _ in rows], np.int64), sequences)
    found = {}
    for key in keys:
        values = [_told(_value(record, key)) for _, record in rows]
        names = sorted({value for value in values if value is not None})
        place = {name: code for code, name in enumerate(names)}
        codes = np.array([place.get(value or "", -1) for value in values], np.int32)
        found[key] = Labels(codes[at], tuple(names))
    return found


def _value(record: Any, path: str) -> Any:
    """What stands under a key, or a path of keys."""
    if path in record:
        return record[path]
    key, _, rest = path.partition(".")
    inner = record.get(key)
    return _value(inner, rest) if isinstance(inner, Mapping) and rest else None


def _told(value: Any) -> str | None:
    """As text, and true and false as JSON has them; None for what is no value."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None


def of_table(
    table: pa.Table, sequences: Ints, columns: Sequence[str], name: str, tokens: Ints | None
) -> Groups:
    """Those of sequences, each of such a row, or of the rows of its tokens, which begin there.

    tokens: (e,) for each token the first row of its sequence, in the order of the rows.
    """
    found = {}
    for column in columns:
        if column not in table.column_names:  # another file has it
            found[column] = Labels(np.full(len(sequences), -1, np.int32), ())
            continue
        labels = one_a_row(one_chunk(table.column(column)), column, "--by")
        if tokens is not None and (labels.codes != labels.codes[tokens]).any():
            raise several_in_one(column, name)
        found[column] = labels.take(sequences)
    return found


def several_in_one(column: str, name: str) -> InputError:
    """What is said where the tokens of a document are not all of one group."""
    return InputError(
        f"--by {column}: the tokens of a document have several values of it in {name}",
        hint="name a column that is the same throughout a document, or another --doc",
    )
