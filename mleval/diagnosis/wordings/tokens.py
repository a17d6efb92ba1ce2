"""The words of texts; their characters where words are not set apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mleval.batch import Floats
from mleval.language.tokens import Tokens
from mleval.language.words import words
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.segments import Segments

_LONGEST = 20  # characters of a word on average, above which spaces do not part words


@dataclass(frozen=True, slots=True)
class Worded:
    """Hypotheses and references as tokens of one set of names. unit: what a token is."""

    hypotheses: Tokens
    references: tuple[Tokens, ...]
    unit: str

    @classmethod
    def of(cls, segments: Segments) -> Worded:
        """By whitespace where there is some."""
        corpora = [segments.hypotheses, *segments.references]
        found, unit = words(corpora), "words"
        size = sum(len(lines.data) for lines in corpora)
        if size > _LONGEST * sum(len(tokens.codes) for tokens in found):
            found, unit = _characters(corpora), "characters"
        return cls(found[0], tuple(found[1:]), unit)

    def length(self, segments: Segments) -> Floats:
        """(n,) the mean length of the references that a segment has."""
        lengths = [
            np.where(_there(lines), tokens.lengths, np.nan)
            for tokens, lines in zip(self.references, segments.references, strict=True)
        ]
        return np.asarray(np.nanmean(lengths, axis=0))

    def rarity(self, segments: Segments) -> Floats:
        """(n,) how rare the references' tokens are: their geometric mean rank, 1 the most frequent.

        nan where references are blank.
        """
        names = 1 + max((int(t.codes.max(initial=-1)) for t in self.references), default=-1)
        counts = sum(np.bincount(t.codes, minlength=names) for t in self.references)
        ranks = np.empty(names)
        ranks[np.argsort(-np.asarray(counts), kind="stable")] = np.arange(1, names + 1)
        total, rows = np.zeros(len(segments)), np.zeros(len(segments))
        for tokens in self.references:
            total += np.bincount(tokens.segments, np.log(ranks[tokens.codes]), len(segments))
            rows += tokens.lengths
        mean = np.divide(total, rows, out=np.full(len(segments), np.nan), where=rows > 0)
        return np.asarray(np.exp(mean))


def _there(lines: Lines) -> np.ndarray:
    return np.ones(len(lines), np.bool_) if lines.missing is None else ~lines.missing


def _characters(corpora: Sequence[Lines]) -> tuple[Tokens, ...]:
    """Each character a token, numbered alike in all corpora."""
    whole = Tokens.of(text for lines in corpora for text in lines)
    ends = np.cumsum([0, *(len(lines) for lines in corpora)]).tolist()
    return tuple(whole.between(a, b) for a, b in pairwise(ends))
