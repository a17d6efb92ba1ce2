"""`--plots DIR`: what can be drawn, in a directory, and said in a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mleval.cli.context import Environment
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet
    from mleval.training.history import History

_NAMED = 12  # files that are named


@dataclass(frozen=True, slots=True)
class Plotting:
    """What was asked of plots: the directory that they are written to, and the formats."""

    directory: Path
    formats: tuple[str, ...]

    @classmethod
    def asked(cls, directory: Path | None, format_: str | None) -> Plotting | None:
        """What the flags ask for. Raises UsageError for a format of no plots."""
        if directory is not None:
            return cls(directory, ("svg", "png") if format_ == "both" else (format_ or "svg",))
        if format_ is not None:
            raise UsageError(
                "--plot-format is of plots, and there are none", hint="name where to: --plots DIR"
            )
        return None

    def check(self) -> None:
        """Raise UsageError for what cannot be a directory."""
        if self.directory.exists() and not self.directory.is_dir():
            raise UsageError(
                f"--plots: {self.directory} is a file",
                hint="name a directory; it need not be there yet",
            )

    def draw(
        self, report: Report | ReportSet | History, environment: Environment, *, quiet: bool
    ) -> None:
        """Write every plot that there is of a report."""
        from mleval.rendering.plots.files import write_plots

        written = write_plots(report, self.directory, self.formats)
        if written.undrawable:
            environment.tell(
                "warning",
                f"no installed font has {written.undrawable}, which plots spell out: install one "
                "that has, such as Noto Sans CJK",
            )
        if quiet:
            return
        names = [path.relative_to(self.directory).as_posix() for path in written.paths]
        more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        told = f"{', '.join(names[:_NAMED])}{more} in {self.directory}"
        environment.tell("plots", told if names else "the report has nothing to draw")
