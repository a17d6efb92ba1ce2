"""The texts part: which segments score low, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Cell, Exhibit, Finding, Section
from mleval.diagnosis.rows import Category, Column, WrittenRows
from mleval.diagnosis.slices.weak import Judged, WeakSlices, weak_slices
from mleval.diagnosis.wording import number, percent
from mleval.diagnosis.wordings.buckets import by
from mleval.diagnosis.wordings.loops import loops, most_repeated
from mleval.diagnosis.wordings.tokens import Worded
from mleval.options import DiagnoseOptions
from mleval.visible import middle

_LISTED = 10
_SHOWN = 60  # characters of a text in a table
_OFF = 0.05  # of the length of the references, by which all hypotheses are too short or too long
_SURE = 3.3  # standard errors


@dataclass(frozen=True, slots=True)
class _Told:
    """Segments with a score, by what is known of their references."""

    others: Mapping[str, Column]
    numbers: NDArray[np.int64]
    weight: Floats | None = None
    ids: Category | None = None

    def __len__(self) -> int:
        return len(self.numbers)


def examine(rows: WrittenRows, options: DiagnoseOptions) -> Section | None:
    """What is to be learnt from the texts; None without any."""
    if not len(rows):
        return None
    worded = Worded.of(rows.segments)
    length, rarity = worded.length(rows.segments), worded.rarity(rows.segments)
    said = worded.hypotheses.lengths.astype(np.float64)
    ratio = np.divide(said, length, out=np.full(len(rows), np.nan), where=length > 0)
    columns = {f"reference {worded.unit}": length, "rarity": rarity}
    weak = _weak(rows, columns, options.level)
    scores = rows.scores[rows.metric]
    names = (f"reference {worded.unit}", "rarity")
    titles = (
        f"{rows.metric} by the {worded.unit} of the references",
        f"{rows.metric} by how rare the {worded.unit} of the references are (their mean rank)",
    )
    exhibits = [
        by(name, title, columns[name], scores, ratio, options.level)
        for name, title in zip(names, titles, strict=True)
    ]
    findings = [
        *_blank(rows, said, length),
        *weak.findings,
        *loops(rows, worded),
        *_lengths(said, length, worded.unit),
    ]
    shown = [*exhibits, *weak.exhibits, most_repeated(rows, worded), _worst(rows)]
    return Section(
        part="texts",
        findings=tuple(findings),
        exhibits=tuple(exhibit for exhibit in shown if exhibit is not None),
        notes=weak.notes,
    )


def _weak(rows: WrittenRows, columns: Mapping[str, Floats], level: float) -> WeakSlices:
    """Lengths and rarities at which segments score low."""
    scores = rows.scores[rows.metric]
    known = np.flatnonzero(np.isfinite(scores))
    if not len(known):
        return WeakSlices(notes=(f"no segment has a {rows.metric} of its own",))
    told = _Told({name: column[known] for name, column in columns.items()}, known + 1)
    now = float(scores[known].mean())
    judged = Judged(
        part="texts",
        loss=1 - scores[known],
        counts=False,
        called=f"{rows.metric} of a segment",
        metric=f"{rows.metric} of a segment",
        now=now,
        sign=1,
        lost=1 - now,
        flipped=True,
    )
    return weak_slices(told, judged, level)


def _blank(rows: WrittenRows, said: Floats, length: Floats) -> Iterator[Finding]:
    """Hypotheses that say nothing where references do."""
    count = int(((said == 0) & (length > 0)).sum())
    if count:
        yield Finding(
            part="texts",
            kind="blank",
            says=f"{count:,} hypotheses ({percent(count / len(rows))}) are blank where their "
            "references are not",
            step="Find out why nothing was written for them",
            evidence={"rows": count, "share": count / len(rows)},
        )


def _lengths(said: Floats, length: Floats, unit: str) -> Iterator[Finding]:
    """Hypotheses that are too short or too long as a whole.

    The ratio of means with its delta-method error.
    """
    rows = len(said)
    if rows < 2 or not length.sum() > 0:
        return
    ratio = float(said.sum() / length.sum())
    error = float(np.std(said - ratio * length, ddof=1) / np.sqrt(rows) / length.mean())
    if abs(ratio - 1) - _SURE * error < _OFF:
        return
    short = ratio < 1
    yield Finding(
        part="texts",
        kind="too_short" if short else "too_long",
        says=f"hypotheses have {number(ratio)} times the {unit} of their references",
        step="Let them be longer: a length penalty, a larger limit of tokens, no early end"
        if short
        else "Let them be shorter: a length penalty, a smaller limit of tokens, a clear end",
        evidence={"ratio": ratio, "error": error},
    )


def _worst(rows: WrittenRows) -> Exhibit:
    """The segments that score lowest."""
    scores = rows.scores[rows.metric]
    order = np.argsort(np.where(np.isnan(scores), np.inf, scores), kind="stable")
    ids = rows.segments.ids
    found: list[tuple[Cell, ...]] = []
    for at in order[:_LISTED].tolist():
        if np.isfinite(scores[at]):
            who = [] if ids is None else [middle(ids[at], _SHOWN)]
            texts = (rows.segments.hypotheses[at], rows.segments.references[0][at])
            shown = (middle(text, _SHOWN) for text in texts)
            found.append((at + 1, *who, float(scores[at]), *shown))
    return Exhibit(
        name="worst",
        title="the segments that score lowest",
        columns=(
            "segment",
            *([] if ids is None else ["id"]),
            rows.metric,
            "hypothesis",
            "reference",
        ),
        rows=tuple(found),
    )
