"""Files of log-probabilities: documents of tokens as JSON lines, or a row a token as CSV.

Numbers are float32 as models compute them, spelled as Python spells them, as servers write them;
in CSV they have six decimals. The first token of a document has no log-probability.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

TOKENS = 200  # a document
CHUNK = 2_500  # documents
WORDS = np.array(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "was",
        "on",
        "are",
        "as",
        "with",
        "his",
        "they",
        "at",
        "be",
        "this",
        "have",
        "from",
        "or",
        "one",
        "had",
        "by",
        "but",
        "not",
        "what",
        "all",
        "were",
        "we",
        "when",
        "your",
        "can",
        "said",
        "there",
    ],
    dtype=object,
)


def drawn(random: np.random.Generator, documents: int) -> np.ndarray:
    """(documents, TOKENS) log-probabilities, those of some documents lower than of others."""
    scale = random.gamma(9, 0.3, (documents, 1))
    return -random.exponential(scale, (documents, TOKENS)).astype(np.float32)


def write_documents(documents: int, path: Path) -> None:
    """A line a document."""
    random = np.random.default_rng(20)
    with path.open("w", encoding="utf-8") as file:
        for first in range(0, documents, CHUNK):
            table = drawn(random, min(CHUNK, documents - first)).astype(np.float64)
            for at, values in enumerate(table.tolist(), first):
                record = {"id": at, "token_logprobs": [None, *values[1:]]}
                file.write(json.dumps(record) + "\n")


def write_tokens(rows: int, path: Path) -> None:
    """A row a token, documents one after another."""
    random = np.random.default_rng(20)
    plain = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write(b"doc,token,logprob\n")
        for first in range(0, rows, CHUNK * TOKENS):
            values = drawn(random, CHUNK).ravel()[: rows - first]
            table = {
                "doc": np.arange(first, first + len(values)) // TOKENS,
                "token": " " + WORDS[random.integers(0, len(WORDS), len(values))],
                "logprob": np.round(values.astype(np.float64), 6),
            }
            pa.csv.write_csv(pa.table(table), file, plain)
