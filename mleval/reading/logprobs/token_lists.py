"""Token lists: a row a sequence, with the list of its log-probabilities, and perhaps its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Floats, Kind
from mleval.reading.arrow_arrays import null_mask, numbers_array, plain_values, text_buffers
from mleval.reading.logprobs.choices import LogprobChoices
from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.columns import Seen, first_of, list_of
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import NONE, Failed, Scored
from mleval.reading.logprobs.synonyms import ID, LOGPROBS, MODEL, TEXT, TOKENS
from mleval.reading.logprobs.tables import ScoredTable, names_in
from mleval.reading.logprobs.texts import lengths_in_characters, sizes_of
from mleval.sequences import Ints, TokenScores

if TYPE_CHECKING:
    import pyarrow as pa


def find(seen: Seen, choices: LogprobChoices) -> dict[str, list[str]] | None:
    """Role → the columns that may be for it, best first; None when there is no list."""
    lists = seen.names("lists")
    logprobs = [choices.logprobs] if choices.logprobs in lists else first_of(LOGPROBS, lists)
    if not logprobs or (choices.logprobs is not None and choices.logprobs not in lists):
        return None
    others = [name for name in lists if name != logprobs[0]]
    texts = seen.names("text")
    return {
        "logprobs": logprobs,
        "tokens": first_of(TOKENS, others),
        "text": first_of(TEXT, texts),
        "id": first_of(ID, seen.names("text", "numbers")),
        "model": first_of(MODEL, texts),
    }


class TokenLists(ScoredTable):
    """A table with a list a row."""

    def kinds(self) -> dict[str, Kind]:
        """Lists as they are, texts, and what tells models and ids."""
        return {
            **self.cell_kind("logprobs", "nested"),
            **self.cell_kind("tokens", "nested"),
            **self.cell_kind("text", "text"),
            **self.cell_kind("model", "text"),
            **self.id_kind(),
        }

    def score(self, table: pa.Table) -> Scored:
        """By Arrow's own lists where they are such, else list by list."""
        columns = self.arrays(table)
        lists = [columns[role] for role in ("logprobs", "tokens") if role in columns]
        if all(map(_is_list, lists)) and _holds_numbers(lists[0]):
            return self._from_arrow(columns)
        return self._from_cells(columns)

    def _from_arrow(self, columns: dict[str, Any]) -> Scored:
        missing = null_mask(columns["logprobs"])
        row = np.arange(len(columns["logprobs"]))
        failed: tuple[Failed, ...] = ()
        if missing is not None:
            failed = tuple(Failed(int(i), NONE, self._lacks()) for i in row[missing])
            row = row[~missing]
            kept = numbers_array(~missing)
            columns = {role: column.filter(kept) for role, column in columns.items()}
        offsets, values = _ragged(columns["logprobs"])
        numbers = plain_values(values).astype(np.float64, copy=False)
        absent = null_mask(values)
        if absent is not None:
            numbers = np.where(absent, 0.0, numbers)
        tokens = columns.get("tokens")
        return Scored(
            tokens=TokenScores(offsets, numbers, absent),
            row=row,
            listed=None if tokens is None else _lengths(tokens),
            sizes=sizes_of(columns["text"]) if "text" in columns else None,
            spelled=None if tokens is None or "text" not in columns else _spelled(tokens),
            names=columns.get("id"),
            models=names_in(columns.get("model")),
            failed=failed,
        )

    def _from_cells(self, columns: dict[str, Any]) -> Scored:
        found = Collected()
        cells = {role: column.to_pylist() for role, column in columns.items()}
        for row, cell in enumerate(cells["logprobs"]):
            values = list_of(cell)
            if values is None:
                found.fail(row, NONE, self._lacks())
                continue
            found.add(
                row,
                values,
                tokens=list_of(cells["tokens"][row]) if "tokens" in cells else None,
                text=cells["text"][row] if "text" in cells else None,
                key=cells["id"][row] if "id" in cells else None,
            )
            found.model(cells["model"][row] if "model" in cells else None)
        return found.scored()

    def _lacks(self) -> str:
        return f"no list of '{self.columns['logprobs']}'"

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person."""
        del choice
        kinds: dict[str, Kind] = {"tokens": "nested", "text": "text", "id": "text"}
        cells = self.row_again(part, row, kinds)
        id_ = cells.get("id")
        return Shown(
            list_of(cells.get("tokens")), cells.get("text"), None if id_ is None else str(id_)
        )


def _is_list(array: pa.Array) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(array.type) or pa.types.is_large_list(array.type))


def _holds_numbers(array: pa.Array) -> bool:
    import pyarrow as pa

    kind = array.type.value_type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind))


def _ragged(array: pa.Array) -> tuple[Ints, Any]:
    """Where each list begins, and the items of all."""
    offsets = plain_values(array.offsets).astype(np.int64)
    return offsets - offsets[0], array.values.slice(offsets[0], offsets[-1] - offsets[0])


def _lengths(array: pa.Array) -> Ints:
    """(n,) of each list, −1 where there is none."""
    lengths, missing = np.diff(_ragged(array)[0]), null_mask(array)
    return lengths if missing is None else np.where(missing, -1, lengths)


def _spelled(tokens: pa.Array) -> Floats | None:
    """(n,) the characters of the tokens of each sequence; None of tokens that are numbers."""
    import pyarrow as pa

    offsets, values = _ragged(tokens)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return None
    ends, _ = text_buffers(values)
    lengths = lengths_in_characters(values)
    if lengths is not None:
        ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.diff(ends[offsets]).astype(np.float64)
