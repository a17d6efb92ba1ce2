"""Evidence of an evaluation of a language model: the merged states of its sequences."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mleval.registry import Task
from mleval.states import Kept, Means, Ordered

NO_INDEX = -1
"""The index of a token whose place says all: it has a row of its own."""


@dataclass(frozen=True, kw_only=True)
class PerplexityEvidence:
    """What is known of a language model when all sequences are in.

    rows: the sequences; means: of the numbers of each; worst: the sequences, tokens: the tokens
    that the model finds the least likely; truncated: a sequence whose tokens are fewer than its
    text, if there is one; perplexities: of the sequences; models: those that the input names;
    place: says where a row of a part is; conditions: under which a model was asked for them.
    """

    rows: int
    means: Means
    worst: Kept
    tokens: Kept
    truncated: Kept
    perplexities: Ordered
    models: tuple[str, ...]
    place: Callable[[int, int], str]
    text: str | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    task: Task = "perplexity"

    def total(self, name: str) -> int:
        """The sum of whole numbers over the sequences."""
        return round(self.means.value(name) * self.means.weight)

    def knows(self, unit: str) -> bool:
        """Whether a unit is known of every sequence."""
        return self.total(f"no {unit}") == 0

    @property
    def impossible(self) -> str | None:
        """Where the model gave something the probability 0, if it did and that is known."""
        if not self.total("infinite"):
            return None
        token = self.tokens.columns
        known = len(token.get("key", ())) and math.isinf(token["key"][0])
        first = token if known else self.worst.columns
        if not len(first.get("part", ())):
            return None  # of a slice, which keeps no places
        where = self.place(int(first["part"][0]), int(first["row"][0]))
        index = int(token["index"][0]) if known else NO_INDEX
        return where if index == NO_INDEX else f"{where}, token {index + 1:,}"
