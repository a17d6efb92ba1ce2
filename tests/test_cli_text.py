"""`mleval text`: what it says of files as they are, and what it refuses."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command import Result, run
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER

import mleval
from mleval.evaluation.text.conventions import PRESETS
from mleval.metrics import find
from mleval.reading.texts.slip import slip
from mleval.spec import Spec

SAMPLES = Path(__file__).parent.parent / "sample_data"
SMALL, LARGE, FIRST, SECOND = (
    str(SAMPLES / f"captions.{name}.txt") for name in ("small", "large", "ref1", "ref2")
)
SCHEMA = json.loads(files("mleval").joinpath("report.schema.json").read_text())


def lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split("\n")[:-1]


def written(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def reported(*args: str) -> dict[str, Any]:
    result = run("text", *args, "--json", "--quiet")
    assert (result.status, result.stderr) == (0, ""), result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(*args: str, status: int = 3) -> str:
    result: Result = run("text", *args)
    assert (result.status, result.stdout) == (status, ""), result
    return " ".join(result.stderr.split())


def warnings(hypotheses: list[str], references: list[str], **options: Any) -> list[str]:
    report = mleval.text(hypotheses, references, **options)
    assert isinstance(report, mleval.Report)
    return [told for told in report.warnings if "intervals are approximate" not in told]


def test_the_default_report_has_what_papers_quote() -> None:
    report = reported(LARGE, FIRST, SECOND)
    jsonschema.validate(report, SCHEMA)
    assert list(report["metrics"]) == [
        *("bleu", "bleu1", "bleu2", "bleu3", "length_ratio", "chrf"),
        *("rouge1", "rouge2", "rougeL", "exact_match", "token_f1"),
    ]
    assert all(item["low"] < item["value"] < item["high"] for item in report["metrics"].values())
    assert report["provenance"]["rows_used"] == 120
    scorer = RougeScorer(["rougeL"])
    best = [
        scorer.score_multi([one, other], said)["rougeL"].fmeasure
        for said, one, other in zip(lines(LARGE), lines(FIRST), lines(SECOND), strict=True)
    ]
    assert report["metrics"]["rougeL"]["value"] == pytest.approx(sum(best) / 120, abs=1e-9)


@pytest.mark.parametrize(
    ("spec", "theirs"),
    [
        ("bleu", BLEU()),
        ("bleu(tokenize=intl,smooth=floor,lowercase=true)",
         BLEU(tokenize="intl", smooth_method="floor", lowercase=True)),
        ("bleu(smooth=add-k,k=2,order=3,effective_order=true)",
         BLEU(smooth_method="add-k", smooth_value=2, max_ngram_order=3, effective_order=True)),
        ("chrf", CHRF()),
        ("chrf(word_order=2,whitespace=true)", CHRF(word_order=2, whitespace=True)),
        ("chrf(beta=1,eps_smoothing=true)", CHRF(beta=1, eps_smoothing=True)),
        ("ter", TER()),
        ("ter(normalized=true,no_punct=true)", TER(normalized=True, no_punct=True)),
    ],
)  # fmt: skip
def test_lines_as_papers_quote_them_are_those_of_sacrebleu(spec: str, theirs: Any) -> None:
    for references in ([FIRST], [FIRST, SECOND]):
        score = theirs.corpus_score(lines(SMALL), [lines(path) for path in references])
        expected = score.format(signature=str(theirs.get_signature()))
        (line,) = reported(SMALL, *references, "-m", spec)["citations"]
        said = line.replace(f"version:mleval-{mleval.__version__}", "version:2")
        assert said == expected.replace(expected.partition("version:")[2].split()[0], "2", 1)


def test_a_smoothing_of_nltk_has_no_line_of_sacrebleu() -> None:
    report = reported(SMALL, FIRST, "--preset", "nltk", "-m", "bleu")
    assert report["citations"] == []
    assert list(report["metrics"]) == ["bleu(tokenize=none,smooth=method0)"]


def test_references_agree_on_every_metric() -> None:
    result = run("text", SMALL, FIRST, SECOND, "-m", "all", "--verify", "--json")
    assert result.status == 0, result.stderr
    assert "numbers agree" in result.stderr
    assert "DISAGREES" not in result.stderr


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_name_options_that_there_are(preset: str) -> None:
    for name, options in PRESETS[preset].items():
        needed = {"n": 2} if name == "bleu_precision" else {}
        find(name, "text").options_of(Spec(name, (*options.items(), *needed.items())))
    result = run("text", SMALL, FIRST, "--preset", preset, "--verify", "--json")
    assert result.status == 0, result.stderr


def test_several_systems_are_set_side_by_side() -> None:
    found = reported("--ref", FIRST, "--ref", SECOND, SMALL, LARGE)
    assert found["schema"] == "mleval.set/1"
    assert list(found["systems"]) == ["captions.small.txt", "captions.large.txt"]
    assert found["best"]["bleu"] == ["captions.large.txt"]
    alone = reported(SMALL, FIRST, SECOND)
    assert found["systems"]["captions.small.txt"]["metrics"] == alone["metrics"]
    assert "chrF2|nrefs:2" in run("text", "--ref", FIRST, SMALL, LARGE, "--ref", SECOND).stdout
    assert refused("--ref", FIRST, SMALL, SMALL, status=2).startswith("error: ")


def test_every_metric_of_every_segment_is_written(tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    reported(SMALL, FIRST, "--per-segment", str(path), "-m", "bleu", "-m", "chrf", "-m", "wer")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["segment"] for row in rows] == [str(i + 1) for i in range(120)]
    bleu, chrf = BLEU(effective_order=True), CHRF()
    for row, said, wanted in zip(rows, lines(SMALL), lines(FIRST), strict=True):
        for spec, metric in (("bleu", bleu), ("chrf", chrf)):
            score = metric.sentence_score(said, [wanted]).score / 100
            assert float(row[spec]) == pytest.approx(score, abs=1e-9)
    every = tmp_path / "segments.jsonl"
    reported("--ref", FIRST, SMALL, LARGE, "--per-segment", str(every), "-m", "all")
    records = [json.loads(line) for line in every.read_text().splitlines()]
    assert len(records) == 240
    assert records[120]["system"] == "captions.large.txt"
    assert {"bleu", "wer", "ter", "rouge1[recall]"} <= {*records[0]}
    table = written(tmp_path, "input.csv", "x\n")
    assert "is an input" in refused(SMALL, table, "--per-segment", table, status=2)
    assert ".jsonl" in refused(SMALL, FIRST, "--per-segment", "x.txt", status=2)


def test_a_segment_without_a_value_has_none(tmp_path: Path) -> None:
    path = tmp_path / "segments.jsonl"
    mleval.text(["a", "b"], ["", "b"], metrics=["wer", "length_ratio"], per_segment=path)
    first, second = map(json.loads, path.read_text().splitlines())
    assert first == {"segment": 1, "wer": None, "length_ratio": None}
    assert second == {"segment": 2, "wer": 0.0, "length_ratio": 1.0}


def test_the_worst_segments_show_where_they_differ() -> None:
    report = mleval.text(
        ["the cat sat", "a b c d", "x"], ["the cat sat", "a b x d", ["y", "x z"]],
        worst=2, metrics="rouge1",
    )  # fmt: skip
    assert isinstance(report, mleval.Report)
    assert [row.place for row in report.worst] == ["segment 3", "segment 2"]
    assert report.worst[0].fields["reference"] == "x [z]"
    assert report.worst[1].fields == {
        "rouge1": 0.75, "hypothesis": "a b [c] d", "reference": "a b [x] d",
    }  # fmt: skip


def test_flags_hold_of_every_metric_that_has_them() -> None:
    report = reported(
        *(SMALL, FIRST, "--tokenize", "unicode", "--lowercase", "--stemmer", "porter"),
        *("-m", "bleu", "-m", "rouge1", "-m", "chrf", "-m", "bleu1(tokenize=none)", "-m", "wer"),
        *("--normalize", "lower,punct", "-m", "x = 0.5*bleu + 0.5*rouge1"),
    )
    assert list(report["metrics"]) == [
        "bleu(tokenize=unicode,lowercase=true)",
        "rouge1(tokenize=unicode,stemmer=porter)",
        "chrf(lowercase=true)",
        "bleu1(tokenize=none,lowercase=true)",
        "wer(normalize=lower+punct)",
        "x",
    ]
    assert report["metrics"]["x"]["low"] is not None
    assert "none of the metrics has it" in refused(
        SMALL, FIRST, "-m", "rouge1", "--tokenize", "intl", status=2
    )


def test_a_lone_variant_of_a_metric_is_found_by_its_name() -> None:
    report = mleval.text(["a b"], ["a b"], tokenize="none", metrics=["bleu1", "rouge1"])
    assert report["bleu1"].value == 1  # type: ignore[union-attr]


def test_lines_end_at_line_feeds_alone(tmp_path: Path) -> None:
    said = written(tmp_path, "h.txt", "one\u2028two\u0085three\n\n\x0b\r\nlast")
    wanted = written(tmp_path, "r.txt", "one\u2028two\u0085three\r\nx\ny\nlast\r\n")
    report = reported(said, wanted, "-m", "exact_match")
    assert report["provenance"]["rows_used"] == 4
    assert report["metrics"]["exact_match"]["value"] == 0.5


def test_files_of_different_length_are_refused_where_they_part_ways(tmp_path: Path) -> None:
    wanted = lines(FIRST)
    short = written(tmp_path, "short.txt", "\n".join([*wanted[:70], *wanted[71:]]) + "\n")
    told = refused(short, FIRST)
    assert "short.txt has 119 lines" in told
    assert "120" in told
    assert "part ways at line 7" in told
    blank = written(tmp_path, "blank.txt", "\n".join([*wanted, "", ""]) + "\n")
    assert "ends with 2 more that are blank" in refused(blank, FIRST)


def test_the_slip_is_found_in_the_middle() -> None:
    import numpy as np

    sizes = np.random.default_rng(3).integers(5, 200, 500).astype(float)
    assert slip(sizes, np.delete(sizes, 321)) == 321
    assert slip(np.append(sizes, 7.0), sizes) == 500


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    latin = written(tmp_path, "latin.txt", b"plain\ncaf\xe9\n" + b"x\n" * 118)
    assert "latin.txt, line 2: byte 0xe9 is not UTF-8 (byte 9 of the file)" in refused(latin, FIRST)
    assert reported(latin, FIRST, "--encoding", "cp1252")["task"] == "text"
    assert "is empty" in refused(written(tmp_path, "empty.txt", ""), FIRST)
    assert "nothing to be compared with" in refused(FIRST)
    assert "no file" in refused(SMALL, str(tmp_path / "no.txt"))
    assert "there is no input format" in refused(SMALL, FIRST, "--input-format", "x", status=2)


def test_references_that_are_all_empty_leave_metrics_undefined(tmp_path: Path) -> None:
    report = reported(
        written(tmp_path, "h.txt", "a\nb\n"), written(tmp_path, "r.txt", "\n\n"), "-m", "all"
    )
    metrics = report["metrics"]
    for spec in ("bleu", "chrf", "rouge1", "rougeL", "wer", "cer", "ter", "wil"):
        assert metrics[spec]["value"] is None
        assert "empty" in metrics[spec]["undefined"]
    assert report["citations"] == []


def test_what_a_good_colleague_would_say() -> None:
    some = [f"word{i} and so on." for i in range(10)]
    assert warnings(some, [f"{text} x" for text in some]) == []
    (same,) = warnings(some, some)
    assert "identical" in same
    split = [text.replace(".", " .") for text in some]
    (tokenised,) = warnings(split, some)
    assert "looks tokenised" in tokenised
    assert warnings(split, some, tokenize="none", metrics="bleu1") == []
    pieces = [text.replace("word", "wo@@ rd") for text in some]
    (left,) = warnings(pieces, some)
    assert "'@@ '" in left
    assert "10 times (first in segment 1)" in left
    for mark in ("▁so", "&apos;", "<unk>"):
        marked = [text.replace("so", f" {mark}") for text in some]
        (left,) = warnings(marked, some, metrics="bleu1")
        assert "left in the hypotheses" in left
    (blank,) = warnings(["", "", *some[2:]], some)
    assert blank == "2 of 10 hypotheses (20%) are blank: they count"
    (erased,) = warnings(["猫 が 好き"], ["犬 が 好き"], metrics="rouge1")
    assert "--tokenize unicode" in erased
    assert warnings(["猫 が 好き"], ["犬 が 好き"], metrics="rouge1", tokenize="unicode") == []


def test_inspect_names_the_command_of_texts(tmp_path: Path) -> None:
    told = " ".join(run("inspect", FIRST).stdout.split())
    assert f"mleval text {FIRST} REFERENCES" in told
    table = written(tmp_path, "x.jsonl", '{"hypothesis": "a b", "reference": "a c"}\n')
    found = json.loads(run("inspect", table, "--json").stdout)
    assert found["hint"] == f"if these are texts: mleval text {table}"
    labels = written(tmp_path, "labels.csv", "cat\ndog\ncat\n")
    assert "mleval text" not in run("inspect", labels).stdout


def test_swapped_names_are_told(tmp_path: Path) -> None:
    one, other = written(tmp_path, "ref.txt", "a b\n"), written(tmp_path, "model_hyp.txt", "a\n")
    assert any("swapped?" in told for told in reported(one, other)["warnings"])
    assert not any("swapped?" in told for told in reported(other, one)["warnings"])


def test_the_worst_texts_stand_one_below_the_other() -> None:
    table = run("text", SMALL, FIRST, "--worst", "2", "-m", "chrf", COLUMNS="200").stdout
    shown = [line.split() for line in table.partition("worst rows\n")[2].split("\n")]
    assert [line[0] for line in shown[:6]] == ["line", "hypothesis", "reference"] * 2


def test_the_worst_texts_of_each_of_several_systems_are_listed() -> None:
    table = run("text", "--ref", FIRST, SMALL, LARGE, "--worst", "1", "-m", "chrf").stdout
    assert table.count("\n  hypothesis ") == 2
