"""What a careful reader of scores of texts should know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mleval.evaluation.requests import Request
from mleval.evaluation.text.evidence import TextEvidence
from mleval.evaluation.text.unmatched import unmatched
from mleval.evaluation.text.unspaced import unspaced
from mleval.reading.texts import Lines
from mleval.report import Estimate

_SMALL = 100  # segments under which intervals are approximate
_ERASED = 0.1  # of the letters that ROUGE's tokeniser drops, from which it is told
_LEFT_IN = (
    (b"@@ ", "pieces of words ('@@ ') are left in{where}: join them: sed 's/@@ //g'"),
    ("▁".encode(), "pieces of words ('▁') are left in{where}: decode them with SentencePiece"),
    (b"&apos;", "'&apos;' is left in{where}: unescape the text as Moses escaped it"),
    (b"&quot;", "'&quot;' is left in{where}: unescape the text as Moses escaped it"),
    (b"<unk>", "'<unk>' is left in{where}: it is a word like any other to every metric"),
)
_ENDS = np.frombuffer(b".?!", np.uint8)
_WHITE = np.frombuffer(b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3", np.uint8)
"""What a character of whitespace may begin with in UTF-8."""
_SPLITTING = ("13a", "intl", "zh", "unicode", "treebank")  # tokenisers that cut punctuation off
_HYPOTHESIS = re.compile(r"\b(hyp|hypothes[ie]s|sys|system|pred|predictions?|out|output)\b", re.I)
_REFERENCE = re.compile(r"\b(ref|refs|references?|gold|target|tgt|truth)\b", re.I)


def cautions(
    evidence: TextEvidence,
    requests: Sequence[Request],
    metrics: Mapping[str, Estimate],
) -> Iterator[str]:
    """One sentence a caution."""
    yield from _confused(evidence)
    yield from _blank(evidence)
    for mark, told in _LEFT_IN:
        if where := _found(mark, evidence):
            yield told.format(where=where)
    yield from unspaced(evidence.segments.references, requests)
    yield from _tokenised(evidence, requests)
    yield from _erased(evidence, requests)
    yield from unmatched(requests, evidence.means.readings())
    yield from _unsplit(evidence, requests)
    some_interval = any(item.low is not None for item in metrics.values())
    if some_interval and evidence.rows < _SMALL:
        yield f"under {_SMALL} segments: intervals are approximate"


def _confused(evidence: TextEvidence) -> Iterator[str]:
    name, others = evidence.names
    hypotheses, references = evidence.segments.hypotheses, evidence.segments.references
    for other, lines in zip(others, references, strict=True):
        if lines.data == hypotheses.data:
            yield (
                f"{name} is compared with itself"
                if name == other
                else f"{name} and {other} are identical: is one of them a copy of the other?"
            )
    swapped = [other for other in others if _looks(_HYPOTHESIS, _REFERENCE, other)]
    if swapped and _looks(_REFERENCE, _HYPOTHESIS, name):
        yield (
            f"by their names {name} holds references and {swapped[0]} hypotheses: are they swapped?"
        )


def _looks(one: re.Pattern[str], other: re.Pattern[str], name: str) -> bool:
    plain = name.replace("\\", "/").rpartition("/")[2].replace("_", " ")
    return bool(one.search(plain)) and not other.search(plain)


def _blank(evidence: TextEvidence) -> Iterator[str]:
    hypotheses = evidence.segments.hypotheses
    if not any(lines.data.strip() for lines in evidence.segments.references):
        yield "every reference is blank"
    blank = _blanks(hypotheses)
    if not blank:
        return
    share = blank / len(hypotheses)
    if blank == len(hypotheses):
        yield "every hypothesis is blank"
    elif blank > 1 and share >= 0.01:
        yield f"{blank:,} of {len(hypotheses):,} hypotheses ({share:.0%}) are blank: they count"


def _blanks(lines: Lines) -> int:
    """How many segments have nothing but whitespace, looked for where their first byte allows."""
    starts, ends = lines.offsets[:-1], lines.offsets[1:]
    first = np.frombuffer(lines.data, np.uint8)[starts]
    maybe = np.flatnonzero(np.isin(first, _WHITE))
    spans = zip(starts[maybe].tolist(), ends[maybe].tolist(), strict=True)
    return sum(lines.data[start:end].decode().isspace() for start, end in spans)


def _corpora(evidence: TextEvidence) -> Iterator[tuple[str, Lines]]:
    """What each corpus is called, and its lines."""
    name, others = evidence.names
    segments = evidence.segments
    return zip((name, *others), (segments.hypotheses, *segments.references), strict=True)


def _found(mark: bytes, evidence: TextEvidence) -> str:
    """Where a mark occurs, and how often; nothing when it does not."""
    for name, lines in _corpora(evidence):
        # one byte is looked for many times as fast as several
        count = lines.data.count(mark) if mark[:1] in lines.data else 0
        if count:
            place = int((lines.offsets > lines.data.find(mark)).argmax())
            times = "once" if count == 1 else f"{count:,} times"
            return f" {name} {times} (first in segment {place:,})"
    return ""


def _tokenised(evidence: TextEvidence, requests: Sequence[Request]) -> Iterator[str]:
    """Lines that end in a full stop by itself, and a metric that cuts such off."""
    if not any(request.options.get("tokenize") in _SPLITTING for request in requests):
        return
    for name, lines in _corpora(evidence):
        data = np.frombuffer(lines.data, np.uint8)
        feeds = lines.offsets[1:] - 1 if lines.are_single else np.flatnonzero(data == ord("\n"))
        marks = feeds[np.isin(data[feeds - 1], _ENDS)] - 1
        if 2 * np.count_nonzero(data[marks - 1] == ord(" ")) > max(len(marks), 2):
            yield (
                f"{name} looks tokenised (' .' at ends): BLEU is comparable only on text as people "
                "write it; detokenise it, or say --tokenize none"
            )
            return


def _erased(evidence: TextEvidence, requests: Sequence[Request]) -> Iterator[str]:
    """What ROUGE's own tokeniser leaves of letters beyond ASCII."""
    if not any(request.options.get("tokenize") == "rouge" for request in requests):
        return
    data = b"".join(lines.data for lines in evidence.segments.references)
    if data.isascii():
        return
    beyond = sum(character.isalnum() for character in data.decode() if character > "\x7f")
    kept = len(re.findall(rb"[a-zA-Z0-9]", data))
    share = beyond / max(beyond + kept, 1)
    if share >= _ERASED:
        yield (
            f"ROUGE's tokeniser erases {share:.0%} of the letters of this text: say --tokenize "
            "unicode"
        )


def _unsplit(evidence: TextEvidence, requests: Sequence[Request]) -> Iterator[str]:
    """Texts of one sentence each, to ROUGE-Lsum, as those of a file of lines all are."""
    if any(request.metric.name == "rougeLsum" for request in requests) and all(
        lines.are_single for _, lines in _corpora(evidence)
    ):
        yield (
            "rougeLsum is rougeL here: no text has a line feed, which is what parts its sentences"
        )
