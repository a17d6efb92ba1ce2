"""Files of lines as they come: compressed, in any encoding, damaged, or something else entirely."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from text_tables import opened, references_of

from mleval.errors import InputError, MlevalError, UsageError
from mleval.reading.source import Options
from mleval.reading.texts import TextChoices, open_texts

LINES = ["", "naïve café", "a\x0b\x0c\x85\u2028b", "", " x\t", "last"]
TEXT = "\n".join(LINES) + "\n"


def zstandard(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)  # type: ignore[no-any-return]


WAYS: list[tuple[str, Callable[[str], bytes]]] = [
    ("plain", str.encode),
    ("no end", lambda text: text[:-1].encode()),
    ("crlf", lambda text: text.replace("\n", "\r\n").encode()),
    ("mark", lambda text: text.encode("utf-8-sig")),
    ("utf-16", lambda text: text.encode("utf-16")),
    ("utf-16 without a mark", lambda text: text.encode("utf-16-le")),
    ("utf-32", lambda text: text.encode("utf-32")),
    ("gzip", lambda text: gzip.compress(text.encode())),
    ("bzip2", lambda text: bz2.compress(text.encode())),
    ("xz", lambda text: lzma.compress(text.encode())),
    ("zstandard", lambda text: zstandard(text.encode("utf-16"))),
]


@pytest.mark.parametrize(("how", "write"), WAYS, ids=[how for how, _ in WAYS])
def test_lines_are_the_same_however_they_are_stored(
    tmp_path: Path, how: str, write: Callable[[str], bytes]
) -> None:
    hyp, ref = tmp_path / "hyp.bin", tmp_path / "ref.txt"
    hyp.write_bytes(write(TEXT))
    ref.write_bytes(TEXT.encode())
    segments = opened(hyp, ref).segments()
    assert list(segments.hypotheses) == LINES
    assert references_of(segments) == [[line] for line in LINES]
    assert how


def test_other_encodings_are_read_when_they_are_named(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    for path in (hyp, ref):
        path.write_bytes("café “x”\nb\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"hyp, line 1: byte 0xe9 is not UTF-8 \(byte 3 of"):
        opened(hyp, ref).segments()
    named = opened(hyp, ref, files=Options(encoding="windows-1252"))
    assert list(named.segments().hypotheses) == ["café “x”", "b"]
    with pytest.raises(InputError, match="no encoding is called 'windows-12'"):
        opened(hyp, ref, files=Options(encoding="windows-12")).segments()


def test_one_side_may_be_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = tmp_path / "ref"
    ref.write_text("x\ny\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\nb\n")))
    segments = opened(["-", str(ref)]).segments()
    assert list(segments.hypotheses) == ["a", "b"]
    assert segments.place(1) == "standard input, line 2"
    for named, refs in ((["-", "-"], ()), (["-"], ("-",))):
        with pytest.raises(UsageError, match="standard input is named twice"):
            open_texts(named, TextChoices(references=refs))


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe, ref = tmp_path / "pipe", tmp_path / "ref"
    os.mkfifo(pipe)
    ref.write_text("x\ny\n")
    writer = threading.Thread(target=pipe.write_text, args=("a\nb\n",))
    writer.start()
    assert list(opened(pipe, ref).segments().hypotheses) == ["a", "b"]
    writer.join()


def _zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hyp.txt", TEXT)
    return file.getvalue()


NO_TEXT = [
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n", "a Git LFS pointer"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "an image"),
    (_zipped(), "a zip archive"),
    (b"<!DOCTYPE html><html>\n", "a web page"),
    (b"\x80\x04\x95\x10\x00\x00", "a Python pickle"),
    (b"\x7fELF\x02\x01\x01\x03\x05" + bytes(range(32)) * 50, "binary data|is no text|is not UTF"),
    (bytes(9000), "holds nothing yet"),
    (b"a\nb\x00c\nd\n", "line 2: byte 0x00 is no text .byte 3 of the file"),
    (b"a\n" * 5000 + b"b\x00\n", "line 5001: byte 0x00 is no text"),
    (b"a\nb\xff\n", "line 2: byte 0xff is not UTF-8 .byte 3 of the file"),
    (b"a\n" * 90_000 + b"\xc3\n", "line 90001: byte 0xc3 is not UTF-8"),
    ("a\nb".encode("utf-16")[:-1], "is not utf-16|not readable|cannot be decoded"),
    (gzip.compress(TEXT.encode() * 99)[:-9], "stops before its end|cannot be decoded"),
    (b"", "is empty"),
    (b"\xef\xbb\xbf", "is empty"),
    (gzip.compress(b""), "is empty"),
]


@pytest.mark.parametrize("side", ["hyp", "ref"])
@pytest.mark.parametrize(("data", "told"), NO_TEXT, ids=[told[:20] for _, told in NO_TEXT])
def test_what_is_no_text_is_called_what_it_is(
    tmp_path: Path, data: bytes, told: str, side: str
) -> None:
    for name in ("hyp", "ref"):
        (tmp_path / name).write_bytes(data if name == side else b"a\nb\n")
    with pytest.raises(InputError, match=told) as refused:
        opened(tmp_path / "hyp", tmp_path / "ref").segments()
    assert str(tmp_path / side) in str(refused.value)
    assert refused.value.hint


def test_a_line_of_many_megabytes(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    line = "é word " * 3_000_000
    hyp.write_text(f"{line}\nb", encoding="utf-8")
    ref.write_text("a\nb")
    segments = opened(hyp, ref).segments()
    assert list(segments.hypotheses) == [line, "b"]


def test_directories_and_patterns_that_say_not_what_is_what(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"{name}\n")
    pattern = str(tmp_path / "*.txt")
    for named in ([str(tmp_path)], [str(tmp_path / "a.txt"), str(tmp_path)]):
        with pytest.raises(InputError, match="is a directory"):
            open_texts(named, TextChoices())
    with pytest.raises(InputError, match="names 3 files: which of them has the hypotheses"):
        open_texts([pattern], TextChoices())
    with pytest.raises(InputError, match="no file"):
        open_texts([str(tmp_path / "none"), pattern], TextChoices())


def test_a_pattern_may_name_references_or_systems(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        (tmp_path / f"ref{number}").write_text(f"r{number}\n")
    hyp = tmp_path / "hyp"
    hyp.write_text("a\n")
    refs = str(tmp_path / "ref*")
    assert references_of(opened([str(hyp), refs]).segments()) == [["r1", "r2", "r10"]]
    systems = open_texts([refs], TextChoices(references=(str(hyp),)))
    assert isinstance(systems, dict)
    assert {name: list(one.segments().hypotheses) for name, one in systems.items()} == {
        "ref1": ["r1"],
        "ref2": ["r2"],
        "ref10": ["r10"],
    }


SLIPS = [
    (["aaaaaaaa", "b", "cc" * 9, "d", "eeee" * 9], 2, "part ways at line 3"),
    (["aaaaaaaa", "b", "cc" * 9, "d", "eeee" * 9], 0, "part ways at line 1"),
]


@pytest.mark.parametrize(("lines", "lost", "told"), SLIPS)
def test_different_counts_tell_both_and_where(
    tmp_path: Path, lines: list[str], lost: int, told: str
) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    ref.write_text("\n".join(lines))
    hyp.write_text("\n".join(lines[:lost] + lines[lost + 1 :]))
    with pytest.raises(InputError, match=rf"hyp has 4 lines, .*ref 5: .*{told}"):
        opened(hyp, ref).segments()


def test_columns_of_lines_and_unknown_shapes_are_refused(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    for path in (hyp, ref):
        path.write_text("a\n")
    with pytest.raises(UsageError, match="no input format 'xml'"):
        opened(hyp, ref, format="xml")
    with pytest.raises(InputError, match="read as lines, which have no columns"):
        opened(hyp, ref, format="lines", hypothesis="x")
    with pytest.raises(InputError, match=r"no column 'gone.txt', and there is no file"):
        opened([str(hyp)], references=("gone.txt",))


@pytest.mark.parametrize("shape", ["fairseq", "squad", "table", "files", "trn", "kaldi", "lines"])
@pytest.mark.parametrize("sides", [1, 2])
def test_a_shape_that_is_named_and_is_not_there_is_refused_in_words(
    tmp_path: Path, shape: str, sides: int
) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    hyp.write_text("a b\nc\n")
    ref.write_text("a b\nd\nd\n")
    with pytest.raises(MlevalError) as refused:
        opened([str(hyp), str(ref)][:sides], format=shape).segments()
    assert str(hyp) in str(refused.value)
    assert refused.value.hint
