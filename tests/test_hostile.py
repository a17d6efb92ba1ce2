"""Every hostile file ends as its row says: a report, or a refusal in words and nothing else."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from command import Result, run
from hostile import ACCURACY, CSV, HOSTILE, LABELS, NOISE, READ, REFUSED, Hostile

from mleval.errors import InputError
from mleval.reading import ColumnChoices, find_roles, open_source, read

OF_COLUMNS = (
    "attack/normal against 1/0",
    "outcomes of 0.5",
    "two truths",
    "an encoding that is none",
)
"""Refusals of what the columns of all files hold, or of a flag: they name labels, not files."""

SECONDS = 60
ADDRESSES = 3 << 30
"""Of address space: pyarrow's allocator reserves more than is ever used."""
RESIDENT = 1 << 30

APART = """
import resource, sys
from mleval.cli.app import main
status = main(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"peak={peak}", file=sys.stderr)
sys.exit(status)
"""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def run_apart(*args: str) -> Result:
    """The command in a process that may neither hang nor fill the memory."""
    done = subprocess.run(
        [sys.executable, "-c", APART, *args],
        capture_output=True, timeout=SECONDS, preexec_fn=_limited, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    errors, _, peak = done.stderr.decode(errors="replace").rpartition("peak=")
    assert peak, f"the process died: {done.returncode}, {errors or peak}"
    assert int(peak) * 1024 < RESIDENT
    return Result(done.returncode, done.stdout.decode(), errors)


def path_named(case: Hostile) -> str:
    """The part of the file's name that every terminal shows."""
    return re.split(r"[\n\x80-\uffff]", case.name)[0]


def _feed(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(CSV)


def evaluated(case: Hostile, folder: Path) -> tuple[Result, Path]:
    """How the command on the file ends, and the file that it may have written."""
    path, output = folder / case.name, folder / "report.json"
    case.maker(path)
    if case.what.startswith("a FIFO"):
        threading.Thread(target=_feed, args=(path,), daemon=True).start()
    runs = run_apart if case.apart else run_guarded
    done = runs("classify", str(path), "--json", *case.flags.split(), "-o", str(output))
    return done, output


def run_guarded(*args: str) -> Result:
    """The command in this process: it may neither hang nor take a gigabyte more."""
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    signal.signal(signal.SIGALRM, _hang)
    signal.alarm(SECONDS)
    try:
        done = run(*args)
    finally:
        signal.alarm(0)
    assert _resident("VmHWM") - before < RESIDENT
    return done


def _resident(what: str) -> int:
    """Bytes in memory now (VmRSS), or at the most so far (VmHWM)."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def _hang(*_: Any) -> None:
    raise TimeoutError(f"it hangs: over {SECONDS} s")


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.what)
def test_it_ends_as_listed(tmp_path: Path, case: Hostile) -> None:
    done, output = evaluated(case, tmp_path)
    said = done.stderr.replace(f"{tmp_path}/", "")
    assert "Traceback" not in done.stderr
    assert done.status == case.status, said
    if case.status == READ:
        report = json.loads(done.stdout)
        if case.said.startswith('"rows": '):
            assert case.said == f'"rows": {report["provenance"]["rows"]}'
        else:
            assert case.said in done.stdout + said
        assert report["metrics"]["accuracy"]["value"] == ACCURACY[case.what]
        assert LABELS.get(case.what) in (None, report["provenance"]["labels"])
        assert json.loads(output.read_text()) == report
    else:
        assert done.stdout == ""
        assert not output.exists()
        assert case.said in said
        assert path_named(case) in said or case.what in OF_COLUMNS
        assert said.startswith("error: ")
        assert not set(said) & {chr(code) for code in range(32) if code != 10}
        left = {file.name for file in tmp_path.iterdir()}
        assert left <= {case.name, case.name.split("/")[0]}


@pytest.mark.parametrize(
    "case", [c for c in HOSTILE if not c.apart and "FIFO" not in c.what], ids=lambda case: case.what
)
def test_inspect_survives_it_and_its_command_finds_the_same(tmp_path: Path, case: Hostile) -> None:
    path, flags = tmp_path / case.name, case.flags.split()
    case.maker(path)
    looked = run("inspect", str(path), "--json", *flags)
    assert looked.status in (READ, REFUSED), looked.stderr
    assert "Traceback" not in looked.stderr
    if case.status == READ:
        _, *words = shlex.split(json.loads(looked.stdout)["command"])
        again, found = (run(*args, "--json") for args in (words, ("classify", str(path), *flags)))
        assert json.loads(again.stdout)["metrics"] == json.loads(found.stdout)["metrics"]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The permissions themselves do not stop root, as which tests often run."""
    path = tmp_path / "x.csv"
    path.write_bytes(CSV)
    path.chmod(0)
    plain = Path.open

    def refusing(self: Path, *args: Any, **keywords: Any) -> Any:
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return plain(self, *args, **keywords)

    monkeypatch.setattr(Path, "open", refusing)
    done = run("classify", str(path), "--json")
    assert (done.status, done.stdout) == (REFUSED, "")
    assert "x.csv: cannot be read: Permission denied" in done.stderr
    assert "hint: check the file's permissions" in done.stderr


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 80
    assert len({case.what for case in HOSTILE}) == len(HOSTILE)
    assert {case.status for case in HOSTILE} == {READ, REFUSED}


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.parquet", "x.feather", "x.npy"])
def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path, name: str) -> None:
    """Fewer rows than were there at first are never evaluated in silence."""
    path = tmp_path / name
    path.write_bytes(_large(name))
    source = open_source(path)
    reading = read(
        source, find_roles(source, ColumnChoices(truth=source.names[0], prediction=source.names[1]))
    )
    os.truncate(path, path.stat().st_size // 2 + 1)
    with pytest.raises(InputError, match=name):
        _all(reading)


def _all(reading: Any) -> None:
    for load in reading.parts():
        load()
    reading.finish()


def _large(name: str) -> bytes:
    import io

    import numpy as np
    import pandas as pd

    table = pd.read_csv(io.BytesIO(NOISE))
    stream = io.BytesIO()
    if name == "x.csv":
        return NOISE
    if name == "x.jsonl":
        return table.to_json(orient="records", lines=True).encode()
    if name == "x.npy":
        np.save(stream, np.ascontiguousarray(table.to_numpy()))
    elif name == "x.parquet":
        table.to_parquet(stream, index=False)
    else:
        table.to_feather(stream)
    return stream.getvalue()
