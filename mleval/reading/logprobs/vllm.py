"""vLLM: `prompt_logprobs`, null for the first token of the prompt, then a map or list a token.

The token of the prompt is the first of its map; the others are likelier ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mleval.reading.logprobs.collecting import Collected, Rank
from mleval.reading.logprobs.records import (
    Record,
    Row,
    Shown,
    body_of,
    id_of,
    responses,
    text_of,
)
from mleval.reading.logprobs.scored import NONE, Scored

TEXT = "the prompts"
_KEY = "prompt_logprobs"


class _Token(NamedTuple):
    """A token of a prompt."""

    value: Any
    text: str | None = None
    rank: Rank = (0, 0)


def recognises(records: Sequence[Record]) -> bool:
    """Whether any of the first records has log-probabilities of its prompt."""
    return any(_prompts(body_of(record)) for record in records)


def score(rows: Sequence[Row], text: str | None = None) -> Scored:
    """The sequences of some records; text: the key of their text, when it is not the usual one."""
    found = Collected(clamped="impossible")
    for row, record, body in responses(rows, found):
        prompts = _prompts(body)
        if not prompts:
            found.fail(row, NONE, f"{_KEY} is null: ask the server for them")
        for place, prompt in enumerate(prompts):
            tokens = _tokens(prompt)
            names = [token.text for token in tokens]
            found.add(
                row,
                [token.value for token in tokens],
                choice=place,
                tokens=names if None not in names[1:] else None,
                text=text_of({**record, **body}, prompt, text or "prompt"),
                ranks=[token.rank for token in tokens],
                key=id_of(record),
            )
    return found.scored()


def show(record: Record, choice: int) -> Shown:
    """What a sequence is made of, for a person."""
    body = body_of(record)
    prompt = _prompts(body)[choice]
    tokens = [token.text or "" for token in _tokens(prompt)]
    return Shown(tokens, text_of({**record, **body}, prompt, "prompt"), id_of(record))


def _prompts(body: Record) -> list[Record]:
    """What has log-probabilities of a prompt: the response, or its choices."""
    if isinstance(body.get(_KEY), list):
        return [body]
    choices = body.get("choices")
    held = [choice for choice in choices if isinstance(choice, Mapping)] if choices else []
    return [choice for choice in held if isinstance(choice.get(_KEY), list)]


def _tokens(prompt: Record) -> list[_Token]:
    entries = prompt[_KEY]
    ids = prompt.get("prompt_token_ids")
    known = ids if isinstance(ids, list) and len(ids) == len(entries) else [None] * len(entries)
    return [_token(entry, own) for entry, own in zip(entries, known, strict=True)]


def _token(entry: Any, own: Any) -> _Token:
    """One token of a map of alternatives, a list of them, or its log-probability alone."""
    if isinstance(entry, Mapping):
        chosen = str(own) if own is not None and str(own) in entry else next(iter(entry), None)
        return _of_alternatives(entry.get(chosen), list(entry.values()))
    if isinstance(entry, list) and entry and isinstance(entry[0], Mapping | list):
        return _of_alternatives(entry[0], entry)
    if isinstance(entry, list):  # log-probability, token id, text
        text = next((item for item in entry if isinstance(item, str)), None)
        return _Token(entry[0] if entry else None, text)
    return _Token(entry)


def _of_alternatives(chosen: Any, alternatives: Sequence[Any]) -> _Token:
    if not isinstance(chosen, Mapping):
        return _token(chosen, None)
    value, rank = chosen.get("logprob"), chosen.get("rank")
    listed = len(alternatives)
    text = chosen.get("decoded_token")
    # A rank that is given is the token's among all of the vocabulary.
    known = (0, 0)
    if isinstance(rank, int) and 0 < rank < 1 << 31 and value is not None:
        known = rank, max(rank, listed)
    return _Token(value, text if isinstance(text, str) else None, known)
