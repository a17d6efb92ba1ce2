"""A metric as a person writes it: `recall[class="New York"]{worst country}.low`.

    spec      = name [ "(" option "=" value { "," option "=" value } ")" ]
                     [ "[" qualifier { "," qualifier } "]" ] [ "{" slice "}" ] [ "." field ]
    qualifier = "macro" | "micro" | "weighted" | "samples" | "precision" | "recall"
              | "class=" text | "target=" text
    slice     = column "=" text | "worst" column
    field     = "low" | "high" | "best"

Values, texts and columns are bare words or quoted strings. A token does not depend on where it
stands: `-` is always a symbol, and inside a spec's brackets the parser joins what is written
without a space (`add-k`, `1e-3`, `costs.csv`) to one word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from mleval.spelling import BARE, Token, Value, error, meaning, quote, spelled, tokenize
from mleval.visible import visible

_FIELDS = ("low", "high", "best")
_GROUPS = {  # qualifier: its group, of which a spec has at most one
    **dict.fromkeys(("macro", "micro", "weighted", "samples"), "average"),
    **dict.fromkeys(("precision", "recall"), "part"),
    "class": "average",
    "target": "target",
}
_QUALIFIERS = tuple(_GROUPS)
_NAMED = {"class": "of_class", "target": "target"}  # those with "=", and the attribute they set

_DASHED = re.compile(r"\s*(?P<name>\w+(?P<dash>-)\w+(?:-\w+)*)")  # as roc_auc is often written
_OPTION = re.compile(r"\w+=(?:[^\s,\]]+)")


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows where `column` has `value`; without a value, the worst slice of that column.

    >>> str(Slice("country", "New York")), str(Slice("country"))
    ('country="New York"', 'worst country')
    """

    column: str
    value: str | None = None

    def __str__(self) -> str:
        column = quote(self.column)
        return f"worst {column}" if self.value is None else f"{column}={quote(self.value)}"


@dataclass(frozen=True, slots=True)
class Spec:
    """One metric with all that chooses its number; `str` gives the canonical spelling.

    `average` is macro, micro, weighted or samples; `part` is precision or recall; `field` is low,
    high or best. `Spec.parse(str(spec)) == spec` for every spec that `parse` gives.

    >>> str(Spec("fbeta", (("beta", 2),), average="macro", field="low"))
    'fbeta(beta=2)[macro].low'
    """

    name: str
    options: tuple[tuple[str, Value], ...] = ()
    average: str | None = None
    part: str | None = None
    of_class: str | None = None
    target: str | None = None
    slice: Slice | None = None
    field: str | None = None

    @classmethod
    def parse(cls, text: str) -> Spec:
        """Read a spec; `UsageError` with a caret under the place where it ceases to be one.

        >>> Spec.parse("rouge1 [recall] {worst country}").slice
        Slice(column='country', value=None)
        """
        parser = Parser(text)
        spec = parser.spec()
        parser.end()
        return spec

    def __str__(self) -> str:
        options = ",".join(f"{name}={spelled(value)}" for name, value in self.options)
        named = (("class", self.of_class), ("target", self.target))
        qualifiers = [word for word in (self.average, self.part) if word]
        qualifiers += [f"{key}={quote(text)}" for key, text in named if text is not None]
        return (
            self.name
            + (f"({options})" if options else "")
            + (f"[{','.join(qualifiers)}]" if qualifiers else "")
            + (f"{{{self.slice}}}" if self.slice else "")
            + (f".{self.field}" if self.field else "")
        )


class Parser:
    """Recursive descent over the tokens of one text; each rule takes what it reads.

    >>> Parser("f1.low").spec().field
    'low'
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.tried: list[str] = []  # the symbols that would have done here, for the message

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def advance(self) -> Token:
        """Take the next token, whatever it is."""
        self.position += 1
        self.tried = []
        return self.tokens[self.position - 1]

    def take(self, symbol: str) -> bool:
        """Take this symbol if it is next."""
        if self.token.kind == "symbol" and self.token.value == symbol:
            self.advance()
            return True
        self.tried.append(f'"{symbol}"')
        return False

    def fail(self, *expected: str, hint: str | None = None) -> NoReturn:
        """Raise: one of these, or of the symbols tried, was expected here."""
        *some, last = [*self.tried, *expected]
        wanted = f"{', '.join(some)} or {last}" if some else last
        found = visible(self.text[self.token.start : self.token.end]) or "the end"
        found = f'"{found}"' if self.token.kind in ("word", "symbol") else found
        raise error(self.text, self.token.start, f"expected {wanted}, found {found}", hint)

    def spec(self) -> Spec:
        """Take a spec; what follows it is left."""
        name = self._name("the name of a metric")
        options = self._options() if self.take("(") else ()
        qualifiers = self._qualifiers() if self.take("[") else {}
        part = self._slice() if self.take("{") else None
        field = self._choice(_FIELDS) if self.take(".") else None
        return Spec(name, options, slice=part, field=field, **qualifiers)

    def end(self) -> None:
        """Raise unless all is taken."""
        if self.token.kind != "end":
            order = "the order is name(option=value)[qualifier]{slice}.field"
            dashed = _DASHED.match(self.text)
            hint = order if self.token.value in set("([{") else None
            if dashed and self.token.start == dashed.start("dash"):
                hint = f"did you mean {dashed['name'].replace('-', '_')}?"
            self.fail("the end", hint=hint)

    def _name(self, what: str) -> str:
        if self.token.kind != "word" or not self.token.value.isidentifier():
            self.fail(what)
        return self.advance().value

    def _options(self) -> tuple[tuple[str, Value], ...]:
        options: dict[str, Value] = {}
        while True:
            start = self.token.start
            name = self._name("the name of an option")
            if name in options:
                raise error(self.text, start, f"the option {name} is given twice")
            if not self.take("="):
                spec = self.tokens[0].value
                hint = f"qualifiers go in brackets: {spec}[{name}]"
                self.fail(hint=hint if name in _QUALIFIERS else f"write {name}=VALUE")
            quoted = self.token.kind == "string"
            text = self._word("a value")
            options[name] = text if quoted else meaning(text)
            if self._closes(")"):
                return tuple(options.items())

    def _qualifiers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        words: dict[str, str] = {}  # the word that took each group
        while True:
            start = self.token.start
            word = self._choice(_QUALIFIERS)
            if earlier := words.get(_GROUPS[word]):
                problem = "is given twice" if earlier == word else f"contradicts {earlier}"
                raise error(self.text, start, f"{word} {problem}")
            words[_GROUPS[word]] = word
            if word not in _NAMED:
                found[_GROUPS[word]] = word
            elif self.take("="):
                found[_NAMED[word]] = self._word(f"the name of a {word}")
            else:
                self.fail(hint=f"write {word}=NAME")
            if self._closes("]"):
                return found

    def _slice(self) -> Slice:
        quoted = self.token.kind == "string"
        column = self._word("a column or worst")
        if self.take("="):
            part = Slice(column, self._word("a value of the column"))
        elif column == "worst" and not quoted:
            part = Slice(self._word("a column"))
        else:
            name = quote(column)
            self.fail(hint=f"write {{{name}=VALUE}} for one slice, {{worst {name}}} for the worst")
        self._close("}")
        return part

    def _choice(self, words: tuple[str, ...]) -> str:
        """Take one of these words."""
        word = self.token.value
        if self.token.kind == "word" and word in words:
            return self.advance().value
        from difflib import get_close_matches  # only errors need it; we load at start-up

        near = get_close_matches(word.lower(), words, n=1)
        hint = f"did you mean {near[0]}?" if near else None
        if "class" in words and not near and self.token.kind in ("word", "string"):
            hint = f"for the class of that name write class={quote(word)}"
            option = _OPTION.match(self.text, self.token.start)
            if option:
                hint = f"options go in parentheses: {self.tokens[0].value}({option[0]})"
        self.fail(*(f"{word}=NAME" if word in _NAMED else word for word in words), hint=hint)

    def _word(self, what: str) -> str:
        """Take a quoted string, or the words and symbols that touch, as one text."""
        if self.token.kind == "string":
            return self.advance().value
        match = BARE.match(self.text, self.token.start)
        if not match:
            self.fail(what)
        while self.token.start < match.end():
            self.advance()
        return match[0]

    def _closes(self, bracket: str) -> bool:
        """Whether the list ends here; else a comma carries it on."""
        return not self.take(",") and self._close(bracket)

    def _close(self, bracket: str) -> bool:
        if self.take(bracket):
            return True
        quoting = "text with spaces or punctuation needs quotes, and the whole too in a shell: "
        odd = self.token.kind != "end" and self.token.value not in set("()[]{}")
        self.fail(hint=quoting + """'recall[class="New York"]'""" if odd else None)
