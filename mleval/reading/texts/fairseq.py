"""fairseq-generate: the log of a translation, with sources, targets and hypotheses by number.

Numbers come in any order; of an n-best list the hypothesis with the best score counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mleval.errors import InputError
from mleval.reading.names import listed
from mleval.reading.problems import SHOWN
from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.given import Given, TextFile
from mleval.reading.texts.joining import joined
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.sides import Side
from mleval.reading.texts.source import TextSource
from mleval.visible import quoted

TITLE = "fairseq-generate log"
_LINE = re.compile(r"([THD])-([0-9]+)(?:\t(.*))?", re.DOTALL)
_SCORED = re.compile(r"[HD]-[0-9]+\t-?(?:[0-9.]+(?:e[-+]?[0-9]+)?|inf|nan)(?:\t|$)")


def recognises(given: Given, choices: TextChoices) -> bool:
    """Whether some of the first lines are hypotheses with their scores."""
    del choices
    lines = given.hypotheses.first_lines
    scored = any(_SCORED.match(line) for line in lines)
    return scored and sum(bool(_LINE.fullmatch(line)) for line in lines) > 1


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of a log, by itself or beside plain files of references."""
    del choices
    file = given.hypotheses
    references = tuple(other.name for other in given.references) or ("the T- lines",)
    return TextSource(
        name=file.name,
        files=given.paths,
        roles=TextRoles(format=TITLE, hypotheses=file.name, references=references),
        digest=given.digest,
        segments=lambda: _segments(given),
    )


class Hypothesis(NamedTuple):
    """A translation: its score, its text, and the line that has it."""

    score: float
    text: str
    line: int


@dataclass(frozen=True)
class Log:
    """The best hypothesis of each number, as words (H-) and as text (D-), and the targets (T-)."""

    words: dict[int, Hypothesis] = field(default_factory=dict)
    texts: dict[int, Hypothesis] = field(default_factory=dict)
    targets: dict[int, str] = field(default_factory=dict)

    @property
    def hypotheses(self) -> dict[int, Hypothesis]:
        """The texts, or the words of a log that has no text."""
        return self.texts or self.words


def log_of(lines: Iterable[str], name: str) -> Log:
    """What a log says; InputError for a score that is no number, and for two targets of one."""
    log = Log()
    for line, text in enumerate(lines, 1):
        found = _LINE.fullmatch(text)
        if found is None:
            continue
        kind, number, rest = found[1], int(found[2]), found[3] or ""
        if kind == "T":
            if log.targets.setdefault(number, rest) != rest:
                raise InputError(
                    f"{name}, line {line:,}: T-{number} is there twice, with other words",
                    hint="are these the logs of several runs? give each by itself",
                )
            continue
        best = log.words if kind == "H" else log.texts
        score, _, said = rest.partition("\t")
        hypothesis = Hypothesis(_number(score, f"{name}, line {line:,}"), said, line)
        if number not in best or hypothesis.score > best[number].score:
            best[number] = hypothesis
    return log


def _number(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{place}: expected the score of a hypothesis, found {quoted(text)}",
            hint="give the output of fairseq-generate as it is",
        ) from None


def _segments(given: Given) -> Segments:
    file = given.hypotheses
    log = log_of(file.lines, file.name)
    numbers = sorted(log.hypotheses)
    _require_whole(log, file.name)
    ours = _side(file, log, numbers)
    if given.references:
        if numbers[-1:] != [len(numbers) - 1]:
            raise InputError(
                f"{file.name} has {len(numbers):,} hypotheses, the last of them H-{numbers[-1]}: "
                "they do not number the lines of references",
                hint="leave the references out where the log has T- lines of its own",
            )
        return joined(ours, [_plain(other) for other in given.references])
    if not log.targets:
        raise InputError(
            f"{file.name} has no T- lines: the data had no references",
            hint="name the references after it: mleval text LOG REF",
        )
    targets = sorted(log.targets)
    theirs = Side(
        name="the T- lines",
        corpora=(Lines.of([log.targets[number] for number in targets], file.name),),
        ids=[str(number) for number in targets],
        place=ours.place,
    )
    return joined(ours, [theirs])


def _require_whole(log: Log, name: str) -> None:
    """InputError for a log that has no hypotheses, or a text of only some of them."""
    if not log.hypotheses:
        raise InputError(
            f"{name} has no H- or D- lines, which hold the hypotheses",
            hint="run fairseq-generate without --quiet",
        )
    lacking = [f"H-{number}" for number in sorted(log.words.keys() - log.texts.keys())]
    if log.texts and lacking:
        raise InputError(
            f"{name}: {len(lacking):,} hypotheses have no D- line: {listed(lacking, SHOWN)}",
            hint="the log was cut short: write it again",
        )


def _side(file: TextFile, log: Log, numbers: list[int]) -> Side:
    best = [log.hypotheses[number] for number in numbers]
    return Side(
        name=file.name,
        corpora=(Lines.of([one.text for one in best], file.name),),
        ids=[str(number) for number in numbers],
        place=lambda at: f"{file.name}, line {best[at].line:,}",
    )


def _plain(file: TextFile) -> Side:
    """References in the order of their numbers."""
    lines = file.lines
    return Side(
        name=file.name,
        corpora=(lines,),
        ids=[str(number) for number in range(len(lines))],
        place=lambda at: f"{file.name}, line {at + 1:,}",
    )
