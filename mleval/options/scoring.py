"""What scoring texts with a model can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from mleval.options.common import Called, Options, Problem

Documents = Literal["file", "line", "paragraph"]
DType = Literal["float32", "bfloat16", "float16", "float64"]
_ENDINGS = (".jsonl", ".ndjson")


@dataclass(frozen=True, kw_only=True)
class ScoringOptions(Options):
    """What scoring texts with a model can be told; without a `model` nothing is scored.

    model: a folder, or the name of one in the local cache; documents: what in a plain file is one;
    window: the most tokens that the model sees at a time; stride: by how many it moves;
    batch_size: how many windows go through the model together; bos: whether the token for the
    beginning comes before every document; device: what computes; dtype: the numbers it does with;
    save_logprobs: a file for what was computed.

    >>> ScoringOptions(model="gpt2", window=8, stride=9).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: --stride 9 is beyond the window of 8: tokens between would be left out
    """

    command: ClassVar[str] = "perplexity"

    model: str | None = None
    documents: Documents | None = None
    window: int | None = None
    stride: int | None = None
    batch_size: int | None = None
    bos: bool | None = None
    device: str | None = None
    dtype: DType | None = None
    save_logprobs: str | None = None

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        own = [name for name in ScoringOptions.__annotations__ if name not in ("command", "model")]
        for name in own:
            needless = self.model is None and getattr(self, name) is not None
            yield needless, f"{called(name)} is for scoring texts with a model", "name it: --model"
        for name in ("window", "stride", "batch_size"):
            number = getattr(self, name)
            yield (
                number is not None and number < 1,
                f"{called(name)} is at least 1, not {number}",
                "",
            )
        yield (
            1 <= (self.window or 0) < (self.stride or 0),
            f"{called('stride')} {self.stride} is beyond the window of {self.window}: "
            "tokens between would be left out",
            "",
        )
        saved = self.save_logprobs
        yield (
            saved is not None and not saved.endswith(_ENDINGS),
            f"{called('save_logprobs')}: {saved} would hold JSON lines",
            f"call it {Path(saved or '').stem}.jsonl",
        )
