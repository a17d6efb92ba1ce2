"""The figures of language models: by their definitions, told apart, and with honest intervals."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from jsonschema import Draft202012Validator
from scipy import stats
from scored_texts import (
    TOKENS,
    chat,
    completion,
    lines,
    mleval,
    reported,
    token_list,
    value,
    vllm,
    written,
)

import mleval as package
from mleval.errors import InputError, UsageError
from mleval.evaluation.run import Evaluated, evaluate
from mleval.metrics import metrics
from mleval.options import PerplexityOptions
from mleval.references import reference
from mleval.report import Report
from mleval.spec import Spec
from mleval.verification import verify

CATALOGUE = """
    perplexity cross_entropy bits_per_token bits_per_byte bits_per_char word_perplexity
    sequence_perplexity mean_perplexity token_accuracy token_top_k oov_rate
"""
DEFAULT = "perplexity cross_entropy bits_per_byte bits_per_char"
VALIDATOR = Draft202012Validator(
    json.loads(files("mleval").joinpath("report.schema.json").read_text())
)


def numbers(sequences: list[list[float]]) -> str:
    return "".join(" ".join(map(repr, values)) + "\n" for values in sequences)


def test_the_catalogue_is_registered_and_has_references() -> None:
    registered = {metric.name: metric for metric in metrics("perplexity")}
    assert set(registered) == set(CATALOGUE.split())
    for name, metric in registered.items():
        found = reference("perplexity", name)
        assert found is not None
        assert found.library == "definition"
        assert metric.use
        assert metric.beware
    assert all(registered[name].default for name in DEFAULT.split())


# Three numbers that are called perplexity


def test_over_tokens_over_sequences_and_their_mean_are_three_numbers(tmp_path: Path) -> None:
    """Of two tokens that cost 5 nats each, and 51 that cost 4."""
    path = written(numbers([[-5.0] * 2, [-4.0] * 51]), "x.txt")(tmp_path)
    flags = [word for name in ("perplexity", "sequence_perplexity", "mean_perplexity")
             for word in ("-m", name)]  # fmt: skip
    report = reported(path, *flags)
    assert f"{value(report, 'perplexity'):.1f}" == "56.7"
    assert f"{value(report, 'sequence_perplexity'):.1f}" == "90.0"
    assert f"{value(report, 'mean_perplexity'):.1f}" == "101.5"
    assert value(report, "perplexity") == pytest.approx(math.exp(214 / 53), rel=1e-14)
    assert value(report, "sequence_perplexity") == pytest.approx(math.exp(4.5), rel=1e-14)
    expected = (math.exp(5) + math.exp(4)) / 2
    assert value(report, "mean_perplexity") == pytest.approx(expected, rel=1e-14)


def test_the_cards_tell_them_apart_and_speak_of_tokenizers() -> None:
    told = " ".join(run("metrics", "perplexity").stdout.split())
    assert "figures of models with different tokenizers do not compare" in told
    assert "sequence_perplexity and mean_perplexity are other numbers" in told
    assert "exp(−Σ ln p / Σ tokens)" in told
    told = " ".join(run("metrics", "bits_per_byte").stdout.split())
    assert "whatever their tokenizers" in told


# Against the definitions


def random_lists(seed: int, size: int) -> list[dict[str, Any]]:
    """Sequences of very different lengths and difficulties, some without a first one."""
    draw = np.random.default_rng(seed)
    found = []
    for at in range(size):
        length = int(draw.integers(1, 200)) if at else 5000
        values = (-draw.gamma(0.7, draw.uniform(0.1, 8), length)).tolist()
        tokens = [f" w{at}é"[: int(draw.integers(1, 5))] or "." for _ in range(length)]
        if length > 1 and draw.random() < 0.5:
            values[0] = None
        found.append({"token_logprobs": values, "tokens": tokens, "text": "".join(tokens)})
    return found


KENLM = "a=3 1 -2.5\tb=0 2 -0.5\t</s>=2 1 -0.125\tTotal: -3.125 OOV: 1\n" * 3 + (
    "c=3 1 -1.5\t</s>=2 1 -3.25\tTotal: -4.75 OOV: 0\n"
)

DATA: dict[str, Any] = {
    "lists": lines(random_lists(1, 40)),
    "few lists": lines(random_lists(2, 2)),
    "tiny": lines([{"logprobs": [-1e-300], "text": "a"}, {"logprobs": [-2e-300], "text": "b"}]),
    "huge": lines([{"logprobs": [-1e5, -3], "text": "a b"}, {"logprobs": [-2.0], "text": "c"}]),
    "alternatives": lines([vllm(at, alternatives=True) for at in range(3)]),
    "completions": lines([completion(at) for at in range(3)]),
    "chat": lines([chat(at) for at in range(3)]),
    "out of vocabulary": written(KENLM, "query.out"),
    "rows": written(
        "doc,token,logprob\n"
        + "".join(f"{at % 7},t{at},{-((at * 37) % 101) / 13!r}\n" for at in range(500)),
        "x.csv",
    ),
    "sums": lines([{"nll": 10.0 + at, "num_tokens": 3 + at, "text": "x" * at} for at in range(9)]),
}


def every(name: str, folder: Path) -> tuple[Evaluated, PerplexityOptions]:
    """A data set under every metric that it can answer."""
    path = DATA[name](folder)
    options = PerplexityOptions(metrics=(Spec("all"),), text="token" if name == "rows" else None)
    found = evaluate([str(path)], options, keep_batches=True)
    assert isinstance(found, Evaluated)
    return found, options


@pytest.mark.parametrize("name", DATA)
def test_every_number_agrees_with_its_definition(
    tmp_path: Path, name: str, record_property: Any
) -> None:
    checks = verify(*every(name, tmp_path)).rows
    largest, comparisons = (0.0, ""), 0
    for check in checks:
        if check.value is None:
            told = (check.reference, check.note)
            assert check.reference is None or not math.isfinite(check.reference), told
            continue
        assert check.reference is not None, check
        scale = max(abs(check.value), abs(check.reference))
        difference = abs(check.value - check.reference) / scale if scale else 0.0
        assert difference <= 1e-12, check
        comparisons += 1
        largest = max(largest, (difference, f"{check.spec} on {name}"))
    assert comparisons
    record_property("comparisons", comparisons)
    record_property("undefined in both", len(checks) - comparisons)
    record_property("largest difference", [*largest])


def test_verify_shows_both_numbers(tmp_path: Path) -> None:
    result = mleval(DATA["lists"](tmp_path), "--verify")
    assert result.status == 0
    assert "7 of 7 numbers agree with the references." in result.stdout


# Ranks


def test_token_accuracy_and_top_k(tmp_path: Path) -> None:
    path = lines([vllm(at, alternatives=True) for at in range(3)])(tmp_path)
    flags = ("-m", "token_accuracy", "-m", "token_top_k(k=2)", "-m", "token_top_k(k=3)")
    report = reported(path, *flags)
    assert value(report, "token_accuracy") == pytest.approx(3 / 9, rel=1e-12)
    assert value(report, "token_top_k(k=2)") == pytest.approx(3 / 9, rel=1e-12)
    assert value(report, "token_top_k(k=3)") == 1.0


def test_a_token_beyond_its_alternatives_is_not_the_likeliest(tmp_path: Path) -> None:
    answer = chat(0)
    content = answer["choices"][0]["logprobs"]["content"]
    for place in (0, 3):
        content[place]["top_logprobs"] = [{"token": "x", "logprob": -0.01, "bytes": None}]
    path = lines([answer, chat(1)])(tmp_path)
    report = reported(path, "-m", "token_accuracy", "-m", "token_top_k(k=1)")
    assert value(report, "token_accuracy") == pytest.approx(6 / 8, rel=1e-12)
    report = reported(path, "-m", "token_top_k(k=2)")
    told = report["metrics"]["token_top_k(k=2)"]["undefined"]
    assert told == "the rank of 2 tokens is not known up to 2"


def test_the_extra_token_of_completions_has_no_certain_rank(tmp_path: Path) -> None:
    """Beside the k likeliest stands the token itself, however unlikely it is."""
    likeliest = [{" a": -0.1, " x": -3.0}, {" b": -0.2, " y": -2.0, " z": -9.0}]
    logprobs = {"tokens": [" a", " z"], "token_logprobs": [-0.1, -9.0], "top_logprobs": likeliest}
    record = {"choices": [{"text": " a z", "logprobs": logprobs}]}
    report = reported(lines([record])(tmp_path), "-m", "token_accuracy", "-m", "token_top_k(k=2)")
    assert value(report, "token_accuracy") == 0.5
    assert value(report, "token_top_k(k=2)") == 0.5
    report = reported(lines([record])(tmp_path), "-m", "token_top_k(k=3)")
    assert "the rank of 1 tokens" in report["metrics"]["token_top_k(k=3)"]["undefined"]


# Intervals


def by_hand(nll: Any, units: Any, level: float = 0.95) -> tuple[float, float]:
    """The delta method for a ratio of means, on the logarithm, with t: rows are sequences."""
    nll, units = np.asarray(nll), np.asarray(units)
    ratio, size = nll.sum() / units.sum(), len(nll)
    variance = ((nll - ratio * units) ** 2).sum() / units.sum() ** 2 * size / (size - 1)
    spread = stats.t.ppf(0.5 + level / 2, size - 1) * math.sqrt(variance) / ratio
    return ratio * math.exp(-spread), ratio * math.exp(spread)


def test_intervals_are_clustered_by_sequence(tmp_path: Path) -> None:
    records = random_lists(3, 40)
    report = reported(lines(records)(tmp_path))
    scored = [[v for v in r["token_logprobs"] if v is not None] for r in records]
    nll = [-math.fsum(values) for values in scored]
    low, high = by_hand(nll, [len(values) for values in scored])
    found = report["metrics"]
    assert found["cross_entropy"]["low"] == pytest.approx(low, rel=1e-9)
    assert found["cross_entropy"]["high"] == pytest.approx(high, rel=1e-9)
    assert found["bits_per_token"]["low"] == pytest.approx(low / math.log(2), rel=1e-9)
    low, high = by_hand(nll, [len(r["text"].encode()) for r in records])
    assert found["bits_per_byte"]["low"] == pytest.approx(low / math.log(2), rel=1e-9)
    assert found["bits_per_byte"]["high"] == pytest.approx(high / math.log(2), rel=1e-9)


def test_the_interval_of_perplexity_is_that_of_its_entropy(tmp_path: Path) -> None:
    found = reported(lines(random_lists(4, 30))(tmp_path))["metrics"]
    for end in ("low", "high"):
        expected = math.exp(found["cross_entropy"][end])
        assert found["perplexity"][end] == pytest.approx(expected, rel=1e-12)
    assert found["perplexity"]["method"] == found["cross_entropy"]["method"] == "delta"


def test_tokens_of_one_sequence_are_not_independent(tmp_path: Path) -> None:
    """Ten texts, each token ten times: an interval that took tokens for rows would shrink."""
    draw = np.random.default_rng(5)
    sequences = [(-draw.gamma(1, 2, 20)).tolist() for _ in range(10)]
    once = reported(written(numbers(sequences), "x.txt")(tmp_path))["metrics"]["cross_entropy"]
    often = [values * 10 for values in sequences]
    more = reported(written(numbers(often), "y.txt")(tmp_path))["metrics"]["cross_entropy"]
    for end in ("value", "low", "high"):
        assert more[end] == pytest.approx(once[end], rel=1e-9)


@pytest.mark.parametrize("size", [5, 100])
def test_the_intervals_cover_what_they_say(size: int) -> None:
    """Texts of lengths and difficulties of their own; the truth is a ratio of expectations.

    The tokens of a text share how hard it is, so they are not independent.
    """
    draw = np.random.default_rng(6)
    names = ("cross_entropy", "perplexity", "bits_per_byte", "sequence_perplexity")
    sets, hits = 400, dict.fromkeys(names, 0)
    # E[length · difficulty] / E[length], and e to the mean difficulty
    difficulty_of = lambda length: 1 + 20 / length  # noqa: E731
    lengths = np.arange(5, 60)
    nats = (lengths * difficulty_of(lengths)).sum()
    truth = {
        "cross_entropy": nats / lengths.sum(),
        "perplexity": math.exp(nats / lengths.sum()),
        "bits_per_byte": nats / (3 * lengths + 10).sum() / math.log(2),
        "sequence_perplexity": math.exp(difficulty_of(lengths).mean()),
    }
    for _ in range(sets):
        chosen = draw.choice(lengths, size)
        hard = draw.gamma(8, 1 / 8, size)
        logprobs = [
            (-h * draw.gamma(2, difficulty_of(n) / 2, n)).tolist()
            for n, h in zip(chosen, hard, strict=True)
        ]
        text = ["x" * (3 * n + 10) for n in chosen]
        report = package.perplexity(logprobs=logprobs, text=text, metrics=[*hits])
        for name in hits:
            hits[name] += report[name].low <= truth[name] <= report[name].high
    error = math.sqrt(0.95 * 0.05 / sets)
    for name, count in hits.items():
        assert abs(count / sets - 0.95) <= 4 * error, (name, count / sets)


def test_a_baseline_is_compared_sequence_by_sequence(tmp_path: Path) -> None:
    """The variance of the difference of two ratios over the same texts, by its definition."""
    draw = np.random.default_rng(11)
    lengths = draw.integers(5, 30, 50)
    before = [(-draw.gamma(2, 1, n)).tolist() for n in lengths]
    after = [[value * draw.uniform(0.9, 1.2) for value in values] for values in before]
    old = written(numbers(before), "old.txt")(tmp_path)
    new = written(numbers(after), "new.txt")(tmp_path)
    gate = ("--gate", "cross_entropy <= baseline + 0.2", "--baseline", str(old))
    (found,) = json.loads(mleval(new, "--json", *gate).stdout)["gates"]
    nats = [np.array([-math.fsum(values) for values in some]) for some in (after, before)]
    ratios = [some.sum() / lengths.sum() for some in nats]
    apart = [(some - r * lengths) / lengths.sum() for some, r in zip(nats, ratios, strict=True)]
    variance = ((apart[0] - apart[1]) ** 2).sum() * 50 / 49
    spread = 1.959963984540054 * math.sqrt(variance)
    assert found["difference"] == pytest.approx(ratios[0] - ratios[1] - 0.2, rel=1e-9)
    assert found["difference_low"] == pytest.approx(found["difference"] - spread, rel=1e-9)
    assert found["difference_high"] == pytest.approx(found["difference"] + spread, rel=1e-9)


@pytest.mark.parametrize("metric", sorted({*CATALOGUE.split()} - {"oov_rate"}))
def test_every_metric_can_be_compared_with_a_baseline(tmp_path: Path, metric: str) -> None:
    path = lines([completion(at) for at in range(3)])(tmp_path)
    gate = ("--gate", f"{metric} <= baseline", "--baseline", str(path))
    assert mleval(path, *gate).status in (0, 1)


def test_few_sequences_are_warned_of(tmp_path: Path) -> None:
    warnings = reported(lines(random_lists(7, 12))(tmp_path))["warnings"]
    assert any("under 30 sequences: intervals are approximate" in text for text in warnings)


def test_what_is_counted_is_known_by_its_unit(tmp_path: Path) -> None:
    report = reported(written("nll,num_tokens,num_bytes\n3,2,9\n4,2,9\n", "x.csv")(tmp_path))
    (told,) = [a["value"] for a in report["assumed"] if a["what"] == "convention"]
    assert told.endswith("; bytes (UTF-8) of the texts, by 'num_bytes'")
    result = mleval(tmp_path / "x.csv", "--verify")
    assert result.status == 0
    assert "not compared" not in result.stdout


# The report


def test_the_report_describes_the_sequences(tmp_path: Path) -> None:
    records = random_lists(8, 101)
    report = reported(lines(records)(tmp_path))
    scored = [[v for v in r["token_logprobs"] if v is not None] for r in records]
    each = [math.exp(-math.fsum(values) / len(values)) for values in scored]
    found = report["distributions"]["sequence perplexity"]
    assert found["quantiles"]["0.5"] == pytest.approx(np.median(each), rel=1e-12)
    assert {"0.05", "0.95"} <= set(found["quantiles"])
    assert sum(found["counts"]) == 101


def test_the_worst_sequences_and_tokens_are_listed_in_context(tmp_path: Path) -> None:
    report = reported(lines([token_list(at) for at in range(3)])(tmp_path), "--worst", "2")
    sequences, tokens = report["worst"][:2], report["worst"][2:]
    assert [row["place"].split(", ")[-1] for row in sequences] == ["line 2", "line 3"]
    assert sequences[0] == {
        "place": sequences[0]["place"],
        "id": "1",
        "of": "sequence",
        "nats": 8.75,
        "tokens": 2.0,
        "text": "".join(TOKENS[1]),
    }
    assert [row["of"] for row in tokens] == ["token 2", "token 2"]
    assert [row["nats"] for row in tokens] == [11.5, 7.25]
    assert tokens[1]["text"] == "The[ cat] sat on the mat."


def test_tokens_in_rows_are_listed_with_their_document(tmp_path: Path) -> None:
    text = "doc,token,logprob\n" + "".join(
        f"{doc},{token},{value}\n"
        for doc, rows in {"a": [("x", -1), (" y", -9)], "b": [(" z", -2), ("!", -1)]}.items()
        for token, value in rows
    )
    report = reported(written(text, "x.csv")(tmp_path), "--worst", "1")
    sequence, token = report["worst"]
    assert (sequence["id"], sequence["nats"], sequence["text"]) == ("a", 5.0, "x y")
    assert (token["id"], token["of"], token["text"]) == ("a", "token", "x[ y]")
    assert token["place"].endswith("x.csv, line 3")


@pytest.mark.parametrize("name", DATA)
def test_the_report_is_valid_and_comes_back(tmp_path: Path, name: str) -> None:
    result = mleval(DATA[name](tmp_path), "--json", "-q")
    report = json.loads(result.stdout)
    assert [error.message for error in VALIDATOR.iter_errors(report)] == []
    assert Report.from_dict(report).to_dict() == report


@pytest.mark.parametrize("format_", ["table", "json", "markdown", "csv"])
def test_every_format_has_the_figures(tmp_path: Path, format_: str) -> None:
    result = mleval(lines([token_list(at) for at in range(3)])(tmp_path), "--format", format_)
    assert result.status == 0
    assert "perplexity" in result.stdout
    assert "52.3" in result.stdout or "52.4" in result.stdout


def test_one_line_states_the_conventions(tmp_path: Path) -> None:
    told = " ".join(mleval(lines([token_list(at) for at in range(3)])(tmp_path)).stdout.split())
    assert "language model 3 sequences · 9 tokens" in told
    assert (
        "convention=−Σ ln p over 9 tokens of 3 sequences, which are the clusters; 3 first tokens "
        "without a log-probability left out of both sums; bytes (UTF-8), characters and words of "
        "'text', first tokens among them"
    ) in told


# The Python API


def test_lists_in_memory() -> None:
    logprobs = [[None, -1.0], [-2.0, -3.0]]
    report = package.perplexity(
        logprobs=logprobs, text=["a b", "c"], tokens=[["a", " b"], ["c", ""]]
    )
    assert report["cross_entropy"].value == 2.0
    assert report["bits_per_byte"].value == pytest.approx(6 / math.log(2) / 4, rel=1e-12)


@pytest.mark.parametrize(
    "data",
    [
        [[None, -1.0], [-2.0, -3.0]],
        [np.array([-1.0]), np.array([-2.0, -3.0])],
        np.array([[-1.0, -3.0]]),
        [-1.0, -2.0, -3.0],
        [{"logprobs": [-1.0, -2.0]}, {"logprobs": [-3.0]}],
        {"logprobs": [[-1.0, -2.0], [-3.0]]},
        {"doc": ["a", "a", "b"], "token": ["x", "y", "z"], "logprob": [-1.0, -2.0, -3.0]},
        {"nll": [4.0, 2.0], "num_tokens": [2, 1]},
    ],
    ids=["lists", "arrays", "an array", "numbers", "records", "columns", "rows", "sums"],
)
def test_data_in_memory(data: Any) -> None:
    assert package.perplexity(data)["cross_entropy"].value == 2.0


def test_tables_in_memory() -> None:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    columns = {"token_logprobs": [[-1.0, -2.0], [-3.0]], "text": ["ab", "c"]}
    for table in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns)):
        report = package.perplexity(table)
        assert report["cross_entropy"].value == 2.0
        assert report["bits_per_byte"].value == pytest.approx(2 / math.log(2), rel=1e-12)


def test_responses_in_memory() -> None:
    class Answer:
        """As the client library of a server has them."""

        def model_dump(self, mode: str) -> dict[str, Any]:
            assert mode == "json"
            return chat(0)

    for data in (chat(0), [chat(0)], Answer(), [Answer()]):
        assert package.perplexity(data)["cross_entropy"].value == pytest.approx(15.125 / 6)


def test_rows_of_tokens_as_columns() -> None:
    report = package.perplexity(logprobs=[-1.0, -2.0, -3.0], doc=["a", "a", "b"])
    assert report.provenance["rows"] == 2


def test_the_api_refuses_what_it_cannot_mean(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is nothing to evaluate"):
        package.perplexity()
    with pytest.raises(UsageError, match="logprobs is the column itself"):
        package.perplexity(logprobs="logprobs")
    with pytest.raises(UsageError, match="input_format is one of"):
        package.perplexity([[-1.0]], input_format="nonsense")
    with pytest.raises(TypeError, match="unexpected keyword argument 'truth'"):
        package.perplexity([[-1.0]], truth="x")
    with pytest.raises(InputError, match="'tokens' is no column of values"):
        package.perplexity(logprobs=[[-1.0], [-2.0]], tokens=[["a"], "b"])
    with pytest.raises(InputError, match="no file"):
        package.perplexity(tmp_path / "nothing.jsonl")
    with pytest.raises(InputError, match="no log-probabilities were found"):
        package.perplexity({"label": [1, 0]})


def test_the_api_verifies(tmp_path: Path) -> None:
    report = package.perplexity(DATA["lists"](tmp_path), verify=True, metrics="all")
    assert report["ppl"].value == report["perplexity"].value


# The sample


def test_the_sample_is_what_its_script_writes(tmp_path: Path) -> None:
    import subprocess
    import sys

    folder = Path(package.__file__).parent.parent / "sample_data"
    command = [sys.executable, str(folder / "make_language_data.py"), str(tmp_path)]
    subprocess.run(command, check=True)
    written_now = (tmp_path / "harbour.jsonl").read_bytes()
    assert written_now == (folder / "harbour.jsonl").read_bytes()
