"""Runs whole commands in-process, as the tests of the command line need them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from mleval.cli.app import main
from mleval.cli.context import Environment


class Stream(io.TextIOWrapper):
    """A stream that remembers what was written, and can claim to be a terminal."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", newline="", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    @property
    def text(self) -> str:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


@dataclass(frozen=True)
class Result:
    status: int
    stdout: str
    stderr: str


def run(
    *args: str,
    stdin: bytes = b"",
    terminal: bool = False,
    directory: Path = Path("/nonexistent"),
    **variables: str,
) -> Result:
    """The outcome of a command line, away from this process's streams and configuration."""
    stdout, stderr = Stream(terminal=terminal), Stream(terminal=terminal)
    environment = Environment(
        Stream(stdin), stdout, stderr, variables=variables, directory=directory
    )
    status = main(args, environment)
    return Result(status, stdout.text, stderr.text)
