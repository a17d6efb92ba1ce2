"""Labels that are one class in two spellings: what looks alike, and typing errors."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from unicodedata import normalize

import numpy as np

from mleval.diagnosis.finding import Finding, Gain, Ranged
from mleval.diagnosis.rows import ClassifiedRows
from mleval.uncertainty.intervals import normal_quantile
from mleval.visible import quoted

_LONG = 5  # letters from which one that differs may be a typing error
_RARE = 0.1  # of the rows of the other spelling: a typing error is rare
_MOST = 2000  # labels that are compared with each other
_SHOWN = 3


def alike(rows: ClassifiedRows) -> Iterator[Finding]:
    """Classes that are probably one, and what counting them as one does to accuracy."""
    sizes = np.bincount(rows.truth, minlength=len(rows.classes))
    sizes = sizes + np.bincount(rows.predicted, minlength=len(rows.classes))
    pairs = [*_folded(rows.classes, sizes), *_mistyped(rows.classes, sizes)]
    if not pairs:
        return
    into = np.arange(len(rows.classes))
    for rare, usual in pairs:
        into[rare] = into[usual]
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    before = rows.truth == rows.predicted
    after = into[rows.truth] == into[rows.predicted]
    names = [(rows.classes[rare], rows.classes[usual]) for rare, usual in pairs]
    told = ", ".join(f"{quoted(a)} and {quoted(b)}" for a, b in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} pairs more" if len(names) > _SHOWN else ""
    changed = int((before != after).sum())
    flags = " ".join(f"--map {shlex.quote(f'{a}={b}')}" for a, b in names[:_SHOWN])
    yield Finding(
        part="data",
        kind="label_spellings",
        says=f"{told}{more} may be spellings of one class: {changed:,} rows that count as "
        "mistakes would be right",
        spoils=True,
        gain=_gained(before.astype(float), after.astype(float), weight),
        step=f"Bring the labels to one spelling: {flags}",
        evidence={"pairs": float(len(pairs)), "rows": float(changed), "first": names[0][0]},
    )


def _folded(classes: tuple[str, ...], sizes: np.ndarray) -> list[tuple[int, int]]:
    """(rarer, usual) of those that differ by case, blanks, hyphens or how accents are composed."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(classes):
        plain = normalize("NFKC", name).casefold().replace("_", " ").replace("-", " ")
        shape = " ".join(plain.split()) if any(map(str.isalpha, plain)) else name
        groups.setdefault(shape, []).append(at)
    found = []
    for group in groups.values():
        usual = max(group, key=lambda at: int(sizes[at]))
        found += [(at, usual) for at in group if at != usual]
    return found


def _mistyped(classes: tuple[str, ...], sizes: np.ndarray) -> list[tuple[int, int]]:
    """(rarer, usual) of long labels that one letter tells apart, where one of them is rare.

    A letter more at the beginning makes another word (typical, atypical), and digits number things.
    """
    long = [at for at, name in enumerate(classes) if len(name) >= _LONG and name.isalpha()]
    if not 2 <= len(long) <= _MOST:
        return []
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    folded = [classes[at].casefold() for at in long]
    near = cdist(folded, folded, scorer=OSA.distance, score_cutoff=1) == 1
    found = []
    for one, other in np.argwhere(np.triu(near, 1)).tolist():
        a, b = sorted((long[one], long[other]), key=lambda at: int(sizes[at]))
        if folded[one][0] == folded[other][0] and sizes[a] <= _RARE * sizes[b]:
            found.append((a, b))
    return found


def _gained(before: np.ndarray, after: np.ndarray, weight: np.ndarray) -> Gain:
    """Of accuracy: the same rows before and after, so the interval is of their difference."""
    total = weight.sum()
    now, then = float(weight @ before / total), float(weight @ after / total)
    apart = after - before
    spread = float(np.sqrt((weight**2) @ (apart - (then - now)) ** 2) / total)
    margin = normal_quantile(0.95) * spread
    difference = Ranged(then - now, then - now - margin, then - now + margin)
    recovers = (then - now) / (1 - now) if now < 1 else 0.0
    return Gain("accuracy", now, then, difference, recovers)
