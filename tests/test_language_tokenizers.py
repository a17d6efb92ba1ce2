"""Tokens are those of sacreBLEU and NLTK, though found word by word."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

import pytest
from campaigns import FULL
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize.treebank import TreebankWordTokenizer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh
from test_language_words import spelled
from text_corpora import KINDS, MIXED, SCRIPTS, SPACES

from mleval.language.tokenized import tokenized
from mleval.language.tokenizers import TOKENIZERS, Tokenize
from mleval.language.words import words
from mleval.reading.texts.lines import Lines

law = settings(derandomize=True, deadline=None, max_examples=3000 if FULL else 150)
OF_SACREBLEU: tuple[Tokenize, ...] = ("13a", "intl", "char", "zh", "none")


def reference(name: Tokenize, *, lowercase: bool = False) -> Callable[[str], list[str]]:
    """What the tool that a tokeniser is from makes of a text."""
    if name == "treebank":
        tokenize = TreebankWordTokenizer().tokenize
        return lambda text: tokenize(text.lower() if lowercase else text)
    bleu = BLEU(tokenize=name, lowercase=lowercase)
    return lambda text: bleu._preprocess_segment(text).split()


def found(name: Tokenize, texts: list[str], *, lowercase: bool = False) -> list[list[str]]:
    corpora = [Lines.of(texts), Lines.of(texts[:1])]
    tokens = tokenized(corpora, words(corpora), TOKENIZERS[name](), lowercase=lowercase)
    assert tokens[0].names is tokens[1].names
    return spelled(tokens[0])


def check(name: Tokenize, texts: list[str], *, lowercase: bool = False) -> None:
    expected = list(map(reference(name, lowercase=lowercase), texts))
    ours = found(name, texts, lowercase=lowercase)
    wrong = [row for row in zip(texts, ours, expected, strict=True) if row[1] != row[2]]
    assert wrong[:3] == []
    if not lowercase:
        assert [TOKENIZERS[name]().tokens(text) for text in texts] == expected


every = pytest.mark.parametrize("name", [*OF_SACREBLEU, "treebank"])


@every
@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_corpora_of_every_kind(name: Tokenize, kind: str, lowercase: bool) -> None:
    draw = random.Random(kind)
    check(name, [KINDS[kind](draw) for _ in range(300)], lowercase=lowercase)


@every
def test_any_text(name: Tokenize) -> None:
    pieces = st.one_of(
        st.sampled_from([*MIXED, *SCRIPTS, *SPACES, " ", "\n", "-\n"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
        st.text(".,-'\"&5a ", max_size=6),
    )
    texts = st.lists(st.lists(pieces, max_size=8).map("".join), max_size=4)

    @law
    @given(texts, st.booleans())
    def run(texts: list[str], lowercase: bool) -> None:
        check(name, texts, lowercase=lowercase)

    run()


@every
def test_every_pair_of_marks_beside_letters_digits_and_ends(name: Tokenize) -> None:
    marks = ".,-'\"`&;:$%()<>!?5a 中。É½\u0301"
    texts = [
        f"{before}{a}{b}{after}"
        for a in marks
        for b in marks
        for before in ("", "x ", "a", "5")
        for after in ("", " x", "a", "5")
    ]
    check(name, texts)


@every
def test_every_character(name: Tokenize) -> None:
    characters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    some = characters[:0x3400] + characters[0x3400::97]
    check(name, ["".join(some[i : i + 50]) for i in range(0, len(some), 50)])
    if name in ("intl", "zh"):
        check(name, [f"{c}a5{c} {c}" for c in some])


def test_every_chinese_character_of_sacrebleu() -> None:
    is_chinese = TokenizerZh._is_chinese_char
    characters = [chr(c) for c in (*range(0xD800), *range(0xE000, 0x30000, 7))]
    spaced = TOKENIZERS["zh"]().spaced
    ours = [c for c in characters if spaced(f"x{c}x") != f"x{c}x"]
    assert [c for c in ours if ord(c) > 127] == [c for c in characters if is_chinese(c)]


def test_runs_of_marks_between_anything() -> None:
    draw = random.Random(6)
    texts = ["".join(draw.choices("..,,5a -!&", k=draw.randint(1, 9))) for _ in range(20_000)]
    check("13a", texts)
    check("zh", texts)


def test_lines_within_a_text() -> None:
    check("13a", ["well-\nknown", "5-\n5", "-\n-\n", "a -\n b", "<ski-\npped>", "a-\r\nb", "a\nb"])


def test_whitespace_is_another_name_of_none() -> None:
    assert TOKENIZERS["whitespace"]() is TOKENIZERS["none"]()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Well, it's 3.14!", ["Well", ",", "it", "'", "s", "3", ".", "14", "!"]),
        ("日本語カタカナー。", [*"日本語カタカナー。"]),
        ("हिन्दी। naïve cafe\u0301", ["हिन्दी", "।", "naïve", "cafe\u0301"]),
        ("ก็ดี", ["ก็", "ดี"]),
        ("a b", ["a", "b"]),
    ],
)
def test_unicode_tokens(text: str, tokens: list[str]) -> None:
    assert found("unicode", [text]) == [tokens]
    assert TOKENIZERS["unicode"]().tokens(text) == tokens


def test_unicode_word_by_word_is_as_on_the_text() -> None:
    draw = random.Random(3)
    for make in KINDS.values():
        texts = [make(draw) for _ in range(100)]
        assert found("unicode", texts) == [TOKENIZERS["unicode"]().tokens(t) for t in texts]


def test_no_words_at_all() -> None:
    assert found("13a", ["", " "]) == [[], []]
    assert found("treebank", []) == []
