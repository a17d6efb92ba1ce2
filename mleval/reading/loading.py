"""Columns of a whole source at once, for what must be known of all rows before any is used."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.reading.fields import label_lists
from mleval.reading.source import Source

if TYPE_CHECKING:
    import pyarrow as pa


def tables_of(source: Source, kinds: Mapping[str, Kind]) -> Iterator[pa.Table]:
    """The parts in their order, a few loaded ahead in threads."""
    workers = min(os.cpu_count() or 1, 8)
    waiting: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for load in source.parts(kinds):
                waiting.append(pool.submit(load))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def whole_columns(source: Source, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Each column as one Arrow array. Numbers stay text where a cell of any part is none."""
    import pyarrow as pa

    chunks: dict[str, list[Any]] = {name: [] for name in kinds}
    for table in tables_of(source, kinds):
        for name in kinds:
            chunks[name] += table.column(name).chunks
    mixed: dict[str, Kind] = {
        name: "text"
        for name, found in chunks.items()
        if kinds[name] in ("number", "family") and len({str(a.type) for a in found}) > 1
    }
    for name, found in chunks.items():
        if kinds[name] == "labels" and len({str(a.type) for a in found}) > 1:
            lists = pa.list_(pa.string())  # [1] and then ["x"] are read in two ways
            chunks[name] = [label_lists(array).cast(lists) for array in found]
    whole = {name: one_array(chunks[name]) for name in kinds if name not in mixed}
    return whole | whole_columns(source, mixed) if mixed else whole


def one_array(chunks: list[Any]) -> Any:
    """The chunks of a column as one array; text beyond 2 GiB becomes large text."""
    import pyarrow as pa

    if not chunks:
        return pa.nulls(0, pa.string())
    column = pa.chunked_array(chunks)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    elif column.nbytes > 1 << 30 and pa.types.is_string(column.type):
        column = column.cast(pa.large_string())
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined
