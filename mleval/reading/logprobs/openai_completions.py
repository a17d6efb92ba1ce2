"""OpenAI completions: `choices[].logprobs` with one list of tokens and one of their logarithms."""

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

TEXT = "the text of the choices"


def recognises(records: Sequence[Record]) -> bool:
    """Whether any of the first records is one."""
    return any(_lists(choice) for record in records for choice in choices_of(body_of(record)))


def score(rows: Sequence[Row], text: str | None = None) -> Scored:
    """The sequences of some records; text: the key of their text, when it is not the usual one."""
    found = Collected(clamped="unknown")
    for row, record, body in responses(rows, found):
        choices = choices_of(body)
        if not choices:
            found.fail(row, NONE, "no choices")
        for place, choice in enumerate(choices):
            lists = _lists(choice)
            if lists is None:
                found.fail(row, NONE, "logprobs is null: ask the server for them")
                continue
            values, tokens = lists["token_logprobs"], lists.get("tokens")
            found.add(
                row,
                values,
                choice=place,
                tokens=tokens,
                text=text_of(record, choice, text or "text"),
                ranks=ranks(values, lists.get("top_logprobs")),
                key=id_of(record),
            )
    return found.scored()


def show(record: Record, choice: int) -> Shown:
    """What a sequence is made of, for a person."""
    found = choices_of(body_of(record))[choice]
    return Shown((_lists(found) or {}).get("tokens"), found.get("text"), id_of(record))


def choices_of(body: Record) -> list[Record]:
    """The choices of a response; a record that is itself a choice is the only one."""
    choices = body.get("choices")
    if isinstance(choices, list):
        return [choice for choice in choices if isinstance(choice, Mapping)]
    return [body] if isinstance(body.get("logprobs"), Mapping) else []


def _lists(choice: Record) -> Record | None:
    held = choice.get("logprobs")
    if isinstance(held, Mapping) and isinstance(held.get("token_logprobs"), list):
        return held
    return None


def ranks(values: Sequence[Any], likeliest: Any) -> list[Rank] | None:
    """The rank of each token, where the response has the likeliest ones beside it.

    Servers add the token itself to the k likeliest where it is none of them: its rank is then
    only known to be beyond k.

    >>> ranks([None, -0.1, -5.0], [None, {"a": -0.1, "b": -3.0}, {"c": -0.2, "d": -4, "e": -5.0}])
    [(0, 0), (1, 2), (0, 2)]
    """
    if not isinstance(likeliest, list) or len(likeliest) != len(values):
        return None
    others = [numbers_in(one.values()) if isinstance(one, Mapping) else [] for one in likeliest]
    above = [
        sum(other > value for other in some) if numbers_in([value]) else 0
        for value, some in zip(values, others, strict=True)
    ]
    sure = [len(some) for up, some in zip(above, others, strict=True) if up < len(some) - 1]
    k = min(sure, default=0)
    return [
        (0, 0)
        if value is None or not some
        else (up + 1, len(some))
        if up == 0 or len(some) <= k
        else (0, len(some) - 1)
        for value, up, some in zip(values, above, others, strict=True)
    ]
