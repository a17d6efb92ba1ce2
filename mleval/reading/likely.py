"""Columns that may be the truth by their values, and what to say when none is by its name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress

from mleval.errors import InputError
from mleval.reading.candidates import by_name, predictions_by_stem, truths_by_stem
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.families import found_family
from mleval.reading.headers import shape_of
from mleval.reading.names import listed, nearest, normalised
from mleval.reading.synonyms import (
    CONFIDENCE,
    ID,
    MIXED,
    NEVER,
    PREDICTION,
    SCORE,
    TRUTH,
    TRUTH_IF_ALIKE,
    WEIGHT,
)
from mleval.reading.vocabulary import Head, matched, overlap
from mleval.visible import quoted

_OUTPUT_WORDS = ("pred", "prob", "score", "conf", "logit", "y_hat", "yhat")
_OUTPUTS = frozenset((*PREDICTION, *SCORE)) | CONFIDENCE
_NO_LABELS = (frozenset((*NEVER, *MIXED, *ID, *WEIGHT)) | _OUTPUTS) - {"outcome"}


def likely_truths(head: Head, free: Sequence[str], taken: Mapping[str, str]) -> list[str]:
    """Columns with the values of the prediction, or the names of the classes' columns."""
    known = [known for known in _vocabularies(head, free, taken) if known]
    return [c for c in free if not _is_output(c) and any(_is_alike(head, c, k) for k in known)]


def _vocabularies(head: Head, free: Sequence[str], taken: Mapping[str, str]) -> list[set[str]]:
    named = [*by_name(free, PREDICTION), *predictions_by_stem(free)]
    predictions = [taken["prediction"]] if "prediction" in taken else [c.column for c in named]
    found = [head.vocabulary(c) for c in predictions if not head.is_fraction(c)]
    with suppress(InputError):  # that two columns name one class is no matter yet
        found.append(set(found_family(head, free, set()).columns))
    return [{matched(label) for label in labels} for labels in found]


def _is_output(column: str) -> bool:
    shape = normalised(column)
    return shape in _NO_LABELS or any(word in shape for word in _OUTPUT_WORDS)


def _is_alike(head: Head, column: str, known: set[str]) -> bool:
    values = {matched(label) for label in head.vocabulary(column)}
    enough = len(values) >= min(2, head.rows)
    return bool(values) and enough and (values <= known or overlap(values, known) >= 0.5)


def no_truth(
    name: str,
    head: Head,
    columns: Sequence[str],
    taken: Mapping[str, str],
    flags: Mapping[str, str],
) -> InputError:
    """What to say when no column is named like a truth, with what may be it."""
    if not columns:
        return InputError(f"{name} has no columns", hint="expected a truth and a prediction")
    free = [column for column in columns if column not in taken.values()]
    likely = likely_truths(head, free, taken)
    for role, column in taken.items():
        if normalised(column) in TRUTH or truths_by_stem([column]):
            return InputError(
                f"{name}: {quoted(column)}, which would be the truth, is taken by {flags[role]}, "
                f"and no other column is named like a truth; its columns are {listed(columns)}",
                hint=f"give {flags[role]} another column, or {_named_with(likely)}",
            )
    near = [c for c in free if not _is_output(c) and nearest(c, TRUTH, 1)]
    near += [c for c in free if normalised(c) in TRUTH_IF_ALIKE and c not in near]
    hint = odd_header(columns) or _named_with(likely)
    if any(any(map(str.isdigit, c)) and shape_of(c) in _shapes(head, c) for c in columns):
        hint += "; if the first line is a row: --no-header"
    if near and not likely and odd_header(columns) is None:
        hint += f", perhaps {listed(near[:3])}"
    if not near and not likely and odd_header(columns) is None:
        hint += ", or the file that has it with --truth-file FILE"
    return InputError(
        f"{name} has no column that is named like a truth "
        f"(y_true, label, target, actual …); its columns are {listed(columns)}",
        hint=hint,
    )


def _shapes(head: Head, column: str) -> set[str]:
    return {shape_of(cell) for cell in head.vocabulary(column)}


def _named_with(likely: Sequence[str]) -> str:
    if not likely:
        return "name it with --truth COLUMN"
    if len(likely) == 1:
        return f"name it with --truth {shlex.quote(likely[0])}: its values are the class names"
    return f"name it with --truth COLUMN, perhaps {listed(likely[:3])}: their values are classes"


def odd_header(columns: Sequence[str]) -> str | None:
    """What to do when the names are no names: a comment, another delimiter, values."""
    if any(column.startswith("#") for column in columns[:2]):
        return (
            "the first line begins with #: remove the comment lines before the header "
            "(and a # before its first name)"
        )
    if len(columns) == 1:
        count, written = max((columns[0].count(d), w) for d, w in _DELIMITERS.items())
        if count:
            return f"the header was read as one column: name the delimiter with --sep {written}"
    if len(columns) == 1 and as_number(columns[0]) is not None:
        return "there is one column: where the truth is in another file, --truth-file FILE"
    for first in (0, 1):
        if list(columns) == [str(first + place) for place in range(len(columns))]:
            return (
                f"the columns have numbers, not names: such as --truth {first} --pred {first + 1}"
            )
    if all(c.replace(".", "").replace("-", "").isdigit() for c in columns):
        return "if the first line is a row: --no-header, and such as --truth 1 --pred 2"
    return None


_DELIMITERS = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
