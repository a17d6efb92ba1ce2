"""The log-probabilities that a causal model gives tokens, window after window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.lm.extra import in_silence, torch
from mleval.lm.loading import LanguageModel
from mleval.lm.windows import Window

Progress = Callable[[int, int | None], None]
_POSITIONS = 512  # of which the logarithms are computed at a time: they are in float32
_PROBE = 8  # tokens


def log_probabilities(
    model: LanguageModel,
    sequences: Sequence[NDArray[np.int32]],
    batches: Sequence[Sequence[Window]],
    progress: Progress | None,
) -> list[NDArray[np.float64]]:
    """(t − 1,) natural logarithms for each sequence: of token i + 1, given the tokens before it.

    progress: called with (tokens done, tokens in all). Raises InputError when the model fails:
    for a lack of memory, or with NaN.
    """
    found = [np.zeros(max(0, len(ids) - 1)) for ids in sequences]
    total = sum(window.size for batch in batches for window in batch)
    done = 0
    with torch().inference_mode(), in_silence(), _failures(model):
        _require_causal(model)
        for batch in batches:
            logits = _logits(model, [sequences[one.document][one.begin : one.end] for one in batch])
            for row, one in zip(logits, batch, strict=True):
                targets = sequences[one.document][one.first + 1 : one.end + 1]
                values = _picked(row[one.first - one.begin : one.size], targets)
                found[one.document][one.first : one.end] = values
            done += sum(one.size for one in batch)
            if progress:
                progress(done, total)
    return found


def _logits(model: LanguageModel, rows: Sequence[NDArray[np.int32]]) -> Any:
    """(b, t, v) for sequences, filled up on the right, where a causal model does not look."""
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros((len(rows), longest), np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    given = {"input_ids": ids, "attention_mask": mask}
    tensors = {name: torch().from_numpy(held).to(model.device) for name, held in given.items()}
    return model.network(**tensors).logits


def _picked(logits: Any, targets: NDArray[np.int32]) -> NDArray[np.float64]:
    """(t,) the log-probabilities of the targets, computed in float32 or better."""
    library = torch()
    wanted = library.from_numpy(targets.astype(np.int64)).to(logits.device)[:, None]
    better = library.promote_types(logits.dtype, library.float32)
    parts = [
        library.log_softmax(some.to(better), dim=-1).gather(1, of)
        for some, of in zip(logits.split(_POSITIONS), wanted.split(_POSITIONS), strict=True)
    ]
    values: NDArray[np.float64] = library.cat(parts)[:, 0].cpu().numpy().astype(np.float64)
    return values


def _require_causal(model: LanguageModel) -> None:
    """InputError when what is predicted depends on what comes after: then it means nothing."""
    size = min(_PROBE, model.positions or _PROBE)
    one = np.arange(size, dtype=np.int32) % model.vocabulary
    other = one.copy()
    other[-1] = (other[-1] + 1) % model.vocabulary
    first, second = _logits(model, [one, other])[:, :-1].float().cpu().numpy()
    scale = float(np.abs(first).max(initial=1))
    if not np.allclose(first, second, rtol=1e-2, atol=1e-2 * scale, equal_nan=True):
        raise InputError(
            f"{model.name} looks ahead: what it predicts depends on the tokens that follow",
            hint="expected a causal language model, such as GPT-2",
        )


@contextmanager
def _failures(model: LanguageModel) -> Iterator[None]:
    """A lack of memory as an InputError."""
    try:
        yield
    except RuntimeError as error:
        if "memory" not in str(error).lower():
            raise
        raise InputError(
            f"{model.name} needs more memory than there is on {model.device}",
            hint="--batch-size 1, or a smaller --window",
        ) from error
