"""Everything the README shows runs, and shows what it prints."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from readme import PYTHON, README, ROOT, SHELL, regenerated

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


def test_the_ci_command_writes_its_reports(folder: Path) -> None:
    (command,) = [
        line
        for block in SHELL.findall(TEXT)
        for line in block.splitlines()
        if line.startswith("mleval ")
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", *shlex.split(command)]
    finished = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert (folder / "report.json").stat().st_size
    assert (folder / "report.md").stat().st_size


def test_make_targets_of_the_readme_exist() -> None:
    listed = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in TEXT
        assert f"\n{target}:" in listed
