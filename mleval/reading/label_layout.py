"""How a file says several labels a row, told from the names and the first rows of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mleval.reading.families import FoundFamily
from mleval.reading.label_sets import LIST, MARKED_LIST, MARKS, listed_labels, separated_labels
from mleval.reading.names import listed, normalised
from mleval.reading.roles import FamilyKind, LabelLayout
from mleval.reading.synonyms import (
    LABEL_PREDICTIONS,
    LABEL_SCORES,
    LABEL_TRUTHS,
    NEVER,
    PREDICTION,
    TRUTH,
)
from mleval.reading.vocabulary import Head, as_fraction

SEPARATORS = ("|", ";", ",", " ")
_CLEAR = 2  # the first so many hardly ever stand within a label


class FoundColumns(NamedTuple):
    """0/1 columns of labels, their scores by label, and what to tell the reader."""

    layout: LabelLayout
    scores: FoundFamily
    notices: Sequence[str]


def label_columns(head: Head, columns: Sequence[str], *, wanted: bool) -> FoundColumns | None:
    """Columns such as `cat_true`, `cat_pred`, `cat_proba` of two labels or more, if there are any.

    wanted: the caller says that the task is multilabel, so that a column which is named as a
    truth does not speak against it.
    """
    if not wanted and any(normalised(c) in (*TRUTH, *PREDICTION) for c in columns):
        return None
    marked = [column for column in columns if _is_marked(head, column)]
    scores = [column for column in columns if head.is_numeric(column)]
    matches = [m for m in _matches(columns, marked, scores) if wanted or not (m.bare and m.derived)]
    if not matches:
        return None
    best = max(matches, key=lambda m: (not m.bare, not m.derived, len(m.others)))
    return _found(best, [column for column in scores if column not in best.truths.values()])


class _Match(NamedTuple):
    """Columns by label: truths, and the predictions (derived: scores) of two of them or more."""

    truths: Mapping[str, str]
    others: Mapping[str, str]
    derived: bool
    bare: bool


def _matches(
    columns: Sequence[str], marked: Sequence[str], scores: Sequence[str]
) -> Iterator[_Match]:
    """Two pairs of 0/1 columns are certain; a further prediction may hold what is wrong."""
    offered = [(side, columns, False) for side in LABEL_PREDICTIONS]
    offered += [(side, scores, True) for side in LABEL_SCORES]
    for side in (*LABEL_TRUTHS, ("", "")):
        truths = _stems(marked, *side)
        if len(truths) < 2:
            continue
        for other, pool, derived in offered:
            found = _stems(pool, *other)
            shared = {s: c for s, c in found.items() if s in truths and c != truths[s]}
            if sum(derived or column in marked for column in shared.values()) > 1:
                yield _Match(truths, shared, derived, side == ("", ""))


def _found(best: _Match, scores: Sequence[str]) -> FoundColumns:
    family = FoundFamily()
    for side in LABEL_SCORES:
        found = _stems(scores, *side)
        if all(label in found for label in best.others):
            columns = {label: found[label] for label in best.others}
            family = FoundFamily(columns, _kind_of("".join(side)))
            break
    left = [column for label, column in best.truths.items() if label not in best.others]
    said = f"no prediction stands beside {listed(left, 4)}: not evaluated"
    truths = {label: best.truths[label] for label in best.others}
    layout = LabelLayout("", truths, {} if best.derived else best.others)
    return FoundColumns(layout, family, [said] if left and not best.bare else [])


def _kind_of(affix: str) -> FamilyKind:
    if "logit" in affix:
        return "logit"
    return "score" if "score" in affix else "probability"


def _is_marked(head: Head, column: str) -> bool:
    return normalised(column) not in NEVER and all(
        cell.strip().lower() in MARKS for cell in head.vocabulary(column)
    )


def _stems(columns: Iterable[str], before: str, after: str) -> dict[str, str]:
    """Label -> column of those that begin and end so; labels as they are spelled."""
    found = {}
    for column in columns:
        shape, written = normalised(column), column.strip()
        long = len(shape) > len(before) + len(after)
        if long and shape.startswith(before) and shape.endswith(after):
            found[written[len(before) : len(written) - len(after)]] = column
    return found


def told_separator(
    head: Head, columns: Iterable[str], *, given: str | None, wanted: bool
) -> str | None:
    """What stands between the labels of a cell, `list` for lists and `0/1` for lists of 0 and 1.

    None when a cell is one label.

    given: what the caller says; wanted: the task is multilabel, so the likeliest is taken.
    """
    if given is not None:
        return given
    cells = {cell for column in columns for cell in head.vocabulary(column) if cell.strip()}
    lists = [listed_labels(cell) for cell in cells]
    if _are_lists(lists):
        return MARKED_LIST if _are_marked(lists) else LIST
    if wanted and any(item is not None for item in lists):  # beside cells of one label
        return LIST
    for place, separator in enumerate(SEPARATORS):
        if _is_certain(cells, separator, clear=place < _CLEAR):
            return separator
    if wanted:
        return next((s for s in SEPARATORS if any(s in cell.strip() for cell in cells)), "")
    return None


def _are_lists(lists: list[list[str] | None]) -> bool:
    """Whether every cell is a list, and not of fractions: those are scores."""
    labels = {label for item in lists for label in item or ()}
    return bool(labels) and None not in lists and not any(map(as_fraction, labels))


def _are_marked(lists: list[list[str] | None]) -> bool:
    """Whether the lists say 0 or 1 of every label: as many each, with repetitions."""
    filled = [item for item in lists if item]
    return (
        len({len(item) for item in filled}) == 1
        and {label for item in filled for label in item} <= {"0", "1"}
        and any(len(set(item)) < len(item) for item in filled)
    )


def _is_certain(cells: set[str], separator: str, *, clear: bool) -> bool:
    """Whether the cells are so many combinations of fewer labels that it is no accident."""
    sets = [separated_labels(cell, separator) or [] for cell in cells]
    if not any(len(labels) > 1 for labels in sets):
        return False
    counts = Counter(label for labels in sets for label in set(labels))
    if counts.keys() <= MARKS.keys():  # 0 and 1 are no names for several labels
        return False
    if clear:
        return len(counts) <= len(cells)
    alone = {labels[0] for labels in sets if len(labels) == 1}
    many = len(cells) >= 3 * len(counts)
    return len(counts) < len(cells) and (many or set(counts) <= alone)


def vocabulary_of(head: Head, columns: Iterable[str], separator: str) -> set[str]:
    """The labels of the first rows."""
    return {
        label
        for column in columns
        for cell in head.vocabulary(column)
        for label in separated_labels(cell, separator) or ()
    }
