"""Directories of part files, as Spark and other distributed tools write one table."""

from __future__ import annotations

from pathlib import Path

from mleval.errors import InputError
from mleval.reading.compression import without_compression_ending
from mleval.reading.names import by_number, listed


def part_files(folder: Path, name: str, endings: tuple[str, ...]) -> list[Path]:
    """The files of a directory that hold rows: its `part-*`, or else all data files of one kind.

    Markers and checksums (`_SUCCESS`, `_metadata`, `.crc`, hidden files) and empty files are not.
    Raises InputError when there is none, or when the files are of several kinds.
    """
    try:
        here = sorted(
            (path for path in folder.iterdir() if path.is_file()),
            key=lambda path: by_number(path.name),
        )
    except OSError as error:
        raise InputError(
            f"{name}: cannot be read: {error.strerror or error}",
            hint="check the directory's permissions",
        ) from error
    shown = [path for path in here if path.name[0] not in "._" and path.suffix != ".crc"]
    parts = [path for path in shown if path.name.startswith("part-")]
    data = parts or [p for p in shown if without_compression_ending(p.name).endswith(endings)]
    found = [path for path in data if path.stat().st_size]
    if not found:
        raise InputError(
            f"{name} is a directory without part files ({len(shown)} files in it)",
            hint=f"name its files, such as '{name.rstrip('/')}/*.csv'",
        )
    kinds = {Path(without_compression_ending(path.name)).suffix for path in found}
    if len(kinds) > 1:
        raise InputError(
            f"{name} is a directory with files of several kinds: {listed(sorted(kinds))}",
            hint=f"name those of one kind, such as '{name.rstrip('/')}/*{sorted(kinds)[-1]}'",
        )
    return found
