"""The options of scoring texts with a model."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import typer

_option = partial(typer.Option, rich_help_panel="Scoring texts with a model (mleval[lm])")
_number = partial(_option, metavar="N")

_MODEL = (
    "Score texts with a causal model of Hugging Face: a folder, or a name in the local cache. "
    "Nothing is fetched, and only safetensors are read. FILE is plain text, or a table with --text."
)
_DOCUMENTS = "What in plain text is a document: the file (the default), a line or a paragraph."
_WINDOW = "The most tokens that the model sees at a time; by default what it can, up to 4096."
_STRIDE = "By how many tokens the window moves: small gives more context, and takes longer."
_BATCH = "How many windows go through the model together; by default as many as are short enough."
_BOS = "Whether the BOS token comes before every document, so that its first token is scored."
_DTYPE = "The numbers to compute with: by default float32 on a CPU, elsewhere as the weights are."
_SAVE = "Write tokens, log-probabilities and offsets (.jsonl), so that later runs need no model."


def scoring(
    model: Annotated[str | None, _option("--model", metavar="NAME|DIR", help=_MODEL)] = None,
    documents: Annotated[
        Literal["file", "line", "paragraph"] | None, _option("--documents", help=_DOCUMENTS)
    ] = None,
    window: Annotated[int | None, _number("--window", help=_WINDOW)] = None,
    stride: Annotated[int | None, _number("--stride", help=_STRIDE)] = None,
    batch_size: Annotated[int | None, _number("--batch-size", help=_BATCH)] = None,
    bos: Annotated[bool | None, _option("--bos/--no-bos", help=_BOS)] = None,
    device: Annotated[
        str | None, _option("--device", metavar="NAME", help="cpu, cuda, cuda:1, mps …")
    ] = None,
    dtype: Annotated[
        Literal["float32", "bfloat16", "float16", "float64"] | None,
        _option("--dtype", help=_DTYPE),
    ] = None,
    save_logprobs: Annotated[
        str | None, _option("--save-logprobs", metavar="FILE", help=_SAVE)
    ] = None,
) -> dict[str, Any]:
    """The options, by their names in `ScoringOptions`."""
    return {
        "model": model,
        "documents": documents,
        "window": window,
        "stride": stride,
        "batch_size": batch_size,
        "bos": bos,
        "device": device,
        "dtype": dtype,
        "save_logprobs": save_logprobs,
    }
