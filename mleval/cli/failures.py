"""What a person is told when a command ends early, and with which exit status."""

from __future__ import annotations

import platform
import traceback
from difflib import get_close_matches

import typer

from mleval import __version__
from mleval.cli.context import Environment, ExitStatus
from mleval.errors import InputError, MlevalError, UsageError


def report_failure(error: BaseException, environment: Environment) -> int:
    """Say on stderr what went wrong, if anything did; the exit status."""
    if isinstance(error, SystemExit | typer.Exit):
        return _status_of_exit(error, environment)
    if isinstance(error, BrokenPipeError):
        environment.abandon_output()
        return ExitStatus.BROKEN_PIPE
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return ExitStatus.INTERRUPTED
    if environment.debug:
        environment.stderr.write("".join(traceback.format_exception(error)))
    status, lines, hint = _explained(error)
    environment.tell("error", *lines)
    if hint:
        environment.tell("hint", hint)
    environment.abandon_output()
    return status


def _status_of_exit(error: SystemExit | typer.Exit, environment: Environment) -> int:
    # rich ends the program in its own way when the pipe breaks under it.
    if isinstance(error.__context__, BrokenPipeError):
        environment.abandon_output()
        return ExitStatus.BROKEN_PIPE
    if isinstance(error, typer.Exit):
        return error.exit_code
    return error.code if isinstance(error.code, int) else ExitStatus.OK


def _explained(error: BaseException) -> tuple[ExitStatus, tuple[str, ...], str | None]:
    if isinstance(error, MlevalError):
        kinds = ((UsageError, ExitStatus.USAGE), (InputError, ExitStatus.INPUT))
        status = next((s for kind, s in kinds if isinstance(error, kind)), ExitStatus.FAILED)
        return status, error.args, error.hint
    if isinstance(error, typer.TyperException):
        message, hint = usage_problem(error)
        return ExitStatus.USAGE, (message,), hint
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return ExitStatus.INPUT, (where + error.strerror,), None
    what = "".join(traceback.format_exception_only(error)).strip()
    version = f"mleval {__version__}, Python {platform.python_version()}, {platform.system()}"
    hint = f"please report it, with what the command prints when --debug is added ({version})"
    return ExitStatus.BUG, (f"this is a bug in mleval: {what}",), hint


def usage_problem(error: typer.TyperException) -> tuple[str, str | None]:
    """What the parser of the command line has to say, in our words: message and hint."""
    context = getattr(error, "ctx", None)
    hint = f"see: {context.command_path} --help" if context else None
    if hint and isinstance(error, typer.BadParameter) and _flag(error) == "FILE":
        hint = f"use - for standard input; {hint}"
    option = getattr(error, "option_name", None)
    if hasattr(error, "possibilities"):
        near = ", ".join(get_close_matches(option or "", error.possibilities or (), cutoff=0.75))
        return f"there is no option '{option}'", f"did you mean {near}?" if near else hint
    if getattr(error, "param", None) is not None and error.message:
        return f"{_flag(error)}: {error.message}", hint
    message, _, suggestion = error.format_message().partition(". Did you mean ")
    return _plain(message), f"did you mean {suggestion}" if suggestion else hint


def _flag(error: typer.TyperException) -> str:
    """The long flag of the parameter, or the name of the argument."""
    parameter = getattr(error, "param", None)
    flags = [flag for flag in getattr(parameter, "opts", ()) if flag.startswith("--")]
    return flags[0] if flags else getattr(parameter, "metavar", None) or str(parameter)


def _plain(message: str) -> str:
    text = message.rstrip(".")
    return text[:1].lower() + text[1:]
