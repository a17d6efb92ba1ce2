"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mleval.errors import InputError


def write_whole(path: Path, text: str) -> None:
    """Put the text in the file in one step: nobody sees half of it, and no failure leaves half.

    A link is followed; an existing file keeps its permissions. Raises InputError.
    """
    try:
        target = path.resolve()
    except RuntimeError as error:  # before Python 3.13
        raise InputError(f"{path} is a link that leads to itself", hint="name a file") from error
    if not target.parent.is_dir():
        raise InputError(
            f"{path}: there is no folder {target.parent}", hint=f"mkdir -p {target.parent}"
        )
    try:
        _replace(target, text.encode("utf-8"))
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", hint=_hint(error)
        ) from error


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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
