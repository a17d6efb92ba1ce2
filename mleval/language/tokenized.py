"""Tokens of whole corpora: a tokeniser is asked once a distinct word, wherever that is the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import stretches
from mleval.language.lines import Lines
from mleval.language.tokenizers import Tokenizer, none
from mleval.language.tokens import Tokens
from mleval.language.words import words as words_of
from mleval.states.vocabulary import distinct

BLOCK = 1 << 16  # words whose tokens are looked up at a time

_START, _END = 1, 2  # a word at that end of its text
_PRIVATE_USE = range(0xE000, 0xF900)

Codes = NDArray[np.int32]


def tokenized(
    corpora: Sequence[Lines],
    words: Sequence[Tokens],
    tokenizer: Tokenizer,
    *,
    lowercase: bool = False,
) -> tuple[Tokens, ...]:
    """The tokens of each segment of each corpus, given its words; names are shared.

    >>> from mleval.language.tokenizers import TOKENIZERS
    >>> corpora = [Lines.of(["Well, well"])]
    >>> (found,) = tokenized(corpora, words_of(corpora), TOKENIZERS["13a"](), lowercase=True)
    >>> [found.names[code] for code in found.codes]
    ['well', ',', 'well']
    """
    if not words or (tokenizer is none() and not lowercase):
        return tuple(words)
    names = "\n".join(words[0].names)
    spelled = (names.lower() if lowercase else names).split("\n") if names else []
    units, texts = _with_whole_texts(corpora, words, tokenizer)
    further = [tokenizer.spaced_text(text.lower() if lowercase else text) for text in texts]
    if tokenizer.edges:
        units, at_edges = _with_edges(units, spelled, len(spelled) + len(texts), tokenizer)
        further += at_edges
    rows = [
        _a_word_a_line(tokenizer, spelled),
        *(" ".join(text.split()) + "\n" for text in further),
    ]
    (table,) = words_of([Lines.of_bytes("".join(rows).encode())])
    return tuple(_looked_up(tokens, table) for tokens in units)


def _a_word_a_line(tokenizer: Tokenizer, words: list[str]) -> str:
    """The words with whitespace between their tokens, and a line feed after each."""
    if tokenizer.between == "\n":
        return tokenizer.spaced("\n".join(["", *words, ""])).partition("\n")[2]
    together = "".join(words)
    mark = next(chr(c) for c in _PRIVATE_USE if chr(c) not in together)
    text = f"{tokenizer.between}{mark}{tokenizer.between}".join(["", *words, ""])
    return "".join(f"{tokens}\n" for tokens in tokenizer.spaced(text).split(mark)[1:-1])


def _with_whole_texts(
    corpora: Sequence[Lines], words: Sequence[Tokens], tokenizer: Tokenizer
) -> tuple[list[Tokens], list[str]]:
    """The texts that must be cut as a whole, each a code of its own in place of its words."""
    if tokenizer.whole is None:
        return list(words), []
    units, texts = [], list[str]()
    for lines, tokens in zip(corpora, words, strict=True):
        search, lengths = tokenizer.whole.search, tokens.lengths.copy()
        at = [i for i, text in enumerate(lines.texts) if search(text) and lengths[i]]
        codes, kept = tokens.codes.copy(), np.ones(len(tokens.codes), np.bool_)
        for i in at:
            start, end = tokens.offsets[i], tokens.offsets[i + 1]
            codes[start] = len(tokens.names) + len(texts)
            kept[start + 1 : end] = False
            lengths[i] = 1
            texts.append(lines.texts[i])
        units.append(Tokens(codes[kept], _ends(lengths), tokens.names) if at else tokens)
    return units, texts


def _with_edges(
    corpora: Sequence[Tokens], words: list[str], first_code: int, tokenizer: Tokenizer
) -> tuple[list[Tokens], list[str]]:
    """Codes of their own for words that the edge of a text may change, and their tokens.

    A letter or digit that begins (or ends) a word is no part of a token with what is before (or
    after) the word, nor does any rule ask what that is.
    """
    free = [_START * word[0].isalnum() + _END * word[-1].isalnum() for word in words]
    open_ends = (_START | _END) ^ np.array(free, np.int64)
    found = [_edges(tokens, open_ends) for tokens in corpora]
    pairs = distinct(
        np.concatenate(
            [4 * t.codes[at] + ends for t, (at, ends) in zip(corpora, found, strict=True)]
        )
    )
    units = []
    for tokens, (at, ends) in zip(corpora, found, strict=True):
        codes = tokens.codes.copy()
        codes[at] = first_code + np.searchsorted(pairs, 4 * codes[at] + ends)
        units.append(Tokens(codes, tokens.offsets, tokens.names))
    return units, [_at_edge(tokenizer, words[pair >> 2], pair & 3) for pair in pairs.tolist()]


def _edges(
    tokens: Tokens, open_ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of words at the edges of their texts that mind it, and which edges these are."""
    filled = np.flatnonzero(tokens.lengths)
    edges = np.zeros(len(tokens.codes), np.int64)
    edges[tokens.offsets[filled]] |= _START
    edges[tokens.offsets[filled + 1] - 1] |= _END
    at = np.flatnonzero(edges)
    at = at[tokens.codes[at] < len(open_ends)]
    ends = edges[at] & open_ends[tokens.codes[at]]
    return at[ends > 0], ends[ends > 0]


def _at_edge(tokenizer: Tokenizer, word: str, edges: int) -> str:
    """The tokens of a word at these edges of a text; where there is none, another word follows."""
    before, after = "" if edges & _START else "x ", "" if edges & _END else " x"
    found = tokenizer.spaced(f"{before}{word}{after}").split()
    return " ".join(found[len(before) // 2 : len(found) - len(after) // 2])


def _looked_up(tokens: Tokens, table: Tokens) -> Tokens:
    """Each code replaced by the tokens of that row of the table."""
    sizes, codes, counts = table.lengths, [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    for first, last in stretches(tokens.offsets, BLOCK):
        offsets = tokens.offsets[first : last + 1]
        units = tokens.codes[offsets[0] : offsets[-1]]
        ends = _ends(sizes[units])
        places = np.repeat(table.offsets[units] - ends[:-1], sizes[units])
        places += np.arange(ends[-1])
        codes.append(table.codes[places])
        counts.append(np.diff(ends[offsets - offsets[0]]))
    return Tokens(np.concatenate(codes), _ends(np.concatenate(counts)), table.names)


def _ends(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
