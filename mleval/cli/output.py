"""Where a report goes: stdout, in one format, and files, each in the format of its ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mleval.cli.context import Environment
from mleval.errors import InputError, UsageError

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet


def _resolved(path: Path) -> Path:
    """Where the links of a path lead; the path itself when they lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError before Python 3.13
        return path.absolute()


@dataclass(frozen=True, kw_only=True)
class Output:
    """What was asked of the output.

    format: None for a table; files: written besides; quiet: nothing but the report, and with
    files and no format nothing at all on stdout.
    """

    format: str | None = None
    digits: int = 4
    files: tuple[Path, ...] = ()
    quiet: bool = False

    @property
    def is_table(self) -> bool:
        """Whether stdout gets a table, which holds the warnings too."""
        return self.format in (None, "table")

    @property
    def on_stdout(self) -> bool:
        """Whether stdout gets a table, and may get another beneath it."""
        return self.is_table and self.writes_stdout

    @property
    def writes_stdout(self) -> bool:
        """Whether stdout gets a report."""
        return self.format is not None or not (self.files and self.quiet)

    def check(self, inputs: Sequence[str]) -> None:
        """Refuse what could only fail after the work is done."""
        from mleval.rendering import FORMATS, format_of

        if self.format is not None and self.format not in FORMATS:
            raise UsageError(
                f"--format: there is no format '{self.format}'",
                hint=f"choose one of {', '.join(FORMATS)}",
            )
        sources = {_resolved(Path(name)) for name in inputs}
        for file in self.files:
            if file.is_dir():
                raise UsageError(
                    f"--output: {file} is a directory",
                    hint=f"name a file in it, such as {file / 'report.json'}",
                )
            format_of(file)
            if self.files.count(file) > 1:
                raise UsageError(f"--output: {file} is given twice")
            if _resolved(file) in sources:
                raise UsageError(f"--output: {file} is an input file", hint="name another file")
            if not file.absolute().parent.is_dir():
                raise InputError(
                    f"--output: there is no directory {file.parent}", hint=f"mkdir -p {file.parent}"
                )

    def emit(self, report: Report | ReportSet, environment: Environment) -> None:
        """Write the report wherever it was asked for."""
        from mleval.rendering import content, render, set_content, write
        from mleval.report_set import ReportSet

        for file in self.files:
            write(report, file, digits=self.digits)
        if self.writes_stdout:
            environment.write(
                render(
                    report,
                    self.format or "table",
                    digits=self.digits,
                    width=environment.width,
                    colour=environment.colour,
                    ascii=environment.ascii,
                )
            )
        if not (self.is_table or self.quiet):
            if isinstance(report, ReportSet):
                said = set_content.warnings(report)
            else:
                said = content.warnings(report)
            for warning in said:
                environment.tell("warning", warning)
