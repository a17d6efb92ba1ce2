"""JSON: the whole report, in full precision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mleval.rendering import escape
from mleval.rendering.look import Look
from mleval.report import Report
from mleval.report_set import ReportSet

if TYPE_CHECKING:
    from mleval.diagnosis.result import Diagnosis
    from mleval.training.history import History

_STEP = "  "
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def render(
    report: Report | ReportSet | History | Diagnosis,
    look: Look,  # noqa: ARG001  (JSON has but one look)
) -> str:
    """The report as a JSON object, indented; a curve's column or a cell is one line."""
    return escape.json("".join(_pieces(report.to_dict(), "\n"))) + "\n"


def _pieces(value: Any, end: str) -> Iterator[str]:
    """JSON whose lines end in `end`, which holds the indentation of the next."""
    if not value or not isinstance(value, dict | list) or _is_line(value):
        yield _ENCODER.encode(value)
        return
    keys = (
        [f"{_ENCODER.encode(key)}: " for key in value]
        if isinstance(value, dict)
        else [""] * len(value)
    )
    items = value.values() if isinstance(value, dict) else value
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield opening
    for place, (key, item) in enumerate(zip(keys, items, strict=True)):
        yield ("," if place else "") + end + _STEP + key
        if isinstance(item, dict | list):
            yield from _pieces(item, end + _STEP)
        else:  # most are: a generator each would take longer than all the rest
            yield _ENCODER.encode(item)
    yield end + closing


def _is_line(value: Any) -> bool:
    """Whether it is a list of numbers, which may have a label or null among them."""
    return (
        isinstance(value, list)
        and not any(isinstance(item, dict | list) for item in value)
        and not all(isinstance(item, str) for item in value)
    )
