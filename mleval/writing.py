"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mleval.errors import InputError


def write_whole(path: Path, text: str) -> None:
    """Put the text in the file in one step: see `whole_file`."""
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8"))


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file at the end: nobody sees half of it, nor does a failure.

    A link is followed; an existing file keeps its permissions. Raises InputError.
    """
    target = require_writable(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            temporary.chmod(_mode(target))
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", hint=_hint(error)
        ) from error


def require_writable(path: Path) -> Path:
    """The file that the path leads to; InputError where there can be none."""
    try:
        target = path.resolve()
    except RuntimeError as error:  # before Python 3.13
        raise InputError(f"{path} is a link that leads to itself", hint="name a file") from error
    if not target.parent.is_dir():
        raise InputError(
            f"{path}: there is no folder {target.parent}", hint=f"mkdir -p {target.parent}"
        )
    return target


def _mode(target: Path) -> int:
    """The permissions of the file that is there, else those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _hint(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "choose a folder that you may write to"
    if isinstance(error, IsADirectoryError):
        return "that is a folder: name a file in it"
    return "choose another file"
