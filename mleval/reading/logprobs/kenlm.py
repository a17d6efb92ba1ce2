"""KenLM's `query`: `word=id order log10 …  Total: … OOV: …`, a line a sentence.

Every token is scored, the end of the sentence too; words out of the vocabulary have the id 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mleval.errors import InputError
from mleval.reading.lines import Where
from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.lines_of_text import ScoredLines
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored

TEXT = "the words, one blank between"
_WORD = re.compile(r"(\S+)=(\d+) (\d+) (-?\d+\.?\d*(?:e[+-]?\d+)?|-?inf|-?nan)\t")
_TOTAL = re.compile(r"Total: (\S+) OOV: (\d+)\s*$")
_SUMMARY = ("Perplexity ", "OOVs:", "Tokens:", "Name:", "RSSMax:", "Loading ", "This binary file")
_END = "</s>"


def recognises(lines: Sequence[str]) -> bool:
    """Whether the first lines are of that kind."""
    return any(_TOTAL.search(line) for line in lines)


class KenlmFile(ScoredLines):
    """The output of `query`; the summary at its end is no sentence."""

    def score(self, lines: Sequence[str], where: Where) -> Scored:
        """The sequences of some lines."""
        found = Collected()
        for row, line in enumerate(lines):
            if not line.strip() or line.startswith(_SUMMARY):
                continue
            words = _WORD.findall(line)
            total = _TOTAL.search(line)
            if total is None or not words or len(words) != line.count("\t"):
                raise _unreadable(where.line(row), line)
            found.add(
                row,
                [float(value) for _, _, _, value in words],
                text=_text([word for word, *_ in words]),
                oov=float(total[2]),
            )
        return found.scored()

    def shown(self, line: str) -> Shown:
        """A line for a person."""
        words = [word for word, *_ in _WORD.findall(line)]
        return Shown(words, _text(words))


def _text(words: Sequence[str]) -> str:
    return " ".join(word for word in words if word != _END)


def _unreadable(place: str, line: str) -> InputError:
    if line.startswith("Total:"):
        return InputError(
            f"{place}: a total without its words, of which the number is not known",
            hint="run KenLM's query with -v word (or without -v sentence)",
        )
    return InputError(
        f"{place}: expected `word=id order log10` between tabs and a total, found {line[:60]!r}",
        hint="give the output of KenLM's query as it is",
    )
