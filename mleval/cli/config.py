"""The configuration: `[tool.mleval.COMMAND]` in pyproject.toml, or `[COMMAND]` in mleval.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from mleval.cli.failures import usage_problem
from mleval.errors import MlevalError, UsageError

# Of these, what the command line says puts aside what the configuration says of the other.
_RIVALS = (("score", "proba"), ("id", "on"), ("json", "format"))


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that a file has for mleval; `prefix` is what its tables' names start with."""

    path: Path
    prefix: str
    tables: Mapping[str, Any]


class ConfiguredCommand(TyperCommand):
    """A command whose flags can be set in the configuration; its command line overrides.

    The configuration is read when the command runs, so that a wrong one does not keep `--help`
    from helping.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run the command with what the configuration adds."""
        config = find_config(ctx.obj.directory)
        if config:
            commands = list(ctx.parent.command.commands)
            _refuse_unknown(config.tables, commands, f"{config.path}: [{config.prefix}]")
            settings = _settings(config, self, ctx)
            ctx.params.update({item.parameter.name: item.value for item in settings})
            if settings:
                return self._invoke_with(settings, _where(config, self), ctx)
        return super().invoke(ctx)

    def _invoke_with(self, settings: list[Setting], where: str, ctx: Any) -> Any:
        """Run the command, and say what the configuration has to do with it."""
        if not ctx.params.get("quiet"):
            ctx.obj.tell("note", f"options from {where} {', '.join(s.key for s in settings)}")
        try:
            return super().invoke(ctx)
        except MlevalError as error:
            concerned = [item.key for item in settings if item.is_named_in(str(error))]
            if concerned:
                error.args = (*error.args, f"set in {where} {', '.join(concerned)}")
            raise


@dataclass(frozen=True, slots=True)
class Setting:
    """What the configuration says of a parameter: its key there, as written, and converted."""

    key: str
    parameter: Any
    written: Any
    value: Any

    def is_named_in(self, message: str) -> bool:
        """Whether an error is about this setting: it names the flag or quotes the value."""
        names = {flag.lstrip("-") for flag in self.parameter.opts}
        words = set(re.findall(r"[\w-]+", message.replace("--", "")))
        return bool(names & words) or f"'{self.written}'" in message


def find_config(directory: Path) -> Config | None:
    """The nearest configuration, from a directory upwards."""
    for folder in (directory, *directory.parents):
        own, project = folder / "mleval.toml", folder / "pyproject.toml"
        if own.is_file():
            return Config(own, "", _read(own))
        if project.is_file():
            found = _read(project).get("tool", {}).get("mleval")
            if isinstance(found, dict):
                return Config(project, "tool.mleval", found)
    return None


def _read(path: Path) -> dict[str, Any]:
    import tomllib  # most runs find no file to read

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path}: not TOML: {error}") from error


def _where(config: Config, command: TyperCommand) -> str:
    """The file and the command's table in it."""
    return f"{config.path}: [{config.prefix}{'.' if config.prefix else ''}{command.name}]"


def _settings(config: Config, command: TyperCommand, context: Any) -> list[Setting]:
    """What the configuration sets and the command line does not."""
    name = str(command.name)
    table = config.tables.get(name, {})
    where = _where(config, command)
    if not isinstance(table, dict):
        raise UsageError(f"{where}: expected a table, found {table!r}")
    flags = _flags(command)
    given = {flag for flag, parameter in flags.items() if _was_given(context, parameter)}
    aside = {b for pair in _RIVALS for a, b in (pair, pair[::-1]) if a in given}
    wanted = {_flag(key, flags): (key, value) for key, value in table.items()}
    _refuse_unknown(wanted, flags, where)
    return [
        Setting(key, flags[flag], value, _value(flags[flag], value, context, f"{where} {key}"))
        for flag, (key, value) in wanted.items()
        if flag not in given | aside
    ]


def _flag(key: str, flags: Mapping[str, Any]) -> str:
    """The flag that a key means: with _ or -, and in the plural where it is repeatable."""
    name = key.replace("_", "-")
    one = name.removesuffix("s")
    return one if name not in flags and one in flags and flags[one].multiple else name


def _flags(command: TyperCommand) -> dict[str, Any]:
    """The parameters by their long flags, without the dashes."""
    return {
        flag.removeprefix("--"): parameter
        for parameter in command.params
        for flag in parameter.opts
        if flag.startswith("--")
    }


def _was_given(context: Any, parameter: Any) -> bool:
    source = context.get_parameter_source(parameter.name)
    return source is not None and source.name == "COMMANDLINE"


def _refuse_unknown(found: Iterable[str], known: Iterable[str], where: str) -> None:
    from difflib import get_close_matches  # only errors need it

    known = list(known)
    unknown = [key for key in found if key not in known]
    if unknown:
        keys = "keys" if len(unknown) > 1 else "key"
        near = [name for key in unknown for name in get_close_matches(key, known)]
        hint = f"did you mean {', '.join(near)}?" if near else f"known are: {', '.join(known)}"
        raise UsageError(f"{where}: unknown {keys} {', '.join(map(repr, unknown))}", hint=hint)


def _value(parameter: Any, value: Any, context: Any, where: str) -> Any:
    """A TOML value as the command line would have given it, then parsed like one."""
    if getattr(parameter, "is_flag", False):
        if not isinstance(value, bool):
            raise UsageError(f"{where}: expected true or false, found {value!r}")
        return parameter.process_value(context, value)
    try:
        return parameter.process_value(context, _as_written(parameter, value))
    except typer.TyperException as error:
        message, hint = usage_problem(error)
        raise UsageError(f"{where}: {message.partition(': ')[2] or message}", hint=hint) from error
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from error


def _as_written(parameter: Any, value: Any) -> str | list[str]:
    """How the command line would spell a TOML value: lists as repeated flags or comma lists."""
    from mleval.spelling import comma_list  # most runs find no configuration

    if isinstance(value, dict):
        value = [comma_list([f"{key}={_text(item)}"]) for key, item in value.items()]
    if not isinstance(value, list):
        return [_text(value)] if parameter.multiple else _text(value)
    items = [_text(item) for item in value]
    if parameter.multiple:
        return items
    if "," in (parameter.metavar or ""):
        return comma_list(items)
    raise ValueError(f"expected one value, found {value!r}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"expected a text or a number, found {value!r}")
