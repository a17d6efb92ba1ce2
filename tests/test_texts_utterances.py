"""Kaldi and trn files: told from plain lines by ids that both files share, and joined by them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mleval.errors import InputError
from mleval.reading.texts import Segments, TextChoices, TextSource, open_texts

WORDS = {f"spk{n % 3}-utt{n:03}": f"word{n} of (laughs) é{n}" for n in range(30)}


def opened(*paths: Path, choices: TextChoices | None = None) -> TextSource:
    source = open_texts([str(path) for path in paths], choices or TextChoices())
    assert isinstance(source, TextSource)
    return source


def written(path: Path, words: dict[str, str], shape: str, seed: int) -> Path:
    lines = [shape.format(id=id_, words=said) for id_, said in words.items()]
    random.Random(seed).shuffle(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


KALDI, TRN = "{id} {words}", "{words} ({id})"


def by_id(segments: Segments) -> dict[str, tuple[str, str]]:
    assert segments.ids is not None
    return {
        id_: (said, wanted)
        for id_, said, wanted in zip(
            segments.ids, segments.hypotheses, segments.references[0], strict=True
        )
    }


@pytest.mark.parametrize("shape", [KALDI, TRN, "{id}\t{words}"])
def test_files_in_any_order_are_joined_by_their_ids(tmp_path: Path, shape: str) -> None:
    said = {id_: words.upper() for id_, words in WORDS.items()} | {"spk0-utt000": ""}
    hyp = written(tmp_path / "hyp", said, shape, 1)
    ref = written(tmp_path / "ref", WORDS, shape, 2)
    source = opened(hyp, ref)
    segments = source.segments()
    assert by_id(segments) == {id_: (said[id_], WORDS[id_]) for id_ in WORDS}
    order = [line for line in hyp.read_text(encoding="utf-8").split("\n") if line]
    assert segments.place(4) == f"{hyp}, line 5"
    assert segments.ids is not None
    assert segments.ids[4] in order[4]
    (notice,) = source.roles.notices
    assert "joined by utterance id (--input-format lines if not)" in notice


def test_several_references(tmp_path: Path) -> None:
    hyp = written(tmp_path / "hyp", WORDS, KALDI, 1)
    other = {id_: words[::-1] for id_, words in WORDS.items()}
    refs = [written(tmp_path / f"r{n}", w, KALDI, n) for n, w in enumerate((WORDS, other))]
    segments = opened(hyp, *refs).segments()
    assert segments.ids is not None
    assert list(segments.references[0]) == [WORDS[id_] for id_ in segments.ids]
    assert list(segments.references[1]) == [other[id_] for id_ in segments.ids]


def test_blank_lines_and_comments_are_no_utterances(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    hyp.write_bytes(b";; made by hand\r\nb c (u-1)\r\n\r\nd (u-2)\r\n")
    ref.write_text("d (u-2)\nb (u-1)\n\n")
    segments = opened(hyp, ref).segments()
    assert by_id(segments) == {"u-1": ("b c", "b"), "u-2": ("d", "d")}
    assert segments.place(1) == f"{hyp}, line 4"


PLAIN = [
    (["hello world", "again"], ["hello there", "again"]),  # first words that both share
    (["2020 was long", "COVID-19 spread"], ["1 2", "3 4"]),
    (["he said (laughs)", "so (laughs)"], ["he said (laughs)", "so (laughs)"]),
    (["utt-1 a"], ["utt-1 a"]),  # one line is too little to go by
    (["1 a", "2 b"], ["1 a", "2 b"]),
]


@pytest.mark.parametrize(("said", "wanted"), PLAIN)
def test_lines_that_only_look_like_utterances_stay_lines(
    tmp_path: Path, said: list[str], wanted: list[str]
) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    hyp.write_text("\n".join(said))
    ref.write_text("\n".join(wanted))
    source = opened(hyp, ref)
    assert source.roles.format == "lines"
    assert list(source.segments().hypotheses) == said


def test_one_file_with_ids_beside_plain_lines_stays_lines(tmp_path: Path) -> None:
    hyp = written(tmp_path / "hyp", WORDS, KALDI, 1)
    ref = tmp_path / "ref"
    ref.write_text("\n".join(WORDS.values()), encoding="utf-8")
    assert opened(hyp, ref).roles.format == "lines"


def test_the_shape_can_be_named(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp", tmp_path / "ref"
    hyp.write_text("one a\ntwo b\n")
    ref.write_text("two B\none A\n")
    source = opened(hyp, ref, choices=TextChoices(format="kaldi"))
    assert source.roles.forced
    assert not source.roles.notices
    assert by_id(source.segments()) == {"one": ("a", "A"), "two": ("b", "B")}


def test_missing_extra_and_repeated_ids_are_listed(tmp_path: Path) -> None:
    said = {id_: words for id_, words in WORDS.items() if id_ != "spk2-utt029"}
    wanted = {id_: words for id_, words in WORDS.items() if int(id_[-3:]) >= 7}
    hyp = written(tmp_path / "hyp", said, KALDI, 1)
    ref = written(tmp_path / "ref", wanted, KALDI, 2)
    with ref.open("a") as file:
        file.write("spk1-utt010 again\n")
    with pytest.raises(InputError) as refused:
        opened(hyp, ref).segments()
    _, missing, extra, repeated = str(refused.value).split("\n")
    assert f"7 ids of {hyp} without a reference in {ref}" in missing
    assert missing.count("'spk") == 5
    assert missing.endswith("and 2 more")
    assert "1 id of" in extra
    assert extra.endswith("'spk2-utt029'")
    assert "repeated" in repeated
    assert repeated.endswith("'spk1-utt010'")


def test_a_line_without_an_id_has_its_place(tmp_path: Path) -> None:
    hyp = written(tmp_path / "hyp", WORDS, TRN, 1)
    ref = written(tmp_path / "ref", WORDS, TRN, 2)
    with ref.open("a") as file:
        file.write("no id here\n")
    with pytest.raises(InputError, match=r"ref, line 31: expected trn .* found 'no id here'"):
        opened(hyp, ref).segments()
