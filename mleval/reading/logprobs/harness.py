"""lm-evaluation-harness: `samples_*.jsonl`, a log-likelihood a document, its numbers as text.

The number of tokens is not in these files: what is over bytes, characters and words is defined.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.records import Record, Row, Shown, text_of
from mleval.reading.logprobs.scored import NONE, Scored

TEXT = "the arguments"
_KEYS = ("filtered_resps", "resps")


def recognises(records: Sequence[Record]) -> bool:
    """Whether the first records are samples with log-likelihoods, not with generated text."""
    return any(_likelihoods(record) for record in records)


def score(rows: Sequence[Row], text: str | None = None) -> Scored:
    """The sequences of some records; text: the key of their text, when it is not the usual one."""
    found = Collected()
    for row, record in rows:
        values = _likelihoods(record)
        at = _place(record, len(values))
        if not values:
            found.fail(row, NONE, "no log-likelihood in filtered_resps or resps")
        elif at is None:
            found.fail(row, NONE, f"{len(values)} answers, and no target that says which")
        else:
            own = (
                _text(record, at)
                if text is None
                else text_of(record, record.get("doc") or {}, text)
            )
            found.add(row, [values[at]], count=math.nan, text=own, key=record.get("doc_id"))
    return found.scored()


def show(record: Record, choice: int) -> Shown:
    """What a sequence is made of, for a person."""
    del choice
    at = _place(record, len(_likelihoods(record)))
    doc_id = record.get("doc_id")
    text = None if at is None else _text(record, at)
    return Shown(None, text, None if doc_id is None else str(doc_id))


def _likelihoods(record: Record) -> list[float]:
    """The log-likelihood of each answer of a document; one of a document that is scored whole."""
    for key in _KEYS:
        held = record.get(key)
        if isinstance(held, list) and held:
            found = [_likelihood(answer) for answer in held]
            if None not in found:
                return [value for value in found if value is not None]
    return []


def _likelihood(answer: Any) -> float | None:
    """The number of `["-25.6", "False"]`, of `[["-25.6", "False"]]`, and of a number alone."""
    while isinstance(answer, list) and answer:
        answer = answer[0]
    try:
        return None if isinstance(answer, bool) else float(answer)
    except (TypeError, ValueError, OverflowError):
        return None


def _place(record: Record, answers: int) -> int | None:
    """Which of the answers is the right one."""
    if answers == 1:
        return 0
    target = record.get("target")
    if isinstance(target, str) and target.strip().isdecimal():
        target = int(target)
    is_place = isinstance(target, int) and not isinstance(target, bool) and 0 <= target < answers
    return target if is_place else None


def _text(record: Record, at: int) -> str | None:
    """What was scored: the last text of the arguments, after the context if there is one."""
    held = record.get("arguments")
    if isinstance(held, Mapping):
        held = list(held.values())
    if not isinstance(held, list) or at >= len(held):
        return None
    arguments = list(held[at].values()) if isinstance(held[at], Mapping) else held[at]
    if isinstance(arguments, list) and arguments:
        arguments = arguments[-1]
    return arguments if isinstance(arguments, str) else None
