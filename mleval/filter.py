"""`--filter`: conditions on columns as a person writes them, parsed and never evaluated as code.

    condition  = all { "or" all }                all  = item { "and" item }
    item       = "not" item | "(" condition ")" | column [ "not" ] "in" list | comparison
    comparison = operand sign operand { sign operand }    sign = == | != | < | <= | > | >=
    list       = ( "[" | "(" ) value { "," value } ( "]" | ")" )

An operand is a column (a bare word), a number, or text in quotes. The first of a comparison is a
column even in quotes, for names with spaces: `"true label" == "cat"`.
"""

from __future__ import annotations

import math
import re
from typing import NoReturn

from mleval.errors import UsageError
from mleval.reading.conditions import (
    SIGNS,
    ColumnName,
    Comparison,
    Condition,
    Every,
    Literal_,
    Membership,
    Not,
    Operand,
    Sign,
    Some,
)
from mleval.spelling import Token, error, quote, tokenize

_KEYWORDS = ("and", "or", "not", "in")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BARE = re.compile(r"(?:[0-9A-Za-z_]|[^\x00-\x7f\s])(?:[0-9A-Za-z_]|[^\x00-\x7f\s]|[-./:@#%])*")
_CURLED = "\u201c\u201d\u201e\u2018\u2019"
_DEEPEST = 50
_COLUMN, _VALUE = "a column", "a number or text in quotes"


def parse(text: str) -> Condition:
    """The condition; UsageError with a caret under the place where it ceases to be one.

    >>> parse('split == "test" and score >= 0.5')
    Every(conditions=(Comparison(...), Comparison(...)))
    """
    if not text.strip():
        raise UsageError("the condition is empty", hint='such as split == "test"')
    parser = _Parser(text)
    condition = parser.condition()
    parser.end()
    return condition


def spelled(condition: Condition) -> str:
    """The canonical spelling, which parses to the same condition.

    >>> spelled(parse("not(a==1 or b in['x',2])"))
    'not (a == 1 or b in ["x", 2])'
    """
    if isinstance(condition, Comparison):
        return f"{_operand(condition.left)} {condition.sign} {_operand(condition.right)}"
    if isinstance(condition, Membership):
        values = ", ".join(_operand(value) for value in condition.values)
        return f"{_operand(condition.column)} in [{values}]"
    if isinstance(condition, Not):
        inner = condition.condition
        if isinstance(inner, Membership):
            return spelled(inner).replace(" in [", " not in [", 1)
        return f"not ({spelled(inner)})"
    word = " and " if isinstance(condition, Every) else " or "
    return word.join(
        f"({spelled(inner)})" if isinstance(inner, Every | Some) else spelled(inner)
        for inner in condition.conditions
    )


def _operand(operand: Operand) -> str:
    if isinstance(operand, ColumnName):
        name = operand.name
        bare = _BARE.fullmatch(name) and name[0] not in _CURLED
        plain = bare and not _NUMBER.fullmatch(name) and name not in _KEYWORDS
        return name if plain else _quoted(name)
    if isinstance(operand, str):
        return _quoted(operand)
    return str(int(operand)) if operand.is_integer() and abs(operand) < 1e15 else repr(operand)


def _quoted(text: str) -> str:
    spelling = quote(text)
    return spelling if spelling.startswith('"') else f'"{spelling}"'


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def condition(self) -> Condition:
        """One or several of which one must hold."""
        found = [self._all()]
        while self._word("or"):
            found.append(self._all())
        return found[0] if len(found) == 1 else Some(tuple(found))

    def end(self) -> None:
        """Raise unless all is taken."""
        if self.token.kind != "end":
            self._fail('"and", "or" or the end')

    def _all(self) -> Condition:
        found = [self._item()]
        while self._word("and"):
            found.append(self._item())
        return found[0] if len(found) == 1 else Every(tuple(found))

    def _item(self) -> Condition:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise error(self.text, self.token.start, f"nested more than {_DEEPEST} deep")
        if self._word("not"):
            found: Condition = Not(self._item())
        elif self._symbol("("):
            found = self.condition()
            if not self._symbol(")"):
                self._fail('"and", "or" or ")"')
        else:
            found = self._comparison()
        self.depth -= 1
        return found

    def _comparison(self) -> Condition:
        start = self.token.start
        left = self._operand(first=True)
        if isinstance(left, ColumnName):
            if self._word("not"):
                if not self._word("in"):
                    self._fail('"in"')
                return Not(Membership(left, self._values()))
            if self._word("in"):
                return Membership(left, self._values())
        found: list[Condition] = []
        while sign := self._sign(required=not found):
            right = self._operand(first=False)
            if not (isinstance(left, ColumnName) or isinstance(right, ColumnName)):
                hint = 'such as split == "test"'
                raise error(self.text, start, "expected a column on one side", hint)
            found.append(Comparison(left, sign, right))
            left = right
        return found[0] if len(found) == 1 else Every(tuple(found))

    def _sign(self, *, required: bool) -> Sign | None:
        token = self.token
        if token.kind == "symbol" and token.value in "=!<>":
            written = self.text[token.start : token.start + 2]
            for sign in sorted(SIGNS, key=len, reverse=True):
                if written.startswith(sign):
                    self._skip_to(token.start + len(sign))
                    return sign
            hint = "equality is written ==, its opposite !="
            self._fail("==, !=, <, <=, > or >=", hint)
        if required:
            self._fail('==, !=, <, <=, >, >=, "in" or "not in"')
        return None

    def _values(self) -> tuple[Literal_, ...]:
        close = {"[": "]", "(": ")"}.get(self.token.value) if self.token.kind == "symbol" else None
        if close is None:
            self._fail('"["', 'a list is written ["a", "b"]')
        self.position += 1
        values: list[Literal_] = []
        while True:
            values.append(self._value())
            if self._symbol(close):
                return tuple(values)
            if not self._symbol(","):
                self._fail(f'"," or "{close}"')

    def _value(self) -> Literal_:
        operand = None if self.token.kind == "end" else self._literal()
        if operand is None:
            self._fail(_VALUE, self._in_quotes())
        return operand

    def _operand(self, *, first: bool) -> Operand:
        if first and self.token.kind == "string":
            self.position += 1
            return ColumnName(self.tokens[self.position - 1].value)
        literal = self._literal()
        if literal is not None:
            return literal
        match = _BARE.match(self.text, self.token.start)
        if match and match[0][0] in _CURLED:
            hint = "quotes are straight: \"text\" or 'text'"
            raise error(self.text, self.token.start, "this quote is curled", hint)
        if not match or self.token.kind == "end" or self.token.value in _KEYWORDS:
            self._fail(f'{_COLUMN}, "not" or "("' if first else f"{_COLUMN}, {_VALUE}")
        self._skip_to(match.end())
        return ColumnName(match[0])

    def _literal(self) -> Literal_ | None:
        """A text in quotes or a number, if one is next."""
        if self.token.kind == "string":
            self.position += 1
            return self.tokens[self.position - 1].value
        match = _NUMBER.match(self.text, self.token.start)
        bare = _BARE.match(self.text, self.token.start)
        if not match or (bare and bare.end() > match.end()):
            return None
        number = float(match[0])
        if math.isinf(number):
            raise error(self.text, self.token.start, "this number is too large")
        if match[0].lstrip("+-").isdigit() and int(number) != int(match[0]):
            problem = "a number of so many digits has neighbours that cannot be told from it"
            raise error(self.text, self.token.start, problem, f'compare text: "{match[0]}"')
        self._skip_to(match.end())
        return number

    def _word(self, word: str) -> bool:
        return self._take("word", word)

    def _symbol(self, symbol: str) -> bool:
        return self._take("symbol", symbol)

    def _take(self, kind: str, value: str) -> bool:
        found = self.token.kind == kind and self.token.value == value
        self.position += found
        return found

    def _skip_to(self, end: int) -> None:
        while self.token.kind != "end" and self.token.start < end:
            self.position += 1

    def _in_quotes(self) -> str | None:
        return "text goes in quotes" if self.token.kind == "word" else None

    def _fail(self, expected: str, hint: str | None = None) -> NoReturn:
        token = self.token
        written = self.text[token.start : token.end]
        found = "the end" if token.kind == "end" else written
        found = found if token.kind in ("end", "string") else f'"{found}"'
        if self.text[token.start - 1 : token.end] == "<>":
            hint = 'write "!="'
        raise error(
            self.text, token.start, f"expected {expected}, found {found}", hint or _meant(written)
        )


def _meant(written: str) -> str | None:
    """What someone who writes so in another language wants."""
    words = {"&": "and", "|": "or", "!": "not", "~": "not"}
    if written in words:
        return f'write "{words[written]}"'
    if written == "`":
        return 'a column stands bare, or in quotes first: "true label" == "cat"'
    lowered = written.lower()
    if lowered == "is":
        return 'write == "" for an empty cell, != "" for any other'
    return f'write "{lowered}"' if lowered in _KEYWORDS and lowered != written else None
