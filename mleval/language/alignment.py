"""Alignment: edits between two corpora and what they have in common, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import cores
from mleval.language.tokens import Tokens

Counts = NDArray[np.int64]
Texts = Sequence[str] | Sequence[Sequence[int]]  # characters, or tokens by number

_CHARACTERS = 0x110000  # how many different characters a string can be made of


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """How n references become their hypotheses, each (n,) counts of an alignment of least edits.

    hits + substitutions + deletions is the length of the reference.
    """

    hits: Counts
    substitutions: Counts
    deletions: Counts
    insertions: Counts


def edits(references: Texts, hypotheses: Texts) -> Edits:
    """Count the edits of each pair, along the alignment that rapidfuzz (and so jiwer) takes.

    Several alignments may have the same, least number of edits and differ in their hits.

    >>> found = edits(["abcd"], ["axcde"])
    >>> [c.tolist() for c in (found.hits, found.substitutions, found.deletions, found.insertions)]
    [[3], [1], [0], [1]]
    """
    from rapidfuzz.distance import Levenshtein

    total, grown = edit_distances(references, hypotheses), lengths(hypotheses) - lengths(references)
    insertions = np.maximum(grown, 0)
    # What is left, substitutions and twice the fewer of insertions and deletions, may be either.
    for i in np.flatnonzero(total - np.abs(grown) > 1).tolist():
        taken: Any = Levenshtein.editops(references[i], hypotheses[i]).as_list()
        insertions[i] = sum(kind == "insert" for kind, _, _ in taken)
    deletions = insertions - grown
    substitutions = total - insertions - deletions
    hits = lengths(references) - deletions - substitutions
    return Edits(hits, substitutions, deletions, insertions)


def edit_distances(references: Texts, hypotheses: Texts) -> Counts:
    """(n,) the least number of insertions, deletions and substitutions, each counting one.

    >>> edit_distances(["kitten", ""], ["sitting", "ab"]).tolist()
    [3, 2]
    """
    from rapidfuzz.distance import Levenshtein

    return _of_pairs(Levenshtein.distance, references, hypotheses)


def common_lengths(references: Texts, hypotheses: Texts) -> Counts:
    """(n,) the lengths of the longest common subsequences.

    >>> common_lengths(["abcd"], ["xbxd"]).tolist()
    [2]
    """
    from rapidfuzz.distance import LCSseq

    return _of_pairs(LCSseq.similarity, references, hypotheses)


def sequences(tokens: Tokens) -> Texts:
    """Each segment with a character for each of its tokens: strings are what aligns fastest.

    Lists of numbers where there are more different tokens than characters.

    >>> sequences(Tokens.of([["to", "be"], ["be"]])) == [chr(0) + chr(1), chr(1)]
    True
    """
    ends = tokens.offsets.tolist()
    spans = pairwise(ends)
    if len(tokens.names) > _CHARACTERS:
        numbers = tokens.codes.tolist()
        return [numbers[start:end] for start, end in spans]
    text = tokens.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return [text[start:end] for start, end in spans]


def _of_pairs(scorer: Any, references: Texts, hypotheses: Texts) -> Counts:
    """(n,) a measure of each pair, on every core."""
    from rapidfuzz.process import cpdist

    if not len(references):
        return np.zeros(0, np.int64)
    return cpdist(references, hypotheses, scorer=scorer, dtype=np.int64, workers=cores())


def lengths(texts: Texts) -> Counts:
    """(n,) how long each is."""
    return np.fromiter(map(len, texts), np.int64, len(texts))
