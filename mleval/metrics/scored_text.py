"""The sequences of a language model as its metrics see them: the numbers that several share.

What is not known of a sequence, or not finite, counts 0 in its sum, and 1 in a sum of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import Undefined
from mleval.registry import Component
from mleval.sequences import Sequences

INFINITE_REASON = "a token has the log-probability −inf"
TOKENIZERS = (
    "a token is what the model's tokenizer makes of the text: figures of models with different "
    "tokenizers do not compare; bits_per_byte does"
)
_UNITS: Mapping[str, str] = {
    "tokens": "the number of tokens is not known{some}; write it beside the sum",
    "bytes": "the bytes of the text are not known{some}; give the text: --text COLUMN or FILE",
    "chars": "the characters of the text are not known{some}; give the text: --text COLUMN or FILE",
    "words": "the words of the text are not known{some}; give the text: --text COLUMN or FILE",
}


def finite(column: Floats) -> Floats:
    """(n,) the numbers, 0 in place of those that are not finite."""
    return np.where(np.isfinite(column), column, 0.0)


def mean_nll(rows: Sequences) -> Floats:
    """(n,) nats a token of each sequence; nan where its tokens are not counted."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = rows.nll / rows.tokens
    return found


def known(unit: str) -> tuple[Component, Component]:
    """The sum of a unit, and the share of the sequences of which it is not known."""
    return (
        Component(unit, lambda rows: finite(getattr(rows, unit))),
        Component(f"no {unit}", lambda rows: np.isnan(getattr(rows, unit)).astype(np.float64)),
    )


NLL = Component("nll", lambda rows: finite(rows.nll))
INFINITE = Component("infinite", lambda rows: np.isinf(rows.nll).astype(np.float64))
SKIPPED = Component("skipped", lambda rows: rows.skipped)
TRUNCATED = Component("truncated", lambda rows: rows.truncated.astype(np.float64))
TOKENS, BYTES = known("tokens"), known("bytes")
CHARS, WORDS = known("chars"), known("words")


def require(means: Mapping[str, Any], unit: str) -> None:
    """Raise Undefined where a unit is not known of all sequences."""
    if means[f"no {unit}"] > 0:
        lacking = round(means[f"no {unit}"] * means["weight"])
        some = "" if lacking >= means["weight"] else f" in {lacking:,} of the sequences"
        raise Undefined(_UNITS[unit].format(some=some))


def nats_per(means: Mapping[str, Any], unit: str) -> Any:
    """−Σ ln p for every one of a unit; infinite where a token was held to be impossible."""
    require(means, unit)
    if means[unit] == 0:
        raise Undefined("the texts are empty")
    return math.inf if means["infinite"] > 0 else means["nll"] / means[unit]
