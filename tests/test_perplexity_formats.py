"""Every shape of log-probabilities is recognised, and gives the figures of its definition."""

from __future__ import annotations

import bz2
import gzip
import json
import math
from pathlib import Path

import pyarrow as pa
import pytest
from command import run
from scored_texts import (
    BITS_PER_BYTE,
    COUNT,
    LOGPROBS,
    NLL,
    PERPLEXITY,
    SCORED,
    TEXTS,
    TOKENS,
    WORD_PERPLEXITY,
    Writer,
    assumed,
    batched,
    chat,
    completion,
    csv_of,
    document,
    lines,
    mleval,
    prompt_logprobs,
    refused,
    reported,
    response,
    table,
    token_list,
    token_rows,
    value,
    vllm,
    written,
)

import mleval as package

ALL = range(3)
ROWS = [row for at in ALL for row in token_rows(at)]
SCATTERED = [row for some in zip(*[iter(ROWS)] * 4, strict=True) for row in some[::-1]]


def columns_of(rows: list[tuple[str, str, float | None]]) -> dict[str, pa.Array]:
    """Token rows as columns."""
    names = ("doc", "token", "logprob")
    return {
        name: pa.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }


def without(record: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in record.items() if name not in names}


def lists(name: str) -> Writer:
    return lines([token_list(at, name) for at in ALL])


# The shape that is recognised, and the file; each holds the three texts whole.
WITH_TEXT: dict[str, tuple[str, Writer]] = {
    "completions, a response a line": (
        "OpenAI completions",
        lines([completion(at) for at in ALL]),
    ),
    "completions, an array": ("OpenAI completions", document([completion(at) for at in ALL])),
    "completions, the texts of one request": (
        "OpenAI completions",
        document({**completion(0), "choices": [completion(at)["choices"][0] for at in ALL]}),
    ),
    "completions, under a key": (
        "OpenAI completions",
        document({"responses": [completion(at) for at in ALL]}),
    ),
    "completions, choices alone": (
        "OpenAI completions",
        lines([completion(at)["choices"][0] for at in ALL]),
    ),
    "completions, batch API": (
        "OpenAI completions",
        lines([batched(completion(at), at) for at in ALL]),
    ),
    "token lists, a line each": ("token lists", lists("token_logprobs")),
    "token lists, called logprobs": ("token lists", lists("logprobs")),
    "token lists, called log_probs": ("token lists", lists("log_probs")),
    "token lists, an array": ("token lists", document([token_list(at) for at in ALL])),
    "token lists, whole numbers too": (
        "token lists",
        lines([token_list(0), token_list(2), token_list(1)]),
    ),
    "token lists, Parquet": (
        "token lists",
        table({"logprobs": LOGPROBS, "tokens": TOKENS, "text": TEXTS}, "x.parquet"),
    ),
    "token lists, Arrow": (
        "token lists",
        table({"logprobs": LOGPROBS, "tokens": TOKENS, "text": TEXTS}, "x.feather"),
    ),
    "token lists, as text in CSV": (
        "token lists",
        written(
            "".join(
                ["text;logprobs\n"]
                + [f"{t};{json.dumps(v)}\n" for t, v in zip(TEXTS, LOGPROBS, strict=True)]
            ),
            "x.csv",
        ),
    ),
    "sums, nll": (
        "sums with counts",
        lines(
            [
                {"nll": -math.fsum(v), "num_tokens": len(v), "text": t}
                for v, t in zip(SCORED, TEXTS, strict=True)
            ]
        ),
    ),
    "sums, mean loss": (
        "sums with counts",
        written(
            csv_of(
                "loss,num_tokens,num_bytes,num_words",
                [
                    (-math.fsum(v) / len(v), len(v), len(t.encode()), len(t.split()))
                    for v, t in zip(SCORED, TEXTS, strict=True)
                ],
            ),
            "x.csv",
        ),
    ),
    "sums, log-likelihood": (
        "sums with counts",
        table(
            {
                "loglikelihood": [math.fsum(v) for v in SCORED],
                "n_tokens": [len(v) for v in SCORED],
                "text": TEXTS,
            },
            "x.parquet",
        ),
    ),
    "token lists, gzip": (
        "token lists",
        written(
            gzip.compress("".join(json.dumps(token_list(at)) + "\n" for at in ALL).encode()),
            "x.jsonl.gz",
        ),
    ),
    "completions, bzip2": (
        "OpenAI completions",
        written(
            bz2.compress("".join(json.dumps(completion(at)) + "\n" for at in ALL).encode()),
            "x.jsonl.bz2",
        ),
    ),
    "token lists, UTF-16": (
        "token lists",
        written(
            "".join(json.dumps(token_list(at), ensure_ascii=False) + "\n" for at in ALL).encode(
                "utf-16"
            ),
            "x.jsonl",
        ),
    ),
}

# The same without the texts.
WITHOUT_TEXT: dict[str, tuple[str, Writer]] = {
    "vLLM, a map a token": ("vLLM prompt_logprobs", lines([vllm(at) for at in ALL])),
    "vLLM, with alternatives": (
        "vLLM prompt_logprobs",
        lines([vllm(at, alternatives=True) for at in ALL]),
    ),
    "vLLM, chat": (
        "vLLM prompt_logprobs",
        lines([{"choices": [], "prompt_logprobs": prompt_logprobs(at)} for at in ALL]),
    ),
    "vLLM, a list a token": (
        "vLLM prompt_logprobs",
        lines(
            [
                {"prompt_logprobs": [e and list(e.values()) for e in prompt_logprobs(at)]}
                for at in ALL
            ]
        ),
    ),
    "vLLM, numbers": (
        "vLLM prompt_logprobs",
        lines([{"prompt_logprobs": values} for values in LOGPROBS]),
    ),
    "vLLM, batch API": (
        "vLLM prompt_logprobs",
        lines([batched(vllm(at), at) for at in ALL]),
    ),
    "token rows, CSV": ("token rows", written(csv_of("doc,token,logprob", ROWS), "x.csv")),
    "token rows, TSV": ("token rows", written(csv_of("doc\ttoken\tlogprob", ROWS, "\t"), "x.tsv")),
    "token rows, Parquet": ("token rows", table(columns_of(ROWS), "x.parquet")),
    "token rows, JSON lines": (
        "token rows",
        lines([{"doc_id": d, "token": t, "logprob": v} for d, t, v in ROWS]),
    ),
    "token rows, None for the first": (
        "token rows",
        written(
            csv_of("doc,token,logprob", [(d, t, "None" if v is None else v) for d, t, v in ROWS]),
            "x.csv",
        ),
    ),
    "lines of numbers": (
        "lines of numbers",
        written("".join(" ".join(map(str, v)) + "\n" for v in LOGPROBS), "x.txt"),
    ),
    "lines of numbers, scored tokens alone": (
        "lines of numbers",
        written("".join(", ".join(map(str, v)) + "\r\n" for v in SCORED), "x.txt"),
    ),
    "lists of numbers, JSON lines": ("lines of numbers", lines(list(LOGPROBS))),
    "lists of numbers, JSON": ("lines of numbers", document(LOGPROBS)),
}


@pytest.mark.parametrize("what", [*WITH_TEXT, *WITHOUT_TEXT])
def test_a_shape_is_recognised_and_gives_the_perplexity(tmp_path: Path, what: str) -> None:
    shape, write = (WITH_TEXT | WITHOUT_TEXT)[what]
    report = reported(write(tmp_path))
    assert assumed(report)["format"] == shape
    assert assumed(report)["sequences"] == "3"
    assert report["provenance"]["tokens"] == COUNT
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)
    assert value(report, "cross_entropy") == pytest.approx(NLL / COUNT, rel=1e-12)


@pytest.mark.parametrize("what", WITH_TEXT)
def test_the_text_gives_bytes_and_words(tmp_path: Path, what: str) -> None:
    report = reported(WITH_TEXT[what][1](tmp_path))
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)
    assert value(report, "word_perplexity") == pytest.approx(WORD_PERPLEXITY, rel=1e-12)


@pytest.mark.parametrize("what", WITHOUT_TEXT)
def test_without_a_text_what_is_over_it_is_undefined(tmp_path: Path, what: str) -> None:
    report = reported(WITHOUT_TEXT[what][1](tmp_path))
    for name in ("bits_per_byte", "bits_per_char", "word_perplexity"):
        found = report["metrics"][name]
        assert found["value"] is None
        assert "not known; give the text: --text COLUMN or FILE" in found["undefined"]


@pytest.mark.parametrize("what", WITHOUT_TEXT)
def test_a_file_with_a_text_a_line_gives_them(tmp_path: Path, what: str) -> None:
    path = WITHOUT_TEXT[what][1](tmp_path)
    texts = tmp_path / "texts.txt"
    texts.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    report = reported(path, "--text", str(texts))
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)
    assert value(report, "word_perplexity") == pytest.approx(WORD_PERPLEXITY, rel=1e-12)


@pytest.mark.parametrize(
    "write",
    [
        lines([chat(at) for at in ALL]),
        document([chat(at) for at in ALL]),
        lines([batched(chat(at), at) for at in ALL]),
        lines([response(at) for at in ALL]),
    ],
    ids=["a line each", "an array", "batch API", "responses API"],
)
def test_chat_scores_every_token_of_the_answer(tmp_path: Path, write: Writer) -> None:
    report = reported(write(tmp_path))
    assert assumed(report)["format"] == "OpenAI chat"
    assert report["signature"]["first_tokens"] == "scored"
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)
    answers = ["".join(tokens[1:]) for tokens in TOKENS]
    size = sum(len(answer.encode()) for answer in answers)
    assert value(report, "bits_per_byte") == pytest.approx(NLL / math.log(2) / size, rel=1e-12)


def test_one_response_is_one_sequence(tmp_path: Path) -> None:
    report = reported(document(chat(0))(tmp_path))
    assert value(report, "cross_entropy") == pytest.approx(-math.fsum(SCORED[0]) / 6, rel=1e-12)
    reason = "one sequence, whose tokens are not independent"
    assert report["metrics"]["cross_entropy"]["no_interval"] == reason


def test_the_bytes_of_chat_tokens_stand_in_for_a_missing_message(tmp_path: Path) -> None:
    answer = chat(1)
    answer["choices"][0]["message"]["content"] = None
    report = reported(document(answer)(tmp_path))
    size = len("".join(TOKENS[1][1:]).encode())
    expected = -math.fsum(SCORED[1]) / math.log(2) / size
    assert value(report, "bits_per_byte") == pytest.approx(expected, rel=1e-12)
    assert "characters of the text" in report["metrics"]["bits_per_char"]["undefined"]


def test_several_choices_are_several_sequences(tmp_path: Path) -> None:
    answer = completion(0)
    answer["choices"] = [completion(at)["choices"][0] for at in ALL]
    report = reported(document(answer)(tmp_path), "--worst", "2")
    texts = [row["text"] for row in report["worst"] if row["of"] == "sequence"]
    assert texts == [TEXTS[1], TEXTS[2]]


# lm-evaluation-harness


def rolling(at: int, arguments: object) -> dict[str, object]:
    total = str(math.fsum(SCORED[at]))
    return {
        "doc_id": at,
        "doc": {"page": TEXTS[at]},
        "target": TEXTS[at],
        "arguments": arguments,
        "resps": [[total]],
        "filtered_resps": [total],
    }


@pytest.mark.parametrize(
    "arguments", [lambda t: [[t]], lambda t: {"gen_args_0": {"arg_0": t}}], ids=["lists", "maps"]
)
def test_harness_documents_have_bytes_and_words_and_no_tokens(tmp_path: Path, arguments) -> None:
    records = [rolling(at, arguments(TEXTS[at])) for at in ALL]
    report = reported(lines(records, "samples_wikitext.jsonl")(tmp_path))
    assert assumed(report)["format"] == "lm-evaluation-harness samples"
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)
    assert value(report, "word_perplexity") == pytest.approx(WORD_PERPLEXITY, rel=1e-12)
    for name in ("perplexity", "cross_entropy", "bits_per_token", "sequence_perplexity"):
        assert "the number of tokens is not known" in report["metrics"][name]["undefined"]


@pytest.mark.parametrize("doubled", [False, True])
def test_harness_answers_are_those_of_the_target(tmp_path: Path, doubled: bool) -> None:
    records = []
    for target, answers in (("1", [" no", " yes"]), ("0", [" one", " two"])):
        resps = [[str(-1.5 - i), "False"] for i in range(2)]
        resps[int(target)][0] = "-25.6"
        key = "resps" if doubled else "filtered_resps"
        records.append(
            {
                "target": target,
                "arguments": [["context", answer] for answer in answers],
                key: [[one] for one in resps] if doubled else resps,
            }
        )
    report = reported(lines(records)(tmp_path))
    size = len(" yes one")
    assert value(report, "bits_per_byte") == pytest.approx(51.2 / math.log(2) / size, rel=1e-12)


def test_harness_answers_without_a_target_are_refused(tmp_path: Path) -> None:
    record = {"target": "paris", "filtered_resps": [["-1", "False"], ["-2", "True"]]}
    told = refused(lines([record])(tmp_path))
    assert "2 answers, and no target that says which" in told


def test_generated_text_has_no_likelihood(tmp_path: Path) -> None:
    record = {"doc_id": 0, "resps": [["Paris"]], "filtered_resps": ["Paris"]}
    assert "no log-probabilities were found" in refused(lines([record])(tmp_path))


# KenLM, fairseq

KENLM = """\
This binary file contains probing hash tables.
looking=2 1 -2.5\ton=7 2 -0.5\ta=0 1 -4.25\t</s>=1 2 -1\tTotal: -8.25 OOV: 1
more=3 2 -1.5\t</s>=1 1 -0.25\tTotal: -1.75 OOV: 0
Perplexity including OOVs:\t46.4158883
Perplexity excluding OOVs:\t13.9
OOVs:\t1
Tokens:\t6
Name:query\tVmPeak:40216 kB
"""


def test_kenlm_is_decimal_and_counts_the_end_of_sentences(tmp_path: Path) -> None:
    report = reported(written(KENLM, "query.out")(tmp_path))
    assert assumed(report)["format"] == "KenLM query"
    assert assumed(report)["logarithms"] == "decimal"
    assert value(report, "perplexity") == pytest.approx(10 ** (10 / 6), rel=1e-12)
    assert value(report, "oov_rate") == pytest.approx(1 / 6, rel=1e-12)
    expected = 10 / math.log10(2) / len("looking on a" + "more")
    assert value(report, "bits_per_byte") == pytest.approx(expected, rel=1e-12)


def test_kenlm_totals_without_words_are_refused(tmp_path: Path) -> None:
    told = refused(written("Total: -8.25 OOV: 1\nTotal: -1 OOV: 0\n", "query.out")(tmp_path))
    assert "query.out, line 1: a total without its words" in told
    assert "-v word" in told


FAIRSEQ = """\
2024-01-01 | INFO | fairseq_cli.generate | loading model
S-1\tein Haus
T-1\ta house
H-1\t-0.9\ta hou@@ se
D-1\t-0.9\ta house
P-1\t-1.0000 -0.5000 -0.2500 -1.2500
S-0\tja
H-0\t-0.5\tyes
D-0\t-0.5\tyes
P-0\t-0.7500 -0.2500
H-0\t-2.5\tno
D-0\t-2.5\tno
P-0\t-4.0000 -1.0000
Generate test with beam=2: BLEU4 = 0.00
"""


def test_fairseq_is_binary_and_the_best_hypothesis_counts(tmp_path: Path) -> None:
    report = reported(written(FAIRSEQ, "generate-test.txt")(tmp_path))
    assert assumed(report)["format"] == "fairseq-generate"
    assert assumed(report)["logarithms"] == "binary"
    assert value(report, "perplexity") == pytest.approx(2 ** (4 / 6), rel=1e-12)
    assert value(report, "bits_per_char") == pytest.approx(4 / len("a houseyes"), rel=1e-12)
    assert report["provenance"]["left_out"] == {"further hypotheses of a sentence": 1}


def test_the_blanks_between_the_tokens_of_fairseq_are_not_cut_short(tmp_path: Path) -> None:
    log = "H-0\t-1\ta b c d e f g\nD-0\t-1\ta b c d e f g\nP-0\t" + "-1 " * 8 + "\n"
    report = reported(written(log, "generate-test.txt")(tmp_path), "-m", "bits_per_char")
    assert value(report, "bits_per_char") == pytest.approx(8 / 13, rel=1e-12)
    assert not report["warnings"]


def test_fairseq_scores_and_tokens_must_be_as_many(tmp_path: Path) -> None:
    told = refused(written(FAIRSEQ.replace("-0.2500 -1.2500", "-0.2500"), "g.txt")(tmp_path))
    assert "g.txt, line 6: 4 tokens, 3 log-probabilities" in told


# Token rows


def test_rows_of_one_document_need_not_stand_together(tmp_path: Path) -> None:
    rows = [(d, t, -1.0 if v is None else v) for d, t, v in ROWS]
    expected = reported(written(csv_of("doc,token,logprob", rows), "x.csv")(tmp_path))
    mixed = rows[::2] + rows[1::2]
    report = reported(written(csv_of("doc,token,logprob", mixed), "x.csv")(tmp_path))
    assert assumed(report)["sequences"] == "3"
    for spec, found in expected["metrics"].items():
        if found["value"] is not None:
            assert report["metrics"][spec]["value"] == pytest.approx(found["value"], rel=1e-12)
            assert report["metrics"][spec]["low"] == pytest.approx(found["low"], rel=1e-9)


def test_the_column_of_tokens_can_be_the_text(tmp_path: Path) -> None:
    path = written(csv_of("doc,token,logprob", ROWS), "x.csv")(tmp_path)
    report = reported(path, "--text", "token")
    assert value(report, "bits_per_byte") == pytest.approx(BITS_PER_BYTE, rel=1e-12)
    assert value(report, "word_perplexity") == pytest.approx(WORD_PERPLEXITY, rel=1e-12)


def test_without_a_column_of_documents_a_file_is_one_sequence(tmp_path: Path) -> None:
    rows = [(token, logprob) for _, token, logprob in token_rows(0)]
    report = reported(written(csv_of("token,logprob", rows), "x.csv")(tmp_path))
    assert assumed(report)["sequences"] == "1"
    assert value(report, "cross_entropy") == pytest.approx(-math.fsum(SCORED[0]) / 6, rel=1e-12)


def test_a_document_of_another_file_is_another(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        written(csv_of("doc,token,logprob", token_rows(0)), name)(tmp_path)
    report = reported(tmp_path / "*.csv")
    assert assumed(report)["sequences"] == "2"


# What the caller says


def test_a_shape_can_be_forced(tmp_path: Path) -> None:
    path = lines([{**token_list(at), "nll": 1.0, "num_tokens": 2} for at in ALL])(tmp_path)
    assert assumed(reported(path))["format"] == "token lists"
    report = reported(path, "--input-format", "sums")
    assert assumed(report)["format"] == "sums with counts"
    assert value(report, "cross_entropy") == pytest.approx(3 / 6, rel=1e-12)


def test_a_shape_that_is_forced_and_not_there_is_refused(tmp_path: Path) -> None:
    told = refused(lists("logprobs")(tmp_path), "--input-format", "sums")
    assert "x.jsonl cannot be read as sums with counts: it has 'id', 'tokens', 'logprobs'" in told
    told = refused(lists("logprobs")(tmp_path), "--input-format", "kenlm")
    assert "KenLM query: it has 'id', 'tokens', 'logprobs', 'text' hint:" in told


@pytest.mark.parametrize(("base", "factor"), [("e", 1), ("2", math.log(2)), ("10", math.log(10))])
def test_the_base_of_the_logarithms(tmp_path: Path, base: str, factor: float) -> None:
    report = reported(lists("logprobs")(tmp_path), "--log-base", base)
    assert value(report, "cross_entropy") == pytest.approx(NLL / COUNT * factor, rel=1e-12)


def test_strict_does_not_guess_the_base(tmp_path: Path) -> None:
    path = lists("logprobs")(tmp_path)
    told = refused(path, "--strict")
    assert "logarithms=natural (the input does not say)" in told
    assert "say it with --log-base" in told
    assert mleval(path, "--strict", "--log-base", "e").status == 0


def test_strict_takes_a_shape_that_fixes_the_base(tmp_path: Path) -> None:
    assert mleval(lines([completion(0), completion(1)])(tmp_path), "--strict").status == 0


@pytest.mark.parametrize(("loss", "expected"), [("mean", 2.0), ("sum", 8 / 14)])
def test_a_loss_is_a_mean_or_a_sum(tmp_path: Path, loss: str, expected: float) -> None:
    rows = [(2.0, 4), (2.0, 6), (4 - 2.0, 4)] if loss == "mean" else [(2.0, 4), (2.0, 6), (4.0, 4)]
    path = written(csv_of("loss,num_tokens", rows), "x.csv")(tmp_path)
    report = reported(path, "--loss", loss)
    assert value(report, "cross_entropy") == pytest.approx(expected, rel=1e-12)


def test_strict_does_not_guess_what_a_loss_is(tmp_path: Path) -> None:
    path = written(csv_of("loss,num_tokens", [(2.0, 4), (1.0, 6)]), "x.csv")(tmp_path)
    told = refused(path, "--strict", "--log-base", "e")
    assert "loss=mean over the tokens (by its name)" in told
    assert "--loss" in told


def test_columns_can_be_named(tmp_path: Path) -> None:
    rows = [(d, t, v, -1.0) for d, t, v in ROWS]
    path = written(csv_of("chapter,piece,surprisal,logprob", rows), "x.csv")(tmp_path)
    report = reported(path, "--logprobs", "surprisal", "--doc", "chapter", "--tokens", "piece")
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)


def test_a_column_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    told = refused(lists("logprobs")(tmp_path), "--logprobs", "logprob")
    assert "--logprobs logprob: x.jsonl has no 'logprob'" in told
    assert "did you mean 'logprobs'" in told


def test_columns_passed_over_are_named(tmp_path: Path) -> None:
    record = {**token_list(0), "log_probs": LOGPROBS[0]}
    path = lines([record])(tmp_path)
    result = mleval(path, "--json")
    assert "logprobs 'token_logprobs'; passed over: 'log_probs'" in result.stderr
    assert "passed over" in refused(path, "--strict", "--log-base", "e")


def test_standard_input(tmp_path: Path) -> None:
    data = "".join(json.dumps(token_list(at)) + "\n" for at in ALL).encode()
    report = json.loads(shell_of(data).stdout)
    assert value(report, "perplexity") == pytest.approx(PERPLEXITY, rel=1e-12)


def shell_of(data: bytes):
    """A process of its own: standard input is read as bytes."""
    import subprocess
    import sys

    return subprocess.run(
        [sys.executable, "-m", "mleval", "perplexity", "-", "--json"],
        input=data,
        capture_output=True,
        check=True,
        cwd=Path(package.__file__).parent.parent,
    )


def test_what_holds_no_log_probabilities_is_refused(tmp_path: Path) -> None:
    told = refused(written("label,pred\n1,0\n0,0\n", "x.csv")(tmp_path))
    assert "x.csv: no log-probabilities were found; it has 'label', 'pred'" in told
    assert "--logprobs NAME" in told


def test_shards_are_of_one_shape(tmp_path: Path) -> None:
    lists("logprobs")(tmp_path)
    written(csv_of("doc,token,logprob", ROWS), "y.csv")(tmp_path)
    told = refused(tmp_path / "[xy].*")
    assert "x.jsonl holds token lists, y.csv token rows" in told.replace(f"{tmp_path}/", "")


# Pointed to by the commands that are for predictions


NO_TABLE = "lists of numbers, JSON lines"


@pytest.mark.parametrize("what", sorted({*WITH_TEXT, *WITHOUT_TEXT} - {NO_TABLE}))
def test_inspect_says_what_it_is_and_what_evaluates_it(tmp_path: Path, what: str) -> None:
    path = (WITH_TEXT | WITHOUT_TEXT)[what][1](tmp_path)
    found = json.loads(run("inspect", str(path), "--json").stdout)
    assert found["refusal"] is None
    assert found["command"] == f"mleval perplexity {path}"
    assert any("it holds log-probabilities of tokens" in notice for notice in found["notices"])


def test_inspect_shows_no_columns_where_there_is_no_table(tmp_path: Path) -> None:
    path = written(FAIRSEQ, "generate.log")(tmp_path)
    found = json.loads(run("inspect", str(path), "--json").stdout)
    assert (found["format"], found["columns"], found["rows"]) == ("fairseq-generate", [], None)
    told = " ".join(run("inspect", str(path)).stdout.split())
    assert told.startswith(f"{path} fairseq-generate · UTF-8 ! it holds log-probabilities")


@pytest.mark.parametrize("command", ["classify", "regress", "pairs"])
@pytest.mark.parametrize("what", [*WITH_TEXT, *WITHOUT_TEXT])
def test_commands_of_predictions_point_to_it(tmp_path: Path, what: str, command: str) -> None:
    path = (WITH_TEXT | WITHOUT_TEXT)[what][1](tmp_path)
    result = run(command, str(path))
    assert result.status == 3
    assert " ".join(result.stderr.split()).endswith(f"): mleval perplexity {path}")


@pytest.mark.parametrize(
    "text",
    [
        "label,logprob\na,-0.5\nb,-1.5\n",  # of predictions
        "0.2,1\n0.9,0\n",  # no header
        "a,b\n-1,-2\n",
    ],
)
def test_other_files_are_not_taken_for_log_probabilities(tmp_path: Path, text: str) -> None:
    path = written(text, "x.csv")(tmp_path)
    assert "perplexity" not in run("inspect", str(path)).stdout
    assert "perplexity" not in run("classify", str(path)).stderr


def test_inspect_says_what_evaluates_what_is_no_table(tmp_path: Path) -> None:
    path = WITHOUT_TEXT[NO_TABLE][1](tmp_path)
    result = run("inspect", str(path))
    assert result.status == 3
    assert " ".join(result.stderr.split()).endswith(f"): mleval perplexity {path}")
