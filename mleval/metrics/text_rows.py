"""TextRows: the segments that text metrics read, with what has been made of them so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError, Undefined
from mleval.language.tokens import Tokens
from mleval.language.words import words
from mleval.reading.texts.lines import Lines

Made = TypeVar("Made")


def require_some(positive: Any, reason: str) -> None:
    """Raise Undefined where a sum is not positive, or of a column of segments none is.

    So formulas of the whole corpus hold of columns of segments too: a segment that has no value
    has none that is finite.
    """
    if not np.any(positive):
        raise Undefined(reason)


@dataclass(frozen=True)
class TextRows:
    """n hypotheses, and one or several corpora of n references each, as they were read.

    Raises InputError for corpora of different lengths and for a segment without any reference, of
    which no metric could say anything.

    >>> TextRows.of(["a b"], [["b c"]]).words[1].codes.tolist()
    [1, 2]
    """

    hypotheses: Lines
    references: Sequence[Lines]
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for lines in self.references:
            if len(lines) != len(self.hypotheses):
                raise InputError(
                    f"there are {len(self.hypotheses)} hypotheses and {len(lines)} references",
                    hint="segments belong together by their place, so there are as many of each",
                )
        if not self.references:
            raise InputError("there are no references to compare the hypotheses with")
        gone = [lines.missing for lines in self.references if lines.missing is not None]
        if len(gone) == len(self.references) and (bare := np.logical_and.reduce(gone)).any():
            of_all = f"{bare.sum()} of {len(bare)} do not"
            raise InputError(
                f"segment {bare.argmax() + 1} has no reference ({of_all})",
                hint="leave such segments out, on both sides",
            )

    @classmethod
    def of(cls, hypotheses: Sequence[str], references: Sequence[Sequence[str | None]]) -> TextRows:
        """Segments that are strings; None for a reference that is missing."""
        return cls(Lines.of(hypotheses), [Lines.of(corpus) for corpus in references])

    @property
    def corpora(self) -> list[Lines]:
        """The hypotheses, then the references."""
        return [self.hypotheses, *self.references]

    @property
    def words(self) -> Sequence[Tokens]:
        """The whitespace-separated words of the corpora, which share their names."""
        return self.once("words", lambda: words(self.corpora))

    @property
    def given(self) -> tuple[list[str], Sequence[Sequence[str | None]]]:
        """The hypotheses and the corpora of references as strings, None where one is missing."""
        references: list[Sequence[str | None]] = [
            lines.texts
            if lines.missing is None
            else [None if gone else text for text, gone in zip(lines, lines.missing, strict=True)]
            for lines in self.references
        ]
        return self.hypotheses.texts, references

    def of_references(self, values: Sequence[Any], missing: float) -> NDArray[Any]:
        """(r, n) what is said of each reference, `missing` where there is none."""
        found = np.stack(values)
        for row, lines in zip(found, self.references, strict=True):
            if lines.missing is not None:
                row[lines.missing] = missing
        return found

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes, made the first time that it is asked for under this key."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made
