"""Kaldi: `utterance words`, in any order."""

from __future__ import annotations

from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.given import Given
from mleval.reading.texts.source import TextSource
from mleval.reading.texts.utterances import are_utterances, opened_utterances

TITLE = "Kaldi text (utterance, words)"


def parsed(line: str) -> tuple[str, str] | None:
    r"""The id and the words of a line.

    >>> parsed("utt-1 a  b "), parsed("utt-2"), parsed(" ")
    (('utt-1', 'a  b'), ('utt-2', ''), None)
    """
    id_, _, words = line.strip(" \t\r").replace("\t", " ").partition(" ")
    return (id_, words.strip(" ")) if id_ else None


def recognises(given: Given, choices: TextChoices) -> bool:
    """Whether nearly all lines begin with an id, and those are the same in both files."""
    return are_utterances(given, choices, parsed)


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of files that are joined by utterance."""
    return opened_utterances(given, choices, parsed, TITLE)
