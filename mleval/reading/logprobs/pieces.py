"""Pieces of documents put together: sums of what several parts of a file hold of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mleval.batch import Floats
from mleval.reading.logprobs.groups import several_in_one
from mleval.reading.logprobs.keys import groups
from mleval.sequences import Ints, Marks, Sequences


def put_together(pieces: Sequences, name: str) -> tuple[Sequences, Marks]:
    """The documents whose pieces these are, in order; and the pieces that begin like a document.

    Those begin with a token that has no log-probability, though they do not begin one. name: of
    the file.
    """
    assert pieces.keys is not None
    group, first = groups(pieces.keys)
    for column, labels in pieces.by.items():
        if (labels.codes != labels.codes[first][group]).any():
            raise several_in_one(column, name)
    later = np.ones(len(pieces), dtype=np.bool_)
    later[first] = False

    def total(column: Floats) -> Floats:
        return np.bincount(group, weights=column, minlength=len(first)).astype(np.float64)

    whole = replace(
        pieces.take_places(first),
        nll=total(np.where(later & (pieces.skipped > 0), np.nan, pieces.nll)),
        tokens=total(pieces.tokens),
        skipped=total(pieces.skipped),
        bytes=total(pieces.bytes),
        chars=total(pieces.chars),
        words=total(pieces.words) - _halved(pieces, group, len(first)),
    )
    return whole, later & (pieces.skipped > 0)


def _halved(pieces: Sequences, group: Ints, size: int) -> Floats:
    """(g,) the words of each document that a piece ends within: they were counted twice."""
    some = np.flatnonzero(pieces.bytes > 0)
    order = some[np.argsort(group[some], kind="stable")]
    before, after = order[:-1], order[1:]
    same = group[before] == group[after]
    cut = same & (pieces.edges[before] >= 2) & (pieces.edges[after] % 2 == 1)
    return np.bincount(group[before][cut], minlength=size).astype(np.float64)
