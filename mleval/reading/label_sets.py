"""Cells that hold several labels, made LabelSets: separated text, lists, and lists as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import LabelSets
from mleval.reading.arrow_arrays import booleans, null_mask, plain_values
from mleval.reading.columns_of_arrow import as_number, label_array
from mleval.reading.vocabulary import matched

if TYPE_CHECKING:
    import pyarrow as pa

LIST = "list"
MARKED_LIST = "0/1"  # lists that say 0 or 1 of every label, by place
_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<bare>[^\s,'"\[\](){}]+)"""
    r"""|(?P<comma>,)|\s+|(?P<wrong>.)""",
    re.DOTALL,
)
_PADDED = re.compile(r"\s*[+-]?0[0-9]")
_BRACKETS = ("[]", "()", "{}")
_LISTING = re.compile(r"[\[\](){},;|]|^\s*$")  # what no single label among lists holds
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def listed_labels(cell: str) -> list[str] | None:
    """The labels of a list as JSON, Python or numpy print it; None when it is no such list.

    >>> listed_labels("['a', 'b']"), listed_labels("[98 117]"), listed_labels('["x", 1.0]')
    (['a', 'b'], ['98', '117'], ['x', '1'])
    >>> listed_labels("set()"), listed_labels("a"), listed_labels("[1 ... 9]")
    ([], None, None)
    """
    cell = cell.strip()
    if cell in ("set()", "frozenset()"):
        return []
    if cell[:1] + cell[-1:] not in _BRACKETS or len(cell) < 2:
        return None
    if cell[0] == "[":
        try:
            return _spelled(json.loads(cell))
        except (ValueError, RecursionError):
            pass
    return _printed(cell[1:-1])


def _spelled(items: list[Any]) -> list[str] | None:
    """Labels by their spelling; a whole float is how tables write an integer beside a gap."""
    if any(isinstance(item, list | dict) for item in items):
        return None
    whole = (
        int(item) if isinstance(item, float) and item == item // 1 else item
        for item in items
        if item is not None
    )
    return [str(item).strip() for item in whole]


def _printed(inner: str) -> list[str] | None:
    """The items between the brackets; where there are commas, a bare item may hold blanks."""
    items: list[str] = []
    commas = False
    fresh = True
    for token in _TOKEN.finditer(inner):
        kind, text = token.lastgroup, token.group()
        if kind == "wrong" or text == "...":
            return None
        if kind == "comma":
            commas, fresh = True, True
        elif kind == "quoted":
            items.append(_ESCAPED.sub(r"\1", text[1:-1]))
            fresh = True
        elif kind == "bare":
            if commas and not fresh:
                items[-1] += f" {text}"
            else:
                items.append(text)
            fresh = False
    return [item.strip() for item in items]


def separated_labels(cell: str, separator: str) -> list[str] | None:
    """The labels of a cell; None when it should be a list and is not.

    >>> separated_labels("a| b", "|"), separated_labels("a b", ""), separated_labels("a", "list")
    (['a', 'b'], ['a b'], ['a'])
    """
    if separator in (LIST, MARKED_LIST):
        alone = separator == LIST and not _LISTING.search(cell)
        return [cell.strip()] if alone else listed_labels(cell)
    parts = cell.split(separator) if separator else [cell]
    return [label for part in parts if (label := part.strip())]


class FoundSets(NamedTuple):
    """The sets of a column, empty where (n,) they are missing or no lists though they should be."""

    sets: LabelSets
    missing: NDArray[np.bool_] | None
    bad: NDArray[np.bool_]


def label_sets(array: Any, separator: str) -> FoundSets:
    """The sets of a column.

    array: dictionary<int32, string>, or lists. Where labels are separated, an empty cell is how
    the empty set is written; among lists that is `[]`, and an empty cell says nothing.
    """
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type):
        sets, bad = _of_lists(array), np.zeros(len(array), np.bool_)
        if separator == MARKED_LIST:
            sets, bad = _of_marks(sets)
        return FoundSets(sets, null_mask(array), bad)
    cells: pa.Array = array.dictionary
    missing, codes = null_mask(array.indices), plain_values(array.indices).astype(np.intp)
    if missing is not None:
        codes = np.where(missing, len(cells), codes)
    if separator in (LIST, MARKED_LIST):
        return _of_printed(cells.to_pylist(), codes, separator)
    distinct = _split(cells, separator) if separator else _alone(cells)
    return FoundSets(_with_none(distinct).take(codes), None, np.zeros(len(array), np.bool_))


def _of_printed(cells: list[str], codes: NDArray[np.intp], separator: str) -> FoundSets:
    """Lists as text; the code after the last is that of an empty cell."""
    found = [separated_labels(cell, separator) for cell in cells]
    blank = np.array([*(not cell.strip() for cell in cells), True], np.bool_)
    distinct = LabelSets.of(labels or () for labels in found)
    bad = np.array([labels is None for labels in found], np.bool_)
    if separator == MARKED_LIST:
        distinct, other = _of_marks(distinct)
        bad |= other
    missing = blank[codes]
    bad = np.append(bad, False)[codes] & ~missing
    return FoundSets(_with_none(distinct).take(codes), missing if missing.any() else None, bad)


def _alone(cells: pa.Array) -> LabelSets:
    return LabelSets.of(separated_labels(cell, "") or () for cell in cells.to_pylist())


def _with_none(distinct: LabelSets) -> LabelSets:
    """One more, without labels."""
    offsets = np.append(distinct.offsets, distinct.offsets[-1])
    return LabelSets(offsets, distinct.codes, distinct.names)


def by_number(sets: LabelSets) -> LabelSets:
    """The same with one spelling a number.

    >>> by_number(LabelSets.of([["1.0", "x"], ["1", "007"]])).names
    ('1', 'x', '1', '007')
    """
    names = (matched(name) if is_plain_number(name) else name for name in sets.names)
    return LabelSets(sets.offsets, sets.codes, tuple(names))


def is_plain_number(label: str) -> bool:
    """Whether a label may be compared as a number: zeros in front tell `007` from `7`."""
    return as_number(label) is not None and not _PADDED.match(label)


def _split(cells: pa.Array, separator: str) -> LabelSets:
    import pyarrow.compute as arrow_compute

    return _of_lists(arrow_compute.split_pattern(cells, separator))


def _of_lists(array: Any) -> LabelSets:
    """Lists of any plain values; a missing list is empty, a missing or blank label none."""
    import pyarrow as pa

    lengths = array.value_lengths()
    missing, sizes = null_mask(lengths), plain_values(lengths).astype(np.int64)
    if missing is not None:
        sizes = np.where(missing, 0, sizes)
    values = array.flatten()
    labels = label_array(values)
    names = [name.strip() for name in labels.dictionary.to_pylist()]
    if pa.types.is_floating(values.type):
        names = [name.removesuffix(".0") for name in names]
    unique = tuple(dict.fromkeys(name for name in names if name))
    place = {name: at for at, name in enumerate(unique)}
    known = np.array([place.get(name, -1) for name in names] or [-1], np.int32)
    absent, codes = null_mask(labels.indices), plain_values(labels.indices)
    codes = known[codes if absent is None else np.where(absent, 0, codes)]
    kept = codes >= 0 if absent is None else (codes >= 0) & ~absent
    if not kept.all():
        rows = np.repeat(np.arange(len(sizes)), sizes)[kept]
        codes, sizes = codes[kept], np.bincount(rows, minlength=len(sizes))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    return LabelSets(offsets, codes, unique)


def _of_marks(lists: LabelSets) -> tuple[LabelSets, NDArray[np.bool_]]:
    """The sets that lists of 0 and 1 say, labels by their place; and which lists hold others."""
    known = np.array([MARKS.get(name.lower(), -1) for name in lists.names] or [0], np.int8)
    marks, rows = known[lists.codes], lists.rows
    bad = np.zeros(len(lists.offsets) - 1, np.bool_)
    bad[rows[marks < 0]] = True
    yes = marks > 0
    places = (np.arange(len(marks)) - lists.offsets[rows])[yes].astype(np.int32)
    sizes = np.bincount(rows[yes], minlength=len(bad))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    names = tuple(map(str, range(int(lists.sizes.max(initial=0)))))
    return LabelSets(offsets, places, names), bad


def indicator_sets(names: Iterable[str], marks: NDArray[np.bool_]) -> LabelSets:
    """The sets that (n, k) marks say, of k labels.

    >>> indicator_sets("ab", np.array([[True, False], [True, True]])).codes.tolist()
    [0, 0, 1]
    """
    size, width = marks.shape
    kind: Any = np.int32 if marks.size < 1 << 31 else np.int64  # half the width, twice the speed
    at: NDArray[Any] = np.flatnonzero(marks).astype(kind)
    rows = at // kind(max(width, 1))
    codes = at - rows * kind(max(width, 1))
    sizes = np.bincount(rows, minlength=size)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    return LabelSets(offsets, codes.astype(np.int32), tuple(names))


MARKS = {"1": 1, "1.0": 1, "true": 1, "yes": 1, "0": 0, "0.0": 0, "false": 0, "no": 0}
"""How a 0/1 column is written."""


def marks_of(array: Any) -> tuple[NDArray[np.int8], NDArray[np.bool_] | None]:
    """(n,) 1 or 0, -1 where the cell is neither; and where it is missing.

    array: booleans, or dictionary<int32, string>.
    """
    import pyarrow as pa

    if pa.types.is_boolean(array.type):
        missing, said = null_mask(array), booleans(array)
        return (said if missing is None else said & ~missing).astype(np.int8), missing
    known = [MARKS.get(name.strip().lower(), -1) for name in array.dictionary.to_pylist()]
    missing, codes = null_mask(array.indices), plain_values(array.indices)
    if missing is not None:
        codes = np.where(missing, 0, codes)
    marks: NDArray[np.int8] = np.array(known or [0], np.int8)[codes]
    return marks if missing is None else np.where(missing, np.int8(0), marks), missing
