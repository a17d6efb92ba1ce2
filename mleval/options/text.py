"""What an evaluation of texts can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from mleval.language.choices import STEPS, Smooth, Stemmer, Tokenize
from mleval.options.common import Called, Options, Problem, cluster_problem

Preset = Literal["sacrebleu", "nltk", "rouge-score", "moses", "squad"]
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class TextOptions(Options):
    """Everything `mleval text` can be told.

    input_format: the shape that the texts have; references: files that every system is compared
    with, or columns; hypothesis, id: columns, `A=B` for ids that references call B; cluster: the
    column that tells which segments go together; preset: the conventions of a tool; tokenize,
    smooth, lowercase, stemmer, normalize: those of every metric that has such an option and was
    not told otherwise; per_segment: the file for every metric of every segment; worst: how many of
    the segments to list that score lowest.

    >>> TextOptions(normalize=("lower", "stem")).check()
    Traceback (most recent call last):
    mleval.errors.UsageError: --normalize has steps of lower, punct, space, not 'stem'
    hint: such as --normalize lower,punct
    """

    command: ClassVar[str] = "text"

    input_format: str | None = None
    references: tuple[str, ...] = ()
    hypothesis: str | None = None
    id: str | None = None
    cluster: str | None = None
    preset: Preset | None = None
    tokenize: Tokenize | None = None
    smooth: Smooth | None = None
    lowercase: bool = False
    stemmer: Stemmer | None = None
    normalize: tuple[str, ...] = ()
    per_segment: str | None = None
    worst: int = 0

    @property
    def conventions(self) -> Mapping[str, str | bool]:
        """Options of metrics → what they are, of those that were said.

        >>> TextOptions(tokenize="intl", normalize=("lower", "punct")).conventions
        {'tokenize': 'intl', 'normalize': 'lower+punct'}
        """
        said: dict[str, str | bool | None] = {
            "tokenize": self.tokenize,
            "smooth": self.smooth,
            "lowercase": self.lowercase or None,
            "stemmer": self.stemmer,
            "normalize": "+".join(self.normalize) or None,
        }
        return {name: value for name, value in said.items() if value is not None}

    @property
    def beside(self) -> Mapping[str, str]:
        """The files that are read beside the data: flag → name."""
        files = [name for name in self.references if name == "-" or Path(name).is_file()]
        return {**super().beside, **{f"--ref {name}": name for name in files}}

    @property
    def asks_for_rows(self) -> bool:
        """Whether segments are to be listed, even of several systems."""
        return self.worst > 0

    @property
    def written(self) -> Mapping[str, str]:
        """The files that are written beside the report: flag → name."""
        return {} if self.per_segment is None else {"--per-segment": self.per_segment}

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        yield cluster_problem(self.cluster, self.intervals, called)
        unknown = [step for step in self.normalize if step not in STEPS]
        yield (
            bool(unknown),
            f"{called('normalize')} has steps of {', '.join(STEPS)}, not {unknown[0]!r}"
            if unknown
            else "",
            "such as --normalize lower,punct",
        )
        yield (
            not 0 <= self.worst <= MOST,
            f"{called('worst')} is a number from 0 to {MOST}, not {self.worst}",
            "",
        )
        file = self.per_segment
        yield (
            file is not None and Path(file).suffix not in (".csv", ".jsonl"),
            f"{called('per_segment')}: {file} ends in neither .csv nor .jsonl",
            "such as --per-segment segments.csv",
        )
