"""Whether the first line of a delimited file is a header, and where numbers have a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mleval.reading.columns_of_arrow import as_number
from mleval.reading.names import normalised
from mleval.reading.synonyms import ID, PREDICTION, SCORE, TRUTH, WEIGHT

_NAMES = frozenset((*TRUTH, *PREDICTION, *SCORE, *ID, *WEIGHT))
_THOUSANDS = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*")
_COMMA_NUMBER = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*")
WEKA = ("inst#", "actual", "predicted", "error", "prediction")
DISTRIBUTION = "distribution[1]"
_DIGITS = re.compile(r"\d+")
_WHOLE = re.compile(r"\s*[-+]?\d+\s*")


def is_certainly_a_row(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first line is values like those below it, which no header is.

    Certain is a fraction above numbers, a negative number, or a line whose cells come again below,
    all or some of them beside numbers and names such as `img7`; `0,1,2`, which some tools write as
    names, is not.

    >>> is_certainly_a_row(["cat", "0.91"], [["dog", "0.62"]])
    True
    >>> is_certainly_a_row(["label", "score"], [["dog", "0.62"]])
    False
    >>> is_certainly_a_row(["0", "1"], [["0.3", "0.7"]])
    False
    >>> is_certainly_a_row(["img7", "cat"], [["img8", "dog"], ["img9", "cat"]])
    True
    """
    rows = [row for row in rows if len(row) == len(first)]
    if not rows or any(not cell.strip() for cell in first):
        return False
    columns = list(zip(*rows, strict=True))
    numeric = [_is_number(cell) for cell in first]
    below = [all(_is_number(cell) for cell in column if cell.strip()) for column in columns]
    if numeric != below:
        return False
    pairs = list(zip(first, columns, strict=True))
    if any(normalised(cell) in _NAMES and cell not in column for cell, column in pairs):
        return False
    for place, (cell, column) in enumerate(pairs):
        if numeric[place] and _is_no_name(cell, column):
            return True
    counting = [str(place) for place in range(len(first))]
    if [cell.strip() for cell in first] in (counting, [str(int(c) + 1) for c in counting]):
        return len(first) == 1 and first[0].strip() == "1" and "1" in columns[0]
    again = [cell in column for cell, column in pairs]
    words = any(known and not number for known, number in zip(again, numeric, strict=True))
    return all(again) or (words and all(map(_is_like_those_below, first, columns)))


def _is_like_those_below(cell: str, column: Sequence[str]) -> bool:
    return cell in column or (
        any(map(str.isdigit, cell)) and shape_of(cell) in map(shape_of, column)
    )


def shape_of(cell: str) -> str:
    """A cell with 0 in place of its numbers.

    >>> shape_of("img_12.png")
    'img_0.png'
    """
    return _DIGITS.sub("0", cell)


def _is_no_name(cell: str, column: Sequence[str]) -> bool:
    """Whether a number is a fraction, or negative among whole numbers: no class is called so."""
    if _WHOLE.fullmatch(cell):
        return cell.strip().startswith("-") and all(map(_WHOLE.fullmatch, column))
    return True


def _is_number(cell: str) -> bool:
    return as_number(cell) is not None or _COMMA_NUMBER.fullmatch(cell) is not None


def has_decimal_commas(columns: Iterable[Sequence[str | None]]) -> bool:
    """Whether some column holds numbers with a comma throughout, and none has a point in any.

    >>> has_decimal_commas([["a", None], ["0,5", "1"]]), has_decimal_commas([["0,5", "0.5"]])
    (True, False)
    """
    found = False
    for column in columns:
        held = [cell for cell in column if cell and cell.strip()]
        if any("." in cell and as_number(cell) is not None for cell in held):
            return False
        commas = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in held)
        whole = sum(_WHOLE.fullmatch(cell) is not None for cell in held)
        found = found or (commas > 0 and commas + whole == len(held))
    return found


def are_comma_numbers(cells: Iterable[str | None]) -> bool:
    """Whether cells of a number column have decimal commas throughout, and not thousands marked.

    >>> are_comma_numbers(["0,5", "12", None]), are_comma_numbers(["1,234", "0.5"])
    (True, False)
    >>> are_comma_numbers(["1,234", "15,000"])
    False
    """
    held = [cell for cell in cells if cell and cell.strip()]
    commas = [cell for cell in held if _COMMA_NUMBER.fullmatch(cell)]
    whole = sum(_WHOLE.fullmatch(cell) is not None for cell in held)
    thousands = all(_THOUSANDS.fullmatch(cell) for cell in commas)
    return len(commas) > 0 and len(commas) + whole == len(held) and not thousands


def with_point(cell: str | None) -> str | None:
    """A number with a decimal comma as one with a point; any other cell as it is.

    >>> with_point("0,5"), with_point("a,b")
    ('0.5', 'a,b')
    """
    if cell is not None and _COMMA_NUMBER.fullmatch(cell):
        return cell.replace(",", ".")
    return cell


def with_point_only(cell: str | None) -> str | None:
    """The same where decimals have commas: there a point separates thousands, or nothing does.

    >>> with_point_only("0,5"), with_point_only("1.234")
    ('0.5', '1.234 (a point, where decimals have commas)')
    """
    if cell is not None and "." in cell and as_number(cell) is not None:
        return f"{cell} (a point, where decimals have commas)"
    return with_point(cell)


def is_weka(names: Sequence[str]) -> bool:
    """Whether these are the columns of WEKA, and perhaps more (attributes can be printed too)."""
    return tuple(names[:4]) == WEKA[:4] and names[4:5] in [("prediction",), (DISTRIBUTION,)]


def of_libsvm(names: Sequence[str], delimiter: bytes) -> list[str]:
    """The header of LIBSVM's probabilities, `labels 1 -1`: each row begins with the predicted one.

    >>> of_libsvm(["labels", "1", "-1"], b" ")
    ['prediction', '1', '-1']
    """
    return ["prediction", *names[1:]] if names[0] == "labels" and delimiter == b" " else list(names)


def of_distribution(names: Sequence[str], cells: int) -> list[str]:
    """The header of WEKA's distributions, whose last name stands for as many cells as classes."""
    if tuple(names) != (*WEKA[:4], "distribution") or cells < 6:
        return list(names)
    return [*names[:4], *(f"distribution[{place + 1}]" for place in range(cells - 4))]
