"""Weak slices: what they are told by, how they are weighed, what they are not looked for in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from planted import planted
from scipy.stats import power_divergence

import mleval
from mleval.diagnosis.halves import first_half
from mleval.diagnosis.rows import Category
from mleval.diagnosis.slices.groups import grouped
from mleval.diagnosis.slices.pieces import Among, Between, Empty, Slice
from mleval.diagnosis.slices.strength import Lost
from mleval.filter import parse
from mleval.reading.conditions import holds

NAMES = ("DE", 'a "quoted" name', "it's", "x\ny", "7", "FR", "not", "é")


def columns(seed: int) -> dict[str, np.ndarray | Category]:
    random = np.random.default_rng(seed)
    numbers = random.normal(size=300)
    numbers[random.random(300) < 0.1] = np.nan
    codes = random.integers(-1, len(NAMES), 300).astype(np.int32)
    return {"some number": numbers, "class": Category(codes, NAMES)}


def table(of: dict[str, np.ndarray | Category]) -> pa.Table:
    made = {}
    for name, column in of.items():
        if isinstance(column, Category):
            cells = [None if code < 0 else column.names[code] for code in column.codes]
            made[name] = pa.array(cells, pa.string())
        else:
            made[name] = pa.array(column, from_pandas=True)
    return pa.table(made)


@pytest.mark.parametrize(
    "piece",
    [
        Between("some number", low=-0.5),
        Between("some number", high=0.25),
        Between("some number", -1.0, 1.5),
        Empty("class"),
        *(Among("class", (code,), NAMES) for code in range(len(NAMES))),
        Among("class", (0, 1, 3), NAMES),
        Among("class", (0, 1, 2, 3, 5, 6, 7), NAMES),
    ],
)
def test_a_slice_is_spelled_as_the_filter_that_selects_its_rows(piece: object) -> None:
    some = columns(1)
    for told in (Slice((piece,)), Slice((Between("some number", low=-2.0), piece))):
        if len(set(told.columns)) == len(told.pieces):
            selected = holds(parse(str(told)), table(some))
            assert selected.tolist() == told.holds(some).tolist()
            assert selected.any()


def test_every_piece_of_a_column_holds_the_rows_of_its_groups() -> None:
    some = columns(2)
    some["few"] = np.round(np.random.default_rng(3).normal(size=300))
    for group in grouped(some):
        for piece, made_of in zip(group.pieces, group.made_of, strict=True):
            by_groups = made_of[group.codes] > 0
            assert by_groups.tolist() == piece.holds(some[piece.column]).tolist()


def test_the_strength_of_what_is_counted_is_half_of_g() -> None:
    random = np.random.default_rng(0)
    wrong = (random.random(500) < 0.2).astype(float)
    inside = random.random(500) < 0.3
    wrong[inside] = random.random(inside.sum()) < 0.4
    lost = Lost.of(wrong, None, counts=True)
    rows, sums = np.array([inside.sum()], float), np.array([wrong[inside].sum()])
    found = lost.baseline().strength(rows, sums, 0)
    table = [[((wrong == x) & (inside == y)).sum() for x in (0, 1)] for y in (False, True)]
    expected = np.outer(np.sum(table, 1), np.sum(table, 0)) / np.sum(table)
    g = power_divergence(np.ravel(table), np.ravel(expected), lambda_="log-likelihood").statistic
    assert found[0] == pytest.approx(g / 2, rel=1e-12)


def test_weights_of_any_scale_weigh_the_same() -> None:
    random = np.random.default_rng(1)
    loss, weight = random.random(50), random.random(50)
    one, other = (Lost.of(loss, scale * weight, counts=False) for scale in (1, 1000))
    np.testing.assert_allclose(one.weight, other.weight, rtol=1e-12)
    assert one.weight.sum() == pytest.approx(weight.sum() ** 2 / np.square(weight).sum())
    assert Lost.of(loss, np.full(50, 7.0), counts=False).weight.tolist() == [1.0] * 50


def test_rows_of_one_id_are_in_one_half_wherever_they_stand() -> None:
    codes = np.random.default_rng(0).integers(0, 400, 1000).astype(np.int32)
    ids = Category(codes, tuple(f"u{at}" for at in range(400)))
    half = first_half(np.arange(1, 1001), ids)
    order = np.random.default_rng(1).permutation(1000)
    moved = first_half(np.arange(1, 1001), Category(codes[order], ids.names))
    assert moved.tolist() == half[order].tolist()
    assert all(len(set(half[codes == code])) <= 1 for code in range(400))
    assert 400 < half.sum() < 600


def test_the_same_rows_make_the_same_slices() -> None:
    data = planted("weak_two", 5).data
    one, other = mleval.diagnose(data), mleval.diagnose(data)
    assert one.to_dict()["findings"] == other.to_dict()["findings"]


@pytest.mark.parametrize("made", ["correct", "error", "loss"])
def test_a_column_made_from_what_is_wrong_is_left_out_and_told(made: str) -> None:
    data = dict(planted("clean", 0).data)
    wrong = data["y_true"] != data["y_pred"]
    data[made] = (
        np.where(wrong, "no", "yes") if made == "correct" else wrong + 0.25 * data["y_prob"]
    )
    found = mleval.diagnose(data)
    assert not [one for one in found.findings if one.kind == "weak_slice"]
    assert any(f"left out: '{made}'" in note for s in found.sections for note in s.notes)


def test_a_slice_is_named_once_and_not_by_its_parts() -> None:
    for seed in range(5):
        truth = planted("weak_one", seed)
        named = [f.columns for f in mleval.diagnose(truth.data) if f.kind == "weak_slice"]
        assert named == [tuple(truth.columns)]


def test_what_a_slice_could_gain_is_its_excess_of_mistakes() -> None:
    truth = planted("weak_one", 1)
    (found,) = [f for f in mleval.diagnose(truth.data) if f.kind == "weak_slice"]
    shown = found.evidence
    gain = shown["share"] * (shown["inside"] - shown["rest"])
    assert found.gain.difference.value == pytest.approx(gain, rel=1e-12)
    assert found.gain.then - found.gain.now == pytest.approx(gain, rel=1e-12)
    error = np.mean(truth.data["y_true"] != truth.data["y_pred"])
    assert found.gain.recovers == pytest.approx(gain / error, rel=1e-12)
    assert found.gain.now == pytest.approx(1 - error, rel=1e-12)
