"""How often a language model would have written the tokens itself, and knew their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mleval.errors import Undefined, UsageError
from mleval.metrics.scored_text import TOKENIZERS, TOKENS, known, require
from mleval.registry import Component, Proportion, metric
from mleval.states import Means

_LINE: dict[str, Any] = {"tasks": ("perplexity",), "state": Means}
_OOV = known("oov")


def _of_top(k: int) -> tuple[Component, ...]:
    if k < 1:
        raise UsageError(f"token_top_k: k must be at least 1, not {k}")
    return (
        Component(f"within {k}", lambda rows: rows.within(k)),
        Component(f"undetermined {k}", lambda rows: rows.undetermined(k)),
        *TOKENS,
    )


def _top(means: Mapping[str, Any], k: int) -> Any:
    require(means, "tokens")
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
    beware=f"needs the alternatives of each token; {TOKENIZERS}",
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
    beware=f"needs at least k alternatives of each token; {TOKENIZERS}",
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
    require(means, "tokens")
    return means["oov"] / means["tokens"]
