"""What an evaluation of a language model observed, as references take it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated
from mleval.options import PerplexityOptions
from mleval.references.perplexity import ObservedSequence
from mleval.sequences import Sequences

Observed = list[ObservedSequence]


def observe(evaluated: Evaluated, options: PerplexityOptions) -> Observed:
    """Every sequence, with its tokens where the format has them."""
    del options
    return [one for batch in evaluated.batches for one in _sequences(batch)]


def value(function: Any, request: Request, observed: Observed, options: PerplexityOptions) -> float:
    """What a reference makes of the sequences."""
    del options
    return float(function(observed, **request.options))


def scale(request: Request, observed: Observed) -> float:
    """Sums of one sign need none; shares and powers of e are about 1."""
    del observed
    low, high = request.metric.range
    return 0.0 if low == 0 and math.isinf(high) else 1.0


def _sequences(batch: Sequences) -> Iterator[ObservedSequence]:
    for at in range(len(batch)):
        logprobs, ranks, alternatives = _tokens(batch, at)
        yield ObservedSequence(
            logprobs=logprobs,
            tokens=float(batch.tokens[at]),
            bytes=float(batch.bytes[at]),
            chars=float(batch.chars[at]),
            words=float(batch.words[at]),
            oov=float(batch.oov[at]),
            ranks=ranks,
            alternatives=alternatives,
        )


def _tokens(batch: Sequences, at: int) -> tuple[Any, Any, Any]:
    """The log-probabilities and ranks of the scored tokens of a sequence."""
    scores = batch.scores
    if scores is None:
        return [-float(batch.nll[at])], None, None
    some = slice(*scores.offsets[at : at + 2].tolist())
    kept = np.ones(some.stop - some.start, np.bool_)
    if scores.absent is not None:
        kept = ~scores.absent[some]
    values = scores.values[some][kept].tolist()
    if scores.ranks is None:
        return values, None, None
    ranks, listed = scores.ranks.rank[some][kept], scores.ranks.listed[some][kept]
    return values, ranks.tolist(), listed.tolist()
