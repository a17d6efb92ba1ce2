"""Where the numbers of a page come from: the command, the signature, the provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mleval.rendering.look import Look
from mleval.rendering.page.blocks import Block, Code, Facts
from mleval.report import Report
from mleval.visible import middle

_LONGEST = 300  # characters of a fact


def origin(report: Report, look: Look) -> list[Block]:
    """The command to make the page again, what must be equal to compare it, and the input."""
    facts = {
        "inputs": ", ".join(report.inputs),
        **dict(_plain(report.provenance)),
        **{f"signature: {name}": value for name, value in _plain(report.signature)},
        **dict(_plain(report.environment)),
    }
    shown = {name: middle(value, _LONGEST) for name, value in facts.items()}
    return [*made_by(look), Facts(items=shown)]


def made_by(look: Look) -> list[Code]:
    """The command line, where there was one."""
    return [Code(label="To make it again", lines=[look.command])] if look.command else []


def _plain(values: Mapping[str, Any], of: str = "") -> Iterator[tuple[str, str]]:
    """Names and values as text; what says nothing is left out."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _plain(value, f"{of}{name}: ")
        elif isinstance(value, list | tuple):
            if value:
                yield f"{of}{name}", ", ".join(map(str, value))
        elif value is not None:
            yield f"{of}{name}", _word(value)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
