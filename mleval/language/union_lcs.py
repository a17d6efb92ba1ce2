"""Union LCS: what a text of several sentences has in common with another (ROUGE-Lsum)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

Sentence = Sequence[Hashable]


def union_hits(reference: Sequence[Sentence], hypothesis: Sequence[Sentence]) -> int:
    """How many tokens are in the union of each reference sentence's common subsequences.

    As rouge-score counts: the union over the sentences of the hypothesis of one longest common
    subsequence each, and no token more often than it stands in the hypothesis.

    >>> union_hits([["a", "b", "c"]], [["a", "x"], ["c", "b"]])
    2
    """
    available = Counter(token for sentence in hypothesis for token in sentence)
    found: Counter[Hashable] = Counter()
    for sentence in reference:
        places = _places(sentence)
        union = 0
        for other in hypothesis:
            union |= _common(len(sentence), places, other)
        found.update(token for i, token in enumerate(sentence) if union >> i & 1)
    return sum(min(count, available[token]) for token, count in found.items())


def _common(size: int, places: dict[Hashable, int], other: Sentence) -> int:
    """The positions, as bits, of the longest common subsequence that rouge-score takes.

    Of the table of LCS lengths it needs, going back from the last cell, only where a cell is
    more than the one of the token before: the bits of `grows`, one number a token of `other`
    (Hyyrö's algorithm, 64 and more cells at a time). At a cell whose tokens differ rouge-score
    goes to the left if that is larger than the cell above, which is where the cell grows.
    """
    matches = [places.get(token, 0) for token in other]
    everywhere = (1 << size) - 1
    grows, stays = [], everywhere
    for match in matches:
        both = stays & match
        stays = ((stays + both) | (stays - both)) & everywhere
        grows.append(~stays & everywhere)
    taken, left = 0, everywhere  # left: the positions before the cell
    for match, grow in zip(reversed(matches), reversed(grows), strict=True):
        end = ((match | grow) & left).bit_length()
        if not end:
            break
        last = 1 << (end - 1)
        if match & last:
            taken |= last
            left = last - 1
        else:
            left = (last << 1) - 1
    return taken


def _places(sentence: Iterable[Hashable]) -> dict[Hashable, int]:
    """Each token's positions, as bits."""
    places: dict[Hashable, int] = {}
    for i, token in enumerate(sentence):
        places[token] = places.get(token, 0) | 1 << i
    return places
