"""OpenAI chat: `choices[].logprobs.content` with an object a token; and the responses API's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mleval.reading.logprobs.collecting import Collected, Rank, numbers_in
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

TEXT = "the messages"


def recognises(records: Sequence[Record]) -> bool:
    """Whether any of the first records is one."""
    return any(
        _entries(choice) is not None for record in records for choice in _choices(body_of(record))
    )


def score(rows: Sequence[Row], text: str | None = None) -> Scored:
    """The sequences of some records; text: the key of their text, when it is not the usual one."""
    found = Collected(clamped="unknown")
    for row, record, body in responses(rows, found):
        choices = _choices(body)
        if not choices:
            found.fail(row, NONE, "no choices")
        for place, choice in enumerate(choices):
            entries = _entries(choice)
            if entries is None:
                found.fail(row, NONE, "logprobs is null: ask the server for them")
                continue
            found.add(
                row,
                [entry.get("logprob") for entry in entries],
                choice=place,
                tokens=[entry.get("token") for entry in entries],
                text=text_of(record, choice, text) if text else _text(choice),
                utf8=None if text else _bytes(entries),
                ranks=[_rank(entry) for entry in entries],
                key=id_of(record),
            )
    return found.scored()


def show(record: Record, choice: int) -> Shown:
    """What a sequence is made of, for a person."""
    found = _choices(body_of(record))[choice]
    tokens = [entry.get("token") for entry in _entries(found) or ()]
    return Shown(tokens, _text(found), id_of(record))


def _choices(body: Record) -> list[Record]:
    """The answers of a response: of chat its choices, of the responses API its texts."""
    if isinstance(body.get("choices"), list):
        return [choice for choice in body["choices"] if isinstance(choice, Mapping)]
    output = body.get("output")
    items = (
        [item for item in output if isinstance(item, Mapping)] if isinstance(output, list) else []
    )
    return [
        part
        for item in items
        for part in item.get("content") or ()
        if isinstance(part, Mapping) and part.get("type") == "output_text"
    ]


def _entries(choice: Record) -> list[Record] | None:
    held = choice.get("logprobs")
    held = held.get("content") if isinstance(held, Mapping) else held
    if not isinstance(held, list) or not all(isinstance(entry, Mapping) for entry in held):
        return None
    return held


def _text(choice: Record) -> str | None:
    message = choice.get("message")
    text = message.get("content") if isinstance(message, Mapping) else choice.get("text")
    return text if isinstance(text, str) else None


def _bytes(entries: Sequence[Record]) -> int | None:
    """The bytes that the tokens are, where every one of them has its own."""
    held = [entry.get("bytes") for entry in entries]
    return sum(map(len, held)) if all(isinstance(one, list) for one in held) else None  # type: ignore[arg-type]


def _rank(entry: Record) -> Rank:
    """The rank of a token among the likeliest, of which it need not be one."""
    listed: Any = entry.get("top_logprobs") or ()
    others = [other for other in listed if isinstance(other, Mapping)]
    value = numbers_in([entry.get("logprob")])
    likelier = numbers_in(other.get("logprob") for other in others)
    if not value or not likelier:
        return 0, 0
    above = sum(other > value[0] for other in likelier)
    is_there = any(other.get("token") == entry.get("token") for other in others)
    return (above + 1 if is_there else 0), len(likelier)
