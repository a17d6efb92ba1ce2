"""SQuAD: predictions by question, `{"id": "answer"}`, and the data set with the answers."""

from __future__ import annotations

from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.documents import is_data_set, is_map, is_named_json
from mleval.reading.texts.given import Given
from mleval.reading.texts.separate import opened_as
from mleval.reading.texts.source import TextSource


def recognises(given: Given, choices: TextChoices) -> bool:
    """Whether any file is a data set, or the hypotheses are an object by id."""
    file = given.hypotheses
    of_ids = is_named_json(file) and is_map(file) and not choices.names_columns
    return of_ids or any(map(is_data_set, given.all))


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of predictions that are joined with a data set, or other texts by id."""
    return opened_as("SQuAD predictions", given, choices)
