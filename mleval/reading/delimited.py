"""CSV and its kin: comma, tab, semicolon or bar between the cells, a header line on top."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import strings_array
from mleval.reading.columns_of_arrow import numbers_or_text
from mleval.reading.content import Content, read_exactly
from mleval.reading.dialect import Layout, told_layout
from mleval.reading.encoding import Encoded, told_encoding, undecodable
from mleval.reading.headers import has_decimal_commas, is_weka, with_point, with_point_only
from mleval.reading.lines import LineFile, Where
from mleval.reading.names import distinct
from mleval.reading.notes import Guess
from mleval.reading.padded import is_padded, without_padding
from mleval.reading.problems import RaggedRows
from mleval.reading.quotes import require_closed
from mleval.reading.ranges import require_a_line_end
from mleval.reading.records import (
    Dialect,
    is_plain_until,
    last_record_end,
    line_ends,
    quoted_spans,
    records,
)
from mleval.reading.source import HEAD_ROWS, Options, TableFile

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_BYTES = 1 << 20


def open_delimited(content: Content, options: Options) -> TableFile:
    """A delimited file: encoding, delimiter and header are told from its first megabyte."""
    with content.open() as stream:
        sample = read_exactly(stream, SAMPLE_BYTES)
    if not sample.removeprefix(codecs.BOM_UTF8).strip():
        raise InputError(
            f"{content.name} is empty", hint="expected a header line, then one row a prediction"
        )
    text = told_encoding(content, sample, options.encoding)
    sample, whole = _whole_records(text)
    layout = told_layout(sample, options.sep, options.header)
    if is_padded(sample[layout.rows_start :], layout.dialect.delimiter):
        text = without_padding(text, layout.dialect.delimiter)
        sample, whole = _whole_records(text)
        layout = told_layout(sample, options.sep, options.header)
    file = DelimitedFile(text, layout, sample, whole, options.decimal)
    if is_weka(file.names):
        from mleval.reading.weka import WekaTable

        return WekaTable(file)
    return file


def _whole_records(text: Encoded) -> tuple[bytes, bool]:
    """The start of the text as UTF-8, cut at a line end, and whether that is all of it."""
    size = SAMPLE_BYTES
    while True:
        with text.content.open() as stream:
            data = read_exactly(stream, size)
        whole = len(data) < size
        data = data[text.start :]
        end = len(data) if whole else data.rfind(b"\n") + 1
        if end or whole:
            return _readable(text, data[:end]), whole
        size *= 4
        require_a_line_end(text.content.name, size)


def _readable(text: Encoded, data: bytes) -> bytes:
    try:
        return text.utf8(data)
    except UnicodeDecodeError as error:
        place = f"{text.content.name}, line {line_ends(data[: error.start]) + 1}"
        raise undecodable(place, error, text.encoding) from error


class DelimitedFile(LineFile):
    """One delimited file."""

    def __init__(
        self,
        text: Encoded,
        layout: Layout,
        sample: bytes,
        whole: bool,
        decimal: str | None = None,
    ) -> None:
        names, self.copies = distinct(layout.names)
        # A sample in another one-byte encoding is longer in UTF-8 than in the file: find the
        # rows by their line ends, which are the same bytes in both.
        offset = text.start + len(_as_written(text, sample[: layout.rows_start]))
        super().__init__(text, names, offset)
        self.notices = (*text.notices, *(_of_file(self.name, n) for n in layout.notices))
        self.headerless = layout.headerless
        self._dialect = layout.dialect._replace(columns=len(names))
        self._decimal = decimal or "."
        spans = quoted_spans(sample, self._dialect)
        end = len(sample) if whole else last_record_end(sample, spans)
        self._sample = sample[layout.rows_start : end]
        require_closed(sample, self._dialect, spans, end or len(sample), Where(self, 0).line)
        if decimal is None and layout.dialect.delimiter == b";":
            head = self.head()
            if has_decimal_commas(head.column(name).to_pylist() for name in head.column_names):
                self._decimal = ","
                notice = f"{self.name}: commas read as decimal points (--decimal . if not)"
                self.notices += (Guess(notice, "say so: --decimal ,"),)

    @property
    def dialect(self) -> Dialect:
        """Delimiter and quoting."""
        return self._dialect

    def head(self) -> pa.Table:
        """The first rows, every cell as text."""
        end = kept = 0
        for record in records(self._sample, self._dialect):
            end = record.next
            kept += record.cells == len(self.names)
            if kept == HEAD_ROWS:
                break
        kinds: dict[str, Kind] = dict.fromkeys(self.names, "text")
        table, _ = self._parsed(self._sample[:end], kinds, Where(self, self._rows_start))
        if self._decimal == ",":
            for at, name in enumerate(table.column_names):
                cells = map(with_point, table.column(name).to_pylist())
                table = table.set_column(at, name, strings_array(list(cells)))
        return table

    def parse(self, data: bytes, kinds: Mapping[str, Kind], where: Where) -> pa.Table:
        """RaggedRows when any row has not the header's number of cells."""
        table, ragged = self._parsed(data, kinds, where)
        if ragged:
            raise self._ragged_rows(data, where, table)
        return table

    def line_of_row(self, data: bytes, row: int) -> int:
        """Counting as pyarrow does: rows that are blank or uneven are none."""
        if is_plain_until(data, row, self._dialect, len(self.names)):
            return row
        for record in records(data, self._dialect):
            if record.cells == len(self.names):
                if row == 0:
                    return record.line
                row -= 1
        return line_ends(data)

    def _parsed(
        self, data: bytes, kinds: Mapping[str, Kind], where: Where
    ) -> tuple[pa.Table, bool]:
        import pyarrow as pa

        types = {name: _arrow_type(kind) for name, kind in kinds.items()}
        with suppress(pa.ArrowInvalid):
            return self._read(data, types)
        # Some cell is no number: take the number columns as text, and let the caller say which.
        numbers = [name for name, kind in kinds.items() if kind in ("number", "family")]
        marks = [name for name, kind in kinds.items() if kind == "mark"]
        types |= dict.fromkeys(marks, _arrow_type("label"))
        try:
            table, ragged = self._read(data, types | dict.fromkeys(numbers, pa.string()))
        except pa.ArrowInvalid as error:
            raise InputError(f"{where.line(0)} and on: not readable: {error}") from error
        for name in numbers:
            at = table.schema.get_field_index(name)
            column = table.column(name).combine_chunks()
            if self._decimal == ",":
                column = strings_array([with_point_only(cell) for cell in column.to_pylist()])
            table = table.set_column(at, name, numbers_or_text(column))
        return table, ragged

    def _read(self, data: bytes, types: Mapping[str, Any]) -> tuple[pa.Table, bool]:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        blank = data[:1] in (b"\r", b"\n") and not data.strip(b"\r\n")
        if not data or (len(self.names) > 1 and blank):
            return pa.table({name: pa.nulls(0, kind) for name, kind in types.items()}), False
        ragged = []

        def skip(row: Any) -> str:
            if row.actual_columns != 1 or row.text.strip():
                ragged.append(True)
            return "skip"

        quoted = self._dialect.quoting and b'"' in data
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=list(self.names)
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._dialect.delimiter.decode(),
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=len(self.names) > 1,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(types),
                column_types=types,
                null_values=[""],
                strings_can_be_null=True,
                decimal_point=self._decimal,
            ),
        )
        return table, bool(ragged)

    def _ragged_rows(self, data: bytes, where: Where, table: pa.Table) -> RaggedRows:
        expected = len(self.names)
        found = [
            (where.line(record.line), record.cells)
            for record in records(data, self._dialect)
            if record.cells != expected and data[record.start : record.end].strip()
        ]
        return RaggedRows(self.name, expected, found, table)


def _of_file(name: str, notice: str) -> str:
    told = f"{name}: {notice}"
    return Guess(told, notice.hint) if isinstance(notice, Guess) else told


def _as_written(text: Encoded, data: bytes) -> bytes:
    return data if text.encoding is None else data.decode().encode(text.encoding)


def _arrow_type(kind: Kind) -> Any:
    import pyarrow as pa

    if kind in ("label", "labels"):
        return pa.dictionary(pa.int32(), pa.string())
    types = {"text": pa.string(), "nested": pa.string(), "mark": pa.bool_()}
    return types.get(kind, pa.float64())
