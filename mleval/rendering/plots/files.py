"""Plots as files in a directory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mleval.errors import InputError
from mleval.rendering.plots import drawn, names, several, style
from mleval.report import Report
from mleval.report_set import ReportSet
from mleval.version import __version__
from mleval.writing import whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mleval.training.history import History

_LONGEST = 60  # characters of a file's name


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing plots. undrawable: the characters of names that no font has."""

    paths: tuple[Path, ...]
    undrawable: str


def write_plots(
    shown: Report | ReportSet | History, directory: Path, formats: Sequence[str]
) -> Written:
    """Every plot there is, in each of the formats; where they were written.

    Of several models, curves are drawn together, and the rest in a directory a model. Raises
    InputError when a file cannot be written.
    """
    written = []
    for stem, figure in _figures(shown):
        for format_ in formats:
            path = directory / stem.with_suffix(f".{format_}")
            _folder(path.parent)
            with style.applied(), whole_file(path) as stream:
                figure.savefig(stream, format=format_, metadata=_metadata(format_, stem.name))
            written.append(path)
    return Written(tuple(written), style.undrawable(_labels(shown)))


def _labels(shown: Report | ReportSet | History) -> Iterator[str]:
    """The names in a report that plots show."""
    if isinstance(shown, ReportSet):
        for system, report in shown.systems.items():
            yield system
            yield from _labels(report)
    elif isinstance(shown, Report):
        yield from shown.classes
        yield from shown.targets
        yield from shown.confusion.labels if shown.confusion else ()
        for table in shown.slices:
            yield from (table.column, *(row.name for row in table.slices))
    else:
        yield from shown.runs
        yield from (one.name for run in shown.runs.values() for one in run.series)


def _figures(shown: Report | ReportSet | History) -> Iterator[tuple[Path, Figure]]:
    """Each plot with the path of its file, without an ending."""
    if not isinstance(shown, ReportSet):
        taken: set[str] = set()
        for text, (plot, part) in names(shown).items():
            held = {"": shown} if isinstance(shown, Report) else shown
            yield Path(_stem(text, taken)), drawn(plot, held, part)
        return
    together = several(shown)
    for name, plot in together.items():
        some = {n: report for n, report in shown.systems.items() if plot.parts_of(report)}
        yield Path(name), drawn(plot, some, None)
    folders: set[str] = set()
    for system, report in shown.systems.items():
        folder, taken = Path(_stem(system, folders)), set()
        for text, (plot, part) in names(report).items():
            if plot.name not in together:
                yield folder / _stem(text, taken), drawn(plot, {"": report}, part)


def _stem(text: str, taken: set[str]) -> str:
    """A name that any file system takes, and that is not taken.

    >>> taken = set()
    >>> _stem("slices[a/b c]", taken), _stem("slices[a b/c]", taken)
    ('slices_a_b_c', 'slices_a_b_c_2')
    """
    plain = (
        re.sub(r"[^\w-]+", "_", text).strip("_")[:_LONGEST].encode("utf-8", "replace").decode()
        or "_"
    )
    name, count = plain, 1
    while name.lower() in taken:
        count += 1
        name = f"{plain}_{count}"
    taken.add(name.lower())
    return name


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{path}: the directory cannot be made: {error.strerror}",
            hint="name another with --plots",
        ) from error


def _metadata(format_: str, name: str) -> dict[str, str | None]:
    """Nothing that would make another file of the same report."""
    if format_ == "svg":
        return {"Date": None, "Title": name, "Creator": f"mleval {__version__}"}
    return {"Software": f"mleval {__version__}", "Title": name}
