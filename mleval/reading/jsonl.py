"""JSON lines: one object a line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import HalfCharacter, half_row, strings_array
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content, read_exactly
from mleval.reading.encoding import Encoded, told_encoding, undecodable
from mleval.reading.lines import LineFile, Where
from mleval.reading.ranges import require_a_line_end
from mleval.reading.records import newlines
from mleval.reading.source import HEAD_ROWS, Options
from mleval.reading.values import half_character, not_one_label
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_BYTES = 1 << 20


def open_jsonl(content: Content, options: Options) -> JsonLines:
    """A JSON lines file; its columns are the keys of the first lines, in order of appearance."""
    size = SAMPLE_BYTES
    while True:
        with content.open() as stream:
            sample = read_exactly(stream, size)
        if len(sample) < size or b"\n" in sample:
            break
        size *= 4
        require_a_line_end(content.name, size)
    whole = len(sample) < size
    if not sample.strip():
        raise InputError(f"{content.name} is empty", hint="expected one JSON object a line")
    text = told_encoding(content, sample, options.encoding)
    if text.content is not content:
        with text.content.open() as stream:
            sample = read_exactly(stream, size)
        whole = len(sample) < size
    return JsonLines(text, sample if whole else sample[: sample.rfind(b"\n") + 1])


class JsonLines(LineFile):
    """One JSON lines file."""

    copies: Mapping[str, str] = {}

    def __init__(self, text: Encoded, sample: bytes) -> None:
        start = text.start
        name = text.content.name
        try:
            lines = text.utf8(sample[start:]).decode().split("\n")
        except UnicodeDecodeError as error:
            broken = sample[start : start + error.start].count(b"\n") + 1
            raise undecodable(f"{name}, {self.unit} {broken}", error, text.encoding) from error
        self._head: list[dict[str, Any]] = []
        for number, line in enumerate(lines):
            if len(self._head) == HEAD_ROWS:
                break
            if line.strip():
                self._head.append(json_object(line, f"{name}, {self.unit} {number + 1}"))
        names = tuple(dict.fromkeys(key for row in self._head for key in row))
        if (half := half_row(names)) is not None:
            raise half_character(name, names[half])
        super().__init__(text, names, start)
        self._types: dict[str, Any] = {}
        self._kept = {key: {type(row.get(key)) for row in self._head} for key in names}

    @property
    def dialect(self) -> None:
        """Every line is a record."""
        return None

    def head(self) -> pa.Table:
        """The first rows, every value by its spelling."""
        import pyarrow as pa

        return pa.table(
            {
                name: strings_array([_spelled(row.get(name)) for row in self._head], lenient=True)
                for name in self.names
            }
        )

    def line_of_row(self, data: bytes, row: int) -> int:
        """Blank lines are no rows."""
        number = start = 0
        while (end := data.find(b"\n", start)) >= 0:
            line = data[start:end]
            if line and not line.isspace():
                if row == 0:
                    break
                row -= 1
            number, start = number + 1, end + 1
        return number

    def parse(self, data: bytes, kinds: Mapping[str, Kind], where: Where) -> pa.Table:
        """By pyarrow's reader where it agrees with the lines' spelling, else line by line."""
        import pyarrow as pa

        if not data or data.isspace():
            return conformed(pa.table({n: strings_array([]) for n in kinds}), kinds, self.name)
        types = {name: self._fast_type(name, kind) for name, kind in kinds.items()}
        if all(kind is not None for kind in types.values()):
            table = _arrow_parsed(data, types)
            if table is not None:
                return conformed(table, kinds, self.name)
        return _python_parsed(data, kinds, where)

    def _fast_type(self, name: str, kind: Kind) -> Any:
        """The Arrow type that reads a column as its lines spell it, or None when none does.

        A label 1.0 must stay 1.0 beside a label 1, so fractions in a label column go the slow way.
        """
        import pyarrow as pa

        held = self._kept.get(name, set()) - {type(None)}
        if kind in ("number", "family"):
            return pa.float64() if held <= {int, float} else None
        if kind == "nested":
            if name not in self._types:
                self._types[name] = nested_type([row.get(name) for row in self._head])
            return self._types[name]
        spelled = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
        if kind == "labels":
            spelled[list] = pa.list_(pa.string())
        return spelled.get(next(iter(held))) if len(held) == 1 else None


def nested_type(values: list[Any]) -> Any:
    """The Arrow type that holds all of these JSON values as they are spelled, or None.

    Numbers in lists are numbers, whether a point is written or not; elsewhere 1.0 is not 1.
    """
    import pyarrow as pa

    held = {type(value) for value in values} - {type(None)}
    if held == {dict}:
        objects = [value for value in values if value is not None]
        names = dict.fromkeys(name for value in objects for name in value)
        fields = {name: nested_type([value.get(name) for value in objects]) for name in names}
        return None if None in fields.values() else pa.struct(list(fields.items()))
    if held == {list}:
        items = [item for value in values if value is not None for item in value]
        if {type(item) for item in items} == {int, float}:
            return pa.list_(pa.float64())
        inner = nested_type(items)
        return None if inner is None else pa.list_(inner)
    plain = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), float: pa.float64()}
    return plain.get(next(iter(held))) if len(held) == 1 else None


def _arrow_parsed(data: bytes, types: Mapping[str, Any]) -> pa.Table | None:
    """The columns by pyarrow's reader.

    None when any value is not of its column's type, or when a line has not one object.
    """
    import pyarrow as pa
    import pyarrow.json as arrow_json

    try:
        table = arrow_json.read_json(
            pa.BufferReader(data),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=arrow_json.ParseOptions(
                explicit_schema=pa.schema(list(types.items())), unexpected_field_behavior="ignore"
            ),
        )
    except pa.ArrowException:
        return None
    return table if _has_a_row_a_line(data, table.num_rows) else None


def _has_a_row_a_line(data: bytes, rows: int) -> bool:
    """Whether there are as many rows as lines that are not blank."""
    lines = newlines(data) + (not data.endswith(b"\n"))
    return rows == lines or rows == sum(1 for line in data.split(b"\n") if line.strip())


def _python_parsed(data: bytes, kinds: Mapping[str, Kind], where: Where) -> pa.Table:
    import pyarrow as pa

    columns: dict[str, list[str | None]] = {name: [] for name in kinds}
    places: list[Callable[[], str]] = []
    for number, line in enumerate(data.split(b"\n")):
        if not line.strip():
            continue
        place = _place(where, number)
        row = json_object(line.decode(), place)
        places.append(place)
        for name, kind in kinds.items():
            columns[name].append(_cell(row.get(name), name, kind, place))
    made = {}
    for name, cells in columns.items():
        try:
            made[name] = strings_array(cells)
        except HalfCharacter as error:
            raise half_character(places[error.row](), name) from error
    return conformed(pa.table(made), kinds, where.name)


def _place(where: Where, number: int) -> Callable[[], str]:
    return lambda: where.line(number)


def _cell(value: Any, name: str, kind: Kind, place: Callable[[], str]) -> str | None:
    if kind == "label" and isinstance(value, list | dict):
        raise not_one_label(place(), name, value)
    if kind in ("number", "family") and isinstance(value, bool | float):
        return str(float(value))
    return _spelled(value)


def _spelled(value: Any) -> str | None:
    """Text; NaN, which is no JSON, stands for a missing label."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value)
    return None if value != value else str(value)


def json_object(line: str, place: str | Callable[[], str]) -> dict[str, Any]:
    """The object on a line, or an InputError with its place."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        at = place if isinstance(place, str) else place()
        raise InputError(
            f"{at}: expected one JSON object, found {quoted(line.strip())} ({error})",
            hint="JSON lines have one whole object on each line",
        ) from error
    if not isinstance(row, dict):
        at = place if isinstance(place, str) else place()
        raise InputError(
            f"{at}: expected a JSON object with named values, found {quoted(line.strip())}",
            hint='write each row as {"label": ..., "prediction": ...}',
        )
    return row
