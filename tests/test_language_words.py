"""Lines end where a line feed is; words are those of str.split(), whatever the text."""

from __future__ import annotations

import random
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_corpora import NO_SPACES, SPACES, corpora, jumble

from mleval.errors import InputError
from mleval.language import numbering
from mleval.language import words as words_module
from mleval.language.tokens import Tokens
from mleval.language.words import words
from mleval.reading.content import LocalFile
from mleval.reading.texts.lines import Lines, read_lines

law = settings(derandomize=True, deadline=None, max_examples=300)
texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6)


def spelled(tokens: Tokens) -> list[list[str]]:
    ends = tokens.offsets.tolist()
    found = [tokens.names[code] for code in tokens.codes.tolist()]
    return [found[start:end] for start, end in pairwise(ends)]


def read(tmp_path: Path, data: bytes, encoding: str | None = None) -> Lines:
    path = tmp_path / "hyp.txt"
    path.write_bytes(data)
    return read_lines(LocalFile(path, "hyp.txt"), encoding)


@law
@given(texts, texts)
def test_words_are_those_of_split(first: list[str], second: list[str]) -> None:
    found = words([Lines.of(first), Lines.of(second)])
    assert [spelled(tokens) for tokens in found] == [
        [segment.split() for segment in segments] for segments in (first, second)
    ]
    assert len(set(found[0].names)) == len(found[0].names)
    assert found[0].names is found[1].names


def test_every_character_separates_or_does_not_as_in_split() -> None:
    lines = [f"a{chr(c)}b" for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    (found,) = words([Lines.of(lines)])
    lengths = [len(line.split()) for line in lines]
    assert found.lengths.tolist() == lengths
    assert sum(n == 2 for n in lengths) == len(set(SPACES)) + 9  # and those it leaves out


def test_words_of_many_blocks_and_of_every_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "BLOCK", 64)
    draw = random.Random(1)
    lines = [
        " ".join("x" * draw.randint(0, 5) + "y" * draw.choice([1, 7, 8, 9, 16, 17, 32, 33, 70])
                 for _ in range(draw.randint(0, 9)))
        for _ in range(400)
    ]  # fmt: skip
    lines += [jumble(draw) for _ in range(400)]
    found = words([Lines.of(lines), Lines.of(lines[::-1])])
    assert [spelled(tokens) for tokens in found] == [
        [line.split() for line in lines], [line.split() for line in lines[::-1]]
    ]  # fmt: skip


def test_colliding_words_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_FACTOR", np.uint64(1 << 60))  # sixteen hashes at the most
    lines = [" ".join(f"{i}-{j}" for j in range(40)) for i in range(60)]
    (found,) = words([Lines.of(lines)])
    assert spelled(found) == [line.split() for line in lines]
    assert len(found.names) == 2400


def test_the_corpora_of_the_tests_hold_what_separates_and_what_does_not() -> None:
    text = "".join(t for seed in range(200) for t in corpora(seed).hypotheses)
    assert set(SPACES + NO_SPACES) <= set(text)


@law
@given(texts)
def test_lines_are_the_segments_they_are_made_of(segments: list[str]) -> None:
    lines = Lines.of(segments)
    assert list(lines) == segments
    assert list(lines.lowered) == [segment.lower() for segment in segments]
    for start in range(len(segments)):
        assert list(lines.stretch(start, start + 2)) == segments[start : start + 2]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\n\n", ["a", ""]),
        (b"a\r\nb\r\n\r\n", ["a", "b", ""]),
        (b"a\rb\n", ["a\rb"]),
        ("a\u2028b\x85c\x0bd\x0ce\x1df\n".encode(), ["a\u2028b\x85c\x0bd\x0ce\x1df"]),
        (b"\xef\xbb\xbfa\n", ["a"]),
        ("aé\nb\n".encode("utf-16"), ["aé", "b"]),
    ],
)
def test_a_line_ends_with_a_line_feed_and_nothing_else(
    data: bytes, lines: list[str], tmp_path: Path
) -> None:
    assert list(read(tmp_path, data)) == lines


def test_a_compressed_file_and_another_encoding(tmp_path: Path) -> None:
    import gzip

    assert list(read(tmp_path, gzip.compress("é\nb".encode()))) == ["é", "b"]
    assert list(read(tmp_path, "é\nb".encode("cp1252"), "cp1252")) == ["é", "b"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\nb\xffc\n", "hyp.txt, line 2: byte 0xff is not UTF-8 (byte 3 of the file)"),
        (b"\xef\xbb\xbfa\r\n\xc3", "hyp.txt, line 2: byte 0xc3 is not UTF-8 (byte 6 of the file)"),
        (b"a\n\nb\x00c", "hyp.txt, line 3: byte 0x00 is no text (byte 4 of the file)"),
    ],
)
def test_what_is_no_text_is_located(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, data)
    assert str(error.value) == said
    assert "--encoding" in str(error.value.hint)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InputError, match="segment 2: "):
        Lines.of(["fine", "not \ud83d fine"], "hypotheses")


def test_missing_segments_read_as_empty_ones() -> None:
    lines = Lines.of(["a", None, ""])
    assert list(lines) == ["a", "", ""]
    assert lines.missing is not None
    assert lines.missing.tolist() == [False, True, False]
    assert Lines.of(["a", ""]).missing is None
