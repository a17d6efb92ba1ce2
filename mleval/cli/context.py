"""Where a command runs: its streams, what they can show, and how it ends."""

from __future__ import annotations

import contextlib
import enum
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mleval.visible import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPED_WIDTH = 100
_STYLES = {
    **dict.fromkeys(("error", "failed"), "1;31"),
    **dict.fromkeys(("warning", "inconclusive"), "1;33"),
    **{"hint": "1;36", "passed": "32", "note": "2"},
}
"""What is told → how its label is coloured."""


class ExitStatus(enum.IntEnum):
    """How a command ended, for the shell."""

    OK = 0
    FAILED = 1  # a gate or --verify
    USAGE = 2  # the command line, the configuration or a Spec
    INPUT = 3  # what only looking at the input could tell
    BUG = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended


def hanging(text: str, indent: int, width: int) -> str:
    """The text broken between words, all lines but the first indented.

    A line that begins with spaces, such as a Spec with a caret under it, stays whole.

    >>> print(hanging("there is no such column", 4, 24))
    there is no such
        column
    """
    from textwrap import wrap  # few runs have anything to tell

    lines: list[str] = []
    for line in text.split("\n"):
        whole = line.startswith(" ") or not line
        lines += (
            [line]
            if whole
            else wrap(
                line,
                max(width - indent, 20),
                break_long_words=False,
                break_on_hyphens=False,
                expand_tabs=False,
                replace_whitespace=False,
            )
        )
    return ("\n" + " " * indent).join(lines)


@dataclass
class Environment:
    """The streams and settings of one run, so that tests can run whole commands in-process.

    directory: where the search for a configuration starts; no_color: `--no-color` was given;
    debug: `--debug` was given; command: the command line, as a shell takes it.
    """

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    directory: Path = field(default_factory=Path.cwd)
    no_color: bool = False
    debug: bool = False
    command: str | None = None

    @classmethod
    def of_process(cls) -> Environment:
        """The environment of this process. What a stream cannot encode is escaped."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        # A process that was started without a stream has None in its place.
        return cls(
            sys.stdin or Path(os.devnull).open(encoding="utf-8"),
            sys.stdout or Path(os.devnull).open("w", encoding="utf-8"),
            sys.stderr or Path(os.devnull).open("w", encoding="utf-8"),
        )

    @property
    def width(self) -> int:
        """Columns to print in: the terminal's; `COLUMNS` overrides; 100 when piped."""
        return self._width_of(self.stdout)

    def _width_of(self, stream: TextIO) -> int:
        told = self.variables.get("COLUMNS", "")
        if told.isdecimal() and int(told) > 0:
            return int(told)
        if stream.isatty():
            with contextlib.suppress(OSError, ValueError):
                return os.get_terminal_size(stream.fileno()).columns or PIPED_WIDTH
        return PIPED_WIDTH

    @property
    def colour(self) -> bool:
        """Whether to colour what goes to stdout."""
        return self.colours(self.stdout)

    @property
    def ascii(self) -> bool:
        """Whether stdout takes nothing but ASCII, or a few letters more."""
        try:
            "─│●★∞ü".encode(self.stdout.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return True
        return False

    def colours(self, stream: TextIO) -> bool:
        """Whether to colour a stream: on terminals; NO_COLOR, then FORCE_COLOR, decide first."""
        if self.no_color or self.variables.get("NO_COLOR"):
            return False
        if self.variables.get("FORCE_COLOR", "0") != "0":
            return True
        return stream.isatty() and self.variables.get("TERM") != "dumb"

    def write(self, text: str) -> None:
        """Data, to stdout, ended by a newline."""
        self.stdout.write(text if text.endswith("\n") else text + "\n")

    def tell(self, label: str, *lines: str) -> None:
        """For the person, to stderr: `warning: ...`; there is nobody when it is closed."""
        text = "\n".join(map(visible, lines))  # what a line holds adds none
        with contextlib.suppress(OSError, ValueError):
            if self.stderr.isatty():
                text = hanging(text, len(f"{label}: "), self._width_of(self.stderr))
            style = _STYLES.get(label)
            if style and self.colours(self.stderr):
                label = f"\x1b[{style}m{label}\x1b[0m"
            self.stderr.write(f"{label}: {text}\n")

    def text_of(self, *parts: RenderableType, to: TextIO | None = None) -> str:
        """What rich makes of these parts, for stdout or another stream of this environment."""
        from rich.console import Console  # --help needs no console of ours

        colour = self.colours(to or self.stdout)
        console = Console(
            file=io.StringIO(),
            width=self.width,
            force_terminal=colour,
            no_color=not colour,
            color_system="standard" if colour else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        with console.capture() as captured:
            console.print(*parts, sep="\n")
        return "\n".join(line.rstrip() for line in captured.get().split("\n"))

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Let `sys.stdin`, `sys.stdout` and `sys.stderr` be those of this environment."""
        before = sys.stdin
        sys.stdin = self.stdin
        try:
            with contextlib.redirect_stdout(self.stdout), contextlib.redirect_stderr(self.stderr):
                yield
        finally:
            sys.stdin = before

    def abandon_output(self) -> None:
        """Let nothing more be written, so that the interpreter's last flush fails silently."""
        for stream in (self.stdout, self.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                with contextlib.suppress(OSError, ValueError):
                    sink = os.open(os.devnull, os.O_WRONLY)
                    os.dup2(sink, stream.fileno())
                    os.close(sink)
