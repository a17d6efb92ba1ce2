"""`--plots DIR`: what can be drawn, in a directory, and said in a line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mleval.cli.context import Environment
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet
    from mleval.training.history import History

_NAMED = 12  # files that are named


def check_directory(directory: Path | None) -> None:
    """Raise UsageError for what cannot be a directory."""
    if directory is not None and directory.exists() and not directory.is_dir():
        raise UsageError(
            f"--plots: {directory} is a file", hint="name a directory; it need not be there yet"
        )


def draw(
    report: Report | ReportSet | History,
    directory: Path,
    formats: Sequence[str],
    environment: Environment,
    *,
    quiet: bool,
) -> None:
    """Write every plot there is of a report into a directory."""
    from mleval.rendering.plots.files import write_plots

    written = write_plots(report, directory, formats)
    if written.undrawable:
        environment.tell(
            "warning",
            f"no installed font has {written.undrawable}, which plots spell out: install one that "
            "has, such as Noto Sans CJK",
        )
    if quiet:
        return
    names = [path.relative_to(directory).as_posix() for path in written.paths]
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    told = f"{', '.join(names[:_NAMED])}{more}" if names else "there is nothing to draw"
    environment.tell("plots", f"{told} in {directory}" if names else told)
