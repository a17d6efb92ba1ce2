"""A 0/1 column a label, told from the names and the first rows of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mleval.reading.families import FoundFamily
from mleval.reading.label_sets import (
    MARKS,
)
from mleval.reading.names import listed, normalised
from mleval.reading.notes import Guess
from mleval.reading.roles import FamilyKind, LabelLayout
from mleval.reading.synonyms import (
    LABEL_PREDICTIONS,
    LABEL_SCORES,
    LABEL_TRUTHS,
    NEVER,
    PREDICTION,
    TRUTH,
)
from mleval.reading.vocabulary import Head

BARE = ("", "")
"""Nothing before the name of a label and nothing after it."""


class FoundColumns(NamedTuple):
    """0/1 columns of labels, their scores by label, and what to tell the reader."""

    layout: LabelLayout
    scores: FoundFamily
    notices: Sequence[str]


def label_columns(
    head: Head, columns: Sequence[str], *, wanted: bool, theirs: Mapping[str, str]
) -> FoundColumns | None:
    """Columns such as `cat_true`, `cat_pred`, `cat_proba` of two labels or more, if there are any.

    wanted: the caller says that the task is multilabel, so that a column which is named as a
    truth does not speak against it. theirs: column -> its name in the truth file, of those that
    a join adds: the truths are among them then, and the others in the predictions.
    """
    written = {theirs.get(column, column): column for column in columns if column in theirs}
    written = written or {column: column for column in columns}
    ours = [column for column in columns if column not in theirs]
    if not wanted and any(normalised(c) in (*TRUTH, *PREDICTION) for c in (*written, *ours)):
        return None
    marked = {column for column in columns if _is_marked(head, column)}
    scores = [column for column in ours if head.is_numeric(column)]
    truths = {name: column for name, column in written.items() if column in marked}
    found = _matches(truths, ours, marked, scores, joined=bool(theirs))
    everything = len(ours) if len(ours) == len(written) else -1
    matches = [m for m in found if wanted or m.is_certain or len(m.others) == everything]
    if not matches:
        return None
    best = max(matches, key=lambda m: (m.truth_side != BARE, not m.derived, len(m.others)))
    return _found(head, best, scores)


class _Match(NamedTuple):
    """Columns by label: truths, and the predictions (derived: scores) of two of them or more."""

    truths: Mapping[str, str]
    others: Mapping[str, str]
    derived: bool
    truth_side: tuple[str, str]
    other_side: tuple[str, str]

    @property
    def is_certain(self) -> bool:
        """Whether the names alone say so."""
        return self.truth_side != BARE or not (self.derived or self.other_side == BARE)


def _matches(
    marked_truths: Mapping[str, str],
    ours: Sequence[str],
    marked: set[str],
    scores: Sequence[str],
    *,
    joined: bool,
) -> Iterator[_Match]:
    """Two pairs of 0/1 columns are certain; a further prediction may hold what is wrong."""
    offered = [(side, ours, False) for side in LABEL_PREDICTIONS]
    offered += [(side, scores, True) for side in LABEL_SCORES]
    if joined:  # both files may call a label alike
        offered += [(BARE, ours, False), (BARE, scores, True)]
    for side in (*LABEL_TRUTHS, BARE):
        truths = _stems(marked_truths, *side)
        if len(truths) < 2:
            continue
        for other, pool, derived in offered:
            found = _stems({column: column for column in pool}, *other)
            shared = {s: c for s, c in found.items() if s in truths and c != truths[s]}
            if not derived and other == BARE and not marked.issuperset(shared.values()):
                continue
            if sum(derived or column in marked for column in shared.values()) > 1:
                yield _Match(truths, shared, derived, side, other)


def _found(head: Head, best: _Match, scores: Sequence[str]) -> FoundColumns:
    notices: list[str] = []
    if best.derived:
        family = FoundFamily(best.others, _kind_of(head, best.other_side, best.others.values()))
    else:
        family = _scores_beside(head, best, scores)
        if len(family.columns) == 1:
            (alone,) = family.columns.values()
            notices.append(f"'{alone}' is not used: the other labels have no scores")
            family = FoundFamily()
    left = [column for label, column in best.truths.items() if label not in best.others]
    if left and (best.truth_side != BARE or best.other_side == BARE):
        notices.append(f"no prediction stands beside {listed(left, 4)}: not evaluated")
    if best.other_side == BARE:
        told = f"{listed(best.others, 4)} are taken as labels: both files have such 0/1 columns"
        notices.append(Guess(told, "say so: --task multilabel"))
    truths = {label: best.truths[label] for label in best.others}
    layout = LabelLayout("", truth=truths, prediction={} if best.derived else best.others)
    return FoundColumns(layout, family, notices)


def _scores_beside(head: Head, best: _Match, scores: Sequence[str]) -> FoundFamily:
    """The scores of the labels that are predicted, of most of them where not of all."""
    taken = {*best.truths.values(), *best.others.values()}
    pool = {column: column for column in scores if column not in taken}
    found = {side: _stems(pool, *side) for side in LABEL_SCORES}
    shared = {s: {n: c for n, c in by.items() if n in best.others} for s, by in found.items()}
    side = max(shared, key=lambda side: len(shared[side]))
    columns = {label: shared[side][label] for label in best.others if label in shared[side]}
    return FoundFamily(columns, _kind_of(head, side, columns.values()))


def _kind_of(head: Head, side: tuple[str, str], columns: Iterable[str]) -> FamilyKind:
    """By what stands around the label, by the values where nothing does."""
    affix = "".join(side)
    if "logit" in affix:
        return "logit"
    numbers = [n for column in columns for n in head.numbers(column) or ()] if not affix else []
    beyond = any(not 0 <= number <= 1 for number in numbers)
    return "score" if "score" in affix or beyond else "probability"


def _is_marked(head: Head, column: str) -> bool:
    return normalised(column) not in NEVER and head.holds_only(column, MARKS)


def _stems(columns: Mapping[str, str], before: str, after: str) -> dict[str, str]:
    """Label -> column of those whose names begin and end so; labels as they are spelled."""
    found = {}
    for name, column in columns.items():
        shape, written = normalised(name), name.strip()
        long = len(shape) > len(before) + len(after)
        if long and shape.startswith(before) and shape.endswith(after):
            found[written[len(before) : len(written) - len(after)]] = column
    return found
