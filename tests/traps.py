"""Small files evaluated by whole commands: the report of what is right, the refusal of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command import Result, run


def evaluated(
    folder: Path,
    content: str | bytes | None,
    *flags: str,
    name: str = "x.csv",
    command: str = "classify",
    **others: Any,
) -> Result:
    """A command on a file of that content, in a folder that its messages do not name."""
    file = folder / name
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run(command, str(file), *flags, **others)
    return Result(result.status, result.stdout, result.stderr.replace(f"{folder}/", ""))


def classify(
    folder: Path, content: str | bytes | None, *flags: str, name: str = "x.csv", **others: Any
) -> Result:
    """`mleval classify` on a file of that content."""
    return evaluated(folder, content, *flags, name=name, **others)


def reported(
    folder: Path,
    content: str | bytes,
    *flags: str,
    name: str = "x.csv",
    command: str = "classify",
) -> dict[str, Any]:
    """The JSON report, which nothing spoils."""
    result = evaluated(folder, content, "--json", "--quiet", *flags, name=name, command=command)
    assert (result.status, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(
    folder: Path,
    content: str | bytes | None,
    *flags: str,
    name: str = "x.csv",
    status: int = 3,
    command: str = "classify",
) -> str:
    """What stderr says, when nothing else happens: no output, no file, no traceback."""
    output = folder / "report.json"
    result = evaluated(folder, content, *flags, "-o", str(output), name=name, command=command)
    assert (result.status, result.stdout) == (status, "")
    assert "Traceback" not in result.stderr
    assert not output.exists()
    assert [file.name for file in folder.iterdir() if file.name != name] == []
    return result.stderr


def values(report: dict[str, Any]) -> dict[str, float | None]:
    """Spec → value."""
    return {spec: item["value"] for spec, item in report["metrics"].items()}


def assumed(report: dict[str, Any]) -> dict[str, str]:
    """What was assumed → as what."""
    return {item["what"]: item["value"] for item in report["assumed"]}


def warned(report: dict[str, Any], text: str) -> bool:
    """Whether a warning says so."""
    return any(text in warning for warning in report["warnings"])
