"""Text from data made harmless: one function for each medium it is shown in.

A label, a column's name or a file's name is never markup, a terminal code or a formula. What does
not print is spelled as in Python: control characters and newlines, the controls that turn the
direction of text, lone surrogates.
"""

from __future__ import annotations

import re

from mleval.visible import visible

_UNSAFE_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$]|:(?=//)|(?<=www)\.)")
_MENTION = re.compile(r"[@#]|:\w+:")  # people, issues and emoji to GitHub and GitLab, save in code
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_FORMULA = tuple("=+-@\t\r＝＋－＠")
# Compiled when it is first used: sets as wide as this one take milliseconds.
_UNKNOWN_TO_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_PLAIN = str.maketrans("−–—×·…→’‘“”", "---x-~>''\"\"")


def terminal(text: str, *, ascii: bool = False) -> str:
    r"""Text for a terminal: no character in it acts on anything.

    >>> print(terminal("a\x1b[31m\n\u202eb"), terminal("é", ascii=True))
    a\x1b[31m\n\u202eb \xe9
    """
    shown = visible(text)
    return shown.translate(_PLAIN).encode("ascii", "backslashreplace").decode() if ascii else shown


def markdown(text: str) -> str:
    r"""Text for a paragraph or a cell of a table in Markdown.

    >>> print(markdown("a|b *c* <d>"))
    a\|b \*c\* &lt;d&gt;
    """
    shown = _MARKDOWN.sub(r"\\\1", terminal(text).replace("&", "&amp;"))
    shown = shown.replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{shown}</code>" if _MENTION.search(text) else shown


def csv(text: str) -> str:
    """Text for a cell that a spreadsheet may open: a formula begins with an apostrophe.

    >>> csv("=1+1"), csv("-1")
    ("'=1+1", '-1')
    """
    shown = terminal(text)
    return f"'{shown}" if shown.startswith(_FORMULA) and not _NUMBER.fullmatch(shown) else shown


def html(text: str) -> str:
    """Text for HTML, between tags or in a quoted attribute.

    >>> html('<b "x">')
    '&lt;b &quot;x&quot;&gt;'
    """
    from html import escape

    return escape(terminal(text), quote=True)


def json(text: str) -> str:
    r"""JSON in which what terminals and UTF-8 cannot take is spelled as \uXXXX: the same JSON."""
    return _UNSAFE_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def xml(text: str) -> str:
    r"""Text for XML, before its markup is escaped: it holds no character that XML cannot.

    >>> print(xml("a\x00\ufffe"))
    a\x00\ufffe
    """
    return re.sub(_UNKNOWN_TO_XML, lambda found: f"\\u{ord(found[0]):04x}", terminal(text))


def workflow(text: str) -> str:
    """Text of several lines for a workflow command of GitHub, which ends where the line ends.

    >>> workflow("100 %")
    '100 %25'
    """
    lines = (terminal(line).replace("%", "%25") for line in text.split("\n"))
    return "%0A".join(lines)


def workflow_title(text: str) -> str:
    """Text for a property of a workflow command."""
    return workflow(text).replace(":", "%3A").replace(",", "%2C")


def shortened(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"
