"""What is evaluated: the files of predictions, joined with the truths that lie in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mleval.evaluation.findings import Findings
from mleval.options import ClassifyOptions
from mleval.reading import ColumnChoices, JoinedSource, Source, join, joined_choices, open_source


@dataclass(frozen=True, slots=True)
class Input:
    """An opened input and the columns that were chosen in it."""

    source: Source
    choices: ColumnChoices

    def assume(self, findings: Findings) -> None:
        """Say how it was put together."""
        if isinstance(self.source, JoinedSource):
            _assume_join(self.source, findings)


def open_input(data: Any, options: ClassifyOptions) -> Input:
    """Open everything that the options name; see `open_source` for `data`.

    Raises InputError for files that cannot be read or joined.
    """
    source = open_source(data, sep=options.sep, encoding=options.encoding)
    choices = _choices(options)
    if options.truth_file is None:
        return Input(source, choices)
    truths = open_source(options.truth_file, sep=options.sep, encoding=options.encoding)
    lenient = options.missing != "error"
    joined = join(source, truths, id=options.id, on=options.on, lenient=lenient)
    return Input(joined, joined_choices(joined, choices))


def _assume_join(source: JoinedSource, findings: Findings) -> None:
    rows = f"{source.matching.truths:,} rows of {source.truths.name}"
    if source.keys is not None:
        findings.assume("join", source.keys, rows, "--on")
        return
    why = f"{rows}; the files share no id"
    findings.assume("join", "row by row", why, "--id or --on", guess=True)


def _choices(options: ClassifyOptions) -> ColumnChoices:
    return ColumnChoices(
        truth=options.truth,
        prediction=options.prediction,
        score=options.score,
        proba=options.proba,
        weight=options.weight,
        id=options.id,
        task=options.task,
        strict=options.strict,
        score_of=options.score_of,
        score_scale=options.score_scale,
    )
