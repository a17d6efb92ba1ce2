"""Scoring texts, as far as it needs no model: windows, batches, documents, options, refusals."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command import run
from hypothesis import given
from hypothesis import strategies as st
from scored_texts import refused

from mleval import perplexity
from mleval.errors import UsageError
from mleval.lm.documents import documents_of
from mleval.lm.windows import Window, batches_of, windows_of
from mleval.reading.source import Options

NO_OPTIONS = Options()
sizes = st.integers(0, 60)
windows = st.integers(1, 20).flatmap(lambda w: st.tuples(st.just(w), st.integers(1, w)))


@given(sizes, windows)
def test_every_token_but_the_first_is_scored_once(size: int, window: tuple[int, int]) -> None:
    found = list(windows_of(0, size, *window))
    scored = [at + 1 for one in found for at in range(one.first, one.end)]
    assert scored == list(range(1, size))


@given(sizes, windows)
def test_contexts_are_as_long_as_the_window_allows(size: int, window: tuple[int, int]) -> None:
    width, stride = window
    for one in windows_of(0, size, *window):
        assert 0 <= one.begin <= one.first < one.end < size
        assert one.size <= width
        for at in range(one.first, one.end):
            assert at + 1 - one.begin >= min(at + 1, width - stride + 1)


@given(st.lists(st.integers(1, 50), max_size=30), st.sampled_from([None, 1, 4]))
def test_batches_hold_every_window_once(lengths: list[int], most: int | None) -> None:
    all_of_them = [Window(place, 0, length, 0) for place, length in enumerate(lengths)]
    batches = list(batches_of(all_of_them, most, 64))
    assert sorted(one for batch in batches for one in batch) == all_of_them
    for batch in batches:
        assert len(batch) <= (most or 64)
        assert most or len(batch) * max(one.size for one in batch) <= 64


def test_documents_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes("\ufeffé\r\n\r\n\nb\nc\n\n\n\nd".encode())
    lines = documents_of(str(path), None, "line", NO_OPTIONS).documents
    told = [(one.place.removeprefix(str(path)), one.text) for one in lines]
    assert told == [(", line 1", "é"), (", line 4", "b"), (", line 5", "c"), (", line 9", "d")]
    found = documents_of(str(path), None, "paragraph", NO_OPTIONS).documents
    told = [(one.place.removeprefix(str(path)), one.text) for one in found]
    assert told == [(", line 1", "é"), (", line 4", "b\nc"), (", line 9", "d")]
    (whole,) = documents_of(str(path), None, None, NO_OPTIONS).documents
    assert whole.text == "é\r\n\r\n\nb\nc\n\n\n\nd"


def test_documents_of_a_table_in_memory() -> None:
    found = documents_of({"n": [1, 2], "story": ["a b", None]}, None, None, NO_OPTIONS)
    assert [one.text for one in found.documents] == ["a b", None]
    assert found.unit == "row, its 'story'"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "x.txt"
    path.write_text("some text")
    return path


@pytest.mark.parametrize("lacking", ["torch", "transformers"])
def test_without_the_extra_there_is_a_hint(text: Path, monkeypatch, lacking: str) -> None:
    for name in ("torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None if name == lacking else sys)
    told = refused(text, "--model", "gpt2", status=2)
    assert f"a model needs {lacking}, which is not installed" in told
    assert "hint: pip install 'mleval[lm]'" in told
    with pytest.raises(UsageError, match="not installed"):
        perplexity(text=["some text"], model="gpt2")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--stride", "0"], "stride is at least 1, not 0"),
        (["--window", "0"], "window is at least 1, not 0"),
        (["--batch-size", "0"], "--batch-size is at least 1, not 0"),
        (["--window", "4", "--stride", "5"], "stride 5 is beyond the window of 4"),
        (["--save-logprobs", "x.csv"], "x.csv would hold JSON lines"),
        (["--log-base", "2"], "--log-base is for files of log-probabilities"),
        (["--input-format", "kenlm"], "--input-format is for files of log-probabilities"),
    ],
)
def test_settings_that_cannot_be_meant(text: Path, flags: list[str], said: str) -> None:
    assert said in refused(text, "--model", "gpt2", *flags, status=2)


@pytest.mark.parametrize("flag", ["--stride=1", "--no-bos", "--save-logprobs=x.jsonl"])
def test_settings_without_a_model(text: Path, flag: str) -> None:
    told = refused(text, flag, status=2)
    assert "is for scoring texts with a model" in told
    assert "hint: name it: --model" in told


def test_texts_are_needed() -> None:
    with pytest.raises(UsageError, match="nothing to evaluate"):
        perplexity(model="gpt2")


def test_help_has_the_settings_together() -> None:
    told = run("perplexity", "--help").stdout
    assert "Scoring texts with a model" in told
    assert "--save-logprobs" in told
