"""N-grams that hypotheses have in common with their references, of whole corpora at a time.

The n-grams of a block of segments become integers whose high bits are the segment and whose next
bits are the tokens, one after the other. Once these are sorted, equal n-grams stand together, and
so do those with the same first tokens: one sort tells the counts of several orders. Where not all
orders fit 64 bits, the n-grams found on both sides are numbered, and the numbers take the place of
their tokens in the next integers. There is no hashing, so nothing can collide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.language.blocks import in_threads, stretches
from mleval.language.tokens import Tokens

BLOCK = 1 << 15  # tokens whose integers fit the processor's cache, however many bits they need
KEY_BITS = 64

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """How many n-grams of each segment have a partner, n = 1 to `order`.

    each: (r, order, n) Σ_g min(hypothesis, reference) over distinct n-grams g, by reference;
    clipped: (order, n) the same with the reference that has most of g, which may be another one
    for each g.
    """

    each: Floats
    clipped: Floats


def totals(tokens: Tokens, order: int) -> Floats:
    """(order, n) how many n-grams each segment has, n = 1 to `order`.

    >>> totals(Tokens.of(["abc", "", "a"]), 2).tolist()
    [[3.0, 0.0, 1.0], [2.0, 0.0, 0.0]]
    """
    lengths = tokens.lengths - np.arange(order)[:, None]
    found: Floats = np.maximum(lengths, 0).astype(np.float64)
    return found


def matches(hypotheses: Tokens, references: Sequence[Tokens], order: int) -> Matches:
    """Count the n-grams of each hypothesis that its references have too; they share names.

    >>> abac, abc = Tokens.of(["abac"]), Tokens.of(["abc"])
    >>> found = matches(abac, [abc], 2)
    >>> found.clipped.tolist()
    [[3.0], [1.0]]
    """
    corpora = (hypotheses, *references)
    ends = np.arange(len(hypotheses.offsets)) * len(corpora)
    for tokens in corpora:
        ends += tokens.offsets

    def block(cut: tuple[int, int]) -> Matches:
        return block_matches([tokens.between(*cut) for tokens in corpora], order)

    blocks = in_threads(block, stretches(ends, BLOCK))
    return together(blocks, len(references), order)


def together(blocks: Sequence[Matches], references: int, order: int) -> Matches:
    """The matches of one block of segments after the other."""
    each = [np.empty((references, order, 0)), *(block.each for block in blocks)]
    clipped = [np.empty((order, 0)), *(block.clipped for block in blocks)]
    return Matches(np.concatenate(each, axis=-1), np.concatenate(clipped, axis=-1))


def block_matches(corpora: Sequence[Tokens], order: int) -> Matches:
    """What `matches` finds in a block of segments: hypotheses, then references."""
    segments, references = len(corpora[0].offsets) - 1, len(corpora) - 1
    each, clipped = np.zeros((references, order, segments)), np.zeros((order, segments))
    text = _laid_out(corpora, order)
    heads = _Heads(text.segments, np.arange(len(text.sides)), segments, text.offsets)
    done = 0
    while done < order and len(heads.places):
        grams = _sorted(text, heads, done, order)
        for size in range(1, grams.taken + 1):
            groups = _groups(grams, text.width * (grams.taken - size) + grams.tail)
            by_segment = np.searchsorted(groups.bounds, heads.offsets)
            for counts, sums in zip(groups.each, each[:, done], strict=True):
                sums[:] = _sums(counts, by_segment)
            clipped[done] = each[0, done] if references == 1 else _sums(groups.clipped, by_segment)
            done += 1
        if done < order:
            heads = _followed(grams, groups, heads.offsets)
    return Matches(each, clipped)


class _Text(NamedTuple):
    """Some segments of all corpora, laid out one after the other.

    tokens: (p + order,) each segment's, then one that only its corpus has, so that no n-gram that
    reaches over its end is on both sides; segments: (p,) from 0; sides: (p,) 0 in the hypotheses,
    from 1 on in the references; offsets: (s + 1,) places by segment, were they sorted by it;
    width: how many bits a token needs.
    """

    tokens: Keys
    segments: Keys
    sides: Keys
    offsets: Places
    width: int


class _Heads(NamedTuple):
    """Places where something is known already: n-grams that both sides have.

    numbers: (p,) of these n-grams, in the order of segments, or of segments if nothing is known;
    places: (p,) where they begin; distinct: how many numbers there are; offsets: (s + 1,) the
    heads of segment i would be offsets[i] to offsets[i + 1] if they were sorted by number.
    """

    numbers: Keys
    places: Places
    distinct: int
    offsets: Places


class _Sorted(NamedTuple):
    """N-grams in order: equal ones, and those that begin alike, stand together.

    differ: (p − 1,) the bits in which neighbours differ, of `taken` tokens and then `tail` others;
    before: (r, p + 1) how many came before, of each of the references; places: (p,) where each
    begins, if longer ones are to follow.
    """

    differ: Keys
    before: NDArray[np.int32]
    places: Places
    taken: int
    tail: int


class _Groups(NamedTuple):
    """Equal n-grams among the sorted.

    bounds: (g + 1,) where they begin; each: (r, g) min(hypothesis, reference); clipped: (g,) the
    largest of them.
    """

    bounds: Places
    each: NDArray[np.int32]
    clipped: NDArray[np.int32]


def _laid_out(corpora: Sequence[Tokens], order: int) -> _Text:
    names, segment = len(corpora[0].names), np.arange(len(corpora[0].offsets) - 1)
    tokens, segments = [], []
    for side, corpus in enumerate(corpora):
        mine = np.full(len(corpus.codes) + len(segment), names + side, np.uint64)
        own = np.repeat(segment, corpus.lengths)
        own += np.arange(len(own))
        mine[own] = corpus.codes
        tokens.append(mine)
        segments.append(np.repeat(segment.astype(np.uint64), corpus.lengths + 1))
    sides = np.repeat(np.arange(len(corpora), dtype=np.uint64), [len(mine) for mine in tokens])
    offsets = np.arange(len(segment) + 1) * len(corpora)
    for corpus in corpora:
        offsets += corpus.offsets
    beyond = np.zeros(order, np.uint64)
    width = (names + len(corpora) - 1).bit_length()
    return _Text(np.concatenate([*tokens, beyond]), np.concatenate(segments), sides, offsets, width)


def _sorted(text: _Text, heads: _Heads, done: int, order: int) -> _Sorted:
    """Sort by as many further tokens as fit, and by side if these are the last, else by place."""
    room = KEY_BITS - (heads.distinct - 1).bit_length()
    left, side_bits = order - done, int(text.sides[-1]).bit_length()
    place_bits = (len(text.sides) - 1).bit_length()
    if left * text.width + side_bits <= room:
        taken, tail, tails = left, side_bits, text.sides[heads.places]
    else:
        taken, tail = (room - place_bits) // text.width, place_bits
        tails = heads.places.view(np.uint64)
    keys = heads.numbers.copy()
    for ahead in range(done, done + max(taken, 1)):
        keys <<= np.uint64(text.width)
        keys |= text.tokens[heads.places + ahead] if done else text.tokens[ahead:][: len(keys)]
    if taken < 1:  # a segment so long that its places take too many bits
        by_key = np.argsort(keys)
        return _counted(text, keys[by_key], tails[by_key], 1, 0)
    keys <<= np.uint64(tail)
    keys |= tails
    keys.sort()
    return _counted(text, keys, keys & np.uint64((1 << tail) - 1), taken, tail, taken == left)


def _counted(
    text: _Text, keys: Keys, tails: Keys, taken: int, tail: int, by_side: bool = False
) -> _Sorted:
    """Sorted keys, the tails of which are sides or places."""
    places = tails.view(np.int64)
    sides = tails if by_side else text.sides[places]
    before = np.zeros((int(text.sides[-1]), len(keys) + 1), np.int32)
    for side, running in enumerate(before, 1):
        np.cumsum(sides == side, dtype=np.int32, out=running[1:])
    return _Sorted(keys[1:] ^ keys[:-1], before, places, taken, tail)


def _groups(grams: _Sorted, shift: int) -> _Groups:
    """The n-grams that are equal above the lowest `shift` bits."""
    fresh = np.flatnonzero(grams.differ >= np.uint64(1 << shift)) + 1
    bounds = np.concatenate([[0], fresh, [len(grams.differ) + 1]])
    each = np.stack([np.diff(before[bounds]) for before in grams.before])
    own = np.diff(bounds).astype(np.int32)
    for theirs in each:
        own -= theirs
    np.minimum(each, own, out=each)
    return _Groups(bounds, each, each[0] if len(each) == 1 else each.max(axis=0))


def _followed(grams: _Sorted, groups: _Groups, offsets: Places) -> _Heads:
    """The n-grams that both sides have, as heads of longer ones."""
    shared, sizes = groups.clipped > 0, np.diff(groups.bounds)
    kept = np.flatnonzero(np.repeat(shared, sizes))
    distinct = int(np.count_nonzero(shared))
    return _Heads(
        np.repeat(np.arange(distinct, dtype=np.uint64), sizes[shared]),
        grams.places[kept],
        distinct,
        np.searchsorted(kept, offsets),
    )


def _sums(counts: NDArray[np.int32], bounds: Places) -> Floats:
    """The sums of counts[bounds[i] : bounds[i + 1]]."""
    starts, ends = bounds[:-1], bounds[1:]
    sums = np.add.reduceat(np.append(counts, np.int32(0)), starts)  # of none it is what comes next
    return np.where(starts < ends, sums, 0).astype(np.float64)
