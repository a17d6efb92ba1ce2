"""Lines of text as a terminal, or a file, takes them."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from mleval.rendering import palette
from mleval.rendering.look import Look


def printed(lines: Iterable[Text], look: Look) -> str:
    """The lines as text, with colour codes when the look has colour; none is broken or cut."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=look.columns,
        force_terminal=look.colour,
        color_system="truecolor" if look.colour else None,
        no_color=not look.colour,
        force_jupyter=False,
        legacy_windows=False,
    )
    for line in lines:
        if look.ascii:
            line.plain = line.plain.translate(palette.ASCII)
        line.rstrip()
        console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
    return stream.getvalue()
