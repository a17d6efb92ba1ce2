"""What an evaluation of a language model can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from mleval.options.common import Called, Problem
from mleval.options.scoring import ScoringOptions
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
_OF_LOGPROBS = ("input_format", "log_base", "logprobs", "tokens", "doc", "loss")


@dataclass(frozen=True, kw_only=True)
class PerplexityOptions(ScoringOptions):
    """Everything `mleval perplexity` can be told.

    input_format: the shape that the log-probabilities have; log_base: of the logarithms;
    logprobs, tokens, doc: columns or keys; text: the column or key of the texts, or their file;
    loss: whether a loss is the mean over the tokens of a sequence or their sum;
    worst: how many sequences, and how many tokens, to list that the model finds unlikely.
    With a `model` (see ScoringOptions) the input is texts, and `text` their column.

    >>> PerplexityOptions(worst=-1).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: --worst is a number from 0 to 1000, not -1
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
    def asks_for_rows(self) -> bool:
        """Whether rows are to be listed, even of several models."""
        return bool(self.worst)

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
        if self.text is None or self.model is not None:
            return super().beside
        is_file = self.text == "-" or Path(self.text).is_file()
        return {**super().beside, **({"--text": self.text} if is_file else {})}

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        for name in _OF_LOGPROBS if self.model is not None else ():
            yield (
                getattr(self, name) is not None,
                f"{called(name)} is for files of log-probabilities, and a model scores texts",
                "leave out one of the two",
            )
        yield (
            not 0 <= self.listed <= MOST,
            f"{called('worst')} is a number from 0 to {MOST}, not {self.worst}",
            "",
        )
