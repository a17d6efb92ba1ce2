"""What text metrics say of segments, each alone and all together, and what their references say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from mleval.errors import Undefined
from mleval.metrics import find
from mleval.metrics.text_rows import TextRows
from mleval.references import reference
from mleval.references.observed_text import ObservedText
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Means

TOLERANCE = 1e-9
ONE_ROW = {"weight": 1.0}


def asked(spec: str) -> tuple[Metric, dict[str, Any]]:
    """The metric of a Spec, and all that it is given."""
    parsed = Spec.parse(spec)
    metric = find(parsed.name, "text")
    options = metric.options_of(parsed)
    if parsed.part:
        assert parsed.part in metric.parts
        options["part"] = parsed.part
    return metric, options


def of_the_whole(spec: str, rows: TextRows) -> float:
    """The metric of all segments together; nan where it has no value."""
    metric, options = asked(spec)
    assert metric.components
    means = Means.of({one.name: one.of(rows) for one in metric.components(**options)})
    return _read(metric, options, means.readings())


def of_each(spec: str, rows: TextRows) -> list[float]:
    """The metric of every segment as if it were all there is, off the components of all."""
    metric, options = asked(spec)
    assert metric.components
    columns = {one.name: one.of(rows) for one in metric.components(**options)}
    for column in columns.values():
        assert column.dtype == float
        assert column.shape == (len(rows.hypotheses),)
    return [
        _read(metric, options, {n: float(column[i]) for n, column in columns.items()} | ONE_ROW)
        for i in range(len(rows.hypotheses))
    ]


def by_reference(spec: str, seen: ObservedText) -> float:
    """What the reference says of the same."""
    parsed = Spec.parse(spec)
    row = reference("text", find(parsed.name, "text").name)
    assert row is not None
    part = {"part": parsed.part} if parsed.part else {}
    return row.function(seen, **dict(parsed.options), **part)


def by_reference_of_each(spec: str, seen: ObservedText) -> Iterator[float]:
    """What the reference says of every segment by itself."""
    for hypothesis, references in seen.segments():
        yield by_reference(spec, ObservedText([hypothesis], [[text] for text in references]))


def difference(one: float, other: float) -> float:
    """How far apart; 0 where neither has a value, infinite where one has."""
    if math.isnan(one) or math.isnan(other):
        return 0.0 if math.isnan(one) and math.isnan(other) else math.inf
    return abs(one - other)


def _read(metric: Metric, options: dict[str, Any], means: dict[str, Any]) -> float:
    try:
        return float(metric.function(means, **options))
    except Undefined:
        return math.nan
