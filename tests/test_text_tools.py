"""Other tools: a preset is what theirs says by itself, and --verify says which one it lacks."""

from __future__ import annotations

import math
import random
import re
import string
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import sacrebleu
from command import run
from nltk.translate.bleu_score import corpus_bleu, sentence_bleu
from rouge_score.rouge_scorer import RougeScorer
from text_corpora import ENGLISH, MIXED, edited, line

import mleval
from mleval.errors import UsageError

Segment = tuple[str, list[str]]  # a hypothesis and its references
Segments = Sequence[Segment]
TOLERANCE = 1e-9


@cache
def samples() -> list[list[Segment]]:
    """Corpora of 1 to 8 segments with 1 to 3 references, some of a few words, some blank."""
    draw = random.Random(6)
    words = [*ENGLISH[:12], *MIXED[:30], "the", "a", "The.", "--"]
    found = []
    for _ in range(40):
        several, longest = draw.randint(1, 3), draw.choice([2, 6, 20])
        corpus = []
        for _ in range(draw.randint(1, 8)):
            references = [line(draw, words, longest) for _ in range(several)]
            said = edited(draw, draw.choice(references), words)
            corpus.append((said, references))
        found.append(corpus)
    return found


def of_each(score: Callable[[str, list[str]], float], segments: Segments) -> float:
    """The mean over segments."""
    return math.fsum(score(said, wanted) for said, wanted in segments) / len(segments)


def columns(segments: Segments) -> tuple[list[str], list[list[str]]]:
    """As sacreBLEU takes them."""
    said, wanted = zip(*segments, strict=True)
    return list(said), list(map(list, zip(*wanted, strict=True)))


@cache
def scorer(kind: str) -> RougeScorer:
    return RougeScorer([kind])


def by_rouge_score(kind: str, said: str, wanted: list[str]) -> float:
    return float(scorer(kind).score_multi(wanted, said)[kind].fmeasure)


def by_nltk(order: int, segments: Segments) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that nothing matched
        return float(
            corpus_bleu(
                [[text.split() for text in wanted] for _, wanted in segments],
                [said.split() for said, _ in segments],
                (1 / order,) * order,
            )
        )


def sentence_by_nltk(said: str, wanted: list[str]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(sentence_bleu([text.split() for text in wanted], said.split()))


def by_moses(segments: Segments) -> float:
    """What multi-bleu.perl of Moses counts and prints, by its steps."""
    correct, total = Counter[int](), Counter[int]()
    translation = reference = 0

    def ngrams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
        return Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))

    for text, references in segments:
        words, wanted = text.split(), [one.split() for one in references]
        translation += len(words)
        reference += min((abs(len(words) - len(one)), len(one)) for one in wanted)[1]
        for n in range(1, 5):
            most = Counter[tuple[str, ...]]()
            for one in wanted:
                most |= ngrams(one, n)
            total[n] += ngrams(words, n).total()
            correct[n] += (ngrams(words, n) & most).total()
    if not all(correct[n] for n in range(1, 5)):
        return 0.0
    penalty = math.exp(1 - reference / translation) if translation < reference else 1.0
    return penalty * math.exp(sum(math.log(correct[n] / total[n]) for n in range(1, 5)) / 4)


def answer(text: str) -> str:
    """Normalised as evaluate-v1.1.py of SQuAD does."""
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def f1_of_squad(said: str, wanted: list[str]) -> float:
    def f1(one: list[str], other: list[str]) -> float:
        same = (Counter(one) & Counter(other)).total()
        if not same:
            return 0.0  # also of two that are empty
        precision, recall = same / len(one), same / len(other)
        return 2 * precision * recall / (precision + recall)

    return max(f1(answer(said).split(), answer(text).split()) for text in wanted)


def exactly(said: str, wanted: list[str]) -> float:
    return float(any(answer(said) == answer(text) for text in wanted))


def in_percent(theirs: Callable[..., sacrebleu.BLEUScore], segments: Segments) -> float:
    return float(theirs(*columns(segments)).score) / 100


TOOLS: dict[str, dict[str, Callable[[Segments], float]]] = {
    "sacrebleu": {
        "bleu": partial(in_percent, sacrebleu.corpus_bleu),
        "chrf": partial(in_percent, sacrebleu.corpus_chrf),
        "ter": partial(in_percent, sacrebleu.corpus_ter),
        "sentence_bleu": partial(
            of_each, lambda said, wanted: sacrebleu.sentence_bleu(said, wanted).score / 100
        ),
    },
    "rouge-score": {
        kind: partial(of_each, partial(by_rouge_score, kind))
        for kind in ("rouge1", "rouge2", "rougeL", "rougeLsum")
    },
    "nltk": {
        "bleu": partial(by_nltk, 4),
        "bleu1": partial(by_nltk, 1),
        "bleu2": partial(by_nltk, 2),
        "bleu3": partial(by_nltk, 3),
        "sentence_bleu": partial(of_each, sentence_by_nltk),
    },
    "moses": {"bleu": by_moses},
    "squad": {
        "token_f1": partial(of_each, f1_of_squad),
        "exact_match": partial(of_each, exactly),
    },
}


def compared(preset: str, name: str) -> Iterator[tuple[float, float]]:
    """A number of mleval under the preset, and that of the tool with no option set."""
    for segments in samples():
        said, wanted = ({str(n): s[side] for n, s in enumerate(segments)} for side in (0, 1))
        report = mleval.text(said, wanted, preset=preset, metrics=name, intervals=False)  # type: ignore[arg-type]
        (found,) = report.metrics.values()  # type: ignore[union-attr]
        if found.value is None:
            assert "empty" in str(found.undefined)
            assert all(any(not text.strip() for text in texts) for _, texts in segments)
        else:
            yield found.value, TOOLS[preset][name](segments)


@pytest.mark.parametrize(("preset", "name"), [(tool, one) for tool in TOOLS for one in TOOLS[tool]])
def test_a_preset_is_the_tool_with_nothing_said(preset: str, name: str) -> None:
    numbers = list(compared(preset, name))
    assert len(numbers) > 30
    assert [(ours, theirs) for ours, theirs in numbers if abs(ours - theirs) > TOLERANCE] == []
    assert any(0 < theirs < 1 for _, theirs in numbers)


@pytest.mark.parametrize(
    ("preset", "name"),
    [("nltk", "bleu"), ("nltk", "sentence_bleu"), ("moses", "bleu"), ("squad", "token_f1")],
)
def test_without_it_the_number_is_another(preset: str, name: str) -> None:
    differ = 0
    for segments in samples():
        said, wanted = ({str(n): s[side] for n, s in enumerate(segments)} for side in (0, 1))
        report = mleval.text(said, wanted, metrics=name, intervals=False)
        value = report[name].value  # type: ignore[union-attr]
        differ += value is not None and abs(value - TOOLS[preset][name](segments)) > TOLERANCE
    assert differ


@pytest.mark.parametrize(
    ("preset", "theirs"),
    [
        ("sacrebleu", sacrebleu.BLEU()),
        ("moses", sacrebleu.BLEU(tokenize="none", smooth_method="none")),
    ],
)
def test_the_line_of_papers_says_what_the_preset_changed_and_how_many_references_there_are(
    preset: Any, theirs: sacrebleu.BLEU
) -> None:
    said = ["the cat sat on a mat, now.", "a dog is here at last"]
    wanted: Any = [["the cat sat on a mat now.", "a dog was here at last"], [None, "the dog is."]]
    score = theirs.corpus_score(said, wanted)
    expected = score.format(signature=str(theirs.get_signature()))
    assert "nrefs:var" in expected
    by_segment = [[text for text in some if text] for some in zip(*wanted, strict=True)]
    report = mleval.text(said, by_segment, preset=preset, metrics="bleu")
    (found,) = report.citations  # type: ignore[union-attr]
    version = f"version:mleval-{mleval.__version__}"
    assert found.replace(version, f"version:{sacrebleu.__version__}") == expected


def test_a_package_that_verifying_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jiwer", None)
    with pytest.raises(UsageError, match="wer is compared with jiwer, which is not installed"):
        mleval.text(["a b"], ["a c"], metrics=["bleu", "wer"], verify=True)
    path = tmp_path / "x.jsonl"
    path.write_text('{"hypothesis": "a b", "reference": "a c"}\n')
    found = run("text", str(path), "-m", "wer", "--verify")
    assert found.status == 2
    assert "hint: pip install 'mleval[verify]'" in found.stderr
    assert run("text", str(path), "-m", "bleu1", "--verify").status == 0


def test_a_score_at_the_edge_says_by_what_its_interval_is() -> None:
    report = mleval.text(["x y"] * 4, ["a b"] * 4, metrics="rouge1")
    found = report["rouge1"]  # type: ignore[union-attr]
    assert (found.value, found.low, found.method) == (0, 0, "wilson at the edge")


@pytest.mark.parametrize(("smooth", "tool"), [("exp", "sacrebleu"), ("method1", "NLTK")])
def test_verifying_names_the_one_that_computed_it(tmp_path: Path, smooth: str, tool: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"hypothesis": "a b", "reference": "a b c"}\n' * 2)
    told = ["-m", "bleu", "-m", "sentence_bleu", "--smooth", smooth, "--verify"]
    found = run("text", str(path), *told, COLUMNS="160").stdout.partition("verified ")[2]
    rows = [line.split() for line in found.splitlines()[1:3]]
    assert [(row[0].partition("(")[0], row[4:]) for row in rows] == [
        ("bleu", [tool, "agrees"]),
        ("sentence_bleu", [tool, "agrees"]),
    ]
