"""fairseq-generate: `P-` lines with the scores of the tokens of a hypothesis, to the base 2.

Ids come in any order; of an n-best list the first, which is the best, counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mleval.errors import InputError
from mleval.reading.lines import Where
from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.lines_of_text import ScoredAtOnce
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored

TEXT = "the D- lines, or else the words of the H- lines"
_LINE = re.compile(r"([STHDP])-(\d+)\t(.*)")
_END = "</s>"


class Hypothesis(NamedTuple):
    """A translation: the line of its scores, its id, its scores, tokens and text."""

    line: int
    id: str
    scores: str
    tokens: list[str] | None
    text: str | None


def recognises(lines: Sequence[str]) -> bool:
    """Whether the first lines have some of that kind."""
    return len([line for line in lines if _LINE.match(line)]) > 1


class FairseqFile(ScoredAtOnce):
    """The log of fairseq-generate: what belongs to a hypothesis is on several lines."""

    def score(self, lines: Sequence[str], where: Where) -> Scored:
        """The hypotheses."""
        found, ids = Collected(), set[str]()
        for one in hypotheses(lines):
            if one.id in ids:
                found.leave_out("further hypotheses of a sentence")
                continue
            ids.add(one.id)
            try:
                values = list(map(float, one.scores.split()))
            except ValueError as error:
                raise InputError(
                    f"{where.line(one.line)}: expected the scores of tokens: {error}",
                    hint="give the output of fairseq-generate as it is",
                ) from None
            tokens = None if one.tokens is None else [*one.tokens, _END]
            # Blanks between the tokens, and the end, are not what stands in the text.
            found.add(one.line, values, tokens=tokens, spelling=False, text=one.text, key=one.id)
        if not ids:
            raise InputError(
                f"{where.name}: it has no P- lines, which hold the log-probabilities",
                hint="run fairseq-generate without --quiet",
            )
        return found.scored()

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A hypothesis for a person."""
        del part, choice
        for one in hypotheses(self.lines()):
            if one.line == row:
                tokens = None if one.tokens is None else [*one.tokens, _END]
                return Shown(tokens, one.text, one.id)
        return Shown()


def hypotheses(lines: Sequence[str]) -> Iterator[Hypothesis]:
    """What each P- line and the lines before it say of one hypothesis."""
    tokens: list[str] | None = None
    words = text = None
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        kind, id_, rest = match.groups()
        if kind == "H":
            words, text = rest.partition("\t")[2], None
            tokens = words.split()
        elif kind == "D":
            text = rest.partition("\t")[2]
        elif kind == "P":
            yield Hypothesis(number, id_, rest, tokens, words if text is None else text)
            tokens = words = text = None
