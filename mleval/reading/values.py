"""What a nested cell holds: lists and objects, also as the text that tools print of them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mleval.errors import InputError
from mleval.reading.columns_of_arrow import as_number
from mleval.visible import quoted, shown

Numbers = list[float] | dict[str, float]

CLASS_LISTS = frozenset(
    {"classes", "labels", "class_names", "classnames", "class_labels", "displaynames",
     "display_names", "names", "categories", "candidate_labels", "label_names"}
)  # fmt: skip
"""Keys of a list of class names, which stands beside the list of their numbers."""
NUMBER_LISTS = ("probabilities", "probs", "scores", "confidences", "probability", "score", "proba")
_CLASS_KEYS = ("label", "class", "class_name", "classname", "name", "displayname", "category",
               "key", "value")  # fmt: skip
_NUMBER_KEYS = ("prob", "probability", "score", "confidence", "proba", "value")
_WRAPPED = re.compile(
    r"(?:np\.|numpy\.|torch\.|tf\.)?(?:array|tensor|DenseVector|list|float\d*|int\d*|str_|bool_?)"
    r"\((.*)\)",
    re.DOTALL,
)
_SETTINGS = re.compile(r",\s*(?:dtype|device|grad_fn|requires_grad|shape)\s*=.*$", re.DOTALL)
_SCALAR = re.compile(r"(?:np\.|numpy\.)?(?:float|int|str_|bool)\d*_?\(([^()]*)\)")
_SPARSE = re.compile(r"\((\d{1,5}),\s*\[([^\]]*)\],\s*\[([^\]]*)\]\)")
_LONGEST_LITERAL = 100_000


def is_elided(text: str) -> bool:
    """Whether the text is an array that was printed with `...` for most of it.

    >>> is_elided("[0.1 0.2 ... 0.3]"), is_elided("well...")
    (True, False)
    """
    text = unwrapped(text)
    return text[:1] == "[" and text[-1:] == "]" and "..." in text


def elided(place: str, text: str) -> InputError:
    """The refusal of such a cell."""
    return InputError(
        f"{place}: an array with numbers left out: {quoted(text)}",
        hint="print arrays whole (numpy.set_printoptions(threshold=sys.maxsize)), or write one "
        "column a class",
    )


def not_one_label(place: str, name: str, value: Any) -> InputError:
    """The refusal of a cell that holds several labels, or an object."""
    hint = "write one plain value a row, or name another column"
    if isinstance(value, list | tuple):
        hint = f"if rows have several labels: --task multilabel; else {hint}"
    found = json.dumps(value, default=str, ensure_ascii=False)
    return InputError(
        f"{place}: {quoted(name)} holds {shown(found)}, expected one label", hint=hint
    )


def half_character(place: str, name: str) -> InputError:
    """The refusal of text with half of a surrogate pair, such as a tool that cuts text leaves."""
    return InputError(
        f"{place}: {quoted(name)} holds half a character (a lone surrogate, such as \\ud83d)",
        hint="the text was cut inside a character: mend what wrote it, or name another column",
    )


def unwrapped(text: str) -> str:
    """The text without the name of the type around it.

    >>> unwrapped("tensor(5001)"), unwrapped("array([0.1, 0.9], dtype=float32)")
    ('5001', '[0.1, 0.9]')
    """
    inner = text.strip()
    while match := _WRAPPED.fullmatch(inner):
        inner = _SETTINGS.sub("", match.group(1)).strip()
    return inner.strip("'\"") if inner != text.strip() else inner


def value_of(cell: Any) -> Any:
    """The list, object or scalar that a cell holds; text of a list or an object is parsed.

    >>> value_of("[98 117]"), value_of('{"label": "cat"}'), value_of("cat")
    ([98.0, 117.0], {'label': 'cat'}, 'cat')
    """
    if not isinstance(cell, str):
        return cell
    text = unwrapped(cell)
    if text[:1] == "(" and (sparse := _SPARSE.fullmatch(text)):
        return _dense(int(sparse[1]), _floats(sparse[2]) or [], _floats(sparse[3]) or [])
    if text[:1] + text[-1:] not in ("[]", "{}"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    numbers = _floats(text[1:-1].replace("[", " ").replace("]", " "))
    if numbers is not None:
        return numbers
    try:
        return ast.literal_eval(_SCALAR.sub(r"\1", text)) if len(text) < _LONGEST_LITERAL else cell
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return cell


def _floats(text: str) -> list[float] | None:
    try:
        return [float(piece) for piece in text.replace(",", " ").split()]
    except ValueError:
        return None


def _dense(size: int, indices: Sequence[float], values: Sequence[float]) -> list[float]:
    dense = [0.0] * size
    for place, value in zip(indices, values, strict=False):
        if 0 <= int(place) < size:
            dense[int(place)] = value
    return dense


def numbers_in(value: Any) -> Numbers | None:
    """Numbers by position or by class, in whichever way the value holds them; None for others.

    >>> numbers_in([{"label": "a", "prob": 0.1}, {"label": "b", "prob": 0.9}])
    {'a': 0.1, 'b': 0.9}
    >>> numbers_in({"classes": ["a", "b"], "scores": [0.1, 0.9]})
    {'a': 0.1, 'b': 0.9}
    """
    value = value_of(value)
    if isinstance(value, Mapping):
        return _of_object(value)
    if not isinstance(value, list | tuple):
        return None
    if len(value) == 1 and isinstance(value[0], list | tuple):
        value = value[0]
    numbers = [_number(item) for item in value]
    if all(number is not None for number in numbers):
        return [number for number in numbers if number is not None]
    return _of_pairs(value)


def _of_object(value: Mapping[str, Any]) -> Numbers | None:
    values, keys = value.get("values"), set(value)
    if isinstance(values, list) and keys >= {"size", "indices"}:  # Spark's vectors
        if value["size"] is None or value["indices"] is None:
            return numbers_in(values)
        return _dense(value["size"], value["indices"], values)
    if isinstance(values, list) and keys <= {"type", "vectorType", "length", "values"}:
        return numbers_in(values)
    lists = class_and_numbers(value)
    if lists:
        names, numbers = value[lists[0]], numbers_in(value[lists[1]])
        if isinstance(numbers, list) and len(names) == len(numbers):
            return dict(zip(map(str, names), numbers, strict=True))
        return None
    found = {str(key): _number(item) for key, item in value.items() if item is not None}
    if len(found) < 2 or any(number is None for number in found.values()):
        return None
    return {key: number for key, number in found.items() if number is not None}


def class_and_numbers(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """The keys of a list of classes and the list of their numbers, when an object holds both."""
    lists = {key.lower(): key for key, item in value.items() if isinstance(item, list)}
    classes = next((key for shape, key in lists.items() if shape in CLASS_LISTS), None)
    numbers = next((lists[name] for name in NUMBER_LISTS if name in lists), None)
    return (classes, numbers) if classes is not None and numbers is not None else None


def _of_pairs(items: Sequence[Any]) -> dict[str, float] | None:
    """`[{label, prob}, …]`, and what pyarrow makes of a map: `[(label, prob), …]`."""
    found: dict[str, float] = {}
    for item in items:
        if isinstance(item, Mapping):
            shapes = {str(key).lower(): inner for key, inner in item.items()}
            name = next((shapes[key] for key in _CLASS_KEYS if key in shapes), None)
            number = _number(next((shapes[key] for key in _NUMBER_KEYS if key in shapes), None))
        elif isinstance(item, tuple) and len(item) == 2:
            name, number = item[0], _number(item[1])
        else:
            return None
        if name is None or number is None or isinstance(name, list | dict):
            return None
        found[str(name)] = number
    return found or None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    return as_number(value) if isinstance(value, str) else None
