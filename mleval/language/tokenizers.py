"""Tokenisers: where sacreBLEU, NLTK and Unicode put spaces, by the names that signatures use."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from mleval.language.choices import Tokenize
from mleval.language.punctuation import spaced_punctuation
from mleval.reading.texts.lines import Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """How a text is cut into tokens.

    signature: its name in a sacreBLEU signature; spaced_text: a text with whitespace between its
    tokens; spaced: words with whitespace between their tokens, `between` standing between words.
    What it does to a word does not depend on the others, and is what it does to the word in a text,
    but for `edges`: there it depends on whether the word is at an end of the text; and for `whole`:
    in these texts (by number) it depends on more than that.
    """

    signature: str
    spaced: Callable[[str], str]
    spaced_text: Callable[[str], str]
    between: str = "\n"
    edges: bool = False
    whole: Callable[[Lines], list[int]] | None = None

    def tokens(self, text: str) -> list[str]:
        """The tokens of one text.

        >>> TOKENIZERS["13a"]().tokens("It's 3.14, isn't it?")
        ["It's", '3.14', ',', "isn't", 'it', '?']
        """
        return self.spaced_text(text).split()


def _as_it_is(text: str) -> str:
    return text


@cache
def none() -> Tokenizer:
    """Tokens are words: what whitespace separates."""
    return Tokenizer(signature="none", spaced=_as_it_is, spaced_text=_as_it_is)


_ENTITIES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))


def _substituted(text: str, rules: Any) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _broken_at_a_dash(lines: Lines) -> list[int]:
    if lines.are_single:
        return []
    return [i for i, text in enumerate(lines) if "-\n" in text]


def _spaced_13a(text: str) -> str:
    return _spaced_after_joining(text.replace("<skipped>", ""))


def _spaced_text_13a(text: str) -> str:
    joined = text.rstrip().replace("<skipped>", "").replace("-\n", "")
    return _spaced_after_joining(f" {joined} ")


def _spaced_after_joining(text: str) -> str:
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return spaced_punctuation(text)


@cache
def mteval_13a() -> Tokenizer:
    """The tokeniser of mteval-v13a.pl, sacreBLEU's default."""
    return Tokenizer(
        signature="13a",
        spaced=_spaced_13a,
        spaced_text=_spaced_text_13a,
        whole=_broken_at_a_dash,
    )


def _indented(lines: Lines) -> list[int]:
    return [i for i, text in enumerate(lines) if text[:1].isspace()]


@cache
def international() -> Tokenizer:
    """The international tokeniser of mteval-v14.pl: every punctuation mark and symbol."""
    import regex

    rules = (
        (regex.compile(r"(\P{N})(\p{P})"), r"\1 \2 "),
        (regex.compile(r"(\p{P})(\P{N})"), r" \1 \2"),
        (regex.compile(r"(\p{S})"), r" \1 "),
    )
    return Tokenizer(
        signature="intl",
        spaced=lambda text: _substituted(text, rules),
        spaced_text=lambda text: _substituted(text.rstrip(), rules),
        edges=True,
        whole=_indented,
    )


@cache
def characters() -> Tokenizer:
    """Every character but whitespace is a token."""
    return Tokenizer(signature="char", spaced=" ".join, spaced_text=" ".join)


# As sacreBLEU has them; of two, which it means to be beyond U+FFFF, the first four digits count.
_CHINESE = (
    "([\u3400-\u4db5\u4e00-\u9fa5\u9fa6-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9"
    "\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef"
    "\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f"
    "\u2600-\u26ff\u2700-\u27bf\u3200-\u32ff\u3300-\u33ff])"
)


@cache
def chinese() -> Tokenizer:
    """Chinese characters are tokens; the rest is cut by the rules of 13a."""
    character = re.compile(_CHINESE)

    def spaced(text: str) -> str:
        return spaced_punctuation(character.sub(r" \1 ", text))

    return Tokenizer(
        signature="zh",
        spaced=spaced,
        spaced_text=lambda text: spaced(text.strip()),
        edges=True,
    )


WITHOUT_SPACES = (  # scripts, and the marks that lengthen a vowel in two of them
    r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
)


@cache
def unicode() -> Tokenizer:
    """Runs of letters, marks and numbers are tokens, and every other character is one.

    So is, with its marks, each letter of a script that puts no spaces between words.
    """
    import regex

    token = (
        rf"[{WITHOUT_SPACES}--\p{{M}}]\p{{M}}*|[[\p{{L}}\p{{M}}\p{{N}}]--[{WITHOUT_SPACES}]]+|\S"
    )
    rules = ((regex.compile(f"({token})", regex.V1), r" \1 "),)

    def spaced(text: str) -> str:
        return _substituted(text, rules)

    return Tokenizer(signature="unicode", spaced=spaced, spaced_text=spaced)


_ODD_SPACE = re.compile(r"\A\s|\s\Z|[^\S ]")


def _oddly_spaced(lines: Lines) -> list[int]:
    return [i for i, text in enumerate(lines) if _ODD_SPACE.search(text)]


@cache
def treebank() -> Tokenizer:
    """NLTK's TreebankWordTokenizer, which takes a text for one sentence."""
    from nltk.tokenize.treebank import TreebankWordTokenizer

    tokenize = cast(Callable[[str], list[str]], TreebankWordTokenizer().tokenize)

    def spaced(text: str) -> str:
        return " ".join(tokenize(text))

    return Tokenizer(
        signature="treebank",
        spaced=spaced,
        spaced_text=spaced,
        between=" ",
        edges=True,
        whole=_oddly_spaced,
    )


_MARK = re.escape(string.punctuation)
_CHRF_RULES = (
    (re.compile(rf"(?<!\S)([{_MARK}])(\S*[^\s{_MARK}])(?!\S)"), r"\1 \2"),
    (re.compile(rf"(?<=\S)([{_MARK}])(?!\S)"), r" \1"),
)


@cache
def chrf_words() -> Tokenizer:
    """The words of chrF++: a mark is split off the end of a word or, if none is there, its start.

    >>> chrf_words().tokens("(hi) 'tis")
    ['(hi', ')', "'", 'tis']
    """

    def spaced(text: str) -> str:
        return _substituted(text, _CHRF_RULES)

    return Tokenizer(signature="chrf", spaced=spaced, spaced_text=spaced)


TOKENIZERS: dict[Tokenize, Callable[[], Tokenizer]] = {
    "13a": mteval_13a,
    "intl": international,
    "char": characters,
    "zh": chinese,
    "none": none,
    "whitespace": none,
    "unicode": unicode,
    "treebank": treebank,
}
