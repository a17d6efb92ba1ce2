"""Everything the README shows runs, and shows what it prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from readme import PYTHON, README, ROOT, SHELL, YAML, regenerated

TEXT = README.read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    return tmp_path


def test_commands_print_what_the_readme_shows_and_the_catalogue_is_current(folder: Path) -> None:
    assert regenerated(TEXT, folder) == TEXT, "run: python tests/readme.py"


def test_the_python_examples_run(folder: Path) -> None:
    program = "\n".join(PYTHON.findall(TEXT))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    assert "csi" in finished.stdout


def run(command: str, folder: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    program, *arguments = shlex.split(command, comments=True)
    assert program == "mleval"
    line = [sys.executable, "-m", program, *arguments]
    finished = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr


def test_the_commands_for_a_pipeline_write_their_reports(folder: Path) -> None:
    lines = [line for block in SHELL.findall(TEXT) for line in block.splitlines()]
    for command in (line for line in lines if line.startswith("mleval ")):
        run(command, folder)
    for name in ("main.json", "gates.xml", "report.json", "report.md", "metrics.flat.json"):
        assert (folder / name).stat().st_size


def test_the_recipes_of_pipelines_run(folder: Path) -> None:
    github, gitlab, commit = (yaml.safe_load(block) for block in YAML.findall(TEXT))
    assert [step["uses"].partition("@")[0] for step in github][1] == "actions/upload-artifact"
    for command in gitlab["evaluate"]["script"]:
        run(command, folder)
    assert (folder / gitlab["evaluate"]["artifacts"]["reports"]["junit"]).stat().st_size
    (jenkins,) = re.findall(r'^ *sh "(.*)"$', TEXT, re.MULTILINE)
    run(jenkins, folder)
    assert (folder / "report.html").stat().st_size
    (hook,) = commit["repos"][0]["hooks"]
    run(hook["entry"], folder)


def test_make_targets_of_the_readme_exist() -> None:
    listed = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in TEXT
        assert f"\n{target}:" in listed
