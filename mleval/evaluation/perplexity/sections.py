"""The parts of the report of a language model beside its metrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mleval.evaluation.distributions import distribution
from mleval.evaluation.perplexity.evidence import NO_INDEX, PerplexityEvidence
from mleval.options import PerplexityOptions
from mleval.reading.logprobs import LogprobSource
from mleval.report import WorstRow

_BEFORE, _AFTER = 24, 16  # characters of context around a token
_BEGINNING = 60  # characters of a sequence
_ELLIPSIS = "…"


def sections(
    evidence: PerplexityEvidence, source: LogprobSource, options: PerplexityOptions
) -> dict[str, Any]:
    """The distribution over the sequences; the least likely of them, and of the tokens."""
    found: dict[str, Any] = {}
    if options.describes and evidence.perplexities.runs:
        perplexities = distribution(evidence.perplexities, ratios=True)
        found["distributions"] = {"sequence perplexity": perplexities}
    if options.listed:
        rows = (*_sequences(evidence, source), *_tokens(evidence, source))
        found["worst"] = tuple(rows)
    return found


def _sequences(evidence: PerplexityEvidence, source: LogprobSource) -> Iterator[WorstRow]:
    columns = evidence.worst.columns
    for at in range(len(columns["key"])):
        part, row, choice = (int(columns[name][at]) for name in ("part", "row", "choice"))
        shown = source.show(part, row, choice)
        tokens = float(columns["tokens"][at])
        text = shown.text
        if text is None and shown.tokens is not None:
            text = spelled(shown.tokens[shown.at or 0 :])
        yield WorstRow(
            place=source.locate(part, row),
            id=shown.id,
            fields={
                "of": "sequence",
                "nats": -float(columns["key"][at]),
                "tokens": None if tokens != tokens else tokens,
                "text": None if text is None else _cut(text, _BEGINNING),
            },
        )


def _tokens(evidence: PerplexityEvidence, source: LogprobSource) -> Iterator[WorstRow]:
    columns = evidence.tokens.columns
    for at in range(len(columns.get("key", ()))):
        part, row, choice, index = (
            int(columns[name][at]) for name in ("part", "row", "choice", "index")
        )
        shown = source.show(part, row, choice)
        place = index if shown.at is None else shown.at
        has = shown.tokens is not None and place < len(shown.tokens)
        yield WorstRow(
            place=source.locate(part, row),
            id=shown.id,
            fields={
                "of": "token" if index == NO_INDEX else f"token {index + 1:,}",
                "nats": -float(columns["key"][at]),
                "tokens": None,
                "text": in_context(shown.tokens, place) if has else None,
            },
        )


def in_context(tokens: Any, place: int) -> str:
    """A token between brackets, with some of the text on both sides.

    >>> in_context(["The", " cat", " sat"], 1)
    'The[ cat] sat'
    """
    before, after = spelled(tokens[:place]), spelled(tokens[place + 1 :])
    if len(before) > _BEFORE:
        before = _ELLIPSIS + before[-_BEFORE:]
    return f"{before}[{_cut(spelled(tokens[place : place + 1]), _BEGINNING)}]{_cut(after, _AFTER)}"


def spelled(tokens: Any) -> str:
    """The tokens as text; numbers with blanks between."""
    if all(isinstance(token, str) or token is None for token in tokens):
        return "".join(token or "" for token in tokens)
    return " ".join(str(token) for token in tokens)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + _ELLIPSIS
