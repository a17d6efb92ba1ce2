"""The shapes that log-probabilities are written in, and how each is recognised.

A new one is a file, and a row here: of JSON records, of lines of text, or of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mleval.reading.logprobs import (
    fairseq,
    harness,
    kenlm,
    number_lines,
    openai_chat,
    openai_completions,
    sums,
    token_lists,
    token_rows,
    vllm,
)
from mleval.reading.logprobs.choices import Base, LogprobChoices
from mleval.reading.logprobs.columns import Seen
from mleval.reading.logprobs.lines_of_text import ScoredLines
from mleval.reading.logprobs.tables import ScoredTable

Find = Callable[[Seen, LogprobChoices], dict[str, list[str]] | None]


class RecordFormat(NamedTuple):
    """JSON records. base: of the logarithms, None where the shape does not fix it.

    module: with `recognises(records)`, `score(rows, text)` and `show(record, choice)`.
    """

    name: str
    title: str
    module: Any
    base: Base | None = "e"


class LineFormat(NamedTuple):
    """Lines of text. text: what their bytes, characters and words are of, if the shape has any."""

    name: str
    title: str
    recognises: Callable[[Sequence[str]], bool]
    reader: type[ScoredLines]
    base: Base | None = None
    text: str | None = None


class TableFormat(NamedTuple):
    """Tables. find: role → the columns that may be for it; None where it is not that shape."""

    name: str
    title: str
    find: Find
    reader: type[ScoredTable]
    base: Base | None = None


Format = RecordFormat | LineFormat | TableFormat

RECORDS = (
    RecordFormat("vllm", "vLLM prompt_logprobs", vllm),
    RecordFormat("openai-completions", "OpenAI completions", openai_completions),
    RecordFormat("openai-chat", "OpenAI chat", openai_chat),
    RecordFormat("lm-eval", "lm-evaluation-harness samples", harness),
)
LINES = (
    LineFormat("kenlm", "KenLM query", kenlm.recognises, kenlm.KenlmFile, "10", kenlm.TEXT),
    LineFormat(
        "fairseq", "fairseq-generate", fairseq.recognises, fairseq.FairseqFile, "2", fairseq.TEXT
    ),
    LineFormat("numbers", "lines of numbers", number_lines.recognises, number_lines.NumberLines),
)
TABLES = (
    TableFormat("token-lists", "token lists", token_lists.find, token_lists.TokenLists),
    TableFormat("sums", "sums with counts", sums.find, sums.Sums),
    TableFormat("token-rows", "token rows", token_rows.find, token_rows.TokenRows),
)

FORMATS: dict[str, Format] = {row.name: row for row in (*RECORDS, *LINES, *TABLES)}
"""Every shape by its name. In each group the first that is recognised is taken."""
