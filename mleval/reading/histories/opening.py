"""open_logs: from paths, globs, `-` or a table in memory to one Log a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mleval.errors import InputError
from mleval.reading.content import Content
from mleval.reading.histories.boosting import boosting_log, is_boosting_log
from mleval.reading.histories.log import Log
from mleval.reading.histories.results import MOST_BYTES, log_of_results
from mleval.reading.histories.tables import log_of_table
from mleval.reading.opening import named_contents
from mleval.reading.readers import open_table, unpacked
from mleval.reading.source import FileSource, Options

_PICKLES = (".pkl", ".pickle", ".joblib")


def open_logs(
    data: Any,
    *,
    sep: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> list[Log]:
    """One Log a file, or that of a table in memory.

    data: a path, a list of paths and globs, `-` for standard input, a table that offers the Arrow
    C stream, or a dict of equally long columns. sep, encoding, decimal: how text is written, told
    from the bytes where None. Raises InputError for files that are missing or hold no history.
    """
    if isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__"):
        from mleval.reading.memory import MemorySource

        return [log_of_table(MemorySource(data), "table in memory")]
    contents, notices = named_contents(data)
    options = Options(sep, encoding, None, decimal)
    first, *rest = [_opened(content, options) for content in contents]
    return [_with(first, notices), *rest]


def _with(log: Log, notices: tuple[str, ...]) -> Log:
    from dataclasses import replace

    return replace(log, notices=(*notices, *log.notices))


def _opened(content: Content, options: Options) -> Log:
    if content.name.lower().endswith(_PICKLES):
        raise InputError(
            f"{content.name} is a Python pickle, and loading one runs what it holds",
            hint="write history.history as CSV: pandas.DataFrame(history.history).to_csv(...)",
        )
    inner, start = unpacked(content)
    if is_boosting_log(start):
        return boosting_log(inner)
    if start.lstrip().startswith(b"{") and len(inner.read(0, MOST_BYTES + 1)) <= MOST_BYTES:
        found = log_of_results(content.name, inner.read(0, MOST_BYTES))
        if found is not None:
            return found
    opened = open_table(content, options)
    source = FileSource([opened.table], [content], (), opened.notices, options)
    return log_of_table(source, "")
