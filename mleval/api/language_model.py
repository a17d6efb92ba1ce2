"""`mleval.perplexity`: what it makes of its arguments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, Unpack

from mleval.api.common import Common, evaluated, named, refuse_lazy, showing
from mleval.errors import UsageError
from mleval.options import PerplexityOptions
from mleval.options.perplexity import InputFormat
from mleval.options.scoring import Documents, DType

if TYPE_CHECKING:
    from mleval.report import Report

_EXAMPLE = 'perplexity("completions.jsonl") or perplexity(logprobs=[[None, -1.2], [-0.5]])'


class Scoring(Common, total=False):
    """The arguments for scoring texts with a model: see `ScoringOptions`."""

    model: str | os.PathLike[str] | None
    documents: Documents | None
    window: int | None
    stride: int | None
    batch_size: int | None
    bos: bool | None
    device: str | None
    dtype: DType | None
    save_logprobs: str | os.PathLike[str] | None


@showing(Scoring)
def perplexity(
    data: Any = None,
    *,
    logprobs: Any = None,
    tokens: Any = None,
    text: Any = None,
    doc: Any = None,
    input_format: InputFormat | None = None,
    log_base: Literal["e", "2", "10"] | None = None,
    loss: Literal["mean", "sum"] | None = None,
    missing: Literal["error", "drop"] = "error",
    worst: int | None = None,
    **common: Unpack[Scoring],
) -> Report:
    """Evaluate a language model by the log-probabilities of the tokens of texts.

    With `data` (a path, several, responses of a server, a pandas, polars or Arrow table, or a dict
    of columns), logprobs, tokens and doc name columns or keys, and text names one or a file with
    a text a line; what is not named is found. Without `data` they are the columns themselves:
    logprobs a list of log-probabilities a sequence (None for a first token that has none), tokens
    a list of tokens, text its text; with doc, (n,) columns with a token a row.

    input_format: the shape of `data`, when it is not recognised; log_base: of the logarithms;
    loss: whether a loss is a mean over tokens or a sum; missing: `drop` leaves sequences out that
    lack log-probabilities; worst: how many sequences and tokens to list that the model finds
    unlikely. by: columns or keys that sequences are told apart by: every metric of each slice is in
    `report.slices`. metrics: Specs to report in place of the default ones, or "all". verify:
    recompute with the references too, and raise MlevalError when they disagree.

    With `model`, a folder or the name of a causal model of Hugging Face in the local cache, texts
    are scored: those of `data` (plain files, or tables with a column `text`), or without it the
    list `text`. documents: what in a plain file is one; window, stride, batch_size: tokens that the
    model sees at a time, by how many they move, how many such go together; bos: whether the BOS
    token comes first; device, dtype: what computes, and with which numbers; save_logprobs: a file
    for the result. Needs the extra `lm`.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = perplexity(logprobs=[[None, -1.0, -3.0], [-2.0, -2.0]], text=["a b c", "d e"])
    >>> round(report["perplexity"].value, 3), report["cross_entropy"].value
    (7.389, 2.0)
    """
    refuse_lazy(data, logprobs, tokens, text, doc)
    columns = {"logprobs": logprobs, "tokens": tokens, "text": text, "doc": doc}
    if data is None:
        data = _table(columns, "logprobs" if common.get("model") is None else "text")
        names: dict[str, Any] = {role: role if role in data else None for role in columns}
    else:
        names = named(columns)
    own = {
        **names,
        "input_format": input_format,
        "log_base": log_base,
        "loss": loss,
        "missing": missing,
        "worst": worst,
    }
    for name in ("model", "save_logprobs"):
        path = common.pop(name, None)  # type: ignore[misc]
        own[name] = None if path is None else os.fspath(path)
    report: Any = evaluated(data, PerplexityOptions, own, common)
    return report  # type: ignore[no-any-return]


def _table(columns: dict[str, Any], needed: str) -> dict[str, Any]:
    """The table that the columns make; UsageError for names of columns, or without that needed."""
    if columns[needed] is None:
        raise UsageError("there is nothing to evaluate", hint=_EXAMPLE)
    held = {role: values for role, values in columns.items() if values is not None}
    for role, values in held.items():
        if isinstance(values, str | bytes):
            raise UsageError(
                f"without data, {role} is the column itself, not its name {values!r}",
                hint="give data first: perplexity(data, logprobs='token_logprobs')",
            )
    return {role: _plain(values) for role, values in held.items()}


def _plain(values: Any) -> Any:
    """Lists of lists and arrays as lists of lists; other columns as they are."""
    if getattr(values, "ndim", 1) == 2:
        return values.tolist()
    if isinstance(values, list | tuple) and any(hasattr(item, "tolist") for item in values):
        return [item.tolist() if hasattr(item, "tolist") else item for item in values]
    return list(values) if isinstance(values, tuple) else values
