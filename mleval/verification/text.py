"""What an evaluation of texts observed, as references take it."""

from __future__ import annotations

from typing import Any

from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated
from mleval.options import TextOptions
from mleval.references.observed_text import ObservedText
from mleval.verification import TOLERANCE

_ABSOLUTE = 1e-9  # on 0-1: the libraries add up in other orders, some in percent


def observe(evaluated: Evaluated, options: TextOptions) -> ObservedText:
    """Every segment."""
    del options
    segments = evaluated.evidence.segments
    references: list[Any] = [
        lines.texts
        if lines.missing is None
        else [None if gone else text for text, gone in zip(lines, lines.missing, strict=True)]
        for lines in segments.references
    ]
    return ObservedText(segments.hypotheses.texts, references)


def value(function: Any, request: Request, observed: ObservedText, options: TextOptions) -> float:
    """What a reference makes of the segments."""
    del options
    return float(function(observed, **request.options))


def scale(request: Request, observed: ObservedText) -> float:
    """That by which the tolerance of all is the absolute one of texts."""
    del request, observed
    return _ABSOLUTE / TOLERANCE
