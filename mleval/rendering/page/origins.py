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
    """The command to make the page again, the input, and what must be equal to compare it."""
    parts = {
        "Input": {"files": report.inputs, **report.provenance},
        "Signature: reports with equal ones may be compared": report.signature,
        "Versions": report.environment,
    }
    facts = {label: dict(_plain(values)) for label, values in parts.items()}
    return [*made_by(look), *(Facts(label=label, items=f) for label, f in facts.items() if f)]


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
                yield f"{of}{name}", middle(", ".join(map(str, value)), _LONGEST)
        elif value is not None:
            yield f"{of}{name}", _word(value)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else middle(str(value), _LONGEST)
