"""BLEU from its counts, as sacreBLEU and as NLTK smooth it.

Each formula takes numbers, arrays of segments, or variables that remember how they came about, so
that one text of it gives corpus scores, sentence scores and the slopes of intervals.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mleval.errors import UsageError
from mleval.language.choices import Smooth

SmoothPrecision = Literal["exp", "floor", "add-k", "none"]
SmoothCorpus = Literal[
    "exp", "floor", "add-k", "none", "method0", "method1", "method2", "method3", "method4"
]

# NLTK's methods are written out here rather than called: its SmoothingFunction takes Fractions of
# one text, these formulas take columns of segments, or variables that intervals are made of. They
# are held against NLTK's own on thousands of corpora and segments.
_EPSILON, _ALPHA, _K = 0.1, 5, 5  # of NLTK's SmoothingFunction


@dataclass(frozen=True, slots=True)
class Counts:
    """Of n = 1 to some order: n-grams in common, and in the hypotheses; the lengths of both sides.

    fifth: the precision of runs of five, for methods that smooth with it.
    """

    matches: tuple[Any, ...]
    totals: tuple[Any, ...]
    length: Any
    reference: Any
    fifth: Any = None


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How an n-gram that is never matched counts; floor and k are of the methods so called."""

    method: Smooth = "exp"
    floor: float = 0.1
    k: float = 1.0

    def __post_init__(self) -> None:
        for method, name, value, usual in (
            ("floor", "floor", self.floor, 0.1),
            ("add-k", "k", self.k, 1.0),
        ):
            if value != usual and self.method != method:
                raise UsageError(f"{name} is for smooth={method}, not for smooth={self.method}")
            if not 0 < value < np.inf:
                raise UsageError(f"{name} must be above 0 and finite, not {value:g}")

    @property
    def looks_at_fives(self) -> bool:
        """Whether runs of five tokens are asked for, whatever the order."""
        return self.method in ("method5", "method7")

    def __str__(self) -> str:
        value = {"floor": f" {self.floor!r}", "add-k": f" {self.k!r}"}.get(self.method, "")
        return f"{self.method}{value}"

    @property
    def is_nltk(self) -> bool:
        """Whether NLTK defines it, with NLTK's counts of what there is to match."""
        return self.method.startswith("method")


def bleu_score(counts: Counts, smoothing: Smoothing, *, effective_order: bool = False) -> Any:
    """The brevity penalty times the geometric mean of the precisions; 0 if no token matches.

    effective_order: over the orders of which there are n-grams.

    >>> counts = Counts((3.0, 1.0), (4.0, 3.0), 4.0, 4.0)
    >>> round(float(bleu_score(counts, Smoothing())), 6)
    0.5
    """
    if smoothing.is_nltk:
        logarithms = [_log(p) for p in _nltk_precisions(counts, smoothing.method)]
        return _score(counts, sum(logarithms) / len(logarithms), counts.matches[0] > 0)
    precisions = smoothed_precisions(counts, smoothing)
    total: Any = 0.0
    used, positive = 0, counts.matches[0] > 0
    for precision, there in zip(precisions, _reached(counts, smoothing), strict=True):
        counted = there if effective_order else np.ones_like(there)
        total = total + np.where(counted, _log(precision), 0.0)
        used = used + counted
        positive = positive & ((precision > 0) | ~counted)
    return np.minimum(_score(counts, total / np.maximum(used, 1), positive), 1.0)


def brevity_penalty(length: Any, reference: Any) -> Any:
    """exp(1 − r/h) where the hypotheses are shorter than the references, else 1.

    >>> float(brevity_penalty(5.0, 4.0)), float(brevity_penalty(0.0, 4.0))
    (1.0, 0.0)
    """
    short = (length < reference) & (length > 0)
    ratio = np.where(short, reference, 1.0) / np.where(short, length, 1.0)
    return np.where(length < reference, np.where(short, np.exp(1.0 - ratio), 0.0), 1.0)


def smoothed_precisions(counts: Counts, smoothing: Smoothing) -> list[Any]:
    """The precisions as sacreBLEU prints them; 0 beyond the longest n-grams there are.

    >>> found = smoothed_precisions(Counts((3.0, 0.0), (4.0, 3.0), 4.0, 4.0), Smoothing())
    >>> [round(float(p), 6) for p in found]
    [0.75, 0.166667]
    """
    found, unmatched = [], 0
    there = _reached(counts, smoothing)
    for n, (match, total) in enumerate(zip(counts.matches, counts.totals, strict=True)):
        none = match == 0
        if smoothing.method == "add-k" and n:
            match, total = match + smoothing.k, total + smoothing.k
        total = np.where(there[n], total, 1.0)
        precision = match / total
        if smoothing.method == "exp":
            unmatched = unmatched + none
            precision = np.where(none, 0.5**unmatched / total, precision)
        elif smoothing.method == "floor":
            precision = np.where(none, smoothing.floor / total, precision)
        found.append(np.where(there[n] & (counts.matches[0] > 0), precision, 0.0))
    return found


def _reached(counts: Counts, smoothing: Smoothing) -> list[Any]:
    """Of each order, whether there are n-grams of it and of all below."""
    found, there = [], np.True_
    for n, total in enumerate(counts.totals):
        more = smoothing.k if smoothing.method == "add-k" and n else 0.0
        there = there & (total + more > 0)
        found.append(there)
    return found


def _nltk_precisions(counts: Counts, method: Smooth) -> list[Any]:
    precisions = [m / t for m, t in zip(counts.matches, counts.totals, strict=True)]
    if method in _NLTK:
        return _NLTK[method](precisions, counts)
    return _method5(_method4(precisions, counts), counts)


def _method0(precisions: list[Any], _: Counts) -> list[Any]:
    return [np.where(p == 0, sys.float_info.min, p) for p in precisions]


def _method1(precisions: list[Any], counts: Counts) -> list[Any]:
    pairs = zip(precisions, counts.totals, strict=True)
    return [np.where(p == 0, _EPSILON / total, p) for p, total in pairs]


def _method2(precisions: list[Any], counts: Counts) -> list[Any]:
    pairs = list(zip(counts.matches, counts.totals, strict=True))
    return [precisions[0], *((match + 1.0) / (total + 1.0) for match, total in pairs[1:])]


def _method3(precisions: list[Any], counts: Counts) -> list[Any]:
    found, unmatched = [], 0
    for p, total in zip(precisions, counts.totals, strict=True):
        unmatched = unmatched + (p == 0)
        found.append(np.where(p == 0, 0.5**unmatched / total, p))
    return found


def _method4(precisions: list[Any], counts: Counts) -> list[Any]:
    found, unmatched = [], 0
    several = counts.length > 1
    logarithm = np.log(np.where(several, counts.length, 1.0))
    for p, total in zip(precisions, counts.totals, strict=True):
        unmatched = unmatched + (p == 0)
        smoothed = 0.5**unmatched * logarithm / _K / total
        found.append(np.where((p == 0) & several, smoothed, p))
    return found


def _method5(precisions: list[Any], counts: Counts) -> list[Any]:
    found, before = [], precisions[0] + 1.0
    for p, following in zip(precisions, [*precisions[1:], counts.fifth], strict=True):
        before = (before + p + following) / 3.0
        found.append(before)
    return found


def _method6(precisions: list[Any], counts: Counts) -> list[Any]:
    found = precisions[:2]
    for n in range(2, len(precisions)):
        expected = np.where(found[n - 2] > 0, found[n - 1] ** 2 / _or_one(found[n - 2]), 0.0)
        left = np.maximum(counts.length - n, 0.0)
        found.append((counts.matches[n] + _ALPHA * expected) / (left + _ALPHA))
    return [np.where(precisions[2] > 0, p, np.nan) for p in found]


_NLTK = {
    "method0": _method0,
    "method1": _method1,
    "method2": _method2,
    "method3": _method3,
    "method4": _method4,
    "method5": _method5,
    "method6": _method6,
}


def _score(counts: Counts, mean_logarithm: Any, positive: Any) -> Any:
    penalty = brevity_penalty(counts.length, counts.reference)
    return np.where(positive, penalty * np.exp(mean_logarithm), 0.0)


def _log(x: Any) -> Any:
    """The logarithm, 0 of what is not positive: but nan of nan."""
    return np.log(np.where(x <= 0, 1.0, x))


def _or_one(x: Any) -> Any:
    return np.where(x > 0, x, 1.0)
