"""Tokens of whole corpora: a tokeniser is asked once a distinct word, wherever that is the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import in_threads, stretches
from mleval.language.names import Names
from mleval.language.tokenizers import Tokenizer, none
from mleval.language.tokens import Tokens
from mleval.language.words import words as words_of
from mleval.reading.texts.lines import Lines
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
    known = words[0].names
    names = known.lines if isinstance(known, Names) else "".join(f"{name}\n" for name in known)
    names = names.lower() if lowercase else names
    units, texts = _with_whole_texts(corpora, words, tokenizer)
    further = [tokenizer.spaced_text(text.lower() if lowercase else text) for text in texts]
    if tokenizer.edges:
        units, at_edges = _with_edges(units, names.split("\n")[:-1], len(texts), tokenizer)
        further += at_edges
    rows = [_spaced(tokenizer, names), *(f"{' '.join(text.split())}\n" for text in further)]
    (table,) = words_of([Lines.of_bytes("".join(rows).encode())])
    looked_up = partial(_looked_up, table=table, first=_first_of_each(table))
    return tuple(in_threads(looked_up, units))


def _spaced(tokenizer: Tokenizer, words: str) -> str:
    """Words, each on a line, with whitespace between their tokens."""
    if tokenizer.between == "\n":
        return tokenizer.spaced(f"\n{words}").partition("\n")[2]
    mark = next(chr(c) for c in _PRIVATE_USE if chr(c) not in words)
    text = f"\n{words}".replace("\n", f"{tokenizer.between}{mark}{tokenizer.between}")
    return "".join(f"{tokens}\n" for tokens in tokenizer.spaced(text).split(mark)[1:-1])


def _with_whole_texts(
    corpora: Sequence[Lines], words: Sequence[Tokens], tokenizer: Tokenizer
) -> tuple[list[Tokens], list[str]]:
    """The texts that must be cut as a whole, each a code of its own in place of its words."""
    if tokenizer.whole is None:
        return list(words), []
    units, texts = [], list[str]()
    for lines, tokens in zip(corpora, words, strict=True):
        lengths = tokens.lengths.copy()
        at = [i for i in tokenizer.whole(lines) if lengths[i]]
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
    corpora: Sequence[Tokens], words: list[str], texts: int, tokenizer: Tokenizer
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
        codes[at] = len(words) + texts + np.searchsorted(pairs, 4 * codes[at] + ends)
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


def _first_of_each(table: Tokens) -> Codes:
    """(rows,) the first token of each row; any other of a row that has none."""
    return np.append(table.codes, np.int32(0))[table.offsets[:-1]]


def _looked_up(tokens: Tokens, table: Tokens, first: Codes) -> Tokens:
    """Each code replaced by the tokens of that row of the table, of which most rows have one.

    first: the first of each row. In a row without tokens it is overwritten by what comes next.
    """
    sizes = table.lengths.astype(np.int32)
    codes, counts = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    for start, end in stretches(tokens.offsets, BLOCK):
        offsets = tokens.offsets[start : end + 1]
        units = tokens.codes[offsets[0] : offsets[-1]].astype(np.intp)  # as numpy looks up fastest
        many = sizes[units]
        ends = np.zeros(len(units) + 1, np.intp)
        np.cumsum(many, out=ends[1:])
        found = np.empty(ends[-1] + 1, np.int32)
        found[ends[:-1]] = first[units]
        more = np.flatnonzero(many > 1)
        rest = many[more] - 1
        nth = np.arange(1, rest.sum() + 1) - np.repeat(np.cumsum(rest) - rest, rest)
        from_ = np.repeat(table.offsets[units[more]], rest) + nth
        found[np.repeat(ends[more], rest) + nth] = table.codes[from_]
        codes.append(found[:-1])
        counts.append(np.diff(ends[offsets - offsets[0]]))
    return Tokens(np.concatenate(codes), _ends(np.concatenate(counts)), table.names)


def _ends(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
