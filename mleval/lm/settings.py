"""Settings: how texts are scored, as asked for or as the model suggests, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mleval.errors import InputError
from mleval.lm.loading import LanguageModel
from mleval.lm.tokenizing import named
from mleval.options import PerplexityOptions
from mleval.reading.logprobs.choices import Said

_WINDOW = 4096  # the most by default: the logits of a window are that many times the vocabulary
_UNLIMITED = 1 << 20  # tokenizers write a huge number where there is no limit
_ON_ACCELERATORS = 8  # windows together


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How texts are scored.

    bos: the number of the token that comes before every document, if any; most: windows that go
    through the model together, None: as many as have `most_tokens`; said: all of it for a person.
    """

    window: int
    stride: int
    bos: int | None
    most: int | None
    most_tokens: int
    said: tuple[Said, ...]
    model: str
    tokenizer: str

    @property
    def signature(self) -> dict[str, Any]:
        """What must be equal for two models to be compared, a token: all but the model."""
        return {
            "tokenizer": self.tokenizer,
            "window": self.window,
            "stride": self.stride,
            "bos": self.bos is not None,
        }

    @property
    def recorded(self) -> dict[str, Any]:
        """What is saved with the log-probabilities."""
        return {"model": self.model, **self.signature}


def settle(model: LanguageModel, options: PerplexityOptions) -> Settings:
    """What the options say, else what suits the model; InputError for what it cannot do."""
    window, of_window = _window(model, options.window)
    stride = options.stride or max(1, window // 2)
    if stride > window:
        raise InputError(
            f"stride {stride:,} is beyond the window of {window:,} ({of_window}): "
            "tokens between would be left out",
            hint=f"--stride {window} or less",
        )
    bos, of_bos = _bos(model, options.bos)
    tokenizer = named(model.tokenizer)
    accelerated = not model.device.startswith("cpu")
    most_tokens = window * (_ON_ACCELERATORS if accelerated else 1)
    batch = f"{options.batch_size:,} windows" if options.batch_size else f"{most_tokens:,} tokens"
    return Settings(
        window=window,
        stride=stride,
        bos=bos,
        most=options.batch_size,
        most_tokens=most_tokens,
        model=model.name,
        tokenizer=tokenizer,
        said=(
            Said("model", model.name, type(model.network).__name__, "--model"),
            Said("tokenizer", tokenizer),
            Said("device", model.device, model.of_device, "--device"),
            Said("dtype", model.dtype, model.of_dtype, "--dtype"),
            Said("window", f"{window:,} tokens", of_window, "--window"),
            Said("stride", f"{stride:,}", "" if options.stride else "half of it", "--stride"),
            Said("batch", batch, flag="--batch-size"),
            Said("first context", *of_bos, "--bos"),
        ),
    )


def _window(model: LanguageModel, asked: int | None) -> tuple[int, str]:
    """The tokens that the model sees at a time, and why as many."""
    limit = model.positions
    if limit is None:
        written = getattr(model.tokenizer, "model_max_length", _UNLIMITED)
        limit = int(written) if written < _UNLIMITED else None
    if asked is not None:
        if limit is not None and asked > limit:
            raise InputError(
                f"a window of {asked:,} tokens is more than {model.name} has positions for",
                hint=f"--window {limit} or less",
            )
        return asked, "as given"
    if limit is None:
        return _WINDOW, "the model names no limit"
    return min(limit, _WINDOW), "all that the model has" if limit <= _WINDOW else f"of {limit:,}"


def _bos(model: LanguageModel, asked: bool | None) -> tuple[int | None, tuple[str, str]]:
    """The token before every document, and what is said of it."""
    found = model.tokenizer.bos_token_id
    if found is None and asked:
        raise InputError(
            f"the tokenizer of {model.name} has no token for the beginning of a text",
            hint="--no-bos leaves the first token of every document unscored",
        )
    if found is None or asked is False:
        why = "as given" if asked is False else "the tokenizer has no BOS token"
        return None, ("none", why)
    return int(found), (f"BOS token {model.tokenizer.bos_token}", "as given" if asked else "")
