"""The metrics of language models, transcribed from their definitions: plain, slow, obvious."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ObservedSequence:
    """A text that a model scored.

    logprobs: ln p of its scored tokens, or their one sum; tokens: how many those are; ranks: of
    the tokens among their alternatives, 0 for one that is beyond them; alternatives: how many
    there are. What is not known is nan, or None.
    """

    logprobs: Sequence[float]
    tokens: float
    bytes: float = math.nan
    chars: float = math.nan
    words: float = math.nan
    oov: float = math.nan
    ranks: Sequence[int] | None = None
    alternatives: Sequence[int] | None = None

    @property
    def nll(self) -> float:
        """Its negative log-probability."""
        return -math.fsum(self.logprobs)


Observed = Sequence[ObservedSequence]


def cross_entropy(observed: Observed) -> float:
    """Nats a token."""
    return _per(observed, [one.tokens for one in observed])


def perplexity(observed: Observed) -> float:
    """Of all tokens."""
    return _exp(cross_entropy(observed))


def bits_per_token(observed: Observed) -> float:
    """Bits a token."""
    return _per(observed, [one.tokens for one in observed]) / math.log(2)


def bits_per_byte(observed: Observed) -> float:
    """Bits a byte."""
    return _per(observed, [one.bytes for one in observed]) / math.log(2)


def bits_per_char(observed: Observed) -> float:
    """Bits a character."""
    return _per(observed, [one.chars for one in observed]) / math.log(2)


def word_perplexity(observed: Observed) -> float:
    """Of words."""
    return _exp(_per(observed, [one.words for one in observed]))


def sequence_perplexity(observed: Observed) -> float:
    """The geometric mean over the sequences."""
    return _exp(math.fsum(one.nll / one.tokens for one in observed) / len(observed))


def mean_perplexity(observed: Observed) -> float:
    """The arithmetic mean over the sequences."""
    return math.fsum(_exp(one.nll / one.tokens) for one in observed) / len(observed)


def token_accuracy(observed: Observed) -> float:
    """The share of tokens that were the likeliest."""
    return token_top_k(observed, k=1)


def token_top_k(observed: Observed, *, k: int) -> float:
    """The share of tokens among the k likeliest."""
    within = 0
    for one in observed:
        if one.ranks is None or one.alternatives is None:
            return math.nan
        for rank, alternatives in zip(one.ranks, one.alternatives, strict=True):
            if rank == 0 and alternatives < k:
                return math.nan
            within += 1 <= rank <= k
    return within / math.fsum(one.tokens for one in observed)


def oov_rate(observed: Observed) -> float:
    """The share of tokens out of the vocabulary."""
    return math.fsum(one.oov for one in observed) / math.fsum(one.tokens for one in observed)


def _exp(power: float) -> float:
    return math.inf if power >= 709 else math.exp(power)


def _per(observed: Observed, units: Sequence[float]) -> float:
    total = math.fsum(units)
    return math.fsum(one.nll for one in observed) / total if total else math.nan
