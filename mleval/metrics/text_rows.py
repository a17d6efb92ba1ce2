"""TextRows: the segments that text metrics read, with what has been made of them so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mleval.language.pieces import split_words
from mleval.language.tokens import Tokens

Made = TypeVar("Made")


@dataclass(frozen=True)
class TextRows:
    """n hypotheses, and one or several corpora of n references each, as they were read.

    >>> TextRows(["a b"], [["b c"]]).words[1].codes.tolist()
    [1, 2]
    """

    hypotheses: Sequence[str]
    references: Sequence[Sequence[str]]
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def corpora(self) -> list[Sequence[str]]:
        """The hypotheses, then the references."""
        return [self.hypotheses, *self.references]

    @property
    def words(self) -> list[Tokens]:
        """The whitespace-separated words of the corpora, which share their names."""
        return self.once("words", lambda: split_words(self.corpora))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes, made the first time that it is asked for under this key."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made
