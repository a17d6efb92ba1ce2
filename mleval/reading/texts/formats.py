"""The shapes that texts are written in, and how each is recognised.

A new one is a file, and a row here. The first that is recognised is taken; the last is for files
that nothing tells apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple, cast

from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.given import Given
from mleval.reading.texts.source import TextSource

Sources = TextSource | Mapping[str, TextSource]


class TextFormat(NamedTuple):
    """A shape, and the module of `mleval.reading.texts` that reads it.

    The module has `recognises(given, choices) -> bool`, which looks at how the files begin, and
    `opened(given, choices) -> Sources`, which raises InputError for what it cannot open.
    """

    name: str
    title: str
    module: str

    def recognises(self, given: Given, choices: TextChoices) -> bool:
        """Whether what was given has this shape."""
        return cast(bool, self._module.recognises(given, choices))

    def opened(self, given: Given, choices: TextChoices) -> Sources:
        """The source of the system, or those of several by name."""
        return cast(Sources, self._module.opened(given, choices))

    @property
    def _module(self) -> Any:
        return import_module(f"mleval.reading.texts.{self.module}")


FORMATS: dict[str, TextFormat] = {
    row.name: row
    for row in (
        TextFormat("fairseq", "a log of fairseq-generate", "fairseq"),
        TextFormat("squad", "SQuAD predictions and their data set, or texts by id", "squad"),
        TextFormat("table", "one table of hypotheses and references", "table"),
        TextFormat("files", "tables and lists of texts in files of their own", "separate"),
        TextFormat("trn", "words (utterance)", "trn"),
        TextFormat("kaldi", "utterance words", "kaldi"),
        TextFormat("lines", "aligned lines", "aligned"),
    )
}
"""Every shape by its name, in the order in which they are tried."""
