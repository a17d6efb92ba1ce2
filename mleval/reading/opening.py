"""open_source: from whatever the caller names (paths, globs, `-`, tables) to a Source."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mleval.errors import InputError, UsageError
from mleval.reading.content import Content, LocalFile, held
from mleval.reading.directories import part_files
from mleval.reading.flattened import flattened
from mleval.reading.matrices import Matrices
from mleval.reading.names import by_number, listed, nearest
from mleval.reading.readers import READERS, open_table
from mleval.reading.source import FileSource, Options, Source
from mleval.visible import middle, quoted

LONGEST_PATH = 200
"""Characters of a file's name in messages."""


def open_source(
    data: Any,
    *,
    sep: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    decimal: str | None = None,
    nested: bool = False,
) -> Source:
    """A Source of paths, globs, `-` (standard input), several of them, or a table in memory.

    data: a path, a list of paths and globs (shards of one table), a table that offers the Arrow
    C stream (pandas, polars, pyarrow), a dict of equally long columns, or Matrices.
    nested: columns of lists and objects stay what they are.

    sep, encoding, header, decimal: how text is written, told from the bytes where None; without
    a header the columns are numbered from 1.

    Raises InputError for files that are missing, unreadable or not tables; UsageError when
    `data` is none of these.
    """
    seen = _as_it_is if nested else flattened
    if isinstance(data, Matrices):
        return data.open({role: _one(path) for role, path in data.paths.items()})
    if isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__"):
        from mleval.reading.memory import MemorySource

        return seen(MemorySource(data))
    if hasattr(data, "__arrow_c_array__"):
        from mleval.reading.memory import MemorySource, table_of_batch

        return seen(MemorySource(table_of_batch(data)))
    contents, notices = named_contents(data)
    if decimal not in (None, ".", ","):
        raise UsageError(f"a decimal mark is . or , not {decimal!r}", hint="such as --decimal ,")
    return seen(_opened(contents, Options(sep, encoding, header, decimal), notices))


def named_contents(data: Any) -> tuple[list[Content], tuple[str, ...]]:
    """The files of a path, of paths and globs, or standard input; and notices of empty ones.

    Raises InputError for files that are missing, UsageError when `data` is none of these.
    """
    named = [data] if isinstance(data, str | os.PathLike) else data
    if not isinstance(named, Sequence) or not all(isinstance(n, str | os.PathLike) for n in named):
        raise UsageError(
            f"cannot read a {type(data).__name__}",
            hint="give a path, a list of paths, a DataFrame, an Arrow table or a dict of columns",
        )
    if [os.fspath(name) for name in named].count("-") > 1:
        raise UsageError("standard input is named twice", hint="name - once")
    contents = [content for name in named for content in _contents(os.fspath(name))]
    if not contents:
        raise UsageError("no file was named", hint="name a file, or - for standard input")
    _require_once(contents)
    return _without_empty(contents)


def _as_it_is(source: Source) -> Source:
    return source


def _one(path: str) -> Content:
    """The file of that name, of which there must be one."""
    found = _contents(path)
    if len(found) != 1:
        raise UsageError(f"{path} names {len(found)} files, and a matrix is one")
    return found[0]


def without_header(source: FileSource) -> FileSource:
    """The same files, their first line read as a row; the columns are called by their places."""
    return _opened(source.contents, source.options._replace(header=False), ())


def _opened(contents: list[Content], options: Options, notices: tuple[str, ...]) -> FileSource:
    opened = [open_table(contents[0], options)]
    if options.header is None and getattr(opened[0].table, "headerless", False):
        # What one shard has no header for, the others have none for either.
        options = options._replace(header=False)
    opened += [open_table(content, options) for content in contents[1:]]
    files = tuple(content.path for content in contents if isinstance(content, LocalFile))
    notices += tuple(notice for file in opened for notice in file.notices)
    return FileSource([file.table for file in opened], contents, files, notices, options)


def _require_once(contents: Sequence[Content]) -> None:
    """UsageError when two names lead to one file, by a link or another path."""
    seen: dict[tuple[int, int], str] = {}
    for content in contents:
        if not isinstance(content, LocalFile):
            continue
        try:
            status = content.path.stat()
        except OSError:  # told when it is opened
            continue
        place = (status.st_dev, status.st_ino)
        if (first := seen.get(place)) is not None:
            same = "is named twice" if first == content.name else f"is the same file as {first}"
            raise UsageError(
                f"{content.name} {same}: its rows would count twice", hint="name each file once"
            )
        seen[place] = content.name


def _without_empty(contents: list[Content]) -> tuple[list[Content], tuple[str, ...]]:
    """The files that hold any byte, when some do, and notices of the others."""
    empty = [len(contents) > 1 and not content.read(0, 1) for content in contents]
    if all(empty):
        return contents, ()
    kept = [content for content, is_empty in zip(contents, empty, strict=True) if not is_empty]
    left = [content.name for content, is_empty in zip(contents, empty, strict=True) if is_empty]
    return kept, tuple(f"{name} is empty (0 bytes): skipped" for name in left)


def _contents(name: str) -> list[Content]:
    """The file of that name, or those that a glob of it finds."""
    if name == "-":
        return [held(sys.stdin.buffer, "standard input")]
    import glob

    if not name.strip():
        raise UsageError("the name of a file is empty", hint="name a file, or - for standard input")
    path = Path(name)
    if not path.exists() and glob.has_magic(name):
        # Path.glob takes no absolute pattern.
        found = sorted(glob.glob(name, recursive=True), key=by_number)  # noqa: PTH207
        files = [file for file in found if not Path(file).is_dir()]
        if not files:
            raise InputError(
                f"no file matches {quoted(name)}",
                hint="check the pattern, and quote it in the shell",
            )
        return [_local(file) for file in files]
    if path.is_dir():
        endings = tuple(ending for reader in READERS for ending in reader.endings)
        return [_local(file) for file in part_files(path, name, endings)]
    return [_content(path, name)]


def _local(file: str | Path) -> LocalFile:
    return LocalFile(Path(file), middle(str(file), LONGEST_PATH))


def _content(path: Path, name: str) -> Content:
    if not path.exists():
        raise _missing(path, name)
    if path.is_file():
        return _local(name)
    # A pipe, as from the shell's <(command): it can be read only once.
    with path.open("rb") as stream:
        return held(stream, name)


def _missing(path: Path, name: str) -> InputError:
    if path.is_symlink():
        return InputError(f"no file {name}: it is a link to {path.readlink()}, which is not there")
    folder = path.parent
    if not folder.is_dir():
        return InputError(f"no file {name}", hint=f"there is no directory {folder}")
    here = [entry.name for entry in folder.iterdir()]
    near = nearest(path.name, here) or [n for n in here if n.startswith(f"{path.stem}.")]
    hint = f"the nearest names there: {listed(near)}" if near else None
    return InputError(f"no file {name}", hint=hint or f"nothing in {folder} is called so")
