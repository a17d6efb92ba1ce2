"""The plan of an evaluation of a language model: which states are kept of each batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Batch
from mleval.evaluation.chunks import Chunks
from mleval.evaluation.perplexity.evidence import NO_INDEX
from mleval.evaluation.requests import Request, components_of
from mleval.metrics.scored_text import (
    BYTES,
    CHARS,
    INFINITE,
    NLL,
    SKIPPED,
    TOKENS,
    TRUNCATED,
    WORDS,
    mean_nll,
)
from mleval.reading.slicing import role_of
from mleval.registry import Component
from mleval.sequences import Sequences
from mleval.states import Kept, Means, Ordered

# What the report says beside its metrics.
_ALWAYS = (NLL, INFINITE, SKIPPED, TRUNCATED, *TOKENS, *BYTES, CHARS[1], WORDS[1])


@dataclass(frozen=True)
class PerplexityPlan:
    """Which states to keep.

    components: the numbers a sequence that `Means` keeps; described: keep the perplexity of each;
    worst: how many of the least likely sequences to keep, and of the tokens.
    """

    components: tuple[Component, ...] = ()
    described: bool = True
    worst: int = 1

    def states_of(self, batch: Sequences) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        with np.errstate(all="ignore"):  # an unknown number of tokens makes a mean unknown
            means = mean_nll(batch)
            found = {
                "means": Means.of({c.name: c.of(batch) for c in self.components}),
                "worst": self._worst(batch, means),
                "tokens": self._tokens(batch),
                "truncated": _truncated(batch),
                "models": Chunks((batch.models,)),
            }
            if self.described:
                perplexities = np.exp(means)
                found["perplexities"] = Ordered.of(perplexities[np.isfinite(perplexities)])
        return found

    def _worst(self, batch: Sequences, means: Any) -> Kept:
        """The sequences with the most nats a token; where tokens are not counted, in all."""
        nats = np.where(np.isnan(means), batch.nll, means)
        columns = {
            "key": -nats,
            "part": batch.part,
            "row": batch.row,
            "choice": batch.choice,
            "tokens": batch.tokens,
        }
        return Kept.lowest(columns, self.worst)

    def _tokens(self, batch: Sequences) -> Kept:
        """The least likely tokens, and where they are."""
        scores = batch.scores
        if scores is None:
            return Kept.empty()
        at = scores.lowest(self.worst)
        of = np.searchsorted(scores.offsets, at, side="right") - 1
        in_rows = scores.rows is not None
        columns: dict[str, Any] = {
            "key": scores.values[at],
            "part": np.full(len(at), scores.part),
            "row": scores.rows[at] if scores.rows is not None else batch.row[of],
            "choice": np.zeros(len(at), np.int32) if in_rows else batch.choice[of],
            "index": np.full(len(at), NO_INDEX) if in_rows else at - scores.offsets[of],
        }
        return Kept.lowest(columns, self.worst)


@dataclass(frozen=True)
class PartPlan:
    """The means alone, of numbers that were computed of the sequences."""

    components: tuple[Component, ...]

    def rows(self, batch: Sequences) -> Batch:
        """A row a sequence: its components, and what it is told apart by."""
        if not len(batch):  # tokens whose documents come later
            return Batch(0)
        with np.errstate(all="ignore"):
            columns: dict[str, Any] = {c.name: c.of(batch) for c in self.components}
        return Batch(len(batch), columns | {role_of(c): labels for c, labels in batch.by.items()})

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        with np.errstate(all="ignore"):
            return {"means": Means.of({c.name: batch.numbers(c.name) for c in self.components})}


def _truncated(batch: Sequences) -> Kept:
    """The first sequence whose tokens spell fewer characters than its text has."""
    at = np.flatnonzero(batch.truncated)
    columns: dict[str, Any] = {
        "part": batch.part[at],
        "row": batch.row[at],
        "spelled": batch.spelled[at],
        "chars": batch.chars[at],
    }
    return Kept.lowest(columns, 1)


def plan_of(requests: Sequence[Request], *, listed: int, described: bool) -> PerplexityPlan:
    """The states that these requests need, and a report that lists so many and describes."""
    components = {c.name: c for c in (*_ALWAYS, *components_of(requests))}
    return PerplexityPlan(tuple(components.values()), described, max(listed, 1))
