"""Files that hold something else than their name says, told from their first bytes."""

from __future__ import annotations

from mleval.errors import InputError
from mleval.reading.dialect import told_layout
from mleval.reading.records import records
from mleval.visible import quoted

_BINARY = ("Parquet", "Arrow", "NumPy")


def misnamed_notice(name: str, format_name: str, start: bytes) -> str | None:
    """The notice when a file named for another format is certainly CSV, else None.

    `start` are its first bytes, which are not of that format. InputError for text that is
    named for a binary format, and not certainly CSV.
    """
    if _is_delimited(start):
        return f"{name}: holds CSV, not {format_name}: read as CSV"
    if format_name in _BINARY and start.strip() and _text_of(start) is not None:
        line = start.split(b"\n", 1)[0].decode(errors="replace").strip()
        raise InputError(
            f"{name} is text, not {format_name}: it begins with {quoted(line)}",
            hint="give it the ending of what it holds, such as .csv or .jsonl",
        )
    return None


def _text_of(start: bytes) -> bytes | None:
    """Whole lines of UTF-8, or None."""
    start = start.removeprefix(b"\xef\xbb\xbf")
    text = start[: start.rfind(b"\n") + 1] or start
    try:
        text.decode()
    except UnicodeDecodeError:
        return None
    return None if is_binary(text) else text


def _is_delimited(start: bytes) -> bool:
    """Whether a header and the rows after it have equally many cells, at least two."""
    text = _text_of(start)
    if text is None or text.lstrip()[:1] in (b"{", b"["):
        return False
    layout = told_layout(text, None)
    rows = [r for r in records(text[layout.rows_start :], layout.dialect) if r.end > r.start]
    return (
        len(layout.names) > 1
        and len(rows) > 0
        and all(row.cells == len(layout.names) for row in rows)
    )


_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b")


def is_binary(data: bytes) -> bool:
    r"""Whether bytes are no text in any encoding of single bytes: many control codes, of any kind.

    One kind of them may be a delimiter, as `\x01` is in files of Hive.
    """
    controls = len(data) - len(data.translate(None, _CONTROLS))
    kinds = sum(bytes([code]) in data for code in _CONTROLS) if controls else 0
    return kinds >= 3 and controls * 50 >= len(data)
