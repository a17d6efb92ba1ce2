"""Command lines that are suggested to people."""

from __future__ import annotations

import shlex

from mleval.options import ClassifyOptions, Options
from mleval.options.common import as_flag
from mleval.spelling import comma_list

_SAID = (
    "truth_file",
    "on",
    "id",
    "filter",
    "truth",
    "prediction",
    "lower",
    "upper",
    "std",
    "quantiles",
    "score",
    "proba",
    "truth_proba",
    "same",
    "dissimilar",
    "distances",
    "negative_distances",
    "a",
    "b",
    "negative",
    "distance",
    "weight",
    "task",
    "label_sep",
    "sep",
    "encoding",
    "decimal",
)
"""The options that decide which columns are found, in the order they are written."""
_OF_FILES = ("truth_file", "sep", "encoding", "decimal")
_OF_ROWS = ("filter",)


def looking(file: str, options: Options) -> str:
    """The command that shows the columns of a file, read as the options say.

    >>> looking("a b.csv", ClassifyOptions(sep=";", truth="y", header=False))
    "mleval inspect 'a b.csv' --sep ';' --no-header"
    """
    said = {name: getattr(options, name) for name in _OF_FILES}
    return shlex.join(["mleval", "inspect", file, *_flags(said, options)])


def evaluating(file: str, options: Options, columns: dict[str, str | None]) -> str:
    """The command that evaluates a file as the options say, by the columns found: option → name.

    >>> evaluating("a.csv", ClassifyOptions(task="binary"), {"truth": "is spam"})
    "mleval classify a.csv --truth 'is spam' --task binary"
    """
    said = {name: getattr(options, name) for name in (*_OF_FILES, *_OF_ROWS)}
    if isinstance(options, ClassifyOptions):
        said["task"] = options.task
    words = ["mleval", options.command, file, *_flags(said | columns, options)]
    if isinstance(options, ClassifyOptions):
        words += ["--classes", comma_list(options.classes)] if options.classes else []
        for label, renamed in options.map.items():
            words += ["--map", comma_list([f"{label}={renamed}"])]
    return shlex.join(words)


def scoring(file: str, options: Options) -> str:
    """The command that evaluates a file of log-probabilities.

    >>> scoring("log probs.csv", ClassifyOptions(sep=";"))
    "mleval perplexity 'log probs.csv' --sep ';'"
    """
    said = {name: getattr(options, name) for name in ("sep", "encoding", "decimal")}
    return shlex.join(["mleval", "perplexity", file, *_flags(said, options)])


def _flags(said: dict[str, str | None], options: Options) -> list[str]:
    words = []
    for name in _SAID:
        value = said.get(name)
        if value is not None:
            words += [as_flag(name), str(value)]
    return [*words, *(["--no-header"] if options.header is False else [])]
