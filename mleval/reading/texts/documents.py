"""JSON documents that are no tables: SQuAD's data and predictions, texts by id, lists of texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mleval.errors import InputError
from mleval.reading.compression import decompressed, without_compression_ending
from mleval.reading.content import whole
from mleval.reading.encoding import told_encoding, undecodable
from mleval.reading.names import normalised
from mleval.reading.texts.cells import texts_in
from mleval.reading.texts.given import TextFile
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.sides import Side, corpora_of
from mleval.reading.texts.synonyms import HYPOTHESIS, REFERENCE, SEGMENT_ID
from mleval.visible import quoted, shown

_STRING = rb'"(?:[^"\\]|\\.)*"'
_MAP = re.compile(rb"\s*\{\s*" + _STRING + rb"\s*:\s*(?:\"|\[\s*[\"\]])")
_LIST = re.compile(rb"\s*\[\s*(?:\"|\[\s*[\"\]])")
_KEY = re.compile(rb'"([\w ]+)"\s*:', re.ASCII)
_ONE_LINE = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\S")
_COLUMNS = frozenset((*HYPOTHESIS, *REFERENCE, *SEGMENT_ID))


def is_data_set(file: TextFile) -> bool:
    """Whether a file is a SQuAD data set: questions within paragraphs."""
    start = _start(file)
    return start[:1] == b"{" and (b'"paragraphs"' in start or b'"qas"' in start)


def is_map(file: TextFile) -> bool:
    """Whether a file is an object with a text, or several, under each id."""
    start = _start(file)
    if not _MAP.match(start) or is_data_set(file) or _ONE_LINE.match(start):
        return False
    return _COLUMNS.isdisjoint(normalised(key.decode()) for key in _KEY.findall(start))


def is_list(file: TextFile) -> bool:
    """Whether a file called .json is an array of texts, or of lists of them."""
    return is_named_json(file) and _LIST.match(_start(file)) is not None


def is_named_json(file: TextFile) -> bool:
    """Whether the name says that a file is JSON: lines of text may look like it."""
    return without_compression_ending(file.name).endswith(".json")


def _start(file: TextFile) -> bytes:
    return file.start.removeprefix(b"\xef\xbb\xbf").lstrip()


def document_side(file: TextFile) -> Side:
    """The texts of a document; InputError for what is no JSON, and for what is no text in it."""
    value = _parsed(file)
    if is_data_set(file):
        return _of_questions(file.name, value)
    if isinstance(value, Mapping):
        return _side(file.name, list(map(str, value)), list(value.values()))
    return _side(file.name, None, value)


def _parsed(file: TextFile) -> Any:
    content = decompressed(file.content)
    text = told_encoding(content, content.read(0, 4096), file.encoding)
    try:
        return json.loads(text.utf8(whole(text.content)[text.start :]), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise undecodable(file.name, error, text.encoding, error.start) from error
    except _Twice as error:
        raise InputError(
            f"{file.name}: the id {quoted(str(error))} is there twice",
            hint="each id belongs once in a file",
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file.name}: it begins like JSON, and is not readable as such: {error}",
            hint="it was cut short, or damaged: write it again",
        ) from error


class _Twice(Exception):
    """A key that an object has twice; JSON readers would drop the first."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _of_questions(name: str, value: Mapping[str, Any]) -> Side:
    """A data set: the answers to each question; of one that cannot be answered, none: ``."""
    ids: list[str] = []
    answers: list[list[str]] = []
    for id_, texts in _questions(name, value):
        ids.append(id_)
        answers.append(texts or [""])
    if not ids:
        raise InputError(f"{name} has no questions", hint="expected data → paragraphs → qas")
    return Side(
        name=name,
        corpora=corpora_of(answers, name),
        ids=ids,
        place=lambda at: f"{name}, question {quoted(ids[at])}",
    )


def _questions(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    place = "data"
    try:
        for article in value["data"]:
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    place = f"question {question['id']!r}"
                    texts = [answer["text"] for answer in question["answers"]]
                    if not all(isinstance(text, str) for text in texts):
                        raise TypeError("an answer that is no text")
                    yield str(question["id"]), texts
    except (KeyError, TypeError) as error:
        lacks = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(
            f"{name}: expected SQuAD's data → paragraphs → qas → answers; near {place}: {lacks}",
            hint="give the data set as it was published",
        ) from None


def _side(name: str, ids: list[str] | None, values: Sequence[Any]) -> Side:
    def place(at: int) -> str:
        return f"{name}, {quoted(ids[at])}" if ids else f"{name}, text {at + 1:,}"

    if not values:
        raise InputError(f"{name} is empty", hint="expected texts")
    if all(isinstance(value, str) for value in values):
        return Side(name=name, corpora=(Lines.of(values, name),), ids=ids, place=place)
    texts = [None if value is None else texts_in(value) for value in values]
    bad = next((at for at, found in enumerate(texts) if found is None), None)
    if bad is not None:
        raise InputError(
            f"{place(bad)}: expected a text or a list of texts, found {shown(repr(values[bad]))}",
            hint='an empty text ("") is one',
        )
    return Side(
        name=name,
        corpora=corpora_of([found or [] for found in texts], name),
        ids=ids,
        place=place,
    )
