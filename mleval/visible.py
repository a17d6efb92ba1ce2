"""Text from data as messages show it: on one line, without effect on terminals, not too long.

Every label, column, cell and file name is foreign: none may move a cursor, begin a line that looks
like ours, or fill the screen.
"""

from __future__ import annotations

LONGEST = 80
"""Characters of a name or a cell in a message; what is longer loses its middle."""
_JOINERS = "\u200c\u200d"  # Persian words and emoji need them, and they do no harm


def visible(text: str) -> str:
    r"""The text on one line: what does not print is spelled as in Python.

    >>> print(visible("class '\x1b[31mred'\nhint: none"))
    class '\x1b[31mred'\nhint: none
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else char.encode("unicode_escape").decode()
        for char in text
    )


def middle(text: str, length: int) -> str:
    """The text, or its beginning, an ellipsis and its end.

    >>> middle("abcdefgh", 5)
    'ab…gh'
    """
    half, odd = divmod(length - 1, 2)
    return text if len(text) <= length else f"{text[: half + odd]}…{text[-half:]}"


def shown(name: str) -> str:
    """A name or a cell as it stands in a message: visible, not too long.

    >>> len(shown("x" * 1_000_000))
    80
    """
    return visible(middle(name, LONGEST))


def quoted(name: str) -> str:
    r"""The same in quotes.

    >>> print(quoted("a\nb"))
    'a\nb'
    """
    return f"'{shown(name)}'"
