"""`mleval.text`, and that neither stretches nor processes change what it finds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command import run
from test_cli_text import FIRST, LARGE, SAMPLES, SMALL, lines

import mleval
from mleval.errors import InputError, UsageError
from mleval.evaluation import processes
from mleval.evaluation.text import reading


def test_lists_in_python() -> None:
    several = mleval.text(["a cat sat"], [["a dog", "a cat sat"]], verify=True)
    assert several["rouge1"].value == 1  # type: ignore[union-attr]
    both = mleval.text({"one": ["x y"], "two": ["x z"]}, ["x y"])
    assert isinstance(both, mleval.ReportSet)
    assert both.best("rouge1") == ("one",)
    assert mleval.text(SMALL, FIRST)["bleu"] == mleval.text(lines(SMALL), lines(FIRST))["bleu"]  # type: ignore[union-attr]
    for wrong in (["a"], None), (["a"], "x.txt"):
        with pytest.raises(UsageError):
            mleval.text(*wrong)
    for short in (["a"], ["a", "b"]), (["a"], [[]]), ([], []), (["a"], [None]):
        with pytest.raises(InputError):
            mleval.text(*short)


def test_stretches_and_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = ["all", "distinct(n=1)"]
    whole = mleval.text(lines(SMALL), lines(FIRST), metrics=metrics, worst=9)
    monkeypatch.setattr(reading, "STRETCH", 500)
    cut = mleval.text(lines(SMALL), lines(FIRST), metrics=metrics, worst=9)
    assert [*whole] == [*cut]
    for spec in whole:
        for name in ("value", "low", "high"):
            one, other = getattr(whole[spec], name), getattr(cut[spec], name)
            assert one is other is None or one == pytest.approx(other, rel=1e-12), (spec, name)
    assert whole.worst == cut.worst  # type: ignore[union-attr]


_IN_PROCESSES = """
import sys
from mleval.evaluation.text import reading
from mleval.evaluation import processes
from mleval.cli.app import main
reading.STRETCH = 500
processes.cores = lambda: 2
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")
def test_processes_find_what_threads_find() -> None:
    assert processes.fold_in_processes([lambda: 1], lambda _: {}) == {}
    args = ["text", SMALL, FIRST, "-m", "all", "--worst", "3", "--json"]
    command = [sys.executable, "-c", _IN_PROCESSES, *args]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    report, alone = json.loads(found.stdout), json.loads(run(*args).stdout)
    assert report["worst"] == alone["worst"]
    for spec, item in alone["metrics"].items():
        assert report["metrics"][spec]["value"] == pytest.approx(item["value"], rel=1e-12)


def test_the_sample_captions_are_what_their_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLES / "make_captions.py"), str(tmp_path)], check=True)
    for path in (SMALL, LARGE, FIRST):
        assert (tmp_path / Path(path).name).read_bytes() == Path(path).read_bytes()
