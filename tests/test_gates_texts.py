"""Texts against earlier texts of the same references: segment by segment."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from command import run
from gate_samples import only
from sacrebleu.metrics import BLEU
from text_corpora import ENGLISH

import mleval
from mleval.errors import InputError, NoInterval
from mleval.evaluation.run import Evaluated, evaluate
from mleval.options import TextOptions
from mleval.reading.texts import held_texts
from mleval.report import GateResult
from mleval.spec import Spec
from mleval.uncertainty.influences import variance_of

Z = 1.959963984540054


def systems(seed: int, segments: int, *, wrong: tuple[float, float] = (0.2, 0.2)) -> Any:
    """The references, and two systems that get so much of them wrong."""
    draw = random.Random(seed)
    words = [f"{word}{n}" for word in ENGLISH for n in range(5)]
    references = [draw.choices(words, k=draw.randint(6, 14)) for _ in range(segments)]
    hard = [draw.random() * 2 for _ in references]  # what one finds hard the other does too

    def said(share: float) -> list[str]:
        return [
            " ".join(draw.choice(words) if draw.random() < share * by else w for w in line)
            for line, by in zip(references, hard, strict=True)
        ]

    return [" ".join(line) for line in references], said(wrong[0]), said(wrong[1])


def compared(references: Any, ours: Any, theirs: Any, gate: str, **more: Any) -> GateResult:
    metrics = more.pop("metrics", "bleu")
    return only(
        mleval.text(
            ours,
            references,
            baseline=theirs,
            gates=gate,
            decide="interval",
            metrics=metrics,
            **more,
        )
    )


def test_segments_have_the_variance_that_the_means_have() -> None:
    references, ours, _ = systems(0, 60)
    options = TextOptions(metrics=(Spec.parse("all"),))
    done = evaluate(held_texts(ours, references), options, keep_batches=True)
    assert isinstance(done, Evaluated)
    assert done.influences
    seen = set()
    for request in done.requests:
        if request.metric.no_interval or done.parts[request.key][1].value is None:
            continue
        try:
            tangent = done.influences.evaluator.tangent(request, done.evidence)
        except NoInterval:
            continue
        moved = done.influence(request.key)
        expected = tangent.variance(tangent.slope)
        got = variance_of(moved, done.influences.rows.weight)
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-24), request.key
        seen.add(request.metric.name)
    assert {"bleu", "chrf", "rouge1", "rougeL", "wer", "cer", "exact_match", "ter"} <= seen


def test_the_interval_of_bleu_is_that_of_a_paired_bootstrap() -> None:
    """Drawn here, of the statistics that sacreBLEU counts of each segment."""
    references, ours, theirs = systems(1, 300, wrong=(0.2, 0.25))
    found = compared(references, ours, theirs, "bleu >= baseline")
    assert found.paired
    bleu = BLEU()
    counts = [
        np.array(bleu._extract_corpus_statistics(said, [references])) for said in (ours, theirs)
    ]

    def difference(rows: Any) -> float:
        scores = [bleu._compute_score_from_stats(c[rows].sum(axis=0).tolist()) for c in counts]
        return float(scores[0].score - scores[1].score) / 100

    assert found.difference == pytest.approx(difference(np.arange(300)), abs=1e-9)
    draw, drawn = np.random.default_rng(0), 400
    spread = np.std([difference(draw.integers(0, 300, 300)) for _ in range(drawn)], ddof=1)
    assert found.difference_low is not None
    assert found.difference_high is not None
    error = (found.difference_high - found.difference_low) / (2 * Z)
    assert error == pytest.approx(spread, rel=4 / math.sqrt(2 * (drawn - 1)))


def test_an_interval_of_shares_is_that_of_the_segments_that_differ() -> None:
    references, ours, theirs = systems(2, 80, wrong=(0.02, 0.05))
    found = compared(references, ours, theirs, "exact_match >= baseline", metrics="exact_match")
    right = [
        np.array([a == b for a, b in zip(said, references, strict=True)], float)
        for said in (ours, theirs)
    ]
    apart = right[0] - right[1]
    assert found.difference == pytest.approx(apart.mean())
    error = math.sqrt(np.var(apart, ddof=1) / len(apart))
    assert found.difference_low == pytest.approx(apart.mean() - Z * error)


@pytest.mark.parametrize("name", ["bleu", "chrf", "rougeL", "wer", "token_f1"])
def test_the_same_texts_pass_for_certain(name: str) -> None:
    references, ours, _ = systems(3, 40)
    for sign in (">=", "<=", "=="):
        found = compared(references, ours, ours, f"{name} {sign} baseline", metrics=name)
        assert (found.status, found.difference_low, found.difference_high) == ("passed", 0, 0)


def test_texts_by_id_are_joined_whatever_their_order() -> None:
    references, ours, theirs = systems(4, 50)
    ids = [f"q{n}" for n in range(50)]

    def by_id(texts: list[str], step: int) -> dict[str, str]:
        return dict(list(zip(ids, texts, strict=True))[::step])

    joined = compared(by_id(references, 1), by_id(ours, 1), by_id(theirs, -1), "bleu >= baseline")
    plain = compared(references, ours, theirs, "bleu >= baseline")
    assert joined.difference_low == pytest.approx(plain.difference_low, rel=1e-9)
    del ids[3]
    with pytest.raises(InputError, match="1 ids are without a hypothesis: 'q3'"):
        compared(
            {"q3": "x"} | by_id(references[1:], 1),
            {"q3": "x"} | by_id(ours[1:], 1),
            by_id(theirs[1:], 1),
            "bleu >= baseline",
        )


def written(directory: Path, **texts: list[str]) -> list[str]:
    paths = []
    for name, lines in texts.items():
        (directory / f"{name}.txt").write_text("\n".join([*lines, ""]), "utf-8")
        paths.append(str(directory / f"{name}.txt"))
    return paths


def test_earlier_hypotheses_are_compared_on_the_command_line(tmp_path: Path) -> None:
    references, ours, theirs = systems(5, 150, wrong=(0.1, 0.4))
    new, ref, old = written(tmp_path, new=ours, ref=references, old=theirs)
    gate = ("--gate", "bleu > baseline + 0.05", "--decide", "interval", "-m", "bleu")
    found = run("text", new, ref, "--baseline", old, *gate)
    assert found.status == 0
    assert "paired" in found.stdout
    assert run("text", old, ref, "--baseline", new, *gate).status == 1
    several = run("text", "--ref", ref, new, old, "--baseline", old, "--gate", "bleu >= baseline")
    assert several.status == 0
    assert "2 passed" in several.stdout
    short = written(tmp_path, short=theirs[:-1])[0]
    refused = run("text", new, ref, "--baseline", short, *gate)
    assert refused.status == 3
    assert "short.txt has 149 lines" in refused.stderr
    assert "hint: line i of each file must be about the same segment" in refused.stderr


def test_a_saved_report_is_another_sample(tmp_path: Path) -> None:
    references, ours, theirs = systems(6, 60)
    new, ref, old = written(tmp_path, new=ours, ref=references, old=theirs)
    saved = str(tmp_path / "old.json")
    assert run("text", old, ref, "-m", "bleu", "-o", saved).status == 0
    found = run("text", new, ref, "--baseline", saved, "--gate", "bleu >= baseline - 0.5")
    assert found.status == 0
    assert "unpaired" in found.stdout
    other = run(
        *("text", new, ref, "--baseline", saved, "--gate", "bleu >= baseline"),
        *("--tokenize", "char"),
    )
    assert other.status == 1
    assert "the report does not hold bleu(tokenize=char); it has bleu" in " ".join(
        other.stdout.split()
    )


def test_other_references_are_other_segments() -> None:
    references, ours, theirs = systems(7, 60)
    tables = [
        {"prediction": said, "reference": texts}
        for said, texts in ((ours, references), (theirs, references[::-1]))
    ]
    with pytest.raises(InputError, match="of 60 rows the truth is another in the baseline"):
        mleval.text(tables[0], baseline=tables[1], gates="bleu >= baseline", metrics="bleu")


def test_what_has_no_interval_says_why() -> None:
    references, ours, theirs = systems(8, 40)
    found = compared(references, ours, theirs, "distinct(n=2) <= baseline")
    assert found.status == "inconclusive"
    assert "distinct(n=2)" in str(found.reason)


RUNS = 1000 if FULL else 120


def test_systems_of_equal_skill_fail_as_often_as_the_level_says() -> None:
    """Coverage of the paired difference of BLEU, and how often a margin of 0 fails: 2.5 %."""
    found = [compared(*systems(seed, 200), "bleu >= baseline") for seed in range(RUNS)]
    inside = sum((r.difference_low or 0) <= 0 <= (r.difference_high or 0) for r in found) / RUNS
    failed = sum(result.status == "failed" for result in found) / RUNS
    spread = 4 * math.sqrt(0.05 * 0.95 / RUNS)
    assert 0.93 - spread <= inside <= 0.97 + spread
    assert failed <= 0.035 + 4 * math.sqrt(0.025 * 0.975 / RUNS)
