"""Files of predictions with one weakness planted in each, and clean ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Columns = dict[str, Any]
ROWS = 4000
COUNTRIES = ("AT", "BR", "DE", "FR", "JP", "US")
DEVICES = ("desktop", "phone", "tablet")
NUMBERS = ("age", "income", "height", "visits")
CATEGORIES = {"country": COUNTRIES, "device": DEVICES}


@dataclass(frozen=True)
class Planted:
    """A set of predictions and its truth.

    data: the columns; kind: what is planted; columns: those that tell it; high: whether it is
    where a number is high, or what it says is too high; value: the category, fold or class that it
    is at; options: for the diagnosis.
    """

    data: Columns
    kind: str
    columns: frozenset[str] = frozenset()
    high: dict[str, bool] = field(default_factory=dict)
    value: str | None = None
    options: Columns = field(default_factory=dict)


def planted(kind: str, seed: int, rows: int = ROWS) -> Planted:
    """One set of that kind; the same at every call."""
    known = CLASSIFIED | PREDICTED
    random = np.random.default_rng([seed, list(known).index(kind)])
    return known[kind](random, rows)


def others(random: np.random.Generator, rows: int) -> Columns:
    """Columns that have to do with each other, as real ones do; none of them with mistakes."""
    age = random.normal(45, 15, rows)
    income = np.exp(10 + 0.02 * age + random.normal(0, 0.6, rows))
    income[random.random(rows) < 0.03] = np.nan
    height = random.uniform(150, 200, rows)
    visits = random.poisson(np.exp(0.5 + 0.01 * age)).astype(float)
    country = random.choice(COUNTRIES, rows, p=(0.08, 0.15, 0.2, 0.15, 0.12, 0.3))
    device = np.where(
        random.random(rows) < 0.4 - 0.003 * age,
        "phone",
        random.choice(DEVICES, rows, p=(0.5, 0.3, 0.2)),
    )
    numbers = {"age": age, "income": income, "height": height, "visits": visits}
    return {**numbers, "country": country, "device": device}


@dataclass
class _Model:
    """Rows of a binary task: their log-odds, and those that the model says."""

    random: np.random.Generator
    rows: int
    shift: float = 0.0
    sharp: float = 3.0

    def __post_init__(self) -> None:
        self.others = others(self.random, self.rows)
        self.odds = self.random.normal(self.shift, self.sharp, self.rows)
        self.said = self.odds.copy()

    def truth(self) -> np.ndarray:
        return (self.random.random(self.rows) < sigmoid(self.odds)).astype(int)

    def columns(self, truth: np.ndarray, threshold: float = 0.5) -> Columns:
        score = sigmoid(self.said)
        predicted = (score >= threshold).astype(int)
        return {"y_true": truth, "y_pred": predicted, "y_prob": score, **self.others}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def clean(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows)
    return Planted(model.columns(model.truth()), "clean")


def imbalance(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows, shift=-7.5)
    return Planted(model.columns(model.truth()), "imbalance", value="1")


def miscalibration(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows, sharp=2.0)
    high = bool(random.integers(2))
    model.said = model.odds * (2.5 if high else 0.4)
    return Planted(model.columns(model.truth()), "miscalibration", high={"confidence": high})


def bad_threshold(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows, sharp=2.0)
    high = bool(random.integers(2))
    data = model.columns(model.truth(), 0.92 if high else 0.08)
    return Planted(data, "bad_threshold", high={"threshold": high})


def _a_part(
    random: np.random.Generator, data: Columns, columns: int
) -> tuple[np.ndarray, dict[str, bool], dict[str, str]]:
    """Rows where numbers are high or low, or of a category; about a fifth, of two about a tenth."""
    names = random.choice([*NUMBERS, *CATEGORIES], columns, replace=False).tolist()
    part = np.ones(len(data["age"]), bool)
    high, values = {}, {}
    for name in names:
        if name in CATEGORIES:
            frequent = [v for v in CATEGORIES[name] if (data[name] == v).mean() > 0.1]
            values[name] = str(random.choice(frequent))
            part &= data[name] == values[name]
        else:
            high[name] = bool(random.integers(2))
            share = 0.2 if columns == 1 else 0.4
            cut = np.nanquantile(data[name], 1 - share if high[name] else share)
            part &= data[name] > cut if high[name] else data[name] <= cut
    return part, high, values


def _weak(random: np.random.Generator, rows: int, columns: int) -> Planted:
    while True:
        model = _Model(random, rows)
        part, high, values = _a_part(random, model.others, columns)
        if part.mean() > 0.07:  # else it could not be seen
            break
    model.odds[part] *= 0.1
    data = model.columns(model.truth())
    value = next(iter(values.values()), None)
    kind = "weak_one" if columns == 1 else "weak_two"
    return Planted(data, kind, frozenset({*high, *values}), high, value)


def weak_one(random: np.random.Generator, rows: int) -> Planted:
    return _weak(random, rows, 1)


def weak_two(random: np.random.Generator, rows: int) -> Planted:
    return _weak(random, rows, 2)


def label_noise(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows, sharp=4.0)
    truth = model.truth()
    wrong = random.random(rows) < 0.06
    return Planted(model.columns(np.where(wrong, 1 - truth, truth)), "label_noise")


def leakage(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows)
    data = model.columns(model.truth())
    ids = np.arange(rows)
    training = random.random(rows) < 0.5
    copied = np.flatnonzero(~training)[: rows // 20]
    ids[copied] = ids[np.flatnonzero(training)[: len(copied)]]
    told = {"id": [f"u{i:05}" for i in ids], "split": np.where(training, "train", "test")}
    return Planted({**told, **data}, "leakage", value=str(len(copied)))


def fitted(random: np.random.Generator, rows: int) -> Planted:
    """A model that does on training rows as it does on others: nothing is planted."""
    model = _Model(random, rows, sharp=12.0)
    split = np.where(random.random(rows) < 0.5, "train", "test")
    return Planted({"split": split, **model.columns(model.truth())}, "fitted")


def folded(random: np.random.Generator, rows: int) -> Planted:
    """A cross-validation of which no fold is odd."""
    model = _Model(random, rows)
    return Planted({"fold": random.integers(1, 11, rows), **model.columns(model.truth())}, "folded")


def overfitting(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows)
    split = np.where(random.random(rows) < 0.5, "train", "test")
    model.odds[split == "train"] *= 12
    data = {"split": split, **model.columns(model.truth())}
    return Planted(data, "overfitting", high={"variance": True})


def odd_fold(random: np.random.Generator, rows: int) -> Planted:
    model = _Model(random, rows)
    fold = random.integers(1, 11, rows)
    odd = int(random.integers(1, 11))
    model.odds[fold == odd] *= 0.1
    data = {"fold": fold, **model.columns(model.truth())}
    return Planted(data, "odd_fold", high={"score": False}, value=str(odd))


def confusion(random: np.random.Generator, rows: int) -> Planted:
    """Five classes, of which two are taken for each other."""
    names = np.array(["ant", "bee", "cat", "dog", "elk"])
    truth = random.integers(0, 5, rows)
    pair = random.choice(5, 2, replace=False)
    wrong = random.random(rows) < 0.1
    predicted = np.where(wrong, (truth + random.integers(1, 5, rows)) % 5, truth)
    for one, other in (pair, pair[::-1]):
        predicted[(truth == one) & (random.random(rows) < 0.2)] = other
    data = {"y_true": names[truth], "y_pred": names[predicted], **others(random, rows)}
    return Planted(data, "confusion", value=" ".join(sorted(names[pair])))


def _regressed(random: np.random.Generator, rows: int) -> tuple[Columns, np.ndarray, np.ndarray]:
    """Other columns, what is predicted, and noise for the truth."""
    data = others(random, rows)
    return data, random.normal(50, 10, rows), random.normal(0, 5, rows)


def _values(data: Columns, predicted: np.ndarray, residual: np.ndarray) -> Columns:
    return {"y_true": predicted + residual, "y_pred": predicted, **data}


def regress_clean(random: np.random.Generator, rows: int) -> Planted:
    return Planted(_values(*_regressed(random, rows)), "regress_clean")


def regress_weak(random: np.random.Generator, rows: int) -> Planted:
    """Larger residuals in a part of the rows, whose mean is right."""
    data, predicted, noise = _regressed(random, rows)
    part, high, values = _a_part(random, data, 1)
    noise[part] *= 2
    value = next(iter(values.values()), None)
    named = frozenset({*high, *values})
    return Planted(_values(data, predicted, noise), "regress_weak", named, high, value)


def regress_biased_slice(random: np.random.Generator, rows: int) -> Planted:
    """Predictions that are too high, or too low, in a part of the rows."""
    data, predicted, noise = _regressed(random, rows)
    part, high, values = _a_part(random, data, 1)
    too_high = bool(random.integers(2))
    noise += (-4 if too_high else 4) * (part - part.mean())
    value = next(iter(values.values()), None)
    high = {**high, "bias": too_high}
    named = frozenset({*high, *values} - {"bias"})
    return Planted(_values(data, predicted, noise), "regress_biased_slice", named, high, value)


def regress_bias(random: np.random.Generator, rows: int) -> Planted:
    data, predicted, noise = _regressed(random, rows)
    too_high = bool(random.integers(2))
    noise += -1.5 if too_high else 1.5
    return Planted(_values(data, predicted, noise), "regress_bias", high={"bias": too_high})


def regress_shrunk(random: np.random.Generator, rows: int) -> Planted:
    """Predictions that vary too little, or too much."""
    data, predicted, noise = _regressed(random, rows)
    shrunk = bool(random.integers(2))
    noise += (0.2 if shrunk else -0.2) * (predicted - predicted.mean())
    return Planted(_values(data, predicted, noise), "regress_shrunk", high={"spread": not shrunk})


def regress_spread(random: np.random.Generator, rows: int) -> Planted:
    """Residuals that grow with the prediction, or shrink."""
    data, predicted, noise = _regressed(random, rows)
    grow = bool(random.integers(2))
    noise *= np.exp((0.03 if grow else -0.03) * (predicted - 50))
    return Planted(_values(data, predicted, noise), "regress_spread", high={"prediction": grow})


def regress_outliers(random: np.random.Generator, rows: int) -> Planted:
    data, predicted, noise = _regressed(random, rows)
    noise[random.random(rows) < 0.01] *= 15
    return Planted(_values(data, predicted, noise), "regress_outliers")


CLASSIFIED = {
    made.__name__: made
    for made in (
        *(clean, imbalance, miscalibration, bad_threshold, weak_one, weak_two),
        *(label_noise, leakage, overfitting, odd_fold, confusion, fitted, folded),
    )
}
PREDICTED = {
    made.__name__: made
    for made in (
        *(regress_clean, regress_weak, regress_biased_slice, regress_bias),
        *(regress_shrunk, regress_spread, regress_outliers),
    )
}
