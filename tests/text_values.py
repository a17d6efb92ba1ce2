"""What text metrics say of segments, each alone and all together, and what their references say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.metrics import find, metrics
from mleval.metrics.diversity import ngram_set
from mleval.metrics.text_rows import TextRows
from mleval.references import reference
from mleval.references.observed_text import ObservedText
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Means

TOLERANCE = 1e-9
ONE_ROW = {"weight": 1.0}
Options = dict[str, Any]

# What options can be set to that are no choices, beside their default and the example.
FURTHER: dict[str, tuple[Options, ...]] = {
    "bleu": (
        {"smooth": "floor", "floor": 0.4},
        {"smooth": "add-k", "k": 2.5},
        {"effective_order": True, "smooth": "add-k"},
        {"order": 2, "smooth": "none"},
        {"order": 6},
        {"tokenize": "intl", "lowercase": True},
    ),
    "bleu_precision": ({"n": 1}, {"n": 3}, {"n": 4}),
    "sentence_bleu": (
        {"smooth": "floor", "floor": 0.4},
        {"smooth": "none", "order": 3},
        {"smooth": "method5", "order": 2, "tokenize": "none"},
        {"smooth": "method4", "order": 3, "lowercase": True},
    ),
    "chrf": (
        {"word_order": 1, "lowercase": True},
        {"beta": 1},
        {"beta": 3, "char_order": 4},
        {"char_order": 8},
        {"eps_smoothing": True, "word_order": 2},
        {"whitespace": True, "word_order": 2, "lowercase": True, "beta": 0.5},
    ),
    "rouge": ({"n": 1}, {"n": 4}, {"n": 9, "tokenize": "unicode", "stemmer": "porter"}),
    "rougeL": ({"tokenize": "unicode", "stemmer": "porter"},),
    "rougeS": ({"max_skip": 0}, {"max_skip": -1}),
    "rougeSU": ({"max_skip": 1}, {"max_skip": -1, "tokenize": "unicode"}),
    **dict.fromkeys(
        ("wer", "cer", "mer", "wil"),
        tuple({"normalize": steps} for steps in ("lower", "punct", "space", "lower+punct+space")),
    ),
    "ter": (
        {"normalized": True, "asian_support": True},
        {"normalized": True, "asian_support": True, "no_punct": True, "case_sensitive": True},
    ),
    "token_f1": ({"both_empty": 0},),
    "distinct": ({"n": 1}, {"n": 3}),
}


def every_spec() -> list[str]:
    """Each text metric bare or as its example, under every choice, and each of its parts."""
    return [
        str(Spec(metric.name, tuple(options.items()), part=part))
        for metric in metrics("text")
        for options in _option_sets(metric)
        for part in (None, *metric.parts)
    ]


def _option_sets(metric: Metric) -> list[Options]:
    example = dict(Spec.parse(metric.example).options) if metric.example else {}
    needed = {o.name: example[o.name] for o in metric.options if o.required}
    sets = [needed, example]
    for option in metric.options:
        choices = get_args(option.kind) or ((True, False) if option.kind is bool else ())
        sets += [needed | {option.name: choice} for choice in choices]
    sets += [needed | more for more in FURTHER.get(metric.name, ())]
    return [dict(items) for items in dict.fromkeys(tuple(sorted(s.items())) for s in sets)]


def asked(spec: str) -> tuple[Metric, Options]:
    """The metric of a Spec, and all that it is given."""
    parsed = Spec.parse(spec)
    metric = find(parsed.name, "text")
    options = metric.options_of(parsed)
    if parsed.part:
        assert parsed.part in metric.parts
        options["part"] = parsed.part
    return metric, options


def columns_of(metric: Metric, options: Options, rows: TextRows) -> dict[str, Floats]:
    """The components that the metric names, a number a segment each."""
    assert metric.components
    columns: dict[str, Floats] = {
        part.name: np.asarray(part.of(rows)) for part in metric.components(**options)
    }
    for column in columns.values():
        assert column.dtype == float
        assert column.shape == (len(rows.hypotheses),)
    return columns


def state_of(metric: Metric, options: Options, rows: TextRows, weight: Floats | None = None) -> Any:
    """What the metric is read off."""
    if metric.state is Means:
        return Means.of(columns_of(metric, options, rows), weight)
    return ngram_set(rows, weight, **options)


def of_the_whole(spec: str, rows: TextRows) -> float:
    """The metric of all segments together; nan where it has no value."""
    metric, options = asked(spec)
    state = state_of(metric, options, rows)
    return _read(metric, options, state.readings() if isinstance(state, Means) else state)


def of_each(spec: str, rows: TextRows) -> list[float]:
    """The metric of every segment as if it were all there is, off the components of all."""
    metric, options = asked(spec)
    columns = columns_of(metric, options, rows)
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


def _read(metric: Metric, options: Options, told: Any) -> float:
    try:
        return float(metric.function(told, **options))
    except Undefined:
        return math.nan
