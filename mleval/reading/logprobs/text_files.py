"""Texts in a file of their own: how long each is, by line or by id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.compression import without_compression_ending
from mleval.reading.content import Content, whole
from mleval.reading.encoding import told_encoding, undecodable
from mleval.reading.logprobs.columns import Seen, first_of
from mleval.reading.logprobs.keys import digests, places_in
from mleval.reading.logprobs.synonyms import ID, TEXT
from mleval.reading.logprobs.texts import Sizes, sizes_of
from mleval.reading.names import listed
from mleval.reading.opening import named_contents
from mleval.reading.readers import READERS, format_name, open_table, unpacked
from mleval.reading.source import HEAD_ROWS, Options
from mleval.sequences import Ints

_PLAIN = (".txt", ".text", ".raw", ".tokens")


class TextFile:
    """The lengths of texts. name: of the file; keys: what tells them apart, None: their order."""

    def __init__(
        self, content: Content, sizes: Sizes, all_: Sizes | None, keys: NDArray[np.bytes_] | None
    ) -> None:
        self.content, self.name = content, content.name
        self.sizes, self.keys, self._all = sizes, keys, all_

    def __len__(self) -> int:
        return len(self.sizes.bytes)

    @property
    def whole(self) -> Sizes | None:
        """Of all lines as one text; None of a table."""
        return self._all

    def at(self, places: Ints) -> Sizes:
        """Those of some texts; nan beyond the last."""
        beyond = (places < 0) | (places >= len(self))
        held = np.where(beyond, 0, places)
        if not len(self):
            return Sizes(*(np.full(len(places), np.nan) for _ in range(3)))
        return Sizes(*(np.where(beyond, np.nan, column[held]) for column in self.sizes))

    def by_key(self, keys: NDArray[np.bytes_]) -> Ints:
        """The place of the text of each key, −1 where there is none."""
        assert self.keys is not None
        return places_in(self.keys, keys)


def open_text_file(name: str, options: Options) -> TextFile:
    """A file with a text a line, or a table with a column of texts, and perhaps one of ids."""
    contents, _ = named_contents(name)
    content = contents[0]
    return _of_lines(content, options) if is_plain(content) else _of_table(content, options)


def is_plain(content: Content) -> bool:
    """Whether a file is text, and no table of texts."""
    ending = Path(without_compression_ending(content.name)).suffix
    is_csv = format_name(content) == READERS[-1].name
    return is_csv and (ending in _PLAIN or ending not in READERS[-1].endings)


def text_in(content: Content, options: Options) -> tuple[bytes, tuple[str, ...]]:
    """A file of text in UTF-8, and notices; InputError for bytes that are none."""
    inner, _ = unpacked(content)
    data = whole(inner)
    text = told_encoding(inner, data[: 1 << 20], options.encoding)
    try:
        if text.content is not inner:
            data = whole(text.content)
        return text.utf8(data[text.start :]), text.notices
    except UnicodeDecodeError as error:
        raise undecodable(content.name, error, text.encoding) from error


def _of_lines(content: Content, options: Options) -> TextFile:
    """Lines end at line feeds alone; a blank one is a text of no characters."""
    import pyarrow as pa

    data, _ = text_in(content, options)
    held = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(held == 10)
    if len(data) and not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    returns = (ends > starts) & (held[np.maximum(ends - 1, 0)] == 13) if len(ends) else ends
    # Every other text of the array is what stands between two lines.
    offsets = np.stack([starts, ends - returns], axis=1).ravel()
    buffers = [None, pa.py_buffer(np.append(offsets, len(data))), pa.py_buffer(data)]
    pieces = pa.Array.from_buffers(pa.large_string(), len(offsets), buffers)
    lines = Sizes(*(column[::2] for column in sizes_of(pieces)))
    limits = pa.py_buffer(np.array([0, len(data)]))
    everything = pa.Array.from_buffers(pa.large_string(), 1, [None, limits, pa.py_buffer(data)])
    return TextFile(content, lines, sizes_of(everything), None)


def _of_table(content: Content, options: Options) -> TextFile:
    table = open_table(content, options).table
    head = table.head().slice(0, HEAD_ROWS)
    seen = Seen({name: head.column(name).to_pylist() for name in table.names})
    texts = seen.names("text")
    named = first_of(TEXT, texts) or texts[: len(texts) == 1]
    if not named:
        raise InputError(
            f"--text {content.name}: which column has the text? it has {listed(table.names)}",
            hint="call it 'text', or give a plain file with one text a line",
        )
    ids = [name for name in first_of(ID, table.names) if name != named[0]]
    kinds: dict[str, Any] = {named[0]: "text"} | ({ids[0]: "text"} if ids else {})
    sizes, keys = [], []
    for load in table.parts(kinds):
        part = load()
        sizes.append(sizes_of(part.column(named[0]).combine_chunks()))
        if ids:
            keys += [str(key) for key in part.column(ids[0]).to_pylist()]
    columns = Sizes(*(np.concatenate(column) for column in zip(*sizes, strict=True)))
    return TextFile(content, columns, None, digests(keys) if ids else None)
