"""Columns of predictions to evaluate: random, degenerate and weighted, of both tasks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.options import ClassifyOptions

Columns = dict[str, Any]
BINARY: dict[str, Data] = {}
MULTICLASS: dict[str, Data] = {}


@dataclass(frozen=True)
class Data:
    """Columns by name, and what has to be said about them."""

    columns: Columns
    options: ClassifyOptions = field(default_factory=ClassifyOptions)


def binary(name: str, columns: Columns, **options: Any) -> None:
    BINARY[name] = Data(columns, ClassifyOptions(**options))


def multiclass(name: str, columns: Columns, **options: Any) -> None:
    MULTICLASS[name] = Data(columns, ClassifyOptions(task="multiclass", **options))


def drawn(seed: int, rows: int = 120, digits: int = 12, rate: float = 0.4) -> Columns:
    """Probabilities that mean something, and predictions that do not always follow them."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(rows) < rate).astype(int)
    logit = rng.normal(1.5 * truth - 0.9, 1.2)
    probability = np.round(1 / (1 + np.exp(-logit)), digits)
    prediction = np.where(rng.random(rows) < 0.1, rng.integers(0, 2, rows), probability >= 0.5)
    return {"y_true": truth, "y_pred": prediction.astype(int), "probability": probability}


def without(columns: Columns, *names: str) -> Columns:
    return {name: column for name, column in columns.items() if name not in names}


def weights(kind: str, rows: int, seed: int = 3) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    kinds: dict[str, Callable[[], Any]] = {
        "whole, some zero": lambda: rng.integers(0, 4, rows),
        "broken": lambda: rng.random(rows) * 3 + 0.01,
        "from a millionth to a million": lambda: 10 ** rng.uniform(-6, 6, rows),
    }
    return np.asarray(kinds[kind](), dtype=float)


WEIGHTS = ("whole, some zero", "broken", "from a millionth to a million")

# ---------------------------------------------------------------- binary

for seed in range(3):
    binary(f"distinct scores {seed}", drawn(seed))
    binary(f"ties {seed}", drawn(seed, digits=1))
    binary(f"few rows {seed}", drawn(seed, rows=9, digits=1))
for kind in WEIGHTS:
    for digits in (12, 1):
        ties = "ties" if digits == 1 else "distinct"
        columns = drawn(5, digits=digits)
        binary(f"weights {kind}, {ties}", columns | {"sample_weight": weights(kind, 120)})
binary("a rare class", drawn(7, rows=1500, rate=0.01))
binary("no scores", without(drawn(0), "probability"))
binary("no predictions", without(drawn(0), "y_pred"))
binary("threshold given", drawn(0), threshold=0.3)
binary("threshold at a tie", drawn(0, digits=1), threshold=0.3)
binary("undefined classes left out", drawn(0, rows=5), zero_division=math.nan)
for offset in (1e8, 1e15):
    score = drawn(1, digits=1)["probability"] * 64 + offset
    binary(f"scores at {offset:g}", {"y_true": drawn(1)["y_true"], "y_score": score})
margins = np.random.default_rng(4).normal(size=120) * 2
decisions = {"y_true": drawn(2)["y_true"], "y_score": margins, "y_pred": (margins > 0).astype(int)}
binary("decision values", decisions)
binary("decision values and a threshold", without(decisions, "y_pred"), threshold=0.5)
binary("logits", decisions, score_scale="logit")
binary("extreme logits", decisions | {"y_score": margins * 400}, score_scale="logit")
binary(
    "weighted logits",
    decisions | {"sample_weight": weights("broken", 120)},
    score_scale="logit",
)
binary("percents", drawn(1) | {"probability": drawn(1)["probability"] * 100}, score_scale="percent")

SIX = {"y_true": [0, 1, 0, 1, 1, 0]}
EDGES: dict[str, Columns] = {
    "all tied": SIX | {"probability": [0.5] * 6},
    "all tied elsewhere": SIX | {"probability": [0.3] * 6},
    "two scores": SIX | {"probability": [0.2, 0.2, 0.2, 0.8, 0.8, 0.8]},
    "perfect": SIX | {"probability": [0.1, 0.9, 0.2, 0.8, 0.7, 0.3]},
    "reversed": SIX | {"probability": [0.9, 0.1, 0.8, 0.2, 0.3, 0.7]},
    "never predicted": SIX | {"probability": [0.1, 0.2, 0.15, 0.4, 0.3, 0.35]},
    "always predicted": SIX | {"probability": [0.6, 0.7, 0.8, 0.9, 0.75, 0.55]},
    "certain and right": SIX | {"probability": [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]},
    "certain and wrong": SIX | {"probability": [1.0, 0.0, 1.0, 0.0, 0.0, 1.0]},
    "certain at times": SIX | {"probability": [0.0, 1.0, 1.0, 0.0, 0.5, 0.25]},
    "nearly certain": SIX | {"probability": [1e-17, 1 - 1e-16, 1e-300, 1e-12, 1 - 1e-9, 0.5]},
    "only positives": {
        "y_true": [1] * 4,
        "y_pred": [1, 0, 1, 1],
        "probability": [0.9, 0.4, 0.6, 1],
    },
    "only negatives": {
        "y_true": [0] * 4,
        "y_pred": [1, 0, 0, 0],
        "probability": [0.9, 0.4, 0.1, 0],
    },
    "only positives, all found": {"y_true": [1] * 4, "probability": [0.9, 0.8, 0.6, 1]},
    "only negatives, none found": {"y_true": [0] * 4, "probability": [0.2, 0.4, 0.1, 0]},
    "one positive row": {"y_true": [1], "y_pred": [1], "probability": [0.7]},
    "one negative row": {"y_true": [0], "y_pred": [0], "probability": [0.7]},
    "two rows": {"y_true": [0, 1], "y_pred": [0, 1], "probability": [0.6, 0.7]},
    "on the edges of bins": SIX | {"probability": [0.2, 1 / 3, 0.6, 2 / 3, 0.8, 1.0]},
}
for name, columns in EDGES.items():
    many = len(columns["y_true"])
    binary(name, columns)
    binary(f"{name}, weighted", columns | {"sample_weight": np.arange(many) / 3 + 0.1})
for positive, negative in (("是", "否"), ("ja, sehr", 'nein "'), ("−1", "a\u2003b")):
    words = np.array([negative, positive], dtype=object)
    named = {role: words[drawn(6)[role]].tolist() for role in ("y_true", "y_pred")}
    binary(f"labels {positive}", drawn(6) | named, positive=positive)
three = np.random.default_rng(8).choice(["red", "green", "blue"], (2, 80))
binary("three labels, one positive", {"y_true": three[0], "y_pred": three[1]}, positive="red")

# ---------------------------------------------------------------- multiclass


def classed(
    seed: int, names: tuple[str, ...], rows: int = 120, kind: str = "prob", sharp: float = 1.0
) -> Columns:
    """Probabilities (or logits, or scores) of each class; truth is drawn from them."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(rows, len(names))) * 1.5
    table = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = [names[rng.choice(len(names), p=row)] for row in table]
    guess = np.where(rng.random(rows) < 0.15, rng.integers(0, len(names), rows), table.argmax(1))
    values = table if kind == "prob" else logits * sharp
    given = {f"{kind}_{name}": values[:, place] for place, name in enumerate(names)}
    return {"y_true": truth, "y_pred": [names[i] for i in guess], **given}


ANIMALS = ("zebra", "ape", "Mouse", "10")
for seed in range(3):
    multiclass(f"four classes {seed}", classed(seed, ANIMALS))
    multiclass(f"few rows {seed}", classed(seed, ANIMALS, rows=15))
for kind in WEIGHTS:
    columns = classed(4, ANIMALS)
    multiclass(f"weights {kind}", columns | {"sample_weight": weights(kind, 120)})
multiclass("no predictions", without(classed(0, ANIMALS), "y_pred"))
multiclass("no probabilities", {k: v for k, v in classed(0, ANIMALS).items() if k[0] == "y"})
multiclass("two plain classes", classed(1, ("cat", "dog")))
multiclass("two plain classes, no predictions", without(classed(1, ("cat", "dog")), "y_pred"))
multiclass("two recognised classes", classed(1, ("0", "1")))
multiclass("scripts and signs", classed(2, ("日本語", "naïve, café", 'a "b"', "[c]")))
multiclass("undefined classes left out", classed(2, ANIMALS, rows=4), zero_division=math.nan)
multiclass("logits", classed(3, ANIMALS, kind="logit"))
multiclass("two columns of logits", classed(3, ("cat", "dog"), kind="logit"))
multiclass("extreme logits", classed(3, ANIMALS, kind="logit", sharp=300.0))
weighted_logits = classed(3, ANIMALS, kind="logit")
multiclass("weighted logits", weighted_logits | {"sample_weight": weights("broken", 120)})
far = {k: v + 1e8 if k[0] == "s" else v for k, v in classed(3, ANIMALS, kind="score").items()}
multiclass("scores at 1e8", far)

multiclass("an order that is given", classed(0, ANIMALS), classes=ANIMALS)
multiclass("averages over some classes", classed(0, ANIMALS), classes=("zebra", "Mouse"))

DOZEN = tuple(str(i) for i in range(12))
twelve = classed(5, DOZEN, rows=200)
absent = [label if label not in ("3", "7", "11") else "0" for label in twelve["y_true"]]
multiclass("twelve classes", twelve)
multiclass("twelve classes, three absent in truth", twelve | {"y_true": absent})
seen = [label if label not in ("3", "5") else "1" for label in twelve["y_pred"]]
multiclass(
    "twelve classes, others absent in prediction",
    {"y_true": absent, "y_pred": seen},
)
confident = {"y_true": twelve["y_true"], "y_pred": twelve["y_pred"]}
highest = np.max([twelve[f"prob_{name}"] for name in DOZEN], axis=0)
multiclass("confidence in the prediction", confident | {"confidence": highest})


def table_of(truth: str, *rows: list[float]) -> Columns:
    """One letter a row, one probability a letter of "abc"."""
    columns = np.array(rows).T
    given = {f"prob_{name}": columns[place] for place, name in enumerate("abc")}
    return {"y_true": list(truth), **given}


THIRD = [1 / 3] * 3
CERTAIN = {"a": [1.0, 0.0, 0.0], "b": [0.0, 1.0, 0.0], "c": [0.0, 0.0, 1.0]}
for name, columns in {
    "all tied": table_of("abcabb", *[THIRD] * 6),
    "certain and right": table_of("abcabb", *[CERTAIN[x] for x in "abcabb"]),
    "certain and wrong": table_of("abcabb", *[CERTAIN[x] for x in "bcabcc"]),
    "perfect": table_of("abcab", *[[0.05 + 0.85 * (x == y) for y in "abc"] for x in "abcab"]),
    "always predicted the same": table_of("abcabb", *[[0.6, 0.3, 0.1], [0.5, 0.1, 0.4]] * 3),
    "one class": table_of("aaaa", *[[0.6, 0.3, 0.1], [0.1, 0.5, 0.4]] * 2),
    "one class, always found": table_of("aaaa", *[[0.6, 0.3, 0.1], [0.7, 0.1, 0.2]] * 2),
    "one row": table_of("b", [0.2, 0.5, 0.3]),
    "one row, wrong": table_of("c", [0.2, 0.5, 0.3]),
    "two of three classes": table_of("abab", [0.6, 0.3, 0.1], *[[0.2, 0.5, 0.3]] * 3),
}.items():
    multiclass(name, columns)
    many = len(columns["y_true"])
    multiclass(f"{name}, weighted", columns | {"sample_weight": np.arange(many) / 3 + 0.1})
