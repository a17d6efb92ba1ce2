"""SQuAD: predictions by question beside the data set, of both versions, and rows as of datasets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from text_tables import opened, references_of

from mleval.errors import InputError

ANSWERS: dict[str, list[str]] = {
    "56be4db0acb8001400a502ec": ["Denver Broncos", "Denver Broncos", "the Broncos"],
    "q2": ["177"],
    "q3": [],
    "q4": ["Santa Clara, California", "Levi's Stadium"],
}
SAID = {"q4": "levi's stadium", "q3": "", "56be4db0acb8001400a502ec": "Denver", "q2": "1 2"}


def data_set(answers: dict[str, list[str]] = ANSWERS) -> dict[str, Any]:
    questions = [
        {
            "answers": [{"answer_start": 1, "text": text} for text in texts],
            "question": 'What is "paragraphs"?',
            "id": id_,
            "is_impossible": not texts,
            "plausible_answers": [{"text": "no", "answer_start": 0}],
        }
        for id_, texts in answers.items()
    ]
    paragraphs = [{"context": "long " * 30, "qas": [question]} for question in questions]
    articles = [{"title": "One", "paragraphs": paragraphs[:2]}]
    return {"data": [*articles, {"title": "Two", "paragraphs": paragraphs[2:]}], "version": "2.0"}


def files(folder: Path, said: Any, wanted: Any, indent: int | None = None) -> tuple[Path, Path]:
    hyp, ref = folder / "predictions.json", folder / "dev-v2.0.json"
    for path, held in ((hyp, said), (ref, wanted)):
        path.write_text(held if isinstance(held, str) else json.dumps(held, indent=indent))
    return hyp, ref


@pytest.mark.parametrize("indent", [None, 4])
def test_predictions_and_their_data_set(tmp_path: Path, indent: int | None) -> None:
    source = opened(*files(tmp_path, SAID, data_set(), indent))
    assert source.roles.format == "SQuAD predictions"
    segments = source.segments()
    assert segments.ids == [*SAID]
    assert list(segments.hypotheses) == [*SAID.values()]
    assert references_of(segments) == [ANSWERS[id_] or [""] for id_ in SAID]
    assert segments.place(1).endswith("predictions.json, 'q3'")


@pytest.mark.parametrize("ending", ["jsonl", "json"])
def test_rows_as_datasets_writes_them(tmp_path: Path, ending: str) -> None:
    said = [{"id": id_, "prediction_text": text} for id_, text in SAID.items()]
    wanted = [
        {"id": id_, "answers": {"text": texts, "answer_start": [0] * len(texts)}}
        for id_, texts in ANSWERS.items()
    ]
    hyp, ref = tmp_path / f"hyp.{ending}", tmp_path / f"ref.{ending}"
    for path, rows in ((hyp, said), (ref, wanted)):
        whole = json.dumps(rows) if ending == "json" else "\n".join(map(json.dumps, rows))
        path.write_text(whole)
    for one, other in ((hyp, ref), (files(tmp_path, SAID, "")[0], ref),
                       (hyp, files(tmp_path, SAID, data_set())[1])):  # fmt: skip
        segments = opened(one, other).segments()
        assert segments.ids == [*SAID]
        assert list(segments.hypotheses) == [*SAID.values()]
        assert references_of(segments) == [ANSWERS[id_] or [""] for id_ in SAID]


def test_texts_by_id_on_both_sides(tmp_path: Path) -> None:
    wanted = {"q2": ["x", "y"], "q1": "z"}
    segments = opened(*files(tmp_path, {"q1": "a", "q2": "b"}, wanted)).segments()
    assert references_of(segments) == [["z"], ["x", "y"]]


def test_missing_and_extra_questions_are_refused_with_examples(tmp_path: Path) -> None:
    said = {**{id_: text for id_, text in SAID.items() if id_ != "q2"}, "q9": "x"}
    with pytest.raises(InputError) as refused:
        opened(*files(tmp_path, said, data_set())).segments()
    _, missing, extra = str(refused.value).split("\n")
    assert "1 id of " in missing
    assert missing.endswith("'q9'")
    assert extra.endswith("'q2'")


BAD = [
    ('{"q1": "a", "q1": "b"}', data_set(), "the id 'q1' is there twice"),
    ('{"q1": "a", "q2": ', data_set(), "not readable as such"),
    (SAID | {"q2": None}, data_set(), "'q2': expected a text"),
    (SAID | {"q2": ["a", "b"]}, data_set(), "not one hypothesis"),
    (SAID | {"q2": {"x": 1}}, data_set(), "'q2': expected a text or a list of texts"),
    (SAID, {"data": [{"title": "t", "paragraphs": [{"qas": [{"id": "q"}]}]}]}, "no 'answers'"),
    (SAID, {"data": [{"title": "t", "paragraphs": []}]}, "has no questions"),
    (data_set(), SAID, "is a data set of questions, not the answers"),
]


@pytest.mark.parametrize(("said", "wanted", "told"), BAD)
def test_damaged_documents_are_refused(tmp_path: Path, said: Any, wanted: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        opened(*files(tmp_path, said, wanted)).segments()


@pytest.mark.parametrize("lone", [SAID, data_set()])
def test_either_alone_is_compared_with_nothing(tmp_path: Path, lone: Any) -> None:
    with pytest.raises(InputError, match="nothing to be compared with"):
        opened(files(tmp_path, lone, "")[0])
