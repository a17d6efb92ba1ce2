"""open_texts: from what the caller names to the source of each system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from mleval.errors import InputError, UsageError
from mleval.reading.content import Content, LocalFile
from mleval.reading.names import listed
from mleval.reading.opening import named_contents
from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.formats import FORMATS, Sources
from mleval.reading.texts.given import Given, TextFile
from mleval.reading.texts.memory import HeldTexts
from mleval.reading.texts.source import TextSource
from mleval.visible import quoted


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
    if [*named, *shared].count("-") > 1:
        raise UsageError("standard input is named twice", hint="name - once")
    if not shared:
        first, *others = _files(named, choices)
        given = Given(_first(first, named[0]), tuple(chain.from_iterable(others)))
        return _opened(given, choices)
    references = tuple(chain.from_iterable(_files(shared, choices)))
    choices = replace(choices, references=())
    systems = [*chain.from_iterable(_files(named, choices))]
    opened = [_opened(Given(system, references), choices) for system in systems]
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


def _files(named: Sequence[str], choices: TextChoices) -> list[list[TextFile]]:
    """The files that each name stands for; InputError for directories, and for empty ones."""
    encoding = choices.files.encoding
    return [[TextFile(content, encoding) for content in _held(name)] for name in named]


def _held(name: str) -> list[Content]:
    if name != "-" and Path(name).is_dir():
        raise InputError(
            f"{name} is a directory",
            hint="name the files in it: hypotheses first, then references",
        )
    contents, empty = named_contents(name)
    if empty:
        raise InputError(empty[0].removesuffix(": skipped"), hint="name the files with texts")
    return contents


def _first(files: Sequence[TextFile], name: str) -> TextFile:
    """The one file of hypotheses; InputError where a pattern names several."""
    if len(files) == 1:
        return files[0]
    raise InputError(
        f"{quoted(name)} names {len(files)} files: which of them has the hypotheses?",
        hint="name that first, then the references; of several systems: --ref REF SYSTEM...",
    )


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
