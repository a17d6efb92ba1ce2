"""Conventions: the options that presets and flags give to every metric that has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from mleval.errors import UsageError
from mleval.evaluation.requests import Request
from mleval.options import TextOptions
from mleval.registry import Metric, Option
from mleval.spec import Spec
from mleval.spelling import Value

_BLEU = ("bleu", "bleu1", "bleu2", "bleu3", "sentence_bleu")
_UNCUT: Mapping[str, Value] = {"tokenize": "none"}
_NONE: Mapping[str, Value] = {"tokenize": "none", "smooth": "none"}
_NLTK: Mapping[str, Value] = {"tokenize": "none", "smooth": "method0"}
_PARTS: Mapping[str, Mapping[str, Value]] = {
    "bleu_precision": _NONE,
    **dict.fromkeys(("brevity_penalty", "length_ratio"), _UNCUT),
}

PRESETS: Mapping[str, Mapping[str, Mapping[str, Value]]] = {
    # Nothing is said where mleval does by itself what the tool does.
    "sacrebleu": {},
    "rouge-score": {},
    "nltk": {**dict.fromkeys(_BLEU, _NLTK), **_PARTS},
    "moses": {**dict.fromkeys(_BLEU, _NONE), **_PARTS},
    "squad": {"token_f1": {"both_empty": 0}},
}
"""Preset → metric → its options, as the tool of that name (Moses: multi-bleu.perl) has them."""


def spelled_out(metric: Metric, spec: Spec, options: TextOptions) -> Spec:
    """The Spec with what was said of all metrics, and before that of the preset.

    What the Spec says itself stays, and what the metric has no such option for is left out.
    """
    preset = PRESETS[options.preset] if options.preset else {}
    said = {**preset.get(metric.name, {}), **options.conventions}
    known = {option.name: option for option in metric.options}
    added = {
        name: value
        for name, value in said.items()
        if name in known and _may_be(known[name], value) and value != known[name].default
    }
    if not added:
        return spec
    both = added | dict(spec.options)
    return replace(spec, options=tuple((name, both[name]) for name in known if name in both))


def _may_be(option: Option, value: Value) -> bool:
    """Whether an option can have that value: tokenisers of one metric are none of another."""
    choices = get_args(option.kind)
    return value in choices if choices else not isinstance(value, str) or option.kind is str


def refuse_idle(requests: Iterable[Request], options: TextOptions) -> None:
    """Raise UsageError for what was said of metrics, and is true of none that is reported."""
    asked = list(requests)
    for name, value in options.conventions.items():
        if not any(request.options.get(name) == value for request in asked):
            flag = f"--{name}" if value is True else f"--{name} {value}"
            raise UsageError(
                f"{flag}: none of the metrics has it",
                hint="leave it out, or see the options: mleval metrics NAME",
            )
