"""Where a report goes: stdout, in one format, and files, each in the format of its ending."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mleval.cli.context import Environment
from mleval.cli.plotting import Plotting
from mleval.errors import InputError, UsageError

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet
    from mleval.training.history import History


def _resolved(path: Path) -> Path:
    """Where the links of a path lead; the path itself when they lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError before Python 3.13
        return path.absolute()


def _check(flag: str, file: Path, sources: Collection[Path]) -> None:
    if file.is_dir():
        raise UsageError(
            f"{flag}: {file} is a directory",
            hint=f"name a file in it, such as {file / 'report.json'}",
        )
    if _resolved(file) in sources:
        raise UsageError(f"{flag}: {file} is an input file", hint="name another file")
    if not file.absolute().parent.is_dir():
        raise InputError(
            f"{flag}: there is no directory {file.parent}", hint=f"mkdir -p {file.parent}"
        )


@dataclass(frozen=True, kw_only=True)
class Output:
    """What was asked of the output.

    format: None for a table; files: written besides; plots: where and how they are drawn;
    quiet: nothing but the report, and with files and no format nothing at all on stdout.
    """

    format: str | None = None
    digits: int = 4
    files: tuple[Path, ...] = ()
    plots: Plotting | None = None
    quiet: bool = False

    @property
    def is_table(self) -> bool:
        """Whether stdout gets a table, which holds the warnings too."""
        return self.format in (None, "table")

    @property
    def draws(self) -> bool:
        """Whether the report is to hold what plots and pages show."""
        from mleval.rendering import format_of

        formats = (self.format, *(format_of(file) for file in self.files))
        return self.plots is not None or "html" in formats

    @property
    def on_stdout(self) -> bool:
        """Whether stdout gets a table, and may get another beneath it."""
        return self.is_table and self.writes_stdout

    @property
    def shows_gates(self) -> bool:
        """Whether stdout tells people how the gates came out."""
        return self.writes_stdout and self.format in (None, "table", "github")

    @property
    def writes_stdout(self) -> bool:
        """Whether stdout gets a report."""
        return self.format is not None or not (self.files and self.quiet)

    def check(
        self, inputs: Sequence[str], beside: Mapping[str, str], *, gates: bool = True
    ) -> None:
        """Refuse what could only fail after the work is done.

        beside: the files that are written beside the report, flag → name; gates: whether there are
        any.
        """
        from mleval.rendering import FORMATS, format_of

        if self.plots is not None:
            self.plots.check()
        if self.format is not None and self.format not in FORMATS:
            raise UsageError(
                f"--format: there is no format '{self.format}'",
                hint=f"choose one of {', '.join(FORMATS)}",
            )
        formats = {self.format}
        sources = {_resolved(Path(name)) for name in inputs}
        files = [("--output", file) for file in self.files]
        files += [(flag, Path(name)) for flag, name in beside.items()]
        for file in self.files:
            if not file.is_dir():
                formats.add(format_of(file))
        for at, (flag, file) in enumerate(files):
            _check(flag, file, sources)
            if file in [other for _, other in files[:at]]:
                raise UsageError(f"{flag}: {file} is given twice")
        if "junit" in formats and not gates:
            raise UsageError(
                "the format junit shows gates, and there are none",
                hint="such as --gate 'f1 >= 0.8'",
            )

    def check_histories(self) -> None:
        """Refuse the formats that show no histories of training."""
        from mleval.rendering import RENDERERS, format_of

        for name in (self.format or "table", *map(format_of, self.files)):
            RENDERERS[name].require_histories()

    def emit(
        self,
        report: Report | ReportSet | History,
        environment: Environment,
        *,
        table: str = "table",
    ) -> None:
        """Write the report wherever it was asked for. table: the renderer of tables on stdout."""
        from mleval.rendering import render, write

        for file in self.files:
            write(report, file, digits=self.digits, command=environment.command)
        if self.writes_stdout:
            environment.write(
                render(
                    report,
                    table if self.is_table else str(self.format),
                    digits=self.digits,
                    width=environment.width,
                    colour=environment.colour,
                    ascii=environment.ascii,
                    command=environment.command,
                )
            )
        if self.plots is not None:
            self.plots.draw(report, environment, quiet=self.quiet)
        if self.format == "github":
            append_summary(report, environment, digits=self.digits)
        if not (self.is_table or self.quiet):
            for warning in _warnings(report):
                environment.tell("warning", warning)


def _warnings(report: Report | ReportSet | History) -> Sequence[str]:
    """What a careful reader should know."""
    from mleval.rendering import content, set_content
    from mleval.report import Report
    from mleval.report_set import ReportSet

    if isinstance(report, Report):
        return content.warnings(report)
    if isinstance(report, ReportSet):
        return set_content.warnings(report)
    from mleval.rendering.history.content import shared

    return shared(report, "warnings")


def append_summary(
    report: Report | ReportSet | History, environment: Environment, *, digits: int = 4
) -> None:
    """Add the report to the summary of a GitHub job, where there is one.

    Raises InputError when it cannot be written.
    """
    from mleval.rendering import render

    summary = environment.variables.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(render(report, "markdown", digits=digits) + "\n")
    except OSError as error:
        raise InputError(
            f"GITHUB_STEP_SUMMARY: {summary} cannot be written: {error.strerror}",
            hint="unset it to do without a summary",
        ) from error
