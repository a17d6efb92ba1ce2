"""Whether a file that holds no predictions of rows holds log-probabilities."""

from __future__ import annotations

from pathlib import Path

from mleval.errors import MlevalError
from mleval.reading.candidates import by_name
from mleval.reading.logprobs.choices import LogprobChoices, LogprobRoles
from mleval.reading.logprobs.source import open_logprobs
from mleval.reading.source import Options
from mleval.reading.synonyms import TRUTH


def recognised(file: Path, options: Options) -> LogprobRoles | None:
    """What is for what in a file of log-probabilities, by its beginning; None where it is none.

    A table with a column that is named like a truth is one of predictions, whatever is beside it.
    options: how text files are written.
    """
    try:
        source = open_logprobs(file, LogprobChoices(files=options))
        values = next(source.loaders())().tokens.values
    except (MlevalError, StopIteration):
        return None
    if by_name(source.columns, TRUTH) or not len(values) or (values > 0).any():
        return None
    return source.roles
