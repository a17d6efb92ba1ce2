"""Skip-bigrams: pairs of words in their order, with up to so many words between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import in_threads, stretches
from mleval.language.tokens import Tokens

Counts = NDArray[np.int64]

_NUMBERS = 1 << 63  # what an integer has room for
_AT_ONCE = 1 << 18  # pairs of words that are written out at a time


def skip_bigram_counts(tokens: Tokens, max_skip: int) -> Counts:
    """(n,) how many skip-bigrams each segment has; a negative `max_skip` is no limit.

    >>> skip_bigram_counts(Tokens.of(["abcd", "", "a"]), 1).tolist()
    [5, 0, 0]
    """
    return _pairs_of(tokens.lengths, max_skip)


def skip_bigram_matches(hypothesis: Tokens, reference: Tokens, max_skip: int) -> Counts:
    """(n,) how many skip-bigrams of each segment are in both, each as often as it is in both.

    hypothesis, reference: they share their names.

    >>> both = Tokens.of(["abca", "cab"])
    >>> skip_bigram_matches(both.between(0, 1), both.between(1, 2), -1).tolist()
    [2]
    """
    work = hypothesis.lengths + reference.lengths
    for side in (hypothesis, reference):
        work += skip_bigram_counts(side, max_skip)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(work)])

    def block(cut: tuple[int, int]) -> Counts:
        mine, theirs = hypothesis.between(*cut), reference.between(*cut)
        if cut[1] - cut[0] == 1 and work[cut[0]] > _AT_ONCE:
            return _matches_of_one(mine.codes, theirs.codes, max_skip)
        return _matches(mine, theirs, max_skip)

    found = in_threads(block, stretches(ends, _AT_ONCE))
    return np.concatenate([np.zeros(0, np.int64), *found])


def _pairs_of(words: Counts, max_skip: int) -> Counts:
    everything = words * (words - 1) // 2
    if max_skip < 0:
        return everything
    beyond = np.maximum(words - max_skip - 1, 0)  # words whose last partner is not the last word
    limited: Counts = everything - beyond * (beyond - 1) // 2
    return limited


def _matches(hypothesis: Tokens, reference: Tokens, max_skip: int) -> Counts:
    """Every pair written out, as a number, and sorted: equal ones stand together."""
    segments, words = len(hypothesis.offsets) - 1, len(hypothesis.names)
    sides: Sequence[NDArray[Any]] = (hypothesis.codes, reference.codes)
    if 2 * segments * words**2 >= _NUMBERS:
        used, codes = np.unique(np.concatenate(sides), return_inverse=True)
        words, sides = len(used), np.split(codes, [len(hypothesis.codes)])
    pairs = [
        2 * _written_out(codes.astype(np.int64), tokens.segments, words, max_skip) + side
        for side, (codes, tokens) in enumerate(zip(sides, (hypothesis, reference), strict=True))
    ]
    numbers = np.sort(np.concatenate(pairs))
    bounds = np.flatnonzero(np.diff(numbers >> 1, prepend=-1, append=-1))
    theirs = np.diff(np.concatenate([np.zeros(1, np.int64), np.cumsum(numbers & 1)])[bounds])
    matched = np.minimum(np.diff(bounds) - theirs, theirs)
    of = numbers[bounds[:-1]] // max(2 * words**2, 1)
    return np.bincount(of, matched, segments).astype(np.int64)


def _written_out(codes: Counts, segments: Counts, words: int, max_skip: int) -> Counts:
    """(pairs,) the segment and both words of each, as one number."""
    heads = (segments * words + codes) * words
    pairs = [np.zeros(0, np.int64)]
    gap = 1
    while max_skip < 0 or gap <= max_skip + 1:
        first = np.flatnonzero(segments[gap:] == segments[:-gap])
        if not len(first):
            break
        pairs.append(heads[first] + codes[first + gap])
        gap += 1
    return np.concatenate(pairs)


def _matches_of_one(
    hypothesis: NDArray[np.int32], reference: NDArray[np.int32], skip: int
) -> Counts:
    """The same for one long segment, a first word at a time, its second words counted."""
    _, codes = np.unique(np.concatenate([hypothesis, reference]), return_inverse=True)
    mine, theirs = codes[: len(hypothesis)], codes[len(hypothesis) :]
    total = 0
    for first in np.intersect1d(mine, theirs).tolist():
        counts = [_seconds(first, side, skip, len(codes)) for side in (mine, theirs)]
        total += int(np.minimum(*counts).sum())
    return np.array([total])


def _seconds(first: int, codes: Counts, skip: int, width: int) -> Counts:
    """How often each word comes second after the word `first`."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(codes == first)])
    here = np.arange(len(codes))
    earliest = np.zeros_like(here) if skip < 0 else np.maximum(here - skip - 1, 0)
    return np.bincount(codes, before[here] - before[earliest], width).astype(np.int64)
