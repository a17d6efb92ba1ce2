"""Tokenizing documents: the tokens' numbers, the text that each stands for, and where that is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.lm.documents import Document

_TOGETHER = 256  # documents that are tokenized in one call
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A document as tokens. ids: (t,); offsets: (t, 2) the characters of each, None: not known."""

    document: Document
    ids: Numbers
    offsets: Numbers | None

    def pieces(self, tokenizer: Any) -> list[str]:
        """(t,) the text of each token: joined they are the document.

        What lies between two tokens, such as a blank, goes to the later one; of tokens that share a
        character, the first has it. Without offsets the tokens are as the tokenizer writes them.

        >>> found = Tokenized(Document("x", "a bé!"), np.arange(4), np.array([(0, 1), (2, 3),
        ...     (3, 4), (3, 4)]))
        >>> found.pieces(None)
        ['a', ' b', 'é', '!']
        """
        if self.offsets is None:
            return list(tokenizer.convert_ids_to_tokens(self.ids.tolist()))
        text = self.document.text or ""
        ends = np.maximum.accumulate(self.offsets[:, 1])
        ends[-1:] = len(text)
        return [text[start:end] for start, end in pairwise([0, *ends.tolist()])]


def tokenized(tokenizer: Any, documents: Sequence[Document]) -> Iterator[Tokenized]:
    """The documents, without any token that stands for no text."""
    for start in range(0, len(documents), _TOGETHER):
        some = documents[start : start + _TOGETHER]
        for document in some:
            _require_writable(document)
        found = tokenizer(
            [document.text or "" for document in some],
            add_special_tokens=False,
            return_attention_mask=False,
            return_offsets_mapping=tokenizer.is_fast,
            verbose=False,
        )
        for place, document in enumerate(some):
            ids = np.array(found["input_ids"][place], np.int32)
            known = found["offset_mapping"][place] if tokenizer.is_fast else None
            offsets = None if known is None else np.array(known, np.int32).reshape(-1, 2)
            yield Tokenized(document, ids, offsets)


def unknown(tokenizer: Any, documents: Sequence[Tokenized]) -> str | None:
    """A notice of the tokens that stand for any text that the tokenizer does not know."""
    if tokenizer.unk_token_id is None:
        return None
    count = sum(int((one.ids == tokenizer.unk_token_id).sum()) for one in documents)
    if not count:
        return None
    total = sum(len(one.ids) for one in documents)
    return (
        f"{count:,} of {total:,} tokens are {tokenizer.unk_token}, which stands for whatever the "
        "tokenizer does not know: the model is not asked for their text"
    )


def named(tokenizer: Any) -> str:
    """What tells a tokenizer from others: how many and which tokens it has."""
    vocabulary = sorted(tokenizer.get_vocab().items())
    digest = hashlib.sha256(json.dumps(vocabulary).encode()).hexdigest()[:12]
    return f"{len(vocabulary):,} tokens, sha256:{digest}"


def _require_writable(document: Document) -> None:
    try:
        (document.text or "").encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{document.place}: half a character ({error.object[error.start]!r})",
            hint="expected text that can be written as UTF-8",
        ) from error
