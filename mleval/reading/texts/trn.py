"""trn: `words (utterance)`, as sclite scores them, in any order; `;;` begins a comment."""

from __future__ import annotations

import re

from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.given import Given
from mleval.reading.texts.source import TextSource
from mleval.reading.texts.utterances import are_utterances, opened_utterances

TITLE = "trn (words, utterance in brackets)"
_LINE = re.compile(r"(?:(.*?)[ \t]*)\(([^()\s]+)\)[ \t\r]*", re.DOTALL)


def parsed(line: str) -> tuple[str, str] | None:
    """The id and the words of a line.

    >>> parsed("a (b) c (spk-1)"), parsed("(spk-2)"), parsed("a b")
    (('spk-1', 'a (b) c'), ('spk-2', ''), None)
    """
    found = _LINE.fullmatch(line)
    return (found[2], found[1].lstrip(" \t")) if found else None


def recognises(given: Given, choices: TextChoices) -> bool:
    """Whether nearly all lines end with an id, and those are the same in both files."""
    return are_utterances(given, choices, parsed)


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of files that are joined by utterance."""
    return opened_utterances(given, choices, parsed, TITLE)
