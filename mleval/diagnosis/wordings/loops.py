"""Hypotheses that say the same over and over."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Cell, Exhibit, Finding
from mleval.diagnosis.rows import WrittenRows
from mleval.diagnosis.wording import number, percent
from mleval.diagnosis.wordings.tokens import Worded
from mleval.language.tokens import Tokens

_ORDER = 3  # tokens of a run
_SHARE = 1 / 3  # of a text's runs that it has said already
_FEWEST = 8  # runs of a text in which they are counted
_MATTERS = 0.005  # of the texts, or
_ENOUGH = 5  # of them
_LISTED = 10


def repeated(tokens: Tokens) -> Floats:
    """(n,) the share of a text's runs of three tokens that stand earlier in it.

    >>> repeated(Tokens.of(["abcabcabca", "abcdefghij"])).tolist()
    [0.625, 0.0]
    """
    runs, segments = _runs(tokens)
    rows = len(tokens.offsets) - 1
    total = np.bincount(segments, minlength=rows)
    first = np.unique(segments * (int(runs.max(initial=0)) + 1) + runs)
    distinct = np.bincount(first // (int(runs.max(initial=0)) + 1), minlength=rows)
    return np.asarray(np.where(total >= _FEWEST, 1 - distinct / np.maximum(total, 1), 0.0))


def _runs(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each run of three tokens as a number, and its segment."""
    if len(tokens.codes) < _ORDER:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    segments, keys = tokens.segments, tokens.codes.astype(np.int64)
    inside = segments[: -(_ORDER - 1)] == segments[_ORDER - 1 :]
    for step in range(1, _ORDER):  # pairs are numbered first, so that no number is too large
        pairs = keys[: len(keys) - 1] * (int(tokens.codes.max()) + 1) + tokens.codes[step:]
        keys = np.unique(pairs, return_inverse=True)[1]
    return keys[inside], segments[: -(_ORDER - 1)][inside]


def looping(worded: Worded) -> NDArray[np.bool_]:
    """(n,) which hypotheses repeat themselves, and twice as much as any of their references."""
    share = repeated(worded.hypotheses)
    references = np.max([repeated(tokens) for tokens in worded.references], axis=0)
    return np.asarray((share >= _SHARE) & (share > 2 * references))


def loops(rows: WrittenRows, worded: Worded) -> Iterator[Finding]:
    """Where enough of them do."""
    which, scores = looping(worded), rows.scores[rows.metric]
    count = int(which.sum())
    if count < _ENOUGH and count < max(_MATTERS * len(rows), 1):
        return
    inside, rest = (
        float(np.nanmean(s)) if len(s) else None for s in (scores[which], scores[~which])
    )
    yield Finding(
        part="texts",
        kind="repetition",
        says=f"{count:,} hypotheses ({percent(count / len(rows))}) repeat themselves: a third of "
        f"their runs of {_ORDER} {worded.unit} or more stand earlier in them; {rows.metric} "
        f"{number(inside)} in them, {number(rest)} in the rest",
        step="Decode with a penalty on repetition (such as no_repeat_ngram_size), and look whether "
        "these end where they should",
        evidence={"rows": count, "share": count / len(rows), "inside": inside, "rest": rest},
    )


def most_repeated(rows: WrittenRows, worded: Worded) -> Exhibit | None:
    """What the worst of them repeat."""
    which = np.flatnonzero(looping(worded))
    share = repeated(worded.hypotheses)
    worst = which[np.argsort(-share[which], kind="stable")][:_LISTED].tolist()
    found: list[tuple[Cell, ...]] = []
    for at in worst:
        one = worded.hypotheses.between(at, at + 1)
        runs, _ = _runs(one)
        _, first, counts = np.unique(runs, return_index=True, return_counts=True)
        most = int(first[counts.argmax()])
        space = " " if worded.unit == "words" else ""
        said = space.join(one.names[code] for code in one.codes[most : most + _ORDER])
        found.append((at + 1, said, int(counts.max()), float(share[at]), _score(rows, at)))
    if not found:
        return None
    return Exhibit(
        name="repeated",
        title="what is repeated most",
        columns=("segment", "repeated", "times", "share of the runs", rows.metric),
        rows=tuple(found),
    )


def _score(rows: WrittenRows, at: int) -> float | None:
    score = float(rows.scores[rows.metric][at])
    return None if np.isnan(score) else score
