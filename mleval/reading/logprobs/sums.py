"""Sums with counts: a row a sequence, its log-likelihood or loss, and of how many tokens it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mleval.batch import Kind
from mleval.reading.arrow_arrays import numbers_array
from mleval.reading.logprobs.choices import LogprobChoices
from mleval.reading.logprobs.columns import Seen, first_of
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import NEGATIVE, NONE, Failed, Scored
from mleval.reading.logprobs.synonyms import (
    BYTES,
    CHARS,
    COUNTS,
    ID,
    LIKELIHOODS,
    MEANS,
    MODEL,
    SUMS,
    TEXT,
    WORDS,
)
from mleval.reading.logprobs.tables import Numbers, ScoredTable, names_in, numbers_of
from mleval.reading.logprobs.texts import Sizes, sizes_of, unknown
from mleval.reading.names import normalised
from mleval.sequences import Marks, TokenScores

if TYPE_CHECKING:
    import pyarrow as pa

Meaning = Literal["likelihood", "mean", "sum"]
_SIZES = ("bytes", "chars", "words")
_STRONG = COUNTS[:7]  # names that are certainly of a number of tokens
_OF_TOKENS = frozenset({"logprob", "log_prob", "logp"})  # names that are usually of one token


def find(seen: Seen, choices: LogprobChoices) -> dict[str, list[str]] | None:
    """Role → the columns that may be for it, best first; None when there are no sums and counts."""
    numbers = seen.names("numbers")
    counts = first_of(COUNTS, numbers)
    values = first_of((*SUMS, *LIKELIHOODS, *MEANS), [n for n in numbers if n not in counts[:1]])
    if choices.logprobs is not None:
        values = [choices.logprobs] if choices.logprobs in numbers else []
    if not counts or not values:
        return None
    if normalised(values[0]) in _OF_TOKENS and normalised(counts[0]) not in _STRONG:
        return None
    texts, rest = seen.names("text"), [name for name in numbers if name not in (*counts, *values)]
    return {
        "logprobs": values,
        "count": counts,
        "bytes": first_of(BYTES, rest),
        "chars": first_of(CHARS, rest),
        "words": first_of(WORDS, rest),
        "text": first_of(TEXT, texts),
        "id": first_of(ID, [*texts, *rest]),
        "model": first_of(MODEL, texts),
    }


def meaning(name: str, choices: LogprobChoices) -> tuple[Meaning, bool]:
    """What a column holds: `likelihood`, or a loss that is a `sum` or a `mean`; whether it is sure.

    >>> meaning("loss", LogprobChoices()), meaning("loglikelihood", LogprobChoices())
    (('mean', False), ('likelihood', True))
    """
    if normalised(name) in LIKELIHOODS:
        return "likelihood", True
    if choices.loss is not None:
        return choices.loss, True
    return ("sum" if normalised(name) in SUMS else "mean"), False


class Sums(ScoredTable):
    """A table with a sum or mean a row. meaning: see the function of that name."""

    meaning: Meaning = "sum"

    def kinds(self) -> dict[str, Kind]:
        """Numbers, texts, and what tells models and ids."""
        found: dict[str, Kind] = {}
        for role in ("logprobs", "count", *_SIZES):
            found |= self.cell_kind(role, "number")
        found |= self.cell_kind("text", "text") | self.cell_kind("model", "text")
        return found | self.id_kind()

    def score(self, table: pa.Table) -> Scored:
        """A loss is turned into a sum of log-probabilities."""
        columns = self.arrays(table)
        held, counts = numbers_of(columns["logprobs"]), numbers_of(columns["count"])
        values = held.values * counts.values if self.meaning == "mean" else held.values
        kept = ~(held.missing | counts.missing)
        below = kept & (held.values < 0) & (self.meaning != "likelihood")
        kept &= ~below
        row = np.flatnonzero(kept)
        return Scored(
            tokens=TokenScores(
                np.arange(len(row) + 1),
                values[kept] if self.meaning == "likelihood" else 0.0 - values[kept],
            ),
            row=row,
            counts=counts.values[kept],
            sizes=_sizes(columns, len(values)).take(kept),
            names=columns["id"].filter(numbers_array(kept)) if "id" in columns else None,
            models=names_in(columns.get("model")),
            failed=(
                *self._failed("logprobs", held),
                *self._failed("count", counts),
                *self._below(held, below),
            ),
        )

    def _below(self, losses: Numbers, below: Marks) -> Iterator[Failed]:
        for row in np.flatnonzero(below).tolist():
            yield Failed(row, NEGATIVE, f"'{self.columns['logprobs']}' is {losses.values[row]:g}")

    def _failed(self, role: str, numbers: Numbers) -> Iterator[Failed]:
        name = self.columns[role]
        for row in np.flatnonzero(numbers.missing).tolist():
            word = numbers.words.get(row)
            said = f"no '{name}'" if word is None else f"'{name}' holds '{word[:40]}', no number"
            yield Failed(row, NONE, said)

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person."""
        del choice
        cells = self.row_again(part, row, {"text": "text", "id": "text"})
        id_ = cells.get("id")
        return Shown(None, cells.get("text"), None if id_ is None else str(id_))


def _sizes(columns: Mapping[str, Any], size: int) -> Sizes:
    """Of the texts; where there are none, of the columns that say it."""
    if "text" in columns:
        return sizes_of(columns["text"])
    found = unknown(size)._asdict()
    for role in _SIZES:
        if role in columns:
            numbers = numbers_of(columns[role])
            found[role] = np.where(numbers.missing, np.nan, numbers.values)
    return Sizes(**found)
