"""How well a language model predicts texts: each a function of means over its sequences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.metrics.scored_text import (
    BYTES,
    CHARS,
    INFINITE,
    INFINITE_REASON,
    NLL,
    TOKENIZERS,
    TOKENS,
    WORDS,
    finite,
    mean_nll,
    nats_per,
    require,
)
from mleval.registry import Component, metric
from mleval.sequences import Sequences
from mleval.states import Means

EXPONENTIAL = "delta method, on the logarithm"
"""The interval of e to the power of something: that of the power, mapped."""

_LINE: dict[str, Any] = {"tasks": ("perplexity",), "state": Means}
_INF = math.inf
_SUM = (NLL, INFINITE)


def _power(rows: Sequences) -> Any:
    """(n,) the perplexity of each sequence, infinite beyond what a float can hold."""
    with np.errstate(over="ignore"):
        return np.exp(mean_nll(rows))


_OF_EACH = Component("nll of each", lambda rows: finite(mean_nll(rows)))
_PERPLEXITY = Component("perplexity of each", lambda rows: finite(_power(rows)))
_BEYOND = Component("beyond", lambda rows: np.isinf(_power(rows)).astype(np.float64))


@metric(
    "perplexity",
    **_LINE,
    default=True,
    title="Perplexity",
    goal="min",
    range=(1, _INF),
    formula="exp(−Σ ln p / Σ tokens)",
    source="Jelinek et al. 1977",
    use="comparing models with one tokenizer, or one model on several texts: among how many "
    "equally likely tokens the model as good as chooses",
    beware=f"{TOKENIZERS}. It is over all tokens: sequence_perplexity and mean_perplexity are "
    "other numbers",
    aliases=("ppl", "token_perplexity"),
    undefined=INFINITE_REASON,
    interval=EXPONENTIAL,
    components=lambda: (*_SUM, *TOKENS),
)
def perplexity(means: Mapping[str, Any]) -> Any:
    """e to the power of the mean negative log-probability of all scored tokens.

    >>> float(perplexity({"nll": 6.0, "infinite": 0.0, "tokens": 3.0, "no tokens": 0.0}))
    7.38905609893065
    """
    return np.exp(nats_per(means, "tokens"))


@metric(
    "cross_entropy",
    **_LINE,
    default=True,
    title="Cross-entropy, in nats a token",
    goal="min",
    range=(0, _INF),
    formula="−Σ ln p / Σ tokens",
    source="Shannon 1948",
    use="what training minimises: differences of it add up",
    beware=TOKENIZERS,
    aliases=("nll", "nats_per_token", "loss"),
    undefined=INFINITE_REASON,
    components=lambda: (*_SUM, *TOKENS),
)
def cross_entropy(means: Mapping[str, Any]) -> Any:
    """Mean negative natural logarithm of the probability of a token.

    >>> cross_entropy({"nll": 6.0, "infinite": 0.0, "tokens": 3.0, "no tokens": 0.0})
    2.0
    """
    return nats_per(means, "tokens")


@metric(
    "bits_per_token",
    **_LINE,
    default=True,
    title="Bits per token",
    goal="min",
    range=(0, _INF),
    formula="−Σ log₂ p / Σ tokens",
    source="Shannon 1948",
    use="cross-entropy for those who think in bits",
    beware=TOKENIZERS,
    aliases=("bpt",),
    undefined=INFINITE_REASON,
    components=lambda: (*_SUM, *TOKENS),
)
def bits_per_token(means: Mapping[str, Any]) -> Any:
    """Mean negative binary logarithm of the probability of a token."""
    return nats_per(means, "tokens") / math.log(2)


@metric(
    "bits_per_byte",
    **_LINE,
    default=True,
    title="Bits per byte",
    goal="min",
    range=(0, _INF),
    formula="−Σ log₂ p / Σ UTF-8 bytes of the text",
    source="Gao et al. 2020",
    use="comparing any models on one text, whatever their tokenizers",
    beware="a first token that is not scored leaves its bytes in the text; a text that was cut "
    "short leaves bytes that nothing was scored for",
    aliases=("bpb",),
    undefined=INFINITE_REASON,
    components=lambda: (*_SUM, *BYTES),
)
def bits_per_byte(means: Mapping[str, Any]) -> Any:
    """Bits that the text takes, coded by the model, for every byte of it.

    >>> means = {"nll": 8 * math.log(2), "infinite": 0.0, "bytes": 4.0, "no bytes": 0.0}
    >>> bits_per_byte(means)
    2.0
    """
    return nats_per(means, "bytes") / math.log(2)


@metric(
    "bits_per_char",
    **_LINE,
    default=True,
    title="Bits per character",
    goal="min",
    range=(0, _INF),
    formula="−Σ log₂ p / Σ characters of the text",
    source="Shannon 1951",
    use="comparing any models on one text, as benchmarks of characters do",
    beware="characters of different scripts hold different amounts of text",
    aliases=("bpc", "bits_per_character"),
    undefined=INFINITE_REASON,
    components=lambda: (*_SUM, *CHARS),
)
def bits_per_char(means: Mapping[str, Any]) -> Any:
    """Bits that the text takes, coded by the model, for every Unicode character of it."""
    return nats_per(means, "chars") / math.log(2)


@metric(
    "word_perplexity",
    **_LINE,
    default=True,
    title="Word perplexity",
    goal="min",
    range=(1, _INF),
    formula="exp(−Σ ln p / Σ words), words between white space",
    source="Merity et al. 2016",
    use="comparing with figures of models of words",
    beware="a word is what white space parts: it means little where words are not written apart",
    undefined=INFINITE_REASON,
    interval=EXPONENTIAL,
    components=lambda: (*_SUM, *WORDS),
)
def word_perplexity(means: Mapping[str, Any]) -> Any:
    """e to the power of the negative log-probability for every word of the text."""
    return np.exp(nats_per(means, "words"))


@metric(
    "sequence_perplexity",
    **_LINE,
    default=True,
    title="Perplexity of a sequence (geometric mean)",
    goal="min",
    range=(1, _INF),
    formula="exp(mean over sequences of −Σ ln p / tokens)",
    source="definition",
    use="every text should count alike, however long it is",
    beware=f"short texts count as much as long ones; {TOKENIZERS}",
    undefined=INFINITE_REASON,
    interval=EXPONENTIAL,
    components=lambda: (_OF_EACH, INFINITE, TOKENS[1]),
)
def sequence_perplexity(means: Mapping[str, Any]) -> Any:
    """Geometric mean of the perplexities of the sequences."""
    require(means, "tokens")
    return _INF if means["infinite"] > 0 else np.exp(means["nll of each"])


@metric(
    "mean_perplexity",
    **_LINE,
    title="Mean perplexity",
    goal="min",
    range=(1, _INF),
    formula="mean over sequences of exp(−Σ ln p / tokens)",
    source="definition",
    use="comparing with tools that report it as perplexity",
    beware="one short text that the model finds unlikely can be most of it; perplexity and "
    f"sequence_perplexity are lower; {TOKENIZERS}",
    undefined="a sequence's perplexity is beyond what a float can hold",
    components=lambda: (_PERPLEXITY, _BEYOND, TOKENS[1]),
)
def mean_perplexity(means: Mapping[str, Any]) -> Any:
    """Arithmetic mean of the perplexities of the sequences."""
    require(means, "tokens")
    return _INF if means["beyond"] > 0 else means["perplexity of each"]
