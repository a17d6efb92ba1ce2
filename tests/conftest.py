"""What the run as a whole has to say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests that need what few have run when their folder is named, by `make test-FOLDER`."""
    name = collection_path.name
    is_named = any(name in argument for argument in config.args)
    return True if name in ("browser", "extras") and not is_named else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many numbers were compared with a reference, and how far apart any two of them are."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, ())]
    said = [dict(report.user_properties) for report in reports]
    compared = [properties for properties in said if "comparisons" in properties]
    if not compared:
        return
    total = sum(properties["comparisons"] for properties in compared)
    undefined = sum(properties["undefined in both"] for properties in compared)
    largest, where = max(properties["largest difference"] for properties in compared)
    terminalreporter.write_line(
        f"{total:,} numbers on {len(compared)} data sets compared with their references "
        f"({undefined:,} of them undefined in both); largest difference {largest:.1e} ({where})"
    )
    tools: Counter[str] = Counter()
    for properties in compared:
        tools[properties.get("by", "others")] += properties["comparisons"]
    if len(tools) > 1:
        told = ", ".join(f"{count:,} by {tool}" for tool, count in tools.most_common())
        terminalreporter.write_line(f"of these: {told}")
