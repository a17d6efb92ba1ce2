"""Lines of numbers: a sentence a line, the log-probabilities of its tokens with blanks between."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from mleval.errors import InputError
from mleval.reading.lines import Where
from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.lines_of_text import ScoredLines
from mleval.reading.logprobs.scored import Scored

_BETWEEN = re.compile(r"[\s,;\[\]]+")
_SEEN = 100  # lines that decide
_ABSENT = frozenset({"null", "none", "na", "n/a"})


def recognises(lines: Sequence[str]) -> bool:
    """Whether the first line holds nothing but numbers, and the others hardly anything else.

    A word among many numbers is told, with its place, when it is read.
    """
    found = [_words(line) for line in lines[:_SEEN] if line.strip()]
    if not found or max(map(len, found)) < 2 or any(map(_is_no_number, found[0])):
        return False
    words = [word for some in found for word in some]
    return sum(map(_is_no_number, words)) < len(words) / 10


class NumberLines(ScoredLines):
    """A file of numbers; a blank line is no sentence."""

    def score(self, lines: Sequence[str], where: Where) -> Scored:
        """The sequences of some lines."""
        found = Collected()
        for row, line in enumerate(lines):
            words = _words(line)
            if not words:
                continue
            try:
                found.add(row, _numbers(words))
            except ValueError:
                wrong = next(word for word in words if _is_no_number(word))
                raise InputError(
                    f"{where.line(row)}: expected log-probabilities, found '{wrong[:40]}'",
                    hint="one sentence a line, a number a token, blanks between them",
                ) from None
        return found.scored()


def _words(line: str) -> list[str]:
    return [word for word in _BETWEEN.split(line) if word]


def _numbers(words: Sequence[str]) -> list[float | None]:
    """The numbers; a word for a missing one, as some programs write for a first token, is None."""
    try:
        return np.array(words, dtype=np.float64).tolist()  # type: ignore[no-any-return]
    except ValueError:
        return [None if word.lower() in _ABSENT else float(word) for word in words]


def _is_no_number(word: str) -> bool:
    try:
        _numbers([word])
    except ValueError:
        return True
    return False
