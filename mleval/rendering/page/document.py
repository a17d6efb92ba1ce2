"""A page as one file of HTML: nothing is fetched, and nothing runs but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mleval.rendering import escape, fitting
from mleval.rendering.page.blocks import Page, Section
from mleval.rendering.page.charts.drawing import key
from mleval.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

LONGEST = 1_900_000  # bytes: a page is mailed, and opened on a phone
_TEMPLATES = Path(__file__).parent / "templates"


def document(page: Page) -> str:
    """The whole page; sections that would make it too long are left out, and named."""
    environment = _environment()
    blocks: Any = environment.get_template("blocks.html").module
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    parts = [
        fitting.Section(str(blocks.section(section)), section.heading, section.drop)
        for section in page.sections
        if section.blocks
    ]
    kept, left = fitting.parted(parts, LONGEST)
    text = environment.get_template("page.html").render(
        page=page,
        sections=[_safe(part.text) for part in kept],
        left=fitting.told(left) if left else "",
        style=style,
        script=script,
        policy=_policy(str(style), str(script)),
        version=__version__,
    )
    return text.rstrip("\n") + "\n"


def fragment(page: Page) -> str:
    """What a notebook shows: no style sheet, no script; the summary open, the rest folded."""
    sections = [section for section in page.sections if _in_notebook(section)]
    template = _environment().get_template("fragment.html")
    return template.render(page=page, sections=sections).rstrip("\n") + "\n"


def _in_notebook(section: Section) -> bool:
    return any(block.kind in ("table", "matrix", "lines", "code") for block in section.blocks)


@cache
def _environment() -> Environment:
    """Every value that a template sets is text from data: made visible, then escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: escape.terminal(value) if type(value) is str else value,
    )
    environment.filters["safe_svg"] = _safe
    environment.filters["key"] = lambda place: _safe(key(place))
    environment.filters["data"] = _data
    environment.filters["cut"] = escape.shortened
    return environment


def _safe(text: str) -> Markup:
    """Markup of our own making, in which all text from data is escaped already."""
    from markupsafe import Markup

    return Markup(text)


def _data(values: Mapping[str, Any]) -> Markup:
    """JSON for a script of data: it ends no element and opens none."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@cache
def _asset(name: str) -> Markup:
    return _safe((_TEMPLATES / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """What a browser may do with the page: apply this style sheet, run this script, no more."""
    hashes = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    )
    style_hash, script_hash = hashes
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; "
        f"script-src 'sha256-{script_hash}'; base-uri 'none'; form-action 'none'"
    )
