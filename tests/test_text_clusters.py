"""Intervals of texts whose segments go together, such as those of a document."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from sacrebleu.metrics import BLEU
from scipy import stats
from scipy.special import expit, logit

import mleval
from mleval.errors import InputError, UsageError

WORDS = ["a", "cat", "dog", "saw", "the", "house", "on", "hill", "old", "red", "barn", "near"]
Table = dict[str, list[Any]]


def documents(count: int = 12, seed: int = 0) -> Table:
    """Segments of documents of 3 to 7, some of which are harder than others."""
    random = np.random.default_rng(seed)
    table: Table = {"id": [], "hyp": [], "ref": [], "document": [], "site": []}
    for document in range(count):
        ease = random.choice([0.02, 0.2])
        for _ in range(int(random.integers(3, 8))):
            words = random.choice(WORDS, int(random.integers(4, 12)))
            said = np.where(random.random(len(words)) < ease, "owl", words)
            table["id"].append(f"s{len(table['id'])}")
            table["hyp"].append(" ".join(said))
            table["ref"].append(" ".join(words))
            table["document"].append(f"d{document}")
            table["site"].append("xy"[document % 2])
    return table


def expected(value: float, influence: Any, document: list[str]) -> tuple[float, float]:
    """As written down: cluster sums of φ/n, G/(G − 1), t with G − 1, on the logit scale."""
    groups = np.unique(document)
    sums = np.array([influence[np.array(document) == g].sum() for g in groups]) / len(influence)
    error = math.sqrt((sums**2).sum() * len(groups) / (len(groups) - 1))
    half = stats.t.ppf(0.975, len(groups) - 1) * error / (value * (1 - value))
    return expit(logit(value) - half), expit(logit(value) + half)


def exact_match(table: Table) -> tuple[float, float, float]:
    """Its value and interval, by the definition."""
    hit = np.array([h == r for h, r in zip(table["hyp"], table["ref"], strict=True)]) * 1.0
    return (hit.mean(), *expected(hit.mean(), hit - hit.mean(), table["document"]))


def of(table: Table, metrics: Any = "exact_match", **options: Any) -> Any:
    return mleval.text(table, metrics=metrics, **{"cluster": "document"} | options)


def require(item: Any, ends: tuple[float, float, float]) -> None:
    assert item.method == "cluster-robust"
    assert (item.value, item.low, item.high) == pytest.approx(ends, rel=1e-9)


def test_the_interval_of_exact_match_is_that_of_the_formula() -> None:
    table = documents()
    report = of(table)
    require(report["exact_match"], exact_match(table))
    told = [str(item) for item in report.assumed]
    assert "clusters=12 (of document)" in told
    assert not any(item.startswith("cluster=") for item in told)
    assert "12 clusters: under 20, intervals are approximate" in report.warnings


def test_the_interval_of_bleu_is_that_of_sacrebleu_without_each_segment() -> None:
    """The influence of a segment is the derivative by its weight, here (n − 1) · its jackknife."""
    table = documents(30, seed=2)
    bleu, said, refs = BLEU(force=True), table["hyp"], table["ref"]
    n = len(said)

    def without(at: int) -> float:
        some = [said[:at] + said[at + 1 :], [refs[:at] + refs[at + 1 :]]]
        return float(bleu.corpus_score(*some).score) / 100

    item = of(table, "bleu")["bleu"]
    value = bleu.corpus_score(said, [refs]).score / 100
    influence = (n - 1) * (value - np.array([without(at) for at in range(n)]))
    low, high = expected(value, influence - influence.mean(), table["document"])
    assert item.value == pytest.approx(value, abs=1e-9)
    # A finite difference, so that it differs by about 1/n of the width.
    assert (item.low, item.high) == pytest.approx((low, high), abs=(high - low) / n)


def test_segments_that_come_several_times_tell_no_more_than_once() -> None:
    table = documents()
    table["document"] = list(table["id"])
    thrice = {name: [cell for cell in column for _ in range(3)] for name, column in table.items()}
    once, again = of(table, "all"), of(thrice, "all")
    compared = 0
    for key, item in once.metrics.items():
        other = again.metrics[key]
        if item.method == "cluster-robust":
            compared += 1
            assert (other.low, other.high) == pytest.approx((item.low, item.high), rel=1e-9), key
    assert compared >= 20


@pytest.mark.parametrize("written", ["csv", "jsonl", "joined"])
def test_clusters_are_those_of_the_segments_however_they_are_written(
    written: str, tmp_path: Path
) -> None:
    table = documents()
    rows = [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
    files = {
        "csv": [(rows, list(table))],
        "jsonl": [(rows, list(table))],
        "joined": [(rows, ["id", "hyp"]), (rows[::-1], ["id", "ref", "document"])],
    }[written]
    named = []
    for some, columns in files:
        path = tmp_path / f"{'_'.join(columns)}.{'jsonl' if written == 'jsonl' else 'csv'}"
        with path.open("w", newline="") as stream:
            kept = [{name: row[name] for name in columns} for row in some]
            if written == "jsonl":
                stream.writelines(json.dumps(row) + "\n" for row in kept)
            else:
                writer = csv.DictWriter(stream, columns)
                writer.writeheader()
                writer.writerows(kept)
        named.append(str(path))
    done = run("text", *named, "-m", "exact_match", "--cluster", "document", "--json", "-q")
    assert done.status == 0, done.stderr
    found = mleval.Report.from_dict(json.loads(done.stdout))
    require(found["exact_match"], exact_match(table))


def test_many_segments_are_put_together_of_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    from mleval.evaluation.text import reading

    table = documents(30)
    monkeypatch.setattr(reading, "STRETCH", 400)
    monkeypatch.setattr(reading, "SHARED", 100)
    require(of(table)["exact_match"], exact_match(table))


def test_slices_have_their_own_clusters_and_so_have_differences() -> None:
    table = documents(30)
    (found,) = of(table, by="site").slices
    for site in "xy":
        rows = [at for at, one in enumerate(table["site"]) if one == site]
        some = {name: [column[at] for at in rows] for name, column in table.items()}
        require(found[site].metrics["exact_match"], exact_match(some))
        assert found[site].degrees == len({*some["document"]}) - 1


def test_a_paired_difference_knows_the_clusters() -> None:
    ours = documents()
    theirs = {**ours, "hyp": ["no", *ours["ref"][1:8], *ours["hyp"][8:]]}
    gates: dict[str, Any] = {"gates": "exact_match >= baseline", "decide": "interval"}
    (gate,) = of(ours, baseline=theirs, **gates).gates
    hits = [
        np.array([h == r for h, r in zip(one["hyp"], one["ref"], strict=True)]) * 1.0
        for one in (ours, theirs)
    ]
    apart = hits[0] - hits[1]
    groups = np.array(ours["document"])
    moved = (apart - apart.mean()) / len(apart)
    sums = np.array([moved[groups == g].sum() for g in np.unique(groups)])
    count = len(sums)
    half = stats.t.ppf(0.975, count - 1) * math.sqrt(sums @ sums * count / (count - 1))
    ends = (apart.mean() - half, apart.mean() + half)
    assert gate.paired
    assert (gate.difference_low, gate.difference_high) == pytest.approx(ends, rel=1e-9)


def test_what_cannot_be_clustered_is_refused(tmp_path: Path) -> None:
    table = documents()
    with pytest.raises(UsageError, match="is of intervals, and none are made"):
        of(table, intervals=False)
    with pytest.raises(InputError, match=r"--cluster: .* has no column 'documnt'") as error:
        of(table, cluster="documnt")
    assert "did you mean 'document'" in str(error.value.hint)
    for side in ("hyp", "ref"):
        (tmp_path / side).write_text("".join(f"{text}\n" for text in table[side]))
    with pytest.raises(InputError, match=r"--cluster: there are no columns .*read as lines"):
        mleval.text(str(tmp_path / "hyp"), str(tmp_path / "ref"), cluster="document")
    with pytest.raises(InputError, match="'document' should hold one value a row"):
        of({**table, "document": [["d"]] * len(table["id"])})
    holes = {**table, "document": [None, *table["document"][1:]]}
    with pytest.raises(InputError, match="a cluster in every row of 'document', found 1 empty"):
        of(holes)
    without = {**holes, "ref": [None, *table["ref"][1:]]}
    assert of(without)["exact_match"].low is not None  # what does not count may be of none
