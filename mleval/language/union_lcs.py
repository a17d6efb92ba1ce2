"""Union LCS: what texts of several sentences have in common (ROUGE-Lsum), as rouge-score counts.

Of each reference sentence, the tokens in a longest common subsequence with any sentence of the
hypothesis count. Which of several longest ones is taken matters then: it is rouge-score's. Going
back from the last cell of the table of lengths, at a cell whose tokens match it takes them; at
another it goes to the previous token of the hypothesis if that cell is larger than the one of the
previous token of the reference: which it is where a cell is one more than that one, where it
"grows". So all that is needed of a column of the table is a bit for each cell that grows, and one
for each that matches; Hyyrö's algorithm yields the bits of a column from those of the one before,
all at once. Here that is done for many pairs of sentences side by side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.language.blocks import in_threads, stretches
from mleval.language.ngrams import matches
from mleval.language.tokens import Tokens

_LONGEST = _WIDTH = 64  # tokens of a sentence, that each may have a bit
_AT_ONCE = 1 << 18  # cells

Bits = NDArray[np.uint64]
Places = NDArray[np.intp]


class Sentences(NamedTuple):
    """The sentences of n texts, one after the other; counts: (n,) how many each text has."""

    tokens: Tokens
    counts: NDArray[np.int64]

    @property
    def ends(self) -> NDArray[np.int64]:
        """(n + 1,) the sentences of text i are those from ends[i] to ends[i + 1]."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])

    def texts(self, kept: NDArray[np.bool_] | slice = slice(None)) -> Tokens:
        """The texts, or those of their tokens that are kept."""
        before = np.zeros(len(self.tokens.codes) + 1, np.int64)
        before[1:][kept] = 1
        offsets = np.cumsum(before)[self.tokens.offsets[self.ends]]
        return Tokens(self.tokens.codes[kept], offsets, self.tokens.names)


def union_hits(reference: Sentences, hypothesis: Sentences) -> Floats:
    """(n,) how many tokens of each text are in the union of its common subsequences.

    No token counts more often than it stands in the hypothesis. The texts share their names.

    >>> names = Tokens.of(["abc", "ax", "cb"])
    >>> sides = names.between(0, 1), names.between(1, 3)
    >>> union_hits(*(Sentences(s, np.array([len(s.offsets) - 1])) for s in sides)).tolist()
    [2.0]
    """
    common = _common(reference, hypothesis)
    hits: Floats = matches(hypothesis.texts(), [reference.texts(common)], 1).each[0, 0]
    return hits


def _common(reference: Sentences, hypothesis: Sentences) -> NDArray[np.bool_]:
    """(t,) which tokens of the reference are in common with a sentence of the hypothesis."""
    tokens, others = reference.tokens, hypothesis.tokens
    one, other = _pairs(reference, hypothesis)
    order = np.argsort(others.lengths[other], kind="stable")  # so that a block's are alike
    order = order[tokens.lengths[one[order]] <= _LONGEST]
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(others.lengths[other[order]] + 1)])
    cuts = [order[first:last] for first, last in stretches(ends, _AT_ONCE)]
    union = np.zeros(len(tokens.offsets) - 1, np.uint64)
    found = in_threads(lambda cut: _taken(tokens, others, one[cut], other[cut]), cuts)
    for cut, taken in zip(cuts, found, strict=True):
        np.bitwise_or.at(union, one[cut], taken)
    place = np.arange(len(tokens.codes)) - tokens.offsets[tokens.segments]
    bits = union[tokens.segments] >> np.minimum(place, _WIDTH - 1).astype(np.uint64)
    common: NDArray[np.bool_] = (bits & np.uint64(1)) > 0
    for pair in np.flatnonzero(tokens.lengths[one] > _LONGEST).tolist():
        start, end = tokens.offsets[one[pair]], tokens.offsets[one[pair] + 1]
        spoken = others.between(other[pair], other[pair] + 1).codes
        common[start:end] |= _taken_by_one(tokens.codes[start:end], spoken)
    return common


def _pairs(reference: Sentences, hypothesis: Sentences) -> tuple[Places, Places]:
    """Every sentence of a reference with every one of its hypothesis, by number."""
    text = np.repeat(np.arange(len(reference.counts)), reference.counts)
    times = hypothesis.counts[text]
    one = np.repeat(np.arange(len(text)), times)
    first = hypothesis.ends[text] - (np.cumsum(times) - times)
    return one, np.arange(len(one)) + np.repeat(first, times)


def _taken(tokens: Tokens, others: Tokens, one: Places, other: Places) -> Bits:
    """(p,) the places that are taken in p sentences, for a sentence of `others` each."""
    mine, theirs = _side_by_side(tokens, one, -1), _side_by_side(others, other, -2)
    matching = np.zeros(theirs.shape, np.uint64)
    for place, token in enumerate(mine):
        matching |= (theirs == token).astype(np.uint64) << np.uint64(place)
    stays = np.full(len(one), ~np.uint64(0))
    grows = np.empty(theirs.shape, np.uint64)
    for match, column in zip(matching, grows, strict=True):
        both = stays & match
        stays = (stays + both) | (stays - both)
        np.invert(stays, out=column)
    taken, left = np.zeros(len(one), np.uint64), _ones(tokens.lengths[one])
    for at in range(len(theirs) - 1, -1, -1):
        below = _filled((matching[at] | grows[at]) & left)
        highest = (below ^ (below >> np.uint64(1))) & matching[at]
        taken |= highest
        here = at < others.lengths[other]
        left = np.where(here, np.where(highest > 0, below >> np.uint64(1), below), left)
    return taken


def _side_by_side(tokens: Tokens, at: Places, filling: int) -> NDArray[np.int32]:
    """(longest, p) the tokens of sentences, filled up at their ends."""
    lengths, starts = tokens.lengths[at], tokens.offsets[at]
    place = np.arange(lengths.max(initial=0))[:, None]
    codes = tokens.codes.take(starts + place, mode="clip") if len(tokens.codes) else place
    return np.where(place < lengths, codes, np.int32(filling))


def _ones(count: NDArray[np.int64]) -> Bits:
    """So many lowest bits."""
    return np.where(
        count > 0, ~np.uint64(0) >> (_WIDTH - np.maximum(count, 1)).astype(np.uint64), 0
    )


def _filled(bits: Bits) -> Bits:
    """With every bit below the highest."""
    for shift in (1, 2, 4, 8, 16, 32):
        bits |= bits >> np.uint64(shift)
    return bits


def _taken_by_one(tokens: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(t,) which tokens of a long sentence are taken: the same with integers of any width."""
    places: dict[int, int] = {}
    for place, token in enumerate(tokens.tolist()):
        places[token] = places.get(token, 0) | 1 << place
    everywhere = stays = (1 << len(tokens)) - 1
    columns = []
    for token in others.tolist():
        match = places.get(token, 0)
        both = stays & match
        stays = ((stays + both) | (stays - both)) & everywhere
        columns.append(match | (~stays & everywhere))
    taken, left = np.zeros(len(tokens), np.bool_), everywhere
    for token, column in zip(reversed(others.tolist()), reversed(columns), strict=True):
        end = (column & left).bit_length()
        if end and tokens[end - 1] == token:
            taken[end - 1] = True
            left = (1 << (end - 1)) - 1
        else:
            left = (1 << end) - 1
    return taken
