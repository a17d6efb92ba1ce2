"""What the words of a command line mean, for the few kinds of parameters that mleval has.

Typer can convert them too, but loads pydantic for it: 80 ms, more than all of mleval's start.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer

HELP_NAMES = ["-h", "--help"]


def convert_plainly(command: Any) -> None:
    """Let the parameters of a command, and of its subcommands, be converted here."""
    kinds = get_type_hints(command.callback) if command.callback else {}
    # The option --help is made only when it is first asked for, by a context.
    context = typer.Context(command, help_option_names=HELP_NAMES)
    for parameter in command.get_params(context):
        kind = _without_none(kinds.get(parameter.name, bool))
        parameter.process_value = partial(_process, kind, parameter, parameter.process_value)
        _describe_plainly(kind, parameter)
    for subcommand in getattr(command, "commands", {}).values():
        convert_plainly(subcommand)


def _describe_plainly(kind: Any, parameter: Any) -> None:
    """Let --help show `FILE...` and no types: a flag has none, and a metavar says more."""
    if parameter.param_type_name == "argument":
        several = "..." if parameter.nargs != 1 else ""
        name = parameter.metavar or parameter.name
        usage = f"{name}{several}" if parameter.required else f"[{name}]{several}"
        parameter.get_usage_pieces = lambda *_, **__: [usage]
    if kind is bool or parameter.param_type_name == "argument":
        parameter.display_type_rich = lambda *_, **__: None


def _without_none(kind: Any) -> Any:
    """The type of a parameter that is given: `float` of `float | None`."""
    return get_args(kind)[0] if type(None) in get_args(kind) else kind


def _process(kind: Any, parameter: Any, by_typer: Any, context: Any, value: Any) -> Any:
    """The value of a parameter, after its callback; what is not plain is left to typer."""
    if parameter.required and not value:
        return by_typer(context, value)  # which says that it is missing
    try:
        converted = _converted(kind, value)
    except NotImplementedError:
        return by_typer(context, value)
    except ValueError as error:
        raise typer.BadParameter(str(error), ctx=context, param=parameter) from error
    return parameter.callback(context, parameter, converted) if parameter.callback else converted


def _converted(kind: Any, value: Any) -> Any:
    if value is None:
        return () if get_origin(kind) is list else None
    if get_origin(kind) is list and not isinstance(value, str):
        return tuple(_converted(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is Literal:
        return _choice(value, get_args(kind))
    if kind is bool and isinstance(value, bool):
        return value
    readers: dict[Any, Callable[[Any], Any]] = {
        str: str,
        Path: Path,
        float: number,
        int: whole_number,
    }
    if kind in readers:
        return readers[kind](value)
    raise NotImplementedError


def _choice(value: str, choices: tuple[str, ...]) -> str:
    """One of some words.

    >>> _choice("binray", ("binary", "multiclass"))
    Traceback (most recent call last):
    ValueError: expected binary or multiclass, found 'binray'; did you mean binary?
    """
    if value in choices:
        return value
    *some, last = choices
    near = get_close_matches(value.lower(), choices, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"expected {', '.join(some)} or {last}, found '{value}'{meant}")


def number(value: str | float) -> float:
    """A finite number.

    >>> number("1e-3")
    0.001
    """
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"expected a number, found '{value}'")
    return found


def whole_number(value: str | int) -> int:
    """A whole number that is not negative.

    >>> whole_number("12")
    12
    """
    if not str(value).isdecimal():
        raise ValueError(f"expected a whole number from 0 up, found '{value}'")
    return int(value)
