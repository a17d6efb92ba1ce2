"""Saving log-probabilities: JSON lines, a document each, that `mleval perplexity` reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mleval.errors import UsageError
from mleval.lm.tokenizing import Tokenized
from mleval.writing import require_writable, whole_file


def records(
    documents: Sequence[Tokenized],
    values: Sequence[NDArray[np.float64]],
    tokenizer: Any,
    made_by: Mapping[str, Any],
) -> Iterator[bytes]:
    """A line a document: where it is, text, tokens, log-probabilities, offsets, how it was made."""
    for found, scored in zip(documents, values, strict=True):
        unscored = [None] * (len(found.ids) - len(scored))  # the first, where nothing is before it
        record: dict[str, Any] = {
            "id": found.document.place,
            "text": found.document.text,
            "tokens": found.pieces(tokenizer),
            "token_logprobs": [*unscored, *scored.tolist()],
        }
        if found.offsets is not None:
            record["offsets"] = found.offsets.tolist()
        yield json.dumps({**record, **made_by}, ensure_ascii=False).encode() + b"\n"


def check_destination(path: Path, inputs: Sequence[Path]) -> None:
    """Refuse what could only fail after the work is done."""
    target = require_writable(path)
    if target in {one.resolve() for one in inputs}:
        raise UsageError(f"--save-logprobs: {path} is an input file", hint="name another file")
    if target.is_dir():
        raise UsageError(
            f"--save-logprobs: {path} is a directory",
            hint=f"name a file in it: such as {path / 'logprobs.jsonl'}",
        )


def save(held: BinaryIO, path: Path) -> None:
    """The lines in a file, whole or not at all."""
    held.seek(0)
    with whole_file(path) as stream:
        shutil.copyfileobj(held, stream, 1 << 20)
