"""Records: JSON objects, of which each may be a response of a server, or an error in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mleval.reading.logprobs.collecting import Collected
from mleval.reading.logprobs.scored import ERROR

Record = Mapping[str, Any]
Row = tuple[int, Record]  # where in its part a record is, and the record


class Shown(NamedTuple):
    """A sequence for a person: its tokens and its text, where they are known, and its id.

    at: where the tokens are those around one of them, which that is.
    """

    tokens: Sequence[Any] | None = None
    text: str | None = None
    id: str | None = None
    at: int | None = None


def body_of(record: Record) -> Record:
    """The response itself: of a line of the batch API its `response.body`, of an error that.

    >>> body_of({"custom_id": "a", "response": {"status_code": 200, "body": {"choices": []}}})
    {'choices': []}
    """
    response = record.get("response")
    if isinstance(response, Mapping) and isinstance(response.get("body"), Mapping):
        return dict(response["body"])
    if record.get("error") and not isinstance(response, Mapping):
        return {"error": record["error"]} if "choices" not in record else record
    return record


def error_of(body: Record) -> str | None:
    """What an error says that came in place of a response, or None when it is none.

    >>> error_of({"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}})
    'rate_limit_exceeded: Rate limit reached'
    >>> error_of({"object": "error", "message": "too long", "code": 400})
    '400: too long'
    """
    error = body.get("error")
    if not error and "error" in (body.get("object"), body.get("type")):
        error = body
    if not error or "choices" in body:
        return None
    if not isinstance(error, Mapping):
        return str(error)[:200]
    parts = [error.get("code") or error.get("type"), error.get("message")]
    return ": ".join(str(part) for part in parts if part)[:200] or "an error without a message"


def responses(rows: Sequence[Row], found: Collected) -> Iterator[tuple[int, Record, Record]]:
    """The rows that are no errors: where each is, the record and the response in it.

    Errors are told to `found`, and so are the models that the responses name.
    """
    for row, record in rows:
        body = body_of(record)
        error = error_of(body)
        if error is not None:
            found.fail(row, ERROR, error)
            continue
        found.model(body.get("model"))
        yield row, record, body


_IDS = ("custom_id", "doc_id", "document_id", "sample_id", "example_id", "request_id", "id")


def id_of(record: Record) -> str | None:
    """What the caller of a server named a request, or the writer of a file a record."""
    for name in _IDS:
        value = record.get(name)
        if isinstance(value, str | int):
            return str(value)
    return None


def text_of(record: Record, choice: Record, key: str | None) -> str | None:
    """The text under a key that the caller named, of a choice or of its record."""
    value = choice.get(key, record.get(key)) if key else None
    return value if isinstance(value, str) else None
