"""The laws of states for language models; and that it does not matter where a file is cut."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_texts import (
    Writer,
    batched,
    completion,
    csv_of,
    lines,
    reported,
    table,
    token_list,
    vllm,
    written,
)

from mleval.cli.perplexity import perplexity as command
from mleval.evaluation.perplexity.estimates import estimate
from mleval.evaluation.perplexity.evidence import PerplexityEvidence
from mleval.evaluation.perplexity.plan import PerplexityPlan, plan_of
from mleval.evaluation.requests import requests_for
from mleval.options.perplexity import InputFormat
from mleval.reading import ranges
from mleval.reading.logprobs import FORMATS, LogprobChoices, LogprobReading, open_logprobs
from mleval.reading.logprobs.texts import sizes_of, sizes_of_strings
from mleval.report import Estimate
from mleval.sequences import Ranks, Sequences, TokenScores
from mleval.spec import Spec
from mleval.states import Kept, Means, Ordered

law = settings(derandomize=True, deadline=None, max_examples=40)
REQUESTS = requests_for(
    "perplexity", [Spec("all"), Spec("token_top_k", (("k", 2),)), Spec("token_top_k", (("k", 1),))]
)
PLAN: PerplexityPlan = plan_of(REQUESTS, listed=4, described=True)
STATES: dict[str, Any] = {"means": Means, "worst": Kept, "tokens": Kept, "perplexities": Ordered}


def batch_of(rows: list[tuple[list[float], bool, int, list[int]]], first: int = 0) -> Sequences:
    """Sequences of these log-probabilities, a first one missing, of so many bytes, ranks."""
    lengths = [len(values) for values, *_ in rows]
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    values = np.array([v for row, *_ in rows for v in row], dtype=np.float64)
    absent = np.zeros(len(values), np.bool_)
    absent[offsets[:-1]] = [lacks for _, lacks, *_ in rows]
    values[absent] = 0.0
    ranks = np.array([rank for *_, some in rows for rank in some], dtype=np.int64)
    scores = TokenScores(offsets, values, absent, Ranks(ranks, np.full(len(ranks), 3)))
    skipped = np.array([lacks for _, lacks, *_ in rows], dtype=np.float64)
    size = np.array([bytes_ for *_, bytes_, _ in rows], dtype=np.float64)
    return Sequences(
        nll=0.0 - scores.sums(values),
        tokens=np.array(lengths, np.float64) - skipped,
        skipped=skipped,
        bytes=size,
        chars=np.ceil(size / 2),
        words=np.ceil(size / 5),
        spelled=size / 3,
        oov=skipped,
        part=np.zeros(len(rows), np.int32),
        row=np.arange(first, first + len(rows), dtype=np.int32),
        choice=np.zeros(len(rows), np.int32),
        edges=np.zeros(len(rows), np.int8),
        scores=scores,
    )


@st.composite
def rows(draw: st.DrawFn, least: int = 1) -> list[tuple[list[float], bool, int, list[int]]]:
    """A few sequences of at least two tokens, log-probabilities often tied."""
    found = []
    for _ in range(draw(st.integers(least, 12))):
        values = draw(st.lists(st.integers(-40, 0).map(lambda n: n / 4), min_size=2, max_size=9))
        ranks = draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
        found.append((values, draw(st.booleans()), draw(st.integers(1, 40)), ranks))
    return found


def merged(*several: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for states in several:
        for name, state in states.items():
            whole[name] = whole[name].merge(state) if name in whole else state
    return whole


def evidence_of(states: dict[str, Any], count: int) -> PerplexityEvidence:
    return PerplexityEvidence(
        rows=count,
        means=states["means"],
        worst=states["worst"],
        tokens=states["tokens"],
        truncated=states["truncated"],
        perplexities=states["perplexities"],
        models=(),
        place=lambda part, row: f"{part}, {row}",
    )


def read(states: dict[str, Any], count: int) -> dict[str, Any]:
    """Every metric, the distribution, and what is listed."""
    evidence = evidence_of(states, count)
    found: dict[str, Any] = {r.key: estimate(r, evidence, 0.95) for r in REQUESTS}
    found["median"] = Estimate(value=evidence.perplexities.quantile(0.5))
    for name, kept in (("worst", evidence.worst), ("tokens", evidence.tokens)):
        found[name] = {column: values.tolist() for column, values in kept.columns.items()}
    return found


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    assert list(one) == list(other)
    return [
        f"{key}: {a} / {b}"
        for (key, a), b in zip(one.items(), other.values(), strict=True)
        if not (alike(a, b) if isinstance(a, Estimate) else close(a, b))
    ]


def alike(a: Estimate, b: Estimate) -> bool:
    ends = near(a.low, b.low, 1e-9) and near(a.high, b.high, 1e-9)
    return near(a.value, b.value, 1e-12) and ends and a.undefined == b.undefined


def close(a: dict[str, list[float]], b: dict[str, list[float]]) -> bool:
    return list(a) == list(b) and all(np.allclose(a[k], b[k], rtol=1e-12, atol=0) for k in a)


def near(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1.0)


@law
@given(st.data())
def test_every_split_of_the_sequences_in_every_order_reads_the_same(data: st.DataObject) -> None:
    some = data.draw(rows())
    whole = batch_of(some)
    order = data.draw(st.permutations(range(len(some))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(some)), max_size=4)))
    parts = np.split(np.array(order, dtype=np.intp), cuts)
    split = []
    for part in parts:
        batch = batch_of([some[i] for i in part])
        batch.row[:] = part
        split.append(dict(PLAN.states_of(batch)))
    expected = read(dict(PLAN.states_of(whole)), len(some))
    assert differing(expected, read(merged(*split), len(some))) == []


@law
@given(rows(), rows(), rows())
def test_merging_is_associative_and_commutative(one, two, three) -> None:
    firsts = (0, len(one), len(one) + len(two))
    batches = [batch_of(r, first) for r, first in zip((one, two, three), firsts, strict=True)]
    a, b, c = (dict(PLAN.states_of(batch)) for batch in batches)
    count = sum(map(len, batches))
    whole = read(merged(merged(a, b), c), count)
    assert differing(whole, read(merged(a, merged(b, c)), count)) == []
    assert differing(whole, read(merged(c, b, a), count)) == []


@law
@given(rows())
def test_the_state_of_no_sequences_changes_nothing(some) -> None:
    states = dict(PLAN.states_of(batch_of(some)))
    nothing = {name: state.empty() for name, state in STATES.items()}
    for both in (merged(states, nothing), merged(nothing, states)):
        assert differing(read(states, len(some)), read(both, len(some))) == []


@law
@given(rows())
def test_states_come_back_from_a_file_as_they_were(some) -> None:
    states = dict(PLAN.states_of(batch_of(some)))
    back = {name: saved_and_loaded(states[name]) if name in STATES else states[name]
            for name in states}  # fmt: skip
    assert differing(read(states, len(some)), read(back, len(some))) == []


def saved_and_loaded(state: Any) -> Any:
    file = io.BytesIO()
    np.savez(file, **state.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return type(state).from_arrays(dict(arrays))


@law
@given(rows(), rows())
def test_nothing_changes_what_it_is_given(one, two) -> None:
    batches = batch_of(one), batch_of(two, len(one))
    for batch in batches:
        for column in (batch.nll, batch.tokens, batch.row, batch.bytes):
            column.flags.writeable = False
        assert batch.scores
        batch.scores.values.flags.writeable = False
    states = [dict(PLAN.states_of(batch)) for batch in batches]
    before = [read(one, len(batch)) for one, batch in zip(states, batches, strict=True)]
    merged(*states)
    after = [read(one, len(batch)) for one, batch in zip(states, batches, strict=True)]
    assert before == after


# Where a file is cut


def many(make: Callable[[int], Any]) -> list[Any]:
    return [make(at % 3) for at in range(30)]


def rows_of_words() -> str:
    """Documents whose words go across rows, of tokens that are cut anywhere."""
    draw = np.random.default_rng(1)
    text = "Ein schöner Tag, sagte sie\u3000und ging.  Na ja ... " * 12
    cuts = sorted(draw.choice(len(text), 150, replace=False).tolist())
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    rows = [(f"d{at // 17}", piece, -at / 7) for at, piece in enumerate(pieces)]
    return csv_of("doc,token,logprob", rows)


KENLM = "a=3 1 -2.5\tbé=0 2 -0.5\t</s>=2 1 -0.125\tTotal: -3.125 OOV: 1\n" * 20
CUT: dict[str, tuple[Writer, tuple[str, ...]]] = {
    "token lists": (lines(many(token_list)), ()),
    "token lists as text": (
        written("logprobs;text\n" + '[null, -1.5, -2];"a b"\n[-1];"c"\n' * 20, "x.csv"),
        (),
    ),
    "token lists, Parquet": (
        table({"logprobs": [[None, -1.0, -at / 3] for at in range(9)]}, "x.parquet"),
        (),
    ),
    "completions": (lines(many(completion)), ()),
    "batch": (lines([batched(completion(at % 3), at) for at in range(30)]), ()),
    "vLLM": (lines([vllm(at % 3, alternatives=True) for at in range(30)]), ()),
    "KenLM": (written(KENLM, "query.out"), ()),
    "numbers": (written("-1 -2.5 -3\n\n-4 -1\n" * 30, "x.txt"), ()),
    "sums": (
        written(csv_of("loss,num_tokens", [(at / 3, at + 1) for at in range(40)]), "x.csv"),
        (),
    ),
    "token rows": (written(rows_of_words(), "x.csv"), ("--text", "token")),
    "token rows, JSON": (
        lines([{"doc": f"d{at // 7}", "token": f" t{at}", "logprob": -at / 9} for at in range(60)]),
        ("--text", "token"),
    ),
}


@pytest.mark.parametrize("size", [64, 333, 1500])
@pytest.mark.parametrize("what", CUT)
def test_it_does_not_matter_where_a_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, size: int
) -> None:
    write, flags = CUT[what]
    path = write(tmp_path)
    whole = reported(path, *flags)
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    split = reported(path, *flags)
    for name, found in whole["metrics"].items():
        other = split["metrics"][name]
        for field in ("value", "low", "high"):
            assert near(found[field], other[field], 1e-12), (name, field)
        assert found.get("undefined") == other.get("undefined")
    if "rows" not in what:  # the context of a token ends with the stretch that it is in
        assert whole["worst"] == split["worst"]
    places = [[row["place"] for row in report["worst"]] for report in (whole, split)]
    assert places[0] == places[1]


@pytest.mark.parametrize("size", [64, 333])
def test_texts_of_another_file_find_their_sequences_wherever_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path = lines([{"logprobs": [-1.0 * at, -2.0]} for at in range(40)])(tmp_path)
    texts = tmp_path / "texts.txt"
    texts.write_text("".join("x" * (at + 1) + "\n" for at in range(40)), encoding="utf-8")
    whole = reported(path, "--text", str(texts))["metrics"]["bits_per_byte"]
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    split = reported(path, "--text", str(texts))["metrics"]["bits_per_byte"]
    assert near(whole["value"], split["value"], 1e-12)
    assert near(whole["low"], split["low"], 1e-9)


# Memory


def test_a_sequence_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept when all are in, but for what does not grow: at most 64 bytes each."""
    count = 4000
    path = lines([{"logprobs": [-1.0, -at / 7]} for at in range(count)])(tmp_path)
    monkeypatch.setattr(ranges, "RANGE_BYTES", 4096)
    reading = LogprobReading(open_logprobs(str(path), LogprobChoices()), "error")
    states = merged(*(dict(PLAN.states_of(load())) for load in reading.parts()))
    arrays = [array for name in STATES for array in states[name].to_arrays().values()]
    assert sum(array.nbytes for array in arrays) <= 64 * count


# Lengths of texts


@law
@given(
    st.lists(st.one_of(st.none(), st.text(st.sampled_from("ab é日\u00a0\u2003\u3000\x85\x1c\n"))))
)
def test_the_lengths_of_texts_are_those_of_python(texts: list[str | None]) -> None:
    import pyarrow as pa

    for ours, plain in zip(
        sizes_of(pa.array(texts, pa.string())), sizes_of_strings(texts), strict=True
    ):
        np.testing.assert_array_equal(ours, plain)


def test_every_space_of_unicode_parts_words() -> None:
    import pyarrow as pa

    chars = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = [f"x{char}y" for char in chars if char.isspace() or not code_is_common(char)]
    words = sizes_of(pa.array(texts)).words
    assert words.tolist() == [len(text.split()) for text in texts]


def code_is_common(char: str) -> bool:
    return ord(char) > 0x3100


# The names of shapes


def test_the_command_line_knows_every_shape() -> None:
    import inspect

    (offered,) = get_args(inspect.signature(command).parameters["input_format"].annotation)[:1]
    named = [name for part in get_args(offered) for name in get_args(part)]
    assert set(named) == set(FORMATS) == set(get_args(InputFormat))
    assert json.dumps(named)
    assert math.isfinite(len(named))
