"""The texts part of a diagnosis: what is planted among texts is named, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import geometric_mean

import numpy as np
import pytest

import mleval
from mleval.diagnosis.result import Diagnosis
from mleval.diagnosis.wordings.tokens import Worded
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.segments import Segments

WORDS = [f"w{i}" for i in range(400)]


def corpus(seed: int, rows: int = 1000) -> tuple[list[list[str]], list[list[str]]]:
    """References of Zipfian words, and hypotheses that have a fifth of them wrong."""
    random = np.random.default_rng(seed)
    chance = 1 / np.arange(1, 401)
    chance /= chance.sum()
    lengths = random.integers(5, 30, rows)
    references = [random.choice(WORDS, size, p=chance).tolist() for size in lengths]
    hypotheses = [
        [random.choice(WORDS, p=chance) if random.random() < 0.2 else word for word in words]
        for words in references
    ]
    return hypotheses, references


def diagnosed(folder: Path, hypotheses: list[list[str]], references: list[list[str]]) -> Diagnosis:
    for name, side in (("hyp.txt", hypotheses), ("ref.txt", references)):
        (folder / name).write_text("".join(" ".join(words) + "\n" for words in side))
    return mleval.diagnose(
        str(folder / "hyp.txt"), task="text", references=(str(folder / "ref.txt"),)
    )


def repeated(words: list[str]) -> float:
    """The share of runs of three that stand earlier in a text of at least eight of them."""
    runs = [*zip(words, words[1:], words[2:], strict=False)]
    return 1 - len(set(runs)) / len(runs) if len(runs) >= 8 else 0.0


@pytest.mark.parametrize("seed", range(3))
def test_clean_texts_have_no_findings(tmp_path: Path, seed: int) -> None:
    assert not diagnosed(tmp_path, *corpus(seed)).findings


def test_loops_are_counted_and_shown(tmp_path: Path) -> None:
    hypotheses, references = corpus(0)
    looping = range(0, 1000, 50)
    for at in looping:
        hypotheses[at] = [*hypotheses[at][:4], *["again", "and"] * 8]
    found = diagnosed(tmp_path, hypotheses, references)
    (finding,) = [f for f in found.findings if f.kind == "repetition"]
    named = [
        at
        for at, (one, other) in enumerate(zip(hypotheses, references, strict=True))
        if repeated(one) >= 1 / 3 and repeated(one) > 2 * repeated(other)
    ]
    assert {*looping} <= {*named}
    assert finding.evidence["rows"] == len(named)
    assert finding.evidence["inside"] < finding.evidence["rest"]
    (shown,) = [e for s in found.sections for e in s.exhibits if e.name == "repeated"]
    shares = sorted((repeated(hypotheses[at]) for at in named), reverse=True)
    assert [row[3] for row in shown.rows] == pytest.approx(shares[: len(shown.rows)])
    assert {row[1] for row in shown.rows} <= {"again and again", "and again and"}


def test_texts_that_are_worse_where_references_are_long_are_told_by_their_length(
    tmp_path: Path,
) -> None:
    hypotheses, references = corpus(1)
    for at, words in enumerate(references):
        if len(words) > 20:
            hypotheses[at] = [f"x{i}" if i % 2 else word for i, word in enumerate(words)]
    found = diagnosed(tmp_path, hypotheses, references)
    (finding,) = [f for f in found.findings if f.kind == "weak_slice"]
    assert finding.columns == ("reference words",)
    assert ">" in finding.evidence["slice"]
    assert finding.evidence["inside"] < finding.evidence["rest"]


def test_texts_that_are_worse_where_references_are_rare_are_told_by_it(tmp_path: Path) -> None:
    hypotheses, references = corpus(2)
    segments = Segments(
        hypotheses=Lines.of(map(" ".join, hypotheses)),
        references=(Lines.of(map(" ".join, references)),),
    )
    rarity = Worded.of(segments).rarity(segments)
    for at in np.flatnonzero(rarity > np.quantile(rarity, 0.8)).tolist():
        hypotheses[at] = [f"x{i}" if i % 2 else w for i, w in enumerate(hypotheses[at])]
    found = diagnosed(tmp_path, hypotheses, references)
    (finding,) = [f for f in found.findings if f.kind == "weak_slice"]
    assert finding.columns == ("rarity",)
    assert ">" in finding.evidence["slice"]


@pytest.mark.parametrize(("kind", "change"), [("too_short", -3), ("too_long", 3)])
def test_texts_of_another_length_are_told(tmp_path: Path, kind: str, change: int) -> None:
    hypotheses, references = corpus(3)
    changed = [w[:change] if change < 0 else [*w, *WORDS[7 : 7 + change]] for w in hypotheses]
    found = diagnosed(tmp_path, changed, references)
    (finding,) = [f for f in found.findings if f.kind in ("too_short", "too_long")]
    sizes = [sum(map(len, side)) for side in (changed, references)]
    assert finding.kind == kind
    assert finding.evidence["ratio"] == pytest.approx(sizes[0] / sizes[1], rel=1e-12)


def test_blank_texts_are_counted(tmp_path: Path) -> None:
    hypotheses, references = corpus(4)
    for at in (3, 30, 300):
        hypotheses[at] = []
    (finding,) = [f for f in diagnosed(tmp_path, hypotheses, references) if f.kind == "blank"]
    assert finding.evidence["rows"] == 3


def test_rarity_is_the_geometric_mean_of_ranks() -> None:
    references = ["a b a", "b c a", "d", ""]
    segments = Segments(hypotheses=Lines.of(["x"] * 4), references=(Lines.of(references),))
    counts = Counter(" ".join(references).split())
    ranks = {word: rank for rank, (word, _) in enumerate(counts.most_common(), 1)}
    found = Worded.of(segments).rarity(segments)
    for text, rarity in zip(references[:3], found[:3].tolist(), strict=True):
        assert rarity == pytest.approx(geometric_mean(ranks[word] for word in text.split()))
    assert np.isnan(found[3])


def test_texts_without_spaces_are_told_by_characters() -> None:
    lines = ["今日はとても良い天気なので公園まで散歩に行きましょう" + "です" * i for i in range(3)]
    segments = Segments(hypotheses=Lines.of(lines), references=(Lines.of(lines),))
    worded = Worded.of(segments)
    assert worded.unit == "characters"
    assert worded.length(segments).tolist() == [float(len(line)) for line in lines]
