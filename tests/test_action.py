"""The GitHub action: what it is told, and its shell steps as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from readme import README, ROOT, YAML

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step.get("name"): step for step in ACTION["runs"]["steps"]}


def value(text: str, inputs: dict[str, str], runner: dict[str, str]) -> str:
    """What an expression in ${{ }} stands for."""

    def of(found: re.Match[str]) -> str:
        kind, _, name = found[1].strip().partition(".")
        return inputs[name] if kind == "inputs" else runner[found[1].strip()]

    return re.sub(r"\$\{\{(.*?)\}\}", of, text)


def step(name: str, folder: Path, /, **given: str) -> tuple[int, dict[str, str], str]:
    """The exit status of a step, what it set, and what it printed."""
    defaults = {key: item.get("default", "") for key, item in ACTION["inputs"].items()}
    inputs = defaults | {key.replace("_", "-"): item for key, item in given.items()}
    runner = {"github.action_path": str(ROOT), "runner.temp": str(folder / "temp")}
    own = {k: value(v, inputs, runner) for k, v in STEPS[name]["env"].items()}
    files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    environment = os.environ | own | {name: str(file) for name, file in files.items()}
    environment |= {"MLEVAL": str(folder / "mleval"), "PYTHONPATH": str(ROOT)}
    environment["PATH"] = f"{folder / 'bin'}:{environment['PATH']}"
    (folder / "step.sh").write_text(STEPS[name]["run"])
    line = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "step.sh"]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
    said = (files["GITHUB_OUTPUT"].read_text() + files["GITHUB_ENV"].read_text()).splitlines()
    return done.returncode, dict(text.split("=", 1) for text in said), done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    program = tmp_path / "mleval"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mleval "$@"\n')
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(("gate", "status"), [("f1 >= 0.7", 0), ("f1 >= 0.9", 1), ("f1 => 1", 2)])
def test_the_step_ends_as_the_command_does(folder: Path, gate: str, status: int) -> None:
    args = "sample_data/cancer.csv --decide interval --level 0.5"
    found, outputs, _ = step("Evaluate", folder, args=args, gates=f"\n{gate}\r\n  \n")
    assert (found, outputs["status"]) == (status, str(status))
    assert (folder / "mleval-report.json").exists() == (status < 2)
    summary = (folder / "GITHUB_STEP_SUMMARY").read_text()
    assert summary.startswith("**binary classification**") == (status < 2)


def test_words_in_quotes_stay_together_and_nothing_is_run(folder: Path) -> None:
    shutil.copy(folder / "sample_data/cancer.csv", folder / "my data.csv")
    args = "'my data.csv' --metric recall\n--metric \"f1\""
    found, _, said = step("Evaluate", folder, args=args, gates="f1 > 0.1\nrecall > 0.1")
    assert found == 0, said
    report = json.loads((folder / "mleval-report.json").read_text())
    assert list(report["metrics"]) == ["recall", "f1"]
    assert [gate["status"] for gate in report["gates"]] == ["passed", "passed"]
    for args in ("$(touch gone) `touch gone`", "x; touch gone", '"; touch gone; "'):
        assert step("Evaluate", folder, args=args, gates="$(touch gone)")[0] in (2, 3)
    assert not (folder / "gone").exists()
    assert step("Evaluate", folder, args="'never closed")[0] != 0


def test_a_baseline_and_a_comment(folder: Path) -> None:
    cancer = "sample_data/cancer.csv"
    assert step("Evaluate", folder, args=cancer, report="main.json", gates="f1 > 0.1")[0] == 0
    more = {"baseline": "main.json", "comment": "comment.md", "gates": "f1 >= baseline"}
    found, outputs, said = step("Evaluate", folder, args=cancer, **more)
    assert found == 0, said
    assert outputs["comment"] == "comment.md"
    assert "baseline 0.7512" in (folder / "comment.md").read_text()
    checked, _, said = step("Evaluate", folder, command="check", args="main.json", gates="f1 > 0.9")
    assert (checked, "::error title=gate failed::f1 > 0.9" in said) == (1, True)


def test_it_installs_from_its_own_checkout(folder: Path) -> None:
    """With an interpreter that makes a folder for an environment, and says what it was asked."""
    (folder / "bin").mkdir()
    stub = folder / "bin" / "python"
    stub.write_text(
        '#!/bin/sh\necho "$@" >> "$PWD/asked"\n'
        '[ "$2" != venv ] || { mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; }\n'
    )
    stub.chmod(0o755)
    found, outputs, said = step("Install mleval", folder)
    assert found == 0, said
    home = folder / "temp" / "mleval"
    assert outputs["MLEVAL"] == str(home / "bin" / "mleval")
    venv, pip = (folder / "asked").read_text().splitlines()
    assert venv == f"-m venv {home}"
    assert pip.startswith("-m pip install ")
    assert pip.endswith(f" {ROOT}")


def test_inputs_are_never_a_part_of_a_script() -> None:
    assert all("${{" not in step["run"] for step in STEPS.values() if "run" in step)


def test_the_recipe_of_the_readme_gives_inputs_that_there_are(folder: Path) -> None:
    recipe = yaml.safe_load(YAML.findall(README.read_text("utf-8"))[0])
    given: dict[str, Any] = recipe[0]["with"]
    assert set(given) <= set(ACTION["inputs"])
    found, _, said = step("Evaluate", folder, **given)
    assert found == 0, said
