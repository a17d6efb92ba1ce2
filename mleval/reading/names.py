"""Column names as they are written, and as they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from mleval.visible import quoted


@lru_cache(maxsize=1 << 14)
def normalised(name: str) -> str:
    """How a name is compared: lower case, blanks, dots and hyphens as `_`.

    Of a path into nested fields, what wraps the rows is no part of the name, and a label within
    a prediction is the predicted one.

    >>> normalised(" True.Label "), normalised("Unnamed: 0")
    ('true_label', 'unnamed:_0')
    >>> normalised("instance.label"), normalised("prediction.label"), normalised("output.score")
    ('label', 'pred_label', 'score')
    """
    name = name.strip().lower()
    if "." in name:
        name = _WRAPPER.sub("", name)
        if within := _WITHIN.fullmatch(name):
            name = "pred_label" if within[1] in _LABELS else within[1]
    return name.translate(_SEPARATORS)


_WRAPPER = re.compile(r"^(?:instance|instances|inputs?|row|record|example|data)\.(?=.)")
_WITHIN = re.compile(
    r"(?:predictions?|outputs?|response)\."
    r"(label|class|category|value|scores?|confidence|prob|proba|probability)"
)
_LABELS = frozenset({"label", "class", "category", "value"})
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_SEPARATORS = str.maketrans(" .-", "___")


def distinct(header: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Names that each stand for one column, and which of them repeats which earlier one.

    A blank header is named by its place, as spreadsheets' readers do.

    >>> distinct(["", "label", "label"])
    (('Unnamed: 0', 'label', 'label (column 3)'), {'label (column 3)': 'label'})
    """
    names: list[str] = []
    copies: dict[str, str] = {}
    for place, written in enumerate(header):
        name = written.strip() or f"Unnamed: {place}"
        if name in names:
            copies[f"{name} (column {place + 1})"] = name
            name = f"{name} (column {place + 1})"
        names.append(name)
    return tuple(names), copies


def by_number(name: str) -> list[str | int]:
    """A key that sorts names as a person counts them.

    >>> sorted(["part-10", "part-9"], key=by_number)
    ['part-9', 'part-10']
    """
    return [int(piece) if place % 2 else piece for place, piece in enumerate(_DIGITS.split(name))]


def alike(wanted: str, names: Iterable[str]) -> str | None:
    """The name that is wanted: itself, or the only one that is compared as the same.

    >>> alike("true label", ["id", "True_Label"])
    'True_Label'
    """
    names = list(names)
    if wanted in names:
        return wanted
    found = [name for name in names if normalised(name) == normalised(wanted)]
    return found[0] if len(found) == 1 else None


def nearest(wanted: str, offered: Iterable[str], most: int = 3) -> list[str]:
    """Names that look like `wanted`, the likest first, upper and lower case alike.

    >>> nearest("lable", ["label", "score"])
    ['label']
    """
    import difflib

    by_shape: dict[str, str] = {}
    for name in offered:
        by_shape.setdefault(normalised(name), name)
    found = difflib.get_close_matches(normalised(wanted), by_shape, n=most, cutoff=0.6)
    return [by_shape[shape] for shape in found]


def listed(names: Iterable[str], most: int = 20) -> str:
    """Names in quotes for a message, the first `most` of them.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    everything = list(names)
    shown = ", ".join(map(quoted, everything[:most]))
    left = len(everything) - most
    return f"{shown} and {left} more" if left > 0 else shown
