"""open_texts: from what the caller names to the source of each system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mleval.errors import InputError, UsageError
from mleval.reading.content import LocalFile
from mleval.reading.names import listed
from mleval.reading.opening import named_contents
from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.formats import FORMATS, Sources
from mleval.reading.texts.given import Given, TextFile
from mleval.reading.texts.memory import HeldTexts
from mleval.reading.texts.source import TextSource


def open_texts(data: Any, choices: TextChoices) -> Sources:
    """The source of a system, or those of several by name.

    data: paths, of a system and then of its references, or with `choices.references` that are
    files of one or several systems; or HeldTexts, or several by name; or a table in memory: a
    DataFrame, an Arrow table or a dict of columns. Raises InputError for what cannot be read,
    UsageError when `data` is none of these.
    """
    if isinstance(data, HeldTexts):
        return data.source()
    if isinstance(data, Mapping) and {type(one) for one in data.values()} == {HeldTexts}:
        return {name: replace(one.source(), name=name) for name, one in data.items()}
    if isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__"):
        from mleval.reading.texts.table import opened_in_memory

        return opened_in_memory(data, choices)
    named = _names(data)
    shared = _reference_files(choices)
    if not shared:
        hypotheses, *references = _files(named, choices)
        return _opened(Given(hypotheses, tuple(references)), choices)
    references = _files(shared, choices)
    choices = replace(choices, references=())
    systems = _files(named, choices)
    opened = [_opened(Given(system, tuple(references)), choices) for system in systems]
    if len(opened) == 1:
        return opened[0]
    return dict(zip(_called(systems), map(_of_one_system, opened), strict=True))


def _of_one_system(sources: Sources) -> TextSource:
    if isinstance(sources, TextSource):
        return sources
    raise InputError(
        f"{next(iter(sources.values())).name} holds several systems: {listed(sources)}",
        hint="give such a table by itself",
    )


def _opened(given: Given, choices: TextChoices) -> Sources:
    wanted = choices.format
    if wanted is not None:
        if wanted not in FORMATS:
            raise UsageError(
                f"there is no input format '{wanted}'", hint=f"choose one of {', '.join(FORMATS)}"
            )
        found = FORMATS[wanted].opened(given, choices)
        if isinstance(found, TextSource):
            return _forced(found)
        return {name: _forced(source) for name, source in found.items()}
    for shape in FORMATS.values():
        if shape.recognises(given, choices):
            return shape.opened(given, choices)
    raise AssertionError("the last shape takes everything")


def _forced(source: TextSource) -> TextSource:
    return replace(source, roles=replace(source.roles, forced=True))


def _names(data: Any) -> list[str]:
    """The names of files; UsageError for anything else."""
    named = [data] if isinstance(data, str | Path) else data
    if not isinstance(named, Sequence) or not all(isinstance(n, str | Path) for n in named):
        raise UsageError(
            f"cannot read a {type(data).__name__}",
            hint="give the paths of hypotheses and references",
        )
    if not named:
        raise UsageError("no file was named", hint="name hypotheses and references")
    return [str(name) for name in named]


def _files(named: Sequence[str], choices: TextChoices) -> list[TextFile]:
    """The files that have these names; UsageError when standard input is named twice."""
    if named.count("-") > 1:
        raise UsageError("standard input is named twice", hint="name - once")
    contents = [content for name in named for content in named_contents(name)[0]]
    return [TextFile(content, choices.files.encoding) for content in contents]


def _reference_files(choices: TextChoices) -> list[str]:
    """The names among the references that are those of files; the others are columns."""
    files = [name for name in choices.references if name == "-" or _is_there(name)]
    if files and len(files) < len(choices.references):
        missing = next(name for name in choices.references if name not in files)
        raise InputError(f"no file {missing}", hint="every --ref names a file, or a column")
    return files


def _is_there(name: str) -> bool:
    import glob

    return Path(name).exists() or bool(glob.has_magic(name) and glob.glob(name))  # noqa: PTH207


def _called(systems: Sequence[TextFile]) -> list[str]:
    """What systems are called: by their files' names, or the paths where those are the same."""
    paths = [file.name for file in systems]
    short = [
        file.content.path.name if isinstance(file.content, LocalFile) else file.name
        for file in systems
    ]
    names = short if len({*short}) == len(short) else paths
    if len({*names}) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"{twice} is named twice", hint="name each system once")
    return names
