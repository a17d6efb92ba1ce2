"""Gates on the command line: exit statuses, what is said where, configuration, saved reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run
from gate_samples import CANCER

PASSES, FAILS, OPEN = "f1 >= 0.6", "f1 >= 0.9", "f1 >= 0.75"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    assert run("classify", str(CANCER), "-q", "-o", str(path)).status == 0
    return path


def flags(*gates: str) -> list[str]:
    return [word for gate in gates for word in ("--gate", gate)]


@pytest.mark.parametrize("command", ["classify", "check"])
@pytest.mark.parametrize(
    ("gates", "more", "status"),
    [
        ([PASSES], (), 0),
        ([FAILS], (), 1),
        ([PASSES, FAILS], (), 1),
        ([OPEN], (), 0),
        ([OPEN], ("--decide", "interval"), 0),
        ([OPEN], ("--decide", "interval", "--inconclusive", "warn"), 0),
        ([OPEN], ("--decide", "interval", "--inconclusive", "pass"), 0),
        ([OPEN], ("--decide", "interval", "--inconclusive", "fail"), 1),
        ([FAILS], ("--decide", "interval", "--inconclusive", "pass"), 1),
        (["f1 >= 80"], (), 2),
        (["f1 => 0.8"], (), 2),
        (["rmse < 3"], (), 2),
        (["f1 >= baseline"], (), 2),
    ],
)
def test_how_a_command_ends(
    saved: Path, command: str, gates: list[str], more: tuple[str, ...], status: int
) -> None:
    file = CANCER if command == "classify" else saved
    for output in ((), ("--json",), ("-q",), ("-q", "-o", str(saved.parent / "out.md"))):
        result = run(command, str(file), *flags(*gates), *more, *output)
        assert result.status == status, result.stderr
        assert bool(result.stdout) == (status < 2 and "-o" not in output)


def test_every_gate_is_shown_in_the_table_and_nothing_twice(saved: Path) -> None:
    gates = flags(PASSES, FAILS, OPEN)
    for command, file in (("classify", CANCER), ("check", saved)):
        result = run(command, str(file), *gates, "--decide", "interval")
        shown = result.stdout.partition("\ngates  ")[2].splitlines()
        assert shown[0] == "1 passed · 1 failed · 1 inconclusive"
        assert [line.split()[0] for line in shown[1:4]] == ["passed", "failed", "inconclusive"]
        assert "0.7512  [0.6799, 0.8111]" in shown[1]
        assert "rows would settle it" in shown[3]
        assert result.stderr == ""


def test_what_programs_read_has_the_gates_on_stderr(saved: Path) -> None:
    gates = [*flags(PASSES, FAILS, OPEN), "--decide", "interval", "--json"]
    result = run("check", str(saved), *gates)
    statuses = [item["status"] for item in json.loads(result.stdout)["gates"]]
    assert statuses == ["passed", "failed", "inconclusive"]
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == statuses
    assert "failed: f1 >= 0.9: 0.7512 [0.6799, 0.8111]" in result.stderr
    quiet = run("check", str(saved), *gates, "-q")
    assert [line.partition(":")[0] for line in quiet.stderr.splitlines()] == statuses[1:]
    passing = run("check", str(saved), *gates, "-q", "--inconclusive", "pass")
    assert [line.partition(":")[0] for line in passing.stderr.splitlines()] == ["failed"]


def test_a_value_is_shown_apart_from_its_limit(saved: Path) -> None:
    limit = 0.75121952
    shown = run("check", str(saved), *flags(f"f1 < {limit}")).stdout
    assert "0.75121951" in shown
    assert "0.7512195122" not in shown


def test_several_reports_are_checked_at_once(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(saved.read_text())
    result = run("check", str(saved), str(other), *flags(PASSES, "recall > 0.8"))
    assert result.status == 1
    assert "2 passed · 2 failed" in result.stdout
    assert result.stdout.startswith("binary classification  2 reports\n")
    assert result.stdout.count("other.json") == result.stdout.count("report.json") == 2
    found = json.loads(run("check", str(saved), str(other), *flags(PASSES), "--json").stdout)
    assert list(found["systems"]) == [str(saved), str(other)]
    twice = run("check", str(saved), str(saved), *flags(PASSES))
    assert (twice.status, "is named twice" in twice.stderr) == (2, True)


def test_a_baseline_on_the_command_line(saved: Path) -> None:
    gates = [*flags("f1 >= baseline - 0.01"), "--decide", "interval"]
    result = run("classify", str(CANCER), *gates, "--baseline", str(saved))
    assert result.status == 0
    assert "inconclusive  f1 >= baseline - 0.01" in result.stdout
    assert "unpaired" in result.stdout
    missing = run("classify", str(CANCER), *gates, "--baseline", "gone.csv")
    assert missing.status == 3
    assert "gone.csv" in missing.stderr
    alone = run("check", str(saved), *flags(PASSES), "--baseline", str(saved))
    assert (alone.status, "no gate speaks of the baseline" in alone.stderr) == (2, True)


def test_standard_input_is_read_once(saved: Path) -> None:
    result = run("classify", "-", "--baseline", "-", *flags("f1 >= baseline"), stdin=b"x")
    assert (result.status, "named twice" in result.stderr) == (2, True)


@pytest.mark.parametrize("key", ["gates", "gate"])
def test_gates_in_the_configuration(tmp_path: Path, saved: Path, key: str) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.mleval.classify]\n{key} = ["{FAILS}", "recall > 0.1"]\n'
        f'[tool.mleval.check]\n{key} = ["{PASSES}"]\ndecide = "interval"\n'
    )
    result = run("classify", str(CANCER), directory=tmp_path)
    assert result.status == 1
    assert "1 passed · 1 failed" in result.stdout
    assert run("check", str(saved), directory=tmp_path).status == 0
    over = run("classify", str(CANCER), *flags(PASSES), directory=tmp_path)
    assert (over.status, "1 passed\n" in over.stdout) == (0, True)


def test_what_is_wrong_in_the_configuration_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "mleval.toml").write_text('[classify]\ngates = ["f1 => 0.8"]\n')
    result = run("classify", str(CANCER), directory=tmp_path)
    assert result.status == 2
    assert "mleval.toml: [classify] gates" in result.stderr


def test_there_must_be_a_gate_to_check(saved: Path) -> None:
    result = run("check", str(saved))
    assert (result.status, result.stdout) == (2, "")
    assert "there is no gate to check" in result.stderr


@pytest.mark.parametrize("name", ["gone.json", "."])
def test_a_report_that_is_none(tmp_path: Path, name: str) -> None:
    assert run("check", str(tmp_path / name), *flags(PASSES)).status == 3
    assert run("check", str(CANCER), *flags(PASSES)).status == 3


def test_verification_and_gates_each_may_fail() -> None:
    result = run("classify", str(CANCER), "--verify", *flags(FAILS))
    assert result.status == 1
    assert "numbers agree with the references" in result.stdout


MESSAGES = {
    "f1 => 0.8": """\
error: --gate: expected "(", "[", "{", ".", "*", "/", "+", "-", <, <=, >, >= or ==, found "="
  f1 => 0.8
     ^
hint: equality is written ==
""",
    "f1 >= 80": """\
error: f1 is on 0 … 1, and 80 is not
  f1 >= 80
        ^
hint: for 80 % write 0.8
""",
    "2 * rmse < 3": """\
error: rmse is a regress metric, not a binary one
  2*rmse < 3
    ^
hint: mleval regress has it; see: mleval metrics --task binary
""",
    "recall[clas=spam] > 0.1": """\
error: --gate: expected macro, micro, weighted, samples, precision, recall, class=NAME or \
target=NAME, found "clas"
  recall[clas=spam] > 0.1
         ^
hint: did you mean class?
""",
    "f1 >= baseline - 0.01": """\
error: f1 >= baseline - 0.01: there is no baseline
hint: name an earlier report, or earlier predictions: --baseline FILE
""",
    "0.8 <= f1": """\
error: --gate: expected a metric on the left of a gate, found numbers alone
  0.8 <= f1
  ^
hint: for example f1 >= 0.8
""",
}


@pytest.mark.parametrize("gate", MESSAGES)
def test_messages(gate: str) -> None:
    result = run("classify", str(CANCER), "--gate", gate)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == MESSAGES[gate]


def test_a_baseline_that_is_not_alike(tmp_path: Path, saved: Path) -> None:
    result = run(
        *("classify", str(CANCER), "--positive", "benign", "--baseline", str(saved)),
        *flags("f1 >= baseline"),
    )
    assert result.status == 3
    assert result.stderr.replace(str(saved), "report.json") == (
        "error: positive is benign here, and malignant in the baseline report.json\n"
        "hint: compare like with like, or all the same with --force\n"
    )
