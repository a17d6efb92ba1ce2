"""Token rows: a row a token, and a column that says which document it is of.

A part of the file holds pieces of documents; the pieces of one are put together at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Kind
from mleval.reading.arrow_arrays import null_mask, numbers_array, plain_values, text_buffers
from mleval.reading.logprobs.choices import LogprobChoices
from mleval.reading.logprobs.columns import Seen, first_of
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import WORD, Failed, Scored
from mleval.reading.logprobs.synonyms import DOCUMENT, LOGPROBS, MODEL, TOKENS
from mleval.reading.logprobs.tables import ScoredTable, names_in, numbers_of
from mleval.reading.logprobs.texts import edges_of, sizes_of
from mleval.sequences import Ints, TokenScores

if TYPE_CHECKING:
    import pyarrow as pa

AROUND = 40  # tokens of context that are looked at


def find(seen: Seen, choices: LogprobChoices) -> dict[str, list[str]] | None:
    """Role → the columns that may be for it, best first; None when there are no numbers."""
    numbers = seen.names("numbers")
    logprobs = [choices.logprobs] if choices.logprobs in numbers else first_of(LOGPROBS, numbers)
    if not logprobs or (choices.logprobs is not None and choices.logprobs not in numbers):
        return None
    others = [name for name in seen.names("numbers", "text") if name != logprobs[0]]
    tokens = first_of(TOKENS, others)
    documents = first_of(DOCUMENT, [name for name in others if name not in tokens])
    return {
        "logprobs": logprobs,
        "tokens": tokens,
        "document": [name for name in documents if seen.repeats(name)],
        "model": first_of(MODEL, seen.names("text")),
    }


class TokenRows(ScoredTable):
    """A table with a token a row."""

    def kinds(self) -> dict[str, Kind]:
        """The numbers, the documents, and the text of a token where it has one."""
        return {
            **self.cell_kind("logprobs", "number"),
            **self.cell_kind("document", "label"),
            **self.cell_kind("text", "text"),
            **self.cell_kind("model", "text"),
        }

    def score(self, table: pa.Table) -> Scored:
        """The pieces of documents that are in a part."""
        columns = self.arrays(table)
        numbers = numbers_of(columns["logprobs"])
        values, absent, rows = numbers.values, numbers.missing, np.arange(len(numbers.values))
        absent[[*numbers.words]] = False  # these are told as what they are
        order, offsets, names = _pieces(columns.get("document"), len(values))
        if order is not None:
            values, absent, rows = values[order], absent[order], order
        texts = columns.get("text")
        if texts is not None:
            texts = _joined(texts if order is None else texts.take(numbers_array(order)), offsets)
        return Scored(
            tokens=TokenScores(offsets, values, absent if absent.any() else None, rows=rows),
            row=rows[offsets[:-1]],
            sizes=None if texts is None else sizes_of(texts),
            edges=None if texts is None else edges_of(texts),
            names=[f"{self.shard}{name}" for name in names],
            models=names_in(columns.get("model")),
            failed=tuple(
                Failed(row, WORD, f"'{word[:40]}'") for row, word in numbers.words.items()
            ),
        )

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A token for a person, with those of its document around it."""
        del choice
        kinds = {**self.cell_kind("tokens", "text"), **self.cell_kind("document", "text")}
        if not kinds:
            return Shown()
        table = self.part_again(part, kinds)
        start = max(row - AROUND, 0)
        cells = {
            role: column.to_pylist()
            for role, column in self.arrays(table.slice(start, 2 * AROUND + 1)).items()
        }
        at = row - start
        documents = cells.get("document")
        size = len(next(iter(cells.values())))
        own = [i for i in range(size) if documents is None or documents[i] == documents[at]]
        tokens = [cells["tokens"][i] or "" for i in own] if "tokens" in cells else None
        return Shown(tokens, None, documents[at] if documents else None, own.index(at))


def _pieces(column: Any, size: int) -> tuple[Ints | None, Ints, list[str]]:
    """The rows of each document together: their order, where each begins, and its name.

    The order is None where they are together as they are.
    """
    if column is None or not size:
        return None, np.array([0, size] if size else [0]), [""] * bool(size)
    missing = null_mask(column.indices)
    codes = plain_values(column.indices)
    if missing is not None:
        codes = np.where(missing, len(column.dictionary), codes)
    names = [*column.dictionary.to_pylist(), None]
    order: Ints | None = None
    starts = _starts(codes)
    if len(np.unique(codes[starts])) < len(starts):
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        starts = _starts(codes)
    return order, np.append(starts, size), [str(names[code]) for code in codes[starts]]


def _starts(codes: Any) -> Ints:
    """Where a run of equal codes begins."""
    return np.concatenate([[0], np.flatnonzero(codes[1:] != codes[:-1]) + 1])


def _joined(texts: pa.Array, offsets: Ints) -> pa.Array:
    """The texts of the tokens of each piece as one; a missing one is empty."""
    import pyarrow as pa

    ends, data = text_buffers(texts)
    buffers = [None, pa.py_buffer(ends[offsets]), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
