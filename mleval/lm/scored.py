"""score_texts: from texts and the name of a model to a source of log-probabilities."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.lm.documents import Corpus, documents_of
from mleval.lm.loading import LanguageModel, load
from mleval.lm.probabilities import Progress, log_probabilities
from mleval.lm.saving import check_destination, records, save
from mleval.lm.settings import Settings, settle
from mleval.lm.tokenizing import Tokenized, tokenized, unknown
from mleval.lm.windows import batches_of, windows_of
from mleval.options import PerplexityOptions
from mleval.reading.content import HeldFile
from mleval.reading.logprobs import LogprobChoices, LogprobSource
from mleval.reading.logprobs.choices import Made, Said
from mleval.reading.logprobs.opening import open_file
from mleval.reading.logprobs.records import Shown
from mleval.reading.notes import refuse_guesses
from mleval.reading.ranges import LONGEST_RECORD
from mleval.reading.source import Options as FileOptions

_TOKEN_BYTES = 80  # of a record, about, and rather more than less
_HELD = 64 << 20  # bytes of log-probabilities in memory: more go to a temporary file


class ScoredTexts(LogprobSource):
    """Texts with the log-probabilities of their tokens; places are those of the texts."""

    def locate(self, part: int, row: int) -> str:
        """Where the text is."""
        return super().show(part, row, 0).id or ""

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A text for a person: its place says what it is called."""
        return super().show(part, row, choice)._replace(id=None)


def score_texts(
    data: Any, options: PerplexityOptions, progress: Progress | None = None
) -> ScoredTexts:
    """The texts of `data` with the log-probabilities that the model of the options gives.

    data: paths of plain text or of tables with a column of texts, or such a table in memory;
    progress: called with (tokens done, tokens in all). Raises UsageError without the extra `lm`,
    InputError for what cannot be read, loaded or scored.
    """
    assert options.model is not None
    files = FileOptions(options.sep, options.encoding, options.header, options.decimal)
    corpus = documents_of(data, options.text, options.documents, files)
    if options.strict:
        refuse_guesses(corpus.notices)
    if options.save_logprobs is not None:
        check_destination(Path(options.save_logprobs), corpus.files)
    model = load(options.model, options.device, options.dtype)
    settings = settle(model, options)
    documents = list(tokenized(model.tokenizer, corpus.documents))
    _require_readable(documents)
    values = _scored(model, settings, documents, progress)
    held = cast(BinaryIO, tempfile.SpooledTemporaryFile(_HELD))  # noqa: SIM115 - finalized
    for line in records(documents, values, model.tokenizer, settings.recorded):
        held.write(line)
    if options.save_logprobs is not None:
        save(held, Path(options.save_logprobs))
    content = HeldFile("log-probabilities.jsonl", held)
    weakref.finalize(content, held.close)
    if told := unknown(model.tokenizer, documents):
        corpus = replace(corpus, notices=(*corpus.notices, told))
    return _source(corpus, settings, content)


def _scored(
    model: LanguageModel,
    settings: Settings,
    documents: Sequence[Tokenized],
    progress: Progress | None,
) -> list[NDArray[np.float64]]:
    """The log-probabilities of each document's tokens, from the first that has a context."""
    before = [] if settings.bos is None else [settings.bos]
    sequences = [np.concatenate([np.array(before, np.int32), one.ids]) for one in documents]
    _require_known(model, sequences)
    windows = [
        window
        for place, ids in enumerate(sequences)
        for window in windows_of(place, len(ids), settings.window, settings.stride)
    ]
    batches = list(batches_of(windows, settings.most, settings.most_tokens))
    found = log_probabilities(model, sequences, batches, progress)
    for one, values in zip(documents, found, strict=True):
        if np.isnan(values).any():
            at = int(np.flatnonzero(np.isnan(values))[0]) + len(one.ids) - len(values)
            raise InputError(
                f"{one.document.place}, token {at + 1:,}: {model.name} gives NaN in {model.dtype}",
                hint="--dtype float32" if model.dtype.endswith("16") else "the weights are damaged",
            )
    return found


def _require_readable(documents: Sequence[Tokenized]) -> None:
    """InputError for a document whose record would be too long for any reader of lines."""
    for one in documents:
        if len(one.ids) * _TOKEN_BYTES > LONGEST_RECORD:
            raise InputError(
                f"{one.document.place}: a document of {len(one.ids):,} tokens is too long",
                hint=f"at most {LONGEST_RECORD // _TOKEN_BYTES:,}: such as --documents paragraph",
            )


def _require_known(model: LanguageModel, sequences: Sequence[NDArray[np.int32]]) -> None:
    """InputError for a tokenizer that is another model's."""
    largest = max(int(ids.max(initial=0)) for ids in sequences)
    if largest >= model.vocabulary:
        raise InputError(
            f"the tokenizer gives token {largest:,}, and {model.name} knows "
            f"{model.vocabulary:,} tokens",
            hint="expected the tokenizer that belongs to the model",
        )


def _source(corpus: Corpus, settings: Settings, content: HeldFile) -> ScoredTexts:
    """The log-probabilities as of a file, with the places and the digest of the texts."""
    opened = open_file(content, LogprobChoices(format="token-lists", base="e"))
    source = ScoredTexts([opened], corpus.files, corpus.digest)
    source.name = corpus.name
    said = (*settings.said, Said("documents", f"one a {corpus.unit}", flag="--documents"))
    made = Made(said, settings.signature)
    source.roles = replace(source.roles, notices=corpus.notices, made=made)
    return source
