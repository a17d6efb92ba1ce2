"""Log-probabilities with something wrong: refused with the place, left out, or warned of."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from scored_texts import (
    BITS_PER_BYTE,
    LOGPROBS,
    PERPLEXITY,
    SCORED,
    TEXTS,
    batched,
    chat,
    completion,
    csv_of,
    lines,
    mleval,
    refused,
    reported,
    token_list,
    token_rows,
    value,
    vllm,
    written,
)

ALL = range(3)
DROP = ("--missing", "drop")


def lists_with(at: int, place: int, wrong: Any) -> list[dict[str, Any]]:
    """The token lists, one log-probability replaced."""
    records = [token_list(i) for i in ALL]
    values = [*records[at]["token_logprobs"]]
    values[place] = wrong
    records[at] = {**records[at], "token_logprobs": values}
    return records


# null


def test_a_first_token_without_one_is_in_neither_sum_and_counted(tmp_path: Path) -> None:
    report = reported(lines([token_list(at) for at in ALL])(tmp_path))
    assert report["provenance"]["tokens_skipped"] == 3
    assert report["signature"]["first_tokens"] == "left out"
    (convention,) = [a["value"] for a in report["assumed"] if a["what"] == "convention"]
    assert "3 first tokens without a log-probability left out of both sums" in convention
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)


def test_some_first_tokens_may_be_scored(tmp_path: Path) -> None:
    report = reported(lines(lists_with(1, 0, -1.0))(tmp_path))
    assert report["signature"]["first_tokens"] == "some left out"
    assert report["provenance"]["tokens_skipped"] == 2


@pytest.mark.parametrize("records", [lists_with(0, 3, None), lists_with(0, 6, None)])
def test_null_elsewhere_is_refused_with_its_place(tmp_path: Path, records) -> None:
    told = refused(lines(records)(tmp_path))
    assert "found 1 sequence with a token that has no log-probability" in told
    assert "x.jsonl, line 1: token " in told
    assert "of 7: no value" in told
    assert "--missing drop" in told


def test_sequences_that_lack_one_can_be_left_out(tmp_path: Path) -> None:
    report = reported(lines(lists_with(1, 2, None))(tmp_path), *DROP)
    expected = math.exp(-math.fsum([*SCORED[0], *SCORED[2]]) / 7)
    assert value(report, "perplexity") == pytest.approx(expected, rel=1e-12)
    assert report["provenance"]["left_out"] == {"with a missing log-probability": 1}
    assert any("1 of 3 sequences is left out" in warning for warning in report["warnings"])


def test_a_document_whose_pieces_lack_one_is_left_out_whole(tmp_path: Path) -> None:
    rows = [row for at in ALL for row in token_rows(at)]
    rows[4] = (*rows[4][:2], None)
    told = refused(written(csv_of("doc,token,logprob", rows), "x.csv")(tmp_path))
    assert "x.csv, line 6: no value" in told
    report = reported(tmp_path / "x.csv", *DROP)
    assert report["provenance"]["left_out"] == {"with a missing log-probability": 1}
    expected = math.exp(-math.fsum([*SCORED[1], *SCORED[2]]) / 3)
    assert value(report, "perplexity") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "record",
    [{"id": 9, "tokens": ["a"], "token_logprobs": None}, {"id": 9, "tokens": ["a"]}],
    ids=["null", "missing"],
)
def test_a_sequence_without_any_is_refused_or_left_out(tmp_path: Path, record) -> None:
    path = lines([token_list(0), record, token_list(1), token_list(2)])(tmp_path)
    told = refused(path)
    assert "found 1 record without log-probabilities" in told
    assert "x.jsonl, line 2: no list of 'token_logprobs'" in told
    report = reported(path, *DROP)
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)
    assert report["provenance"]["left_out"] == {"without log-probabilities": 1}


def test_responses_for_which_none_were_asked(tmp_path: Path) -> None:
    answer = chat(0)
    answer["choices"][0]["logprobs"] = None
    told = refused(lines([chat(1), answer])(tmp_path))
    assert "x.jsonl, line 2: logprobs is null: ask the server for them" in told


# What is no log-probability


def test_nan_is_refused_with_its_place(tmp_path: Path) -> None:
    told = refused(lines(lists_with(2, 1, math.nan))(tmp_path))
    assert "found NaN in 1 sequence" in told
    assert "x.jsonl, line 3: token 2 of 2: nan" in told


def test_nan_is_no_null(tmp_path: Path) -> None:
    told = refused(lines(lists_with(0, 0, math.nan))(tmp_path), *DROP)
    assert "token 1 of 7: nan" in told
    assert "a first token without a log-probability is null" in told


def test_positive_numbers_are_refused_with_their_places(tmp_path: Path) -> None:
    told = refused(lines(lists_with(0, 4, 0.25))(tmp_path))
    assert "expected log-probabilities, which are at most 0" in told
    assert "x.jsonl, line 1: token 5 of 7: 0.25" in told


def test_probabilities_are_recognised(tmp_path: Path) -> None:
    rows = [[math.exp(value) for value in values] for values in SCORED]
    told = refused(lines([{"logprobs": row} for row in rows])(tmp_path))
    assert "all 9 numbers lie between 0 and 1: they look like probabilities" in told
    assert "math.log" in told


def test_losses_are_recognised(tmp_path: Path) -> None:
    rows = [[-value for value in values] for values in SCORED]
    told = refused(lines([{"logprobs": row} for row in rows])(tmp_path))
    assert "all 9 numbers are positive: they look like losses" in told
    assert "minus sign" in told


def test_certain_tokens_are_not_taken_for_probabilities(tmp_path: Path) -> None:
    report = reported(lines([{"logprobs": [0, 0.0, -0.0]}, {"logprobs": [0]}])(tmp_path))
    assert value(report, "perplexity") == 1
    assert "zero variance" in report["metrics"]["perplexity"]["no_interval"]
    assert any("every log-probability is 0" in warning for warning in report["warnings"])


@pytest.mark.parametrize("write", ["list", "numbers", "rows"])
def test_an_impossible_token_makes_perplexity_infinite_and_has_its_place(
    tmp_path: Path, write: str
) -> None:
    if write == "list":
        path, where = lines(lists_with(1, 2, -math.inf))(tmp_path), "x.jsonl, line 2, token 3"
    elif write == "numbers":
        path = written("-1 -2\n-3 -inf -1\n-1 -1\n", "x.txt")(tmp_path)
        where = "x.txt, line 2, token 2"
    else:
        rows = [("a", "t", -1.0), ("a", "t", -2.0), ("b", "t", -math.inf), ("b", "t", -1.0)]
        path, where = written(csv_of("doc,token,logprob", rows), "x.csv")(tmp_path), "x.csv, line 4"
    report = reported(path)
    for name in ("perplexity", "cross_entropy", "sequence_perplexity"):
        found = report["metrics"][name]
        assert found["value"] is found["low"] is None
        assert found["undefined"].startswith("infinite: log-probability −inf at ")
        assert found["undefined"].endswith(where)
    assert any(f"{where})" in warning for warning in report["warnings"])
    assert report["worst"][0]["nats"] is None
    assert all(
        math.isfinite(edge) for edge in report["distributions"]["sequence perplexity"]["edges"]
    )


@pytest.mark.parametrize("clamped", [-9999, -9999.0])
def test_what_servers_write_for_an_unknown_value_is_no_value(tmp_path: Path, clamped) -> None:
    answer = chat(0)
    answer["choices"][0]["logprobs"]["content"][2]["logprob"] = clamped
    path = lines([chat(1), answer])(tmp_path)
    told = refused(path)
    assert "line 2: token 3 of 6: -9999, which stands for an unknown value" in told
    assert reported(path, *DROP)["provenance"]["rows_used"] == 1


def test_what_vllm_writes_for_minus_infinity_is_that(tmp_path: Path) -> None:
    answer = vllm(1)
    answer["choices"][0]["prompt_logprobs"][2]["102"] = {"logprob": -9999.0, "rank": 99}
    entry = {"102": {"logprob": -9999.0, "rank": 99, "decoded_token": "x"}}
    answer["choices"][0]["prompt_logprobs"][2] = entry
    report = reported(lines([vllm(0), answer])(tmp_path))
    assert report["metrics"]["perplexity"]["undefined"].endswith("x.jsonl, line 2, token 3")


def test_a_perplexity_beyond_floats_is_infinite(tmp_path: Path) -> None:
    report = reported(written("-1e4 -1e4\n-1e4 -2e4\n", "x.txt")(tmp_path))
    assert report["metrics"]["perplexity"]["undefined"] == (
        "infinite: beyond what a float can hold"
    )
    assert value(report, "cross_entropy") == pytest.approx(12500, rel=1e-12)


def test_words_among_the_numbers_are_refused_with_their_place(tmp_path: Path) -> None:
    told = refused(written("-1 -2 -2\n" * 9 + "-3 oops -1\n", "x.txt")(tmp_path))
    assert "x.txt, line 10: expected log-probabilities, found 'oops'" in told
    rows = [("a", "t", -1.0), ("a", "t", -2.0)] * 4
    text = csv_of("doc,token,logprob", rows) + '"a","t",oops\n'
    told = refused(written(text, "x.csv")(tmp_path))
    assert "found 1 cell that should be a number" in told
    assert "x.csv, line 10: 'oops'" in told
    assert "no value" not in told


# Lengths


def test_tokens_and_log_probabilities_must_be_as_many(tmp_path: Path) -> None:
    records = [token_list(at) for at in ALL]
    records[1] = {**records[1], "token_logprobs": [None, -1.0]}
    told = refused(lines(records)(tmp_path))
    assert "expected one log-probability a token, found 1 sequence with more or fewer" in told
    assert "x.jsonl, line 2: 3 tokens, 2 log-probabilities" in told


def test_the_same_of_completions(tmp_path: Path) -> None:
    answer = deepcopy(completion(0))
    answer["choices"][0]["logprobs"]["tokens"].append("!")
    told = refused(lines([completion(1), answer])(tmp_path))
    assert "x.jsonl, line 2: 8 tokens, 7 log-probabilities" in told


def test_a_text_that_is_longer_than_its_tokens_is_warned_of(tmp_path: Path) -> None:
    records = [token_list(at) for at in ALL]
    records[2] = {**records[2], "text": "A b c d"}
    report = reported(lines(records)(tmp_path))
    (warning,) = [w for w in report["warnings"] if "spell fewer" in w]
    assert "x.jsonl, line 3: 3 of 7): cut short?" in warning
    assert not any("spell" in w for w in reported(lines(records[:2])(tmp_path))["warnings"])


def test_markers_of_blanks_and_bytes_are_no_reason_to_warn(tmp_path: Path) -> None:
    records = [
        {"tokens": ["<s>", "▁Na", "ïve"], "token_logprobs": [None, -1, -2], "text": "Naïve"},
        {"tokens": ["The", "ĠcafÃ©"], "token_logprobs": [None, -1], "text": "The café"},
        {"tokens": [464, 3797], "token_logprobs": [None, -1], "text": "The cat is here"},
    ]
    report = reported(lines(records)(tmp_path))
    assert not any("spell" in warning for warning in report["warnings"])


@pytest.mark.parametrize("text", ["", "\n", "[]\n", "{}\n"])
def test_nothing_at_all(tmp_path: Path, text: str) -> None:
    assert "x.jsonl" in refused(written(text, "x.jsonl")(tmp_path))


@pytest.mark.parametrize(
    "record", [{"logprobs": []}, {"logprobs": [None]}], ids=["no tokens", "none scored"]
)
def test_no_scored_token_is_refused(tmp_path: Path, record) -> None:
    told = refused(lines([record, record])(tmp_path))
    assert "no token has a log-probability: 2 without a scored token" in told


def test_a_sequence_without_tokens_is_left_out_and_said(tmp_path: Path) -> None:
    report = reported(lines([*(token_list(at) for at in ALL), {"token_logprobs": []}])(tmp_path))
    assert report["provenance"]["left_out"] == {"without a scored token": 1}
    assert value(report, "sequence_perplexity") == pytest.approx(
        math.exp(sum(-math.fsum(v) / len(v) for v in SCORED) / 3), rel=1e-12
    )


@pytest.mark.parametrize("count", [-1, 2.5])
def test_counts_are_whole_numbers(tmp_path: Path, count: float) -> None:
    told = refused(lines([{"nll": 1, "num_tokens": 2}, {"nll": 1, "num_tokens": count}])(tmp_path))
    assert f"x.jsonl, line 2: {count:g} tokens" in told


def test_losses_below_zero_are_refused_as_they_are_written(tmp_path: Path) -> None:
    records = [{"nll": 3, "num_tokens": 2}, {"nll": -4, "num_tokens": 2}]
    told = refused(lines(records)(tmp_path), *DROP)
    assert "found 1 row with a loss below 0: x.jsonl, line 2: 'nll' is -4" in told
    assert "a column of Σ ln p is known by a name such as loglikelihood" in told


# Files


def test_an_unfinished_line_is_refused_with_its_place(tmp_path: Path) -> None:
    text = "".join(json.dumps(token_list(at)) + "\n" for at in ALL)
    told = refused(written(text[:-30], "x.jsonl")(tmp_path))
    assert "x.jsonl, line 3: expected one JSON object" in told


def test_an_unfinished_line_of_responses(tmp_path: Path) -> None:
    text = "".join(json.dumps(completion(at)) + "\n" for at in ALL)
    told = refused(written(text[:-30], "x.jsonl")(tmp_path))
    assert "x.jsonl, line 3: expected one JSON object" in told


def test_a_first_line_that_is_broken(tmp_path: Path) -> None:
    for record in (token_list, completion):
        text = "".join(json.dumps(record(at)) + "\n" for at in ALL)
        told = refused(written(text.replace("[", "[[", 1), "x.jsonl")(tmp_path))
        assert "x.jsonl, line 1: expected one JSON object" in told


def test_an_unfinished_document(tmp_path: Path) -> None:
    text = json.dumps(completion(0), indent=1)
    told = refused(written(text[:-30], "x.json")(tmp_path))
    assert "x.json: the JSON data stops before its end" in told


def test_a_document_that_is_no_json(tmp_path: Path) -> None:
    told = refused(written('{\n "logprobs": [-1.0, -2.0],\n text: 3\n}\n', "x.json")(tmp_path))
    assert "x.json: it begins like JSON, and is not readable as such: " in told
    assert "line 3 column 2" in told


def test_an_unfinished_array(tmp_path: Path) -> None:
    text = json.dumps([completion(at) for at in ALL], indent=1)
    told = refused(written(text[:-30], "x.json")(tmp_path))
    assert "stops before its end" in told


# Errors among the responses


ERRORS = {
    "OpenAI": ({"error": {"message": "Rate limit reached", "type": "requests", "code": None}},
               "requests: Rate limit reached"),
    "vLLM": ({"object": "error", "message": "too long", "type": "BadRequestError", "code": 400},
             "400: too long"),
    "batch API": (
        {"custom_id": "doc-1", "error": None,
         "response": {"status_code": 429, "body": {"error": {"code": "rate", "message": "slow"}}}},
        "rate: slow",
    ),
    "batch API, expired": (
        {"custom_id": "doc-1", "response": None,
         "error": {"code": "batch_expired", "message": "not done in time"}},
        "batch_expired: not done in time",
    ),
    "text": ({"error": "overloaded"}, "overloaded"),
}  # fmt: skip


@pytest.mark.parametrize("what", ERRORS)
def test_errors_are_counted_named_and_can_be_left_out(tmp_path: Path, what: str) -> None:
    error, said = ERRORS[what]
    path = lines([completion(0), error, completion(1), batched(completion(2), 2)])(tmp_path)
    told = refused(path)
    assert "found 1 error response" in told
    assert f"x.jsonl, line 2: {said}" in told
    assert "--missing drop" in told
    report = reported(path, *DROP)
    assert report["provenance"]["left_out"] == {"answered with an error": 1}
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)


@pytest.mark.parametrize("what", ERRORS)
def test_nothing_but_errors_is_refused_by_what_they_say(tmp_path: Path, what: str) -> None:
    error, said = ERRORS[what]
    told = refused(lines([error])(tmp_path))
    assert f"x.jsonl holds an error in place of log-probabilities: {said}" in told
    told = refused(lines([error, error])(tmp_path), *DROP)
    assert f"x.jsonl holds 2 errors in place of log-probabilities: {said}" in told


# Texts in another file


def test_fewer_texts_than_sequences_are_refused_with_both_counts(tmp_path: Path) -> None:
    path = lines([{"logprobs": values} for values in LOGPROBS])(tmp_path)
    texts = tmp_path / "texts.txt"
    texts.write_text("one\ntwo\n", encoding="utf-8")
    told = refused(path, "--text", str(texts))
    assert "texts.txt has 2 texts, and x.jsonl 3 sequences" in told


def test_blank_lines_are_texts_and_other_line_ends_are_none(tmp_path: Path) -> None:
    path = lines([{"logprobs": [-1.0]}, {"logprobs": [-2.0]}, {"logprobs": [-3.0]}])(tmp_path)
    texts = tmp_path / "texts.txt"
    texts.write_bytes("ab\u2028c\r\n\nd\x0be".encode())
    report = reported(path, "--text", str(texts))
    size = len("ab\u2028c".encode()) + len("d\x0be")
    assert value(report, "bits_per_byte") == pytest.approx(6 / math.log(2) / size, rel=1e-12)


def test_the_only_sequence_has_the_whole_text(tmp_path: Path) -> None:
    path = lines([{"logprobs": [-1.0, -2.0]}])(tmp_path)
    texts = tmp_path / "book.txt"
    texts.write_text("one line\nand another\n", encoding="utf-8")
    report = reported(path, "--text", str(texts))
    expected = 3 / math.log(2) / len("one line\nand another\n")
    assert value(report, "bits_per_byte") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_texts_with_ids_are_matched_by_them(tmp_path: Path, ending: str) -> None:
    path = lines([{"doc_id": at, "logprobs": LOGPROBS[at]} for at in ALL])(tmp_path)
    order = [2, 0, 1]
    if ending == "csv":
        text = csv_of("doc_id,text", [(str(at), TEXTS[at]) for at in order])
    else:
        text = "".join(json.dumps({"doc_id": at, "text": TEXTS[at]}) + "\n" for at in order)
    texts = written(text, f"texts.{ending}")(tmp_path)
    report = reported(path, "--text", str(texts))
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)


def test_a_text_whose_id_is_missing_is_refused(tmp_path: Path) -> None:
    path = lines([{"doc_id": at, "logprobs": LOGPROBS[at]} for at in ALL])(tmp_path)
    texts = written(csv_of("doc_id,text", [("0", "a"), ("2", "b"), ("7", "c")]), "t.csv")(tmp_path)
    told = refused(path, "--text", str(texts))
    assert "x.jsonl, line 2: no text of that id" in told


def test_responses_are_matched_by_the_ids_of_the_batch(tmp_path: Path) -> None:
    path = lines([batched(vllm(at), at) for at in (1, 2, 0)])(tmp_path)
    rows = [(f"doc-{at}", TEXTS[at]) for at in ALL]
    texts = written(csv_of("custom_id,text", rows), "t.csv")(tmp_path)
    report = reported(path, "--text", str(texts))
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)


def test_the_texts_of_errors_are_passed_over(tmp_path: Path) -> None:
    records = [vllm(0), {"error": {"message": "no"}}, vllm(1), vllm(2)]
    path = lines(records)(tmp_path)
    texts = tmp_path / "texts.txt"
    texts.write_text("\n".join([TEXTS[0], "unanswered", *TEXTS[1:]]), encoding="utf-8")
    report = reported(path, "--text", str(texts), *DROP)
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)


def test_a_text_that_is_neither_column_nor_file(tmp_path: Path) -> None:
    told = refused(lines([token_list(0)])(tmp_path), "--text", "txet")
    assert "--text txet: there is no such file, nor a column of x.jsonl" in told


# Models


def of_model(at: int, model: str) -> dict[str, Any]:
    return {**completion(at), "model": model}


def test_shards_of_different_models_give_bits_per_byte_only(tmp_path: Path) -> None:
    lines([of_model(0, "small")], "a.jsonl")(tmp_path)
    lines([of_model(1, "large"), of_model(2, "large")], "b.jsonl")(tmp_path)
    report = reported(tmp_path / "*.jsonl")
    assert report["provenance"]["models"] == ["large", "small"]
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)
    for name, found in report["metrics"].items():
        if name != "bits_per_byte":
            assert found["value"] is None
            assert "several models are named (large, small)" in found["undefined"]
    assert any("names 2 models" in warning for warning in report["warnings"])


def test_a_column_can_name_the_model(tmp_path: Path) -> None:
    records = [{**token_list(at), "model": "ab"[at > 0]} for at in ALL]
    report = reported(lines(records)(tmp_path))
    assert report["provenance"]["models"] == ["a", "b"]


# The command line


def test_the_file_of_the_texts_is_not_written_over(tmp_path: Path) -> None:
    path = lines([token_list(0)])(tmp_path)
    texts = tmp_path / "t.txt"
    texts.write_text("x\n", encoding="utf-8")
    result = mleval(path, "--text", str(texts), "-o", str(texts))
    assert result.status == 2
    assert "is an input file" in result.stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--worst", "1001"), "worst is a number from 0 to 1000, not 1001"),
        (("--input-format", "chat"), "expected vllm, openai-completions"),
        (("--log-base", "3"), "expected e, 2 or 10, found '3'"),
        (("-m", "token_top_k(k=0)"), "k must be at least 1, not 0"),
        (("-m", "perplexty"), "did you mean perplexity"),
        (("-m", "bleu"), "bleu is a text metric, not a perplexity one"),
    ],
)
def test_wrong_flags_are_usage_errors(tmp_path: Path, flags, said: str) -> None:
    told = refused(lines([token_list(0)])(tmp_path), *flags, status=2)
    assert said in told


def test_ranks_that_are_not_there_cannot_be_asked_for(tmp_path: Path) -> None:
    told = refused(lines([token_list(0)])(tmp_path), "-m", "token_accuracy", "-m", "oov_rate")
    assert "token_accuracy: the input has no alternatives of the tokens" in told
    assert "oov_rate: the input does not say" in told


def test_the_tokens_in_the_messages_cannot_command_a_terminal(tmp_path: Path) -> None:
    record = {"tokens": ["\x1b[31mred", "[bold]x"], "logprobs": [-1.0, -2.0], "id": "\x1b[1m"}
    for format_ in ("table", "markdown", "csv"):
        result = mleval(lines([record, record])(tmp_path), "--format", format_)
        assert result.status == 0
        assert "\x1b" not in result.stdout
