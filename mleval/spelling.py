"""The pieces of a Spec's text: words, quoted strings and symbols; how values are spelled."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import NamedTuple

from mleval.errors import UsageError
from mleval.visible import visible

Value = bool | int | float | str

_LETTER = r"[0-9A-Za-z_]|[^\x00-\x7f\s]"
BARE = re.compile(rf"(?:{_LETTER}|[-+./:%@#])+")
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_TOKEN = re.compile(rf"(?P<word>(?:{_LETTER})+)|(?P<string>{_STRING})|(?P<symbol>\S)", re.DOTALL)
_CODE = r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}"
_ESCAPE = re.compile(rf"""\\(?P<known>[nrt\\"']|{_CODE})?""")
_INT = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,999})")
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_FLOAT = re.compile(rf"[+-]?(?:inf|(?:[0-9]+(?=[.eE])\.?[0-9]*|\.[0-9]+){_EXPONENT})")


def comma_list(items: Iterable[str]) -> str:
    """Items as a flag takes several: between commas, those that hold one in double quotes.

    >>> comma_list(["cat", "a,b"])
    'cat,"a,b"'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(items)
    return line.getvalue()


def quote(text: str) -> str:
    r"""The text as a spec spells it: bare when a bare word will do, else in double quotes.

    >>> print(quote("non-spam"), quote("New York"), quote('a "b"\n'))
    non-spam "New York" "a \"b\"\n"
    """
    return text if BARE.fullmatch(text) and text.isprintable() else _in_quotes(text)


def _in_quotes(text: str) -> str:
    return '"' + visible(text.replace("\\", r"\\").replace('"', r"\"")) + '"'


def meaning(word: str) -> Value:
    """What an option's bare word means; 007 and nan stay text, so that nothing is lost."""
    if word in ("true", "false"):
        return word == "true"
    if _INT.fullmatch(word):
        return int(word)
    return float(word) if _FLOAT.fullmatch(word) else word


def spelled(value: Value) -> str:
    """The value of an option as a Spec spells it."""
    if isinstance(value, str):
        return quote(value) if isinstance(meaning(value), str) else _in_quotes(value)
    return str(value).lower() if isinstance(value, bool | int) else repr(float(value))


class Token(NamedTuple):
    """The piece `text[start:end]`; the value of a string is what its quotes hold."""

    kind: str  # word, string, symbol or end
    value: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Words, quoted strings and single symbols, then an end token; spaces only separate.

    >>> [token.value for token in tokenize("recall [class='New York']")]
    ['recall', '[', 'class', '=', 'New York', ']', '']
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        value, (start, end) = match[0], match.span()
        if match.lastgroup == "string":
            value = _unescaped(text, start + 1, end - 1)
        elif value in ('"', "'"):
            hint = "text that holds a quote goes in quotes of the other kind"
            raise error(text, start, "this quote is never closed", hint)
        tokens.append(Token(str(match.lastgroup), value, start, end))
    end = len(text.rstrip())
    return [*tokens, Token("end", "", end, end)]


def _unescaped(text: str, start: int, end: int) -> str:
    def character(escape: re.Match[str]) -> str:
        if escape["known"]:
            return escape[0].encode().decode("unicode_escape")
        expected = r"""expected \\, \", \', \n, \r, \t, \xXX, \uXXXX or \UXXXXXXXX"""
        raise error(text, start + escape.start(), expected, r"a backslash is written \\")

    return _ESCAPE.sub(character, text[start:end])


def error(text: str, at: int, message: str, hint: str | None = None) -> UsageError:
    """The message, then the text on one line and a caret under the character at `at`."""
    from unicodedata import category, east_asian_width

    before = [char for char in visible(text[:at]) if category(char) not in ("Mn", "Me", "Cf")]
    cells = sum(2 if east_asian_width(char) in ("W", "F") else 1 for char in before)
    return UsageError(message, f"  {visible(text)}", f"  {' ' * cells}^", hint=hint)
