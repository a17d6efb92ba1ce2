"""A progress bar on stderr, for work that takes long enough to wonder."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mleval.cli.context import Environment

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0  # seconds before anything is shown


class ProgressBar:
    """Callable as `progress(done, total)`, total None when it is unknown; gone when closed.

    Shown on a terminal only, and after a second.
    """

    def __init__(self, environment: Environment, *, quiet: bool = False) -> None:
        self._environment = environment
        self._wanted = environment.stderr.isatty() and not quiet
        self._start = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Show how far the work is."""
        if not self._wanted or time.monotonic() - self._start < PATIENCE:
            return
        if self._bar is None or self._task is None:
            self._bar = self._opened()
            self._task = self._bar.add_task("", total=total)
        self._bar.update(self._task, completed=done, total=total)

    def _opened(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

        stderr = self._environment.stderr
        console = Console(file=stderr, no_color=not self._environment.colours(stderr))
        columns = (BarColumn(bar_width=40), TaskProgressColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=console, transient=True)
        bar.start()
        return bar

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
