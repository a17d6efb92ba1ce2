"""Several labels in a cell, told from the first rows."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence

from mleval.errors import InputError
from mleval.reading.label_sets import (
    LIST,
    MARKED_LIST,
    MARKS,
    is_plain_number,
    listed_labels,
    separated_labels,
)
from mleval.reading.names import listed
from mleval.reading.notes import Guess
from mleval.reading.roles import ColumnChoices, LabelLayout
from mleval.reading.vocabulary import Head, as_fraction, matched

SEPARATORS = ("|", ";", ",", " ")
_CLEAR = 2  # the first so many hardly ever stand within a label
HOW_MANY = "say which: --task multilabel when they are several labels, --task multiclass when one"


def cell_layout(
    head: Head, columns: Sequence[str], choices: ColumnChoices
) -> tuple[LabelLayout | None, list[str]]:
    """How the cells of truth and prediction say several labels a row, and what to tell of it.

    None when a cell is one label. Raises InputError where `strict` forbids to guess.
    """
    given, wanted = choices.label_sep, choices.task == "multilabel"
    separator = told_separator(head, columns, given=given, wanted=wanted)
    if separator is None:
        return None, []
    if choices.strict and given is None and separator in SEPARATORS:
        raise InputError(
            f"--strict: {listed(columns)} may hold several labels a row, between '{separator}', "
            "or one",
            hint=f"say it with --label-sep {shlex.quote(separator)}, or --task multiclass",
        )
    vocabularies = (vocabulary_of(head, [column], separator) for column in columns)
    example = "" if choices.renames else same_numbers(set().union(*vocabularies))
    if not example:
        return LabelLayout(separator), []
    told = f"labels are compared as numbers: {example}"
    notice = Guess(told, f"say which is which: --map {example.replace(' ', '')}")
    return LabelLayout(separator, as_numbers=True), [notice]


def told_separator(
    head: Head, columns: Sequence[str], *, given: str | None, wanted: bool
) -> str | None:
    """What stands between the labels of a cell, `list` for lists and `0/1` for lists of 0 and 1.

    None when a cell is one label.

    given: what the caller says; wanted: the task is multilabel, so the likeliest is taken.
    Raises InputError where cells may as well be ordered.
    """
    if given is not None:
        return given
    cells = {cell for column in columns for cell in head.vocabulary(column) if cell.strip()}
    lists = [listed_labels(cell) for cell in cells]
    if _are_lists(lists):
        return MARKED_LIST if _are_marked(lists) else LIST
    if wanted and any(item is not None for item in lists):  # beside cells of one label
        return LIST
    separator = certain_separator(cells)
    if separator is not None and not wanted:
        refuse_ordered(cells, separator, listed(columns))
    if separator is None and wanted:
        return next((s for s in SEPARATORS if any(s in cell.strip() for cell in cells)), "")
    return separator


def certain_separator(cells: set[str]) -> str | None:
    """What so many cells have between so few labels that it is no accident."""
    for place, separator in enumerate(SEPARATORS):
        some = any(separator in cell.strip() for cell in cells)
        if some and _is_certain(cells, separator, clear=place < _CLEAR):
            return separator
    return None


def refuse_ordered(cells: Iterable[str], separator: str, where: str) -> None:
    """Raise InputError where a cell says a label twice, or two say the same in another order."""
    seen: dict[tuple[str, ...], str] = {}
    for cell in sorted(cells):
        labels = separated_labels(cell, separator) or []
        other = seen.setdefault(tuple(sorted(labels)), cell)
        twice = len(set(labels)) < len(labels)
        if twice or separated_labels(other, separator) != labels:
            shown = f"'{cell}'" if twice else f"'{other}' and '{cell}'"
            raise InputError(
                f"{where}: cells such as {shown} may be several labels in no order, or one label",
                hint=HOW_MANY,
            )


def same_numbers(vocabulary: set[str]) -> str:
    """Two spellings of a number, where labels are wholly numeric; empty when there are none.

    >>> same_numbers({"1", "2", "1.0"}), same_numbers({"1", "1.0", "x"})
    ('1 = 1.0', '')
    """
    labels = sorted(vocabulary, key=lambda label: (len(label), label))
    if not all(map(is_plain_number, labels)):
        return ""
    first: dict[str, str] = {}
    for label in labels:
        shortest = first.setdefault(matched(label), label)
        if shortest != label:
            return f"{shortest} = {label}"
    return ""


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
