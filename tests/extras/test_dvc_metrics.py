"""DVC reads the flat numbers back as they were written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import mleval

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


def test_dvc_shows_the_flat_numbers(tmp_path: Path) -> None:
    for name in ("cancer", "digits"):
        mleval.classify(SAMPLES / f"{name}.csv").save(tmp_path / f"{name}.flat.json")
    dvc = [sys.executable, "-m", "dvc"]
    subprocess.run([*dvc, "init", "--no-scm", "--quiet"], cwd=tmp_path, check=True)
    names = ["cancer.flat.json", "digits.flat.json"]
    line = [*dvc, "metrics", "show", "--json", *names]
    shown = subprocess.run(line, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    files = next(iter(json.loads(shown).values()))["data"]
    for name in names:
        assert files[name]["data"] == json.loads((tmp_path / name).read_text())
