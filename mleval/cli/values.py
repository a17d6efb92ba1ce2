"""Values that hold more than one thing: comma lists, `a=1,b=0`, Specs."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.expression import Derived, Gate
    from mleval.spec import Spec

Parsed = TypeVar("Parsed")


def comma_list(text: str, flag: str) -> tuple[str, ...]:
    """The items of a comma list; an item that holds a comma goes in double quotes.

    >>> comma_list('cat, dog,"a,b"', "--classes")
    ('cat', 'dog', 'a,b')
    """
    items = next(csv.reader([text], skipinitialspace=True), [])
    if not items or not all(items):
        raise UsageError(f"{flag}: expected names between commas, found '{text}'")
    repeated = {item for item in items if items.count(item) > 1}
    if repeated:
        raise UsageError(f"{flag}: {', '.join(sorted(repeated))} is named twice")
    return tuple(items)


def mapping(texts: list[str], flag: str) -> dict[str, str]:
    """What each label becomes, of texts such as `a=1,b=0`.

    >>> mapping(["spam=1,ham=0", "eggs=0"], "--map")
    {'spam': '1', 'ham': '0', 'eggs': '0'}
    """
    found: dict[str, str] = {}
    for text in texts:
        for pair in comma_list(text, flag):
            label, equals, target = pair.partition("=")
            if not (label and equals and target):
                raise UsageError(
                    f"{flag}: expected LABEL=LABEL, found '{pair}'", hint="such as spam=1,ham=0"
                )
            if found.setdefault(label, target) != target:
                raise UsageError(f"{flag}: '{label}' is mapped to '{found[label]}' and '{target}'")
    return found


def named_values(texts: list[str], flag: str, example: str) -> dict[str, str]:
    """What each name is given, of texts such as `name=value`; the name may hold signs of its own.

    >>> named_values(["lift=max"], "--goal", "lift=max")
    {'lift': 'max'}
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not (name and equals and value):
            raise UsageError(
                f"{flag}: expected NAME=VALUE, found '{text}'", hint=f"such as {example}"
            )
        if found.setdefault(name, value) != value:
            raise UsageError(f"{flag}: '{name}' is given '{found[name]}' and '{value}'")
    return found


def specs(texts: list[str]) -> tuple[Spec | Derived, ...]:
    """The metrics of the texts; all that is wrong with any is told together."""
    from mleval.expression import parse_metric

    return _parsed(texts, parse_metric, "--metric", "metrics")


def gates(texts: list[str]) -> tuple[Gate, ...]:
    """The gates of the texts; all that is wrong with any is told together."""
    from mleval.expression import Gate

    return _parsed(texts, Gate.parse, "--gate", "gates")


def _parsed(
    texts: list[str], parse: Callable[[str], Parsed], flag: str, several: str
) -> tuple[Parsed, ...]:
    found, problems, hints = [], [], []
    for text in texts:
        try:
            found.append(parse(text))
        except UsageError as error:
            first, *more = error.args
            problems += [f"{flag}: {first}", *more]
            repeated = f"several {several} are given by repeating {flag}" if "," in text else None
            hints.append(error.hint or repeated)
    if problems:
        raise UsageError(*problems, hint=next(filter(None, hints), None))
    return tuple(found)
