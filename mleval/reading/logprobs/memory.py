"""Log-probabilities in memory: tables, responses of servers, lists of numbers."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mleval.reading.content import Content, HeldFile
from mleval.reading.logprobs.formats import RECORDS
from mleval.reading.memory import MemorySource, table_of_batch

_NAME = "the data"


def table_in_memory(data: Any) -> MemorySource | None:
    """A table of columns; None for anything else, a single response of a server among it."""
    if isinstance(data, Mapping):
        is_response = any(shape.module.recognises([data]) for shape in RECORDS)
        return None if is_response else MemorySource(data)
    if hasattr(data, "__arrow_c_stream__"):
        return MemorySource(data)
    return MemorySource(table_of_batch(data)) if hasattr(data, "__arrow_c_array__") else None


def content_in_memory(data: Any) -> Content | None:
    """Records and lists as the JSON lines they would be in a file; None for names of files."""
    if isinstance(data, Mapping) or hasattr(data, "model_dump"):
        data = [data]
    is_list = isinstance(data, Sequence | _array()) and not isinstance(data, str)
    if not is_list or not len(data):
        return None
    items = [_plain(item) for item in data]
    if all(isinstance(item, int | float | None) for item in items):
        items = [items]
    if not all(isinstance(item, dict | list) for item in items):
        return None
    if all(isinstance(item, list) for item in items):
        items = [{"logprobs": item} for item in items]
    lines = "".join(json.dumps(item) + "\n" for item in items)
    return HeldFile(_NAME, io.BytesIO(lines.encode()))


def _array() -> type:
    import numpy as np

    return np.ndarray


def _plain(item: Any) -> Any:
    """What JSON can hold of a response, an array or a list of numbers."""
    if hasattr(item, "model_dump"):
        return item.model_dump(mode="json")
    if hasattr(item, "tolist"):
        return item.tolist()
    return list(item) if isinstance(item, tuple) else item
