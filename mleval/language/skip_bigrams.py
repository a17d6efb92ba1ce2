"""Skip-bigrams: pairs of words in their order, with up to so many words between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mleval.language.tokens import Tokens

Counts = NDArray[np.int64]

_AT_ONCE = 1 << 20  # pairs of words that are written out at a time


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
    matches = np.zeros(len(hypothesis.offsets) - 1, np.int64)
    pairs = _pairs_of(hypothesis.lengths, max_skip) + _pairs_of(reference.lengths, max_skip)
    for start, end in _batches(pairs):
        mine, theirs = hypothesis.between(start, end), reference.between(start, end)
        if end - start == 1 and pairs[start] > _AT_ONCE:
            matches[start] = _matches_of_one(mine.codes, theirs.codes, max_skip)
        else:
            matches[start:end] = _matches(mine, theirs, max_skip)
    return matches


def _pairs_of(words: Counts, max_skip: int) -> Counts:
    everything = words * (words - 1) // 2
    if max_skip < 0:
        return everything
    beyond = np.maximum(words - max_skip - 1, 0)  # words whose last partner is not the last word
    limited: Counts = everything - beyond * (beyond - 1) // 2
    return limited


def _batches(pairs: Counts) -> Iterator[tuple[int, int]]:
    """Runs of segments of few pairs together; a segment of many is alone."""
    start, held = 0, 0
    for place, count in enumerate(pairs.tolist()):
        if held + count > _AT_ONCE and place > start:
            yield start, place
            start, held = place, 0
        held += count
    if start < len(pairs):
        yield start, len(pairs)


def _matches(hypothesis: Tokens, reference: Tokens, max_skip: int) -> Counts:
    """Every pair written out, as a number, and sorted."""
    mine, mine_at = _written_out(hypothesis, max_skip)
    theirs, theirs_at = _written_out(reference, max_skip)
    numbers, place = np.unique(np.concatenate([mine, theirs]), return_inverse=True)
    places = max(len(numbers), 1)
    here, count = np.unique(mine_at * places + place[: len(mine)], return_counts=True)
    there, wanted = np.unique(theirs_at * places + place[len(mine) :], return_counts=True)
    both, i, j = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    matched = np.minimum(count[i], wanted[j])
    found = np.bincount(both // places, matched, len(hypothesis.offsets) - 1)
    return found.astype(np.int64)


def _written_out(tokens: Tokens, max_skip: int) -> tuple[Counts, Counts]:
    """The pairs as numbers, and the segment of each."""
    codes, segments = tokens.codes.astype(np.int64), tokens.segments
    longest = int(tokens.lengths.max(initial=0))
    reach = longest - 1 if max_skip < 0 else min(max_skip + 1, longest - 1)
    pairs, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for gap in range(1, reach + 1):
        first = np.flatnonzero(segments[gap:] == segments[:-gap])
        pairs.append(codes[first] * len(tokens.names) + codes[first + gap])
        places.append(segments[first])
    return np.concatenate(pairs), np.concatenate(places)


def _matches_of_one(hypothesis: NDArray[np.int32], reference: NDArray[np.int32], skip: int) -> int:
    """The same for one long segment, a first word at a time, its second words counted."""
    _, codes = np.unique(np.concatenate([hypothesis, reference]), return_inverse=True)
    mine, theirs = codes[: len(hypothesis)], codes[len(hypothesis) :]
    total = 0
    for first in np.intersect1d(mine, theirs).tolist():
        counts = [_seconds(first, side, skip, len(codes)) for side in (mine, theirs)]
        total += int(np.minimum(*counts).sum())
    return total


def _seconds(first: int, codes: Counts, skip: int, width: int) -> Counts:
    """How often each word comes second after the word `first`."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(codes == first)])
    here = np.arange(len(codes))
    earliest = np.zeros_like(here) if skip < 0 else np.maximum(here - skip - 1, 0)
    return np.bincount(codes, before[here] - before[earliest], width).astype(np.int64)
