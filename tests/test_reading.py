"""Files and short ways to read them, for the tests of reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mleval.batch import Batch, Labels, Texts
from mleval.errors import InputError
from mleval.reading import ColumnChoices, Tally, find_roles, open_source, read

ROWS = "label,pred,score\n1,1,0.9\n0,1,0.6\n1,0,0.4\n0,0,0.1\n"


def written(folder: Path, text: str | bytes, name: str = "preds.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def spelled(labels: Labels) -> list[str | None]:
    return [None if code < 0 else labels.names[code] for code in labels.codes.tolist()]


def loaded(
    data: Any, choices: ColumnChoices | None = None, sep: str | None = None,
    encoding: str | None = None, **policy: Any,
) -> tuple[list[Batch], Tally]:  # fmt: skip
    source = open_source(data, sep=sep, encoding=encoding)
    reading = read(source, find_roles(source, choices or ColumnChoices()), **policy)
    batches = [load() for load in reading.parts()]
    return batches, reading.finish()


def columns(data: Any, choices: ColumnChoices | None = None, **policy: Any) -> dict[str, Any]:
    """Every role's column over all batches, labels by their spellings."""
    batches, _ = loaded(data, choices, **policy)
    found: dict[str, Any] = {}
    for batch in batches:
        for role, column in batch.columns.items():
            if isinstance(column, Labels):
                found.setdefault(role, []).extend(spelled(column))
            elif isinstance(column, Texts):
                found.setdefault(role, []).extend(column.cells(np.arange(batch.rows)).tolist())
            elif isinstance(column, np.ndarray):
                found.setdefault(role, []).extend(column.tolist())
            else:
                rows = found.setdefault(role, {name: [] for name in column.names})
                for name, values in zip(column.names, column.values, strict=True):
                    rows[name].extend(values.tolist())
    return found


def refusal(data: Any, choices: ColumnChoices | None = None, **policy: Any) -> tuple[str, str]:
    """The message and hint of the InputError that reading raises."""
    with pytest.raises(InputError) as raised:
        loaded(data, choices, **policy)
    return str(raised.value), raised.value.hint or ""
