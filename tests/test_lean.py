"""What a plain evaluation does not load: each of these takes longer than a small report."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import mleval
from mleval.reading.vectors import block_of

CODE = """
import sys
from mleval.__main__ import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
slow = {"pyarrow.compute", "jinja2", "matplotlib", "pandas", "scipy", "sklearn"}
print("loaded:", sorted(slow & sys.modules.keys()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    for name in ("a", "b"):
        np.save(tmp_path / f"{name}.npy", rng.normal(size=(40, 3)).astype(np.float32))
    np.save(tmp_path / "dissimilar.npy", np.arange(40) % 2)
    (tmp_path / "numbers.csv").write_text("y_true,y_pred\n" + "1.5,2\n3,2.5\n" * 20)
    (tmp_path / "pred.csv").write_text("y_pred\n" + "2\n2.5\n" * 20)
    (tmp_path / "true.csv").write_text("y_true\n" + "1.5\n3\n" * 20)
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "pairs dissimilar.npy --a a.npy --b b.npy --dissimilar 0",
        "regress numbers.csv",
        "regress pred.csv --truth-file true.csv",
    ],
)
def test_what_takes_longer_than_the_report_is_not_loaded(folder: Path, line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *line.split(), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(mleval.__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_numbers_of_some_lists_are_those_of_these_lists() -> None:
    lists = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(12.0)), 3)
    found = block_of(lists.slice(1, 2), 3)
    assert found is not None
    assert found.tolist() == [[3, 4, 5], [6, 7, 8]]
