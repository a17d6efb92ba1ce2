"""The application as a whole: help, version, exit statuses, and what goes to which stream."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import run

import mleval
from mleval.cli import metrics as metrics_command
from mleval.cli.context import ExitStatus
from mleval.errors import InputError, MlevalError, UsageError

ROOT = Path(__file__).parent.parent


def shell(command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of a command in which `mleval` is this one."""
    return subprocess.run(
        ["bash", "-c", f"mleval() {{ '{sys.executable}' -m mleval \"$@\"; }}; {command}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables},
        check=False,
    )


def without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Let the command `metrics` end in an error of choice."""

    def fail_with(error: BaseException) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(metrics_command, "_chosen", fail)

    return fail_with


def test_statuses_are_those_the_manual_gives() -> None:
    assert {status.name: int(status) for status in ExitStatus} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "INPUT": 3,
        "BUG": 4,
        "INTERRUPTED": 130,
        "BROKEN_PIPE": 141,
    }


def test_mleval_alone_shows_help() -> None:
    alone = run()
    assert alone == run("--help") == run("-h")
    assert alone.status == 0
    assert alone.stderr == ""
    assert "classify" in without_colour(alone.stdout)


def test_version() -> None:
    result = run("--version")
    assert (result.status, result.stdout, result.stderr) == (
        0,
        f"mleval {mleval.__version__}\n",
        "",
    )


def test_help_of_every_command_has_examples() -> None:
    for command in ("classify", "metrics"):
        result = run(command, "-h")
        assert result.status == 0
        assert f"mleval {command} " in without_colour(result.stdout).partition("Examples")[2]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("clasify x", "no such command 'clasify'", "did you mean 'classify'?"),
        ("--versoin", "there is no option '--versoin'", "did you mean --version?"),
        (
            "classify",
            "missing argument 'FILE'",
            "use - for standard input; see: mleval classify --help",
        ),
        ("classify x -z", "there is no option '-z'", "see: mleval classify --help"),
        (
            "metrics a7 b7",
            "there is no metric 'a7'\nthere is no metric 'b7'",
            "see: mleval metrics",
        ),
        (
            "classify x --task ranking",
            "--task: expected binary, multiclass or multilabel, found 'ranking'",
            "see: mleval classify --help",
        ),
        (
            "classify x --level high",
            "--level: expected a number, found 'high'",
            "see: mleval classify --help",
        ),
        (
            "classify x --digits 1.5",
            "--digits: expected a whole number from 0 up, found '1.5'",
            "see: mleval classify --help",
        ),
    ],
)
def test_errors_of_usage_have_the_shape_of_all_errors(line: str, message: str, hint: str) -> None:
    result = run(*line.split())
    assert result.stderr == f"error: {message}\nhint: {hint}\n"
    assert (result.status, result.stdout) == (ExitStatus.USAGE, "")


def test_an_unknown_option_names_the_nearest() -> None:
    assert "did you mean --label" in run("classify", "x", "--lable", "y").stderr


def test_an_option_without_its_value() -> None:
    result = run("classify", "x", "--truth")
    assert result.stderr == "error: option '--truth' requires an argument\n"
    assert result.status == ExitStatus.USAGE


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("told", hint="do"), 2),
        (InputError("told", hint="do"), 3),
        (MlevalError("told", hint="do"), 1),
    ],
)
def test_each_kind_of_error_has_its_status(failing, error: MlevalError, status: int) -> None:
    failing(error)
    result = run("metrics")
    assert (result.status, result.stdout) == (status, "")
    assert result.stderr == "error: told\nhint: do\n"


def test_an_error_of_the_system_is_no_bug(failing) -> None:
    failing(PermissionError(13, "Permission denied", "preds.csv"))
    result = run("metrics")
    assert (result.status, result.stderr) == (3, "error: preds.csv: Permission denied\n")


def test_a_bug_says_how_to_report_it_and_shows_its_traceback_only_on_request(failing) -> None:
    failing(ZeroDivisionError("division by zero"))
    result = run("metrics")
    assert result.status == ExitStatus.BUG
    assert result.stderr.startswith(
        "error: this is a bug in mleval: ZeroDivisionError: division by zero\n"
        "hint: please report it, with what the command prints when --debug is added (mleval "
    )
    assert "Traceback" not in result.stderr
    debugged = run("metrics", "--debug")
    assert debugged.status == ExitStatus.BUG
    assert debugged.stderr.startswith("Traceback")
    assert debugged.stderr.endswith(result.stderr)


def test_an_interrupt_is_silent(failing) -> None:
    failing(KeyboardInterrupt())
    result = run("metrics")
    assert (result.status, result.stdout, result.stderr) == (130, "", "")


def test_data_cannot_command_the_terminal(failing) -> None:
    failing(InputError("class '\x1b[31mred\x07\u202e'", "next line"))
    assert run("metrics").stderr == "error: class '\\x1b[31mred\\x07\\u202e'\nnext line\n"
    failing(InputError("a\tb\r\x9b\ud800"))
    assert run("metrics").stderr == "error: a\\tb\\r\\x9b\\ud800\n"


@pytest.mark.parametrize("kind", [UsageError, InputError, MlevalError, RuntimeError, OSError])
def test_data_cannot_add_lines_to_an_error(failing, kind) -> None:
    """A line end in a name must not begin what looks like a hint of ours."""
    foreign = "no file a\nhint: run me\rhint: me\u2028hint: or me"
    failing(kind(5, foreign) if kind is OSError else kind(foreign))
    said = run("metrics").stderr
    assert "a\\nhint: run me\\rhint: me\\u2028hint: or me" in said
    ours = 1 if kind is RuntimeError else 0
    assert sum(line.startswith("hint:") for line in said.splitlines()) == ours


def test_errors_are_wrapped_between_words_on_a_terminal_only(failing) -> None:
    caret = ("  f1[marco]  and so on", "     ^")
    failing(UsageError("expected this", *caret, hint="one two three four"))
    piped = "error: expected this\n  f1[marco]  and so on\n     ^\nhint: one two three four\n"
    assert run("metrics", COLUMNS="20").stderr == piped
    narrow = run("metrics", terminal=True, COLUMNS="27", NO_COLOR="1").stderr
    assert narrow == (
        "error: expected this\n"
        "         f1[marco]  and so on\n"
        "            ^\n"
        "hint: one two three four\n"
    )
    failing(InputError("a/very/long/path-to/the/file.csv: there is no column of that name"))
    narrow = run("metrics", terminal=True, COLUMNS="30", NO_COLOR="1").stderr
    assert narrow == (
        "error: a/very/long/path-to/the/file.csv:\n       there is no column of\n       that name\n"
    )


def test_help_says_nothing_of_types_and_nothing_odd_of_arguments() -> None:
    for command, usage in (("classify", "FILE..."), ("metrics", "[NAME]...")):
        told = without_colour(run(command, "-h").stdout)
        assert f"Usage: mleval {command} [OPTIONS] {usage}" in told
        assert not re.search(r"<bool>|<list|<str>", told)


def test_errors_are_coloured_on_a_terminal_only(failing) -> None:
    failing(UsageError("told"))
    assert run("metrics", terminal=True).stderr == "\x1b[1;31merror\x1b[0m: told\n"
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        assert run("metrics", terminal=True, **variables).stderr == "error: told\n"
    assert run("metrics", "--no-color", terminal=True).stderr == "error: told\n"
    assert run("metrics", FORCE_COLOR="1").stderr == "\x1b[1;31merror\x1b[0m: told\n"


@pytest.mark.parametrize("command", ["metrics", "metrics f1", "--help", "classify --help"])
def test_a_broken_pipe_is_silent(command: str) -> None:
    # `true` reads nothing, so every write or flush after its end meets a broken pipe.
    result = shell(f"(sleep 0.3; mleval {command}; echo $? >&2) | true")
    assert result.stderr == "141\n"


def test_output_that_cannot_be_written_is_an_error_told_once() -> None:
    result = shell("mleval metrics > /dev/full; echo $?")
    assert (result.stdout, result.stderr) == ("3\n", "error: No space left on device\n")


def test_closed_streams_are_no_bug() -> None:
    assert shell("mleval metrics >&-").returncode == 0
    assert shell("mleval metrics nonsense 2>&-").returncode == 2


def test_what_the_stream_cannot_encode_is_escaped() -> None:
    result = shell("mleval metrics mcc", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert result.returncode == 0
    assert "\\u221a" in result.stdout


def test_the_shell_completes_commands_options_and_metrics() -> None:
    def completions(line: str) -> list[str]:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
        return shell("mleval", _MLEVAL_COMPLETE="complete_bash", **words).stdout.split("\n")

    assert "classify" in completions("mleval cl")
    assert "--score-scale" in completions("mleval classify --score-s")
    assert {"precision", "precision_at_k"} <= set(completions("mleval classify --metric prec"))
    assert "markdown" in completions("mleval classify --format m")
    assert "imbalanced" in completions("mleval metrics --advise imb")
    assert "mcc" in completions("mleval metrics mc")


def test_a_narrow_verification_has_its_names_whole() -> None:
    file = str(ROOT / "sample_data" / "cancer.csv")
    for width in (60, 80):
        told = run("classify", file, "--verify", COLUMNS=str(width)).stdout
        table = told[told.index("verified") :]
        assert "…" not in table
        assert all(len(line) <= width for line in table.splitlines())
    assert "\naverage_precision " in table


def test_an_alias_is_reported_under_the_name_of_its_metric() -> None:
    told = run(
        "classify", str(ROOT / "sample_data" / "cancer.csv"), "-m", "AUC", "-m", "F1", "--json"
    ).stdout
    assert list(json.loads(told)["metrics"]) == ["roc_auc", "f1"]
