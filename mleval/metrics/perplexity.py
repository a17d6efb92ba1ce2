"""How well a language model predicts texts: each a function of means over its sequences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.errors import Undefined, UsageError
from mleval.registry import Component, Proportion, metric
from mleval.sequences import Sequences
from mleval.states import Means

EXPONENTIAL = "delta method, on the logarithm"
"""The interval of e to the power of something: that of the power, mapped."""

_LINE: dict[str, Any] = {"tasks": ("perplexity",), "state": Means}
_INF = math.inf
_TOKENIZERS = (
    "a token is what the model's tokenizer makes of the text: figures of models with different "
    "tokenizers do not compare; bits_per_byte does"
)
_INFINITE = "a token has the log-probability −inf"

# What is not known of a sequence, or not finite, counts 0 in its sum, and 1 in a sum of its own.
UNITS: Mapping[str, str] = {
    "tokens": "the number of tokens is",
    "bytes": "the bytes of the text are",
    "chars": "the characters of the text are",
    "words": "the words of the text are",
}
_GIVE = {"tokens": "write it beside the sum"}
_TEXT = "give the text: --text COLUMN or FILE"


def _finite(column: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    return np.where(np.isfinite(column), column, 0.0)


def _known(unit: str) -> tuple[Component, Component]:
    """The sum of a unit, and the share of the sequences of which it is not known."""
    return (
        Component(unit, lambda rows: _finite(getattr(rows, unit))),
        Component(f"no {unit}", lambda rows: np.isnan(getattr(rows, unit)).astype(np.float64)),
    )


NLL = Component("nll", lambda rows: _finite(rows.nll))
INFINITE = Component("infinite", lambda rows: np.isinf(rows.nll).astype(np.float64))
SKIPPED = Component("skipped", lambda rows: rows.skipped)
TRUNCATED = Component("truncated", lambda rows: rows.truncated.astype(np.float64))
_SUM = (NLL, INFINITE)
TOKENS = _known("tokens")
BYTES, CHARS, WORDS = _known("bytes"), _known("chars"), _known("words")
_OOV = _known("oov")
_OF_EACH = Component("nll of each", lambda rows: _finite(mean_nll(rows)))
_PERPLEXITY = Component("perplexity of each", lambda rows: _finite(_power(mean_nll(rows))))
_BEYOND = Component("beyond", lambda rows: np.isinf(_power(mean_nll(rows))).astype(np.float64))


def mean_nll(rows: Sequences) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(n,) nats a token of each sequence."""
    found: np.ndarray[Any, np.dtype[np.float64]] = rows.nll / rows.tokens
    return found


def _power(nats: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    with np.errstate(over="ignore"):
        return np.exp(nats)


def _require(means: Mapping[str, Any], unit: str) -> None:
    """Raise Undefined where a unit is not known of all sequences."""
    if means[f"no {unit}"] > 0:
        lacking = round(means[f"no {unit}"] * means["weight"])
        some = "" if lacking >= means["weight"] else f" in {lacking:,} sequences"
        raise Undefined(f"{UNITS[unit]} not known{some}; {_GIVE.get(unit, _TEXT)}")


def _per(means: Mapping[str, Any], unit: str) -> Any:
    """Nats per unit."""
    _require(means, unit)
    if means[unit] == 0:
        raise Undefined("the texts are empty")
    return _INF if means["infinite"] > 0 else means["nll"] / means[unit]


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
    beware=f"{_TOKENIZERS}. It is over all tokens: sequence_perplexity and mean_perplexity are "
    "other numbers",
    aliases=("ppl", "token_perplexity"),
    undefined=_INFINITE,
    interval=EXPONENTIAL,
    components=lambda: (*_SUM, *TOKENS),
)
def perplexity(means: Mapping[str, Any]) -> Any:
    """e to the power of the mean negative log-probability of all scored tokens.

    >>> float(perplexity({"nll": 6.0, "infinite": 0.0, "tokens": 3.0, "no tokens": 0.0}))
    7.38905609893065
    """
    return np.exp(_per(means, "tokens"))


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
    beware=_TOKENIZERS,
    aliases=("nll", "nats_per_token", "loss"),
    undefined=_INFINITE,
    components=lambda: (*_SUM, *TOKENS),
)
def cross_entropy(means: Mapping[str, Any]) -> Any:
    """Mean negative natural logarithm of the probability of a token.

    >>> cross_entropy({"nll": 6.0, "infinite": 0.0, "tokens": 3.0, "no tokens": 0.0})
    2.0
    """
    return _per(means, "tokens")


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
    beware=_TOKENIZERS,
    aliases=("bpt",),
    undefined=_INFINITE,
    components=lambda: (*_SUM, *TOKENS),
)
def bits_per_token(means: Mapping[str, Any]) -> Any:
    """Mean negative binary logarithm of the probability of a token."""
    return _per(means, "tokens") / math.log(2)


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
    undefined=_INFINITE,
    components=lambda: (*_SUM, *BYTES),
)
def bits_per_byte(means: Mapping[str, Any]) -> Any:
    """Bits that the text takes, coded by the model, for every byte of it.

    >>> means = {"nll": 8 * math.log(2), "infinite": 0.0, "bytes": 4.0, "no bytes": 0.0}
    >>> bits_per_byte(means)
    2.0
    """
    return _per(means, "bytes") / math.log(2)


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
    undefined=_INFINITE,
    components=lambda: (*_SUM, *CHARS),
)
def bits_per_char(means: Mapping[str, Any]) -> Any:
    """Bits that the text takes, coded by the model, for every Unicode character of it."""
    return _per(means, "chars") / math.log(2)


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
    undefined=_INFINITE,
    interval=EXPONENTIAL,
    components=lambda: (*_SUM, *WORDS),
)
def word_perplexity(means: Mapping[str, Any]) -> Any:
    """e to the power of the negative log-probability for every word of the text."""
    return np.exp(_per(means, "words"))


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
    beware=f"short texts count as much as long ones; {_TOKENIZERS}",
    undefined=_INFINITE,
    interval=EXPONENTIAL,
    components=lambda: (_OF_EACH, INFINITE, TOKENS[1]),
)
def sequence_perplexity(means: Mapping[str, Any]) -> Any:
    """Geometric mean of the perplexities of the sequences."""
    _require(means, "tokens")
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
    f"sequence_perplexity are lower; {_TOKENIZERS}",
    undefined="a sequence's perplexity is beyond what a float can hold",
    components=lambda: (_PERPLEXITY, _BEYOND, TOKENS[1]),
)
def mean_perplexity(means: Mapping[str, Any]) -> Any:
    """Arithmetic mean of the perplexities of the sequences."""
    _require(means, "tokens")
    return _INF if means["beyond"] > 0 else means["perplexity of each"]


def _of_top(k: int) -> tuple[Component, ...]:
    if k < 1:
        raise UsageError(f"token_top_k: k must be at least 1, not {k}")
    return (
        Component(f"within {k}", lambda rows: rows.within(k)),
        Component(f"undetermined {k}", lambda rows: rows.undetermined(k)),
        *TOKENS,
    )


def _top(means: Mapping[str, Any], k: int) -> Any:
    _require(means, "tokens")
    if means[f"undetermined {k}"] > 0:
        count = round(means[f"undetermined {k}"] * means["weight"])
        raise Undefined(f"the rank of {count:,} tokens is not known up to {k}")
    return means[f"within {k}"] / means["tokens"]


_SHARE: dict[str, Any] = {
    "goal": "max",
    "range": (0, 1),
    "proportion": Proportion(trials=lambda means: means["weight"]),
}


@metric(
    "token_accuracy",
    **_LINE,
    **_SHARE,
    default=True,
    title="Token accuracy",
    formula="tokens that the model holds to be the likeliest / tokens",
    source="definition",
    use="how much of the text a model would write itself, one token at a time",
    beware=f"needs the alternatives of each token; {_TOKENIZERS}",
    components=lambda: _of_top(1),
)
def token_accuracy(means: Mapping[str, Any]) -> Any:
    """Share of the scored tokens that were the likeliest in their place."""
    return _top(means, 1)


@metric(
    "token_top_k",
    **_LINE,
    **_SHARE,
    title="Token top-k accuracy",
    formula="tokens among the k likeliest / tokens",
    source="definition",
    use="as token_accuracy, where the second or third guess is as good",
    beware=f"needs at least k alternatives of each token; {_TOKENIZERS}",
    example="token_top_k(k=5)",
    components=lambda k: _of_top(k),
)
def token_top_k(means: Mapping[str, Any], *, k: int = 5) -> Any:
    """Share of the scored tokens that were among the k likeliest in their place."""
    return _top(means, k)


@metric(
    "oov_rate",
    **_LINE,
    default=True,
    title="Out-of-vocabulary rate",
    goal="min",
    range=(0, 1),
    proportion=Proportion(trials=lambda means: means["weight"]),
    formula="tokens out of the vocabulary / tokens",
    source="definition",
    use="how much of the text a model of words has never seen: its perplexity is that of the rest",
    beware="perplexities of models with different vocabularies do not compare",
    components=lambda: (*_OOV, *TOKENS),
)
def oov_rate(means: Mapping[str, Any]) -> Any:
    """Share of the scored tokens that are out of the vocabulary, ends of sentences among them."""
    _require(means, "tokens")
    return means["oov"] / means["tokens"]
