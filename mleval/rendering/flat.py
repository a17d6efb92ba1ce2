"""Flat: one JSON object of numbers, for what tracks them: DVC, MLflow and friends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mleval.errors import UsageError
from mleval.rendering import gates
from mleval.rendering.look import Look
from mleval.report import Report
from mleval.report_set import ReportSet
from mleval.spec import Spec
from mleval.spelling import spelled

_REFUSED = re.compile(r"[^\w. -]")  # what MLflow takes in a name, but / and :


def render(report: Report | ReportSet, look: Look) -> str:  # noqa: ARG001  (it has but one look)
    """The values, with the ends of their intervals as .low and .high; nothing undefined."""
    numbers: dict[str, float] = {}
    for name, value in _numbers(report):
        numbers[_unused(name, numbers)] = value
    return json.dumps(numbers, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _numbers(report: Report | ReportSet) -> Iterator[tuple[str, float]]:
    for model, one in gates.suites(report).items():
        before = "" if model is None else f"{_plain(model)}/"
        for spec, item in one.metrics.items():
            name = before + name_of(spec)
            ends = {"": item.value, ".low": item.low, ".high": item.high}
            yield from ((name + end, value) for end, value in ends.items() if value is not None)


def name_of(key: str) -> str:
    """A metric's name of letters, digits and . - _ / : alone, which every tracker takes.

    >>> [name_of(spec) for spec in ("f1", "f1[macro]", "recall[class=spam]", "fbeta(beta=2)")]
    ['f1', 'f1/macro', 'recall/class:spam', 'fbeta/beta:2']
    """
    try:
        spec = Spec.parse(key)
    except UsageError:
        return _plain(key)
    named: list[tuple[str, str | None]] = [(name, spelled(value)) for name, value in spec.options]
    named += [("class", spec.of_class), ("target", spec.target)]
    pieces = [f"{name}:{_plain(text)}" for name, text in named if text is not None]
    return "/".join([spec.name, *filter(None, [spec.average, spec.part]), *pieces])


def _plain(text: str) -> str:
    return _REFUSED.sub("_", text)


def _unused(name: str, taken: dict[str, float]) -> str:
    """The name, or with a number where another was spelled alike."""
    count, found = 1, name
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found
