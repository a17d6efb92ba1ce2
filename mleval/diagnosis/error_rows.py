"""The rows that are wrong, with all their columns as the input has them: the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Kind
from mleval.diagnosis.case import Case, TextCase
from mleval.diagnosis.mistakes.confidence import confidence, worst_first
from mleval.diagnosis.residuals import LARGE, largest_first
from mleval.diagnosis.rows import PredictedRows, WrittenRows
from mleval.reading import Source
from mleval.reading.arrow_arrays import numbers_array
from mleval.reading.filtered import FilteredSource

if TYPE_CHECKING:
    import pyarrow as pa

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ErrorRows:
    """(n,) of each column by its name: texts as they are, None where empty; or numbers."""

    columns: Mapping[str, list[Any]]


def error_rows(case: Case | TextCase) -> ErrorRows:
    """The misclassified rows, the most confident first; of residuals and texts the worst tenth.

    Columns: `row` (from 1), those of the input, and what the rows are ordered by. Raises InputError
    when the input cannot be read again.
    """
    if isinstance(case, TextCase):
        return ErrorRows(_texts(case.rows))
    rows = case.rows
    more: dict[str, Floats] = {}
    if isinstance(rows, PredictedRows):
        most = len(rows) - int(LARGE * len(rows))
        at = largest_first(rows)[:most]
        more["residual"] = (rows.truth - rows.predicted)[at]
    else:
        sure = confidence(rows)
        at = worst_first(rows, sure)
        more |= {} if sure is None else {"confidence": sure[at]}
    found: dict[str, list[Any]] = {"row": rows.numbers[at].tolist()}
    table = _taken(case.seen.source, rows.numbers[at] - 1)
    for name in table.column_names:
        found[_free(name, found)] = table.column(name).to_pylist()
    for name, values in more.items():
        found[_free(name, found)] = values.tolist()
    return ErrorRows(found)


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """The name, or one like it that is not taken."""
    while name in taken:
        name += "_"
    return name


def _taken(source: Source, places: NDArray[np.int64]) -> pa.Table:
    """All columns of some rows as texts, in their order. places: from 0, before any filter."""
    import pyarrow as pa

    while isinstance(source, FilteredSource):
        source = source.inner
    kinds: dict[str, Kind] = dict.fromkeys(source.names, "text")
    wanted = np.sort(places)
    kept, first = [], 0
    for load in source.parts(kinds):
        table = load()
        here = wanted[(wanted >= first) & (wanted < first + table.num_rows)] - first
        kept.append(table.take(numbers_array(here)))
        first += table.num_rows
    return pa.concat_tables(kept).take(numbers_array(np.searchsorted(wanted, places)))


def _texts(rows: WrittenRows) -> dict[str, list[Any]]:
    """The texts that score lowest, with their references and every score."""
    segments, scores = rows.segments, rows.scores[rows.metric]
    order = np.argsort(np.where(np.isnan(scores), np.inf, scores), kind="stable")
    at = order[: len(rows) - int(LARGE * len(rows))].tolist()
    found: dict[str, list[Any]] = {"segment": [place + 1 for place in at]}
    if segments.ids is not None:
        found["id"] = [segments.ids[place] for place in at]
    found["hypothesis"] = [segments.hypotheses[place] for place in at]
    for number, lines in enumerate(segments.references, 1):
        name = "reference" if len(segments.references) == 1 else f"reference {number}"
        found[name] = [lines[place] for place in at]
    return found | {spec: each[at].tolist() for spec, each in rows.scores.items()}
