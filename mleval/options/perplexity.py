"""What an evaluation of a language model can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from mleval.options.common import Options, Problem
from mleval.spec import Spec

InputFormat = Literal[
    "vllm",
    "openai-completions",
    "openai-chat",
    "lm-eval",
    "kenlm",
    "fairseq",
    "numbers",
    "token-lists",
    "sums",
    "token-rows",
]
WORST = 5  # sequences, and as many tokens, that are listed when nothing was asked
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class PerplexityOptions(Options):
    """Everything `mleval perplexity` can be told.

    input_format: the shape that the log-probabilities have; log_base: of the logarithms;
    logprobs, tokens, doc: columns or keys; text: the column or key of the texts, or their file;
    loss: whether a loss is the mean over the tokens of a sequence or their sum;
    worst: how many sequences, and how many tokens, to list that the model finds unlikely.

    >>> PerplexityOptions(worst=-1).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: worst is a number from 0 to 1000, not -1
    """

    command: ClassVar[str] = "perplexity"

    input_format: InputFormat | None = None
    log_base: Literal["e", "2", "10"] | None = None
    logprobs: str | None = None
    tokens: str | None = None
    doc: str | None = None
    text: str | None = None
    loss: Literal["mean", "sum"] | None = None
    missing: Literal["error", "drop"] = "error"
    worst: int | None = None

    @property
    def listed(self) -> int:
        """How many to list: a few, where the report describes the sequences."""
        if self.worst is not None:
            return self.worst
        return WORST if self.describes else 0

    @property
    def describes(self) -> bool:
        """Whether the report has more than metrics: not where certain ones are asked for."""
        return not self.metrics or Spec("all") in self.metrics

    @property
    def beside(self) -> Mapping[str, str]:
        """The files that are read beside the data: flag → name."""
        is_file = self.text is not None and (self.text == "-" or Path(self.text).is_file())
        return {"--text": self.text} if self.text is not None and is_file else {}

    def _problems(self) -> Iterator[Problem]:
        yield from super()._problems()
        yield (
            not 0 <= self.listed <= MOST,
            f"worst is a number from 0 to {MOST}, not {self.worst}",
            "",
        )
