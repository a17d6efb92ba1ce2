"""The README's generated parts: what its commands print, and the catalogue.

`python tests/readme.py` writes them anew.
"""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
CATALOGUE = re.compile(r"(<!-- catalogue -->\n).*?(<!-- /catalogue -->)", re.DOTALL)


def regenerated(text: str, directory: Path) -> str:
    """The README with every command's output and the catalogue as they are now."""
    text = CONSOLE.sub(lambda block: f"```console\n{_session(block[1], directory)}```", text)
    catalogue = run("mleval metrics --format markdown", directory)
    return CATALOGUE.sub(lambda found: f"{found[1]}\n{catalogue}\n{found[2]}", text)


def _session(block: str, directory: Path) -> str:
    """A console block, each command followed by what it prints."""
    asked = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"$ {command}\n{run(command, directory)}" for command in asked)


def run(command: str, directory: Path) -> str:
    """What a command line with at most one pipe, into jq, prints on stdout."""
    command, _, filter_ = (part.strip() for part in command.partition("|"))
    program, *arguments = shlex.split(command)
    assert program == "mleval", program
    finished = subprocess.run(
        [sys.executable, "-m", "mleval", *arguments],
        cwd=directory,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
    )
    assert finished.returncode == 0, f"{command}\n{finished.stderr}"
    return _jq(finished.stdout, filter_) if filter_ else finished.stdout


def _jq(text: str, filter_: str) -> str:
    """The one kind of jq filter that the README shows: a path of names."""
    import json

    path = shlex.split(filter_)
    assert path[0] == "jq", filter_
    value = json.load(io.StringIO(text))
    for name in path[1].strip(".").split("."):
        value = value[name]
    return f"{json.dumps(value)}\n"


if __name__ == "__main__":
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "sample_data", Path(folder) / "sample_data")
        README.write_text(regenerated(README.read_text("utf-8"), Path(folder)), "utf-8")
