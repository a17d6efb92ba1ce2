"""The conventions that the numbers of a language model follow, in words."""

from __future__ import annotations

from mleval.evaluation.perplexity.evidence import PerplexityEvidence

_UNITS = {"bytes": "bytes (UTF-8)", "chars": "characters", "words": "words"}


def counted(count: int, what: str) -> str:
    """So many of something.

    >>> counted(1, "sequence"), counted(2000, "token")
    ('1 sequence', '2,000 tokens')
    """
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def first_tokens(evidence: PerplexityEvidence) -> str:
    """Whether first tokens are scored."""
    skipped = evidence.total("skipped")
    return "scored" if not skipped else "left out" if skipped == evidence.rows else "some left out"


def convention(evidence: PerplexityEvidence) -> str:
    """What was averaged over what, in one sentence."""
    known = evidence.knows("tokens")
    tokens = counted(evidence.total("tokens"), "token") if known else "uncounted tokens"
    skipped = evidence.total("skipped")
    clusters = ", which are the clusters" if evidence.rows > 1 else ""
    said = [f"−Σ ln p over {tokens} of {counted(evidence.rows, 'sequence')}{clusters}"]
    if skipped:
        first = counted(skipped, "first token")
        said.append(f"{first} without a log-probability left out of both sums")
    else:
        said.append("first tokens are scored")
    if units := [name for unit, name in _UNITS.items() if evidence.knows(unit)]:
        among = ", first tokens among them" if skipped else ""
        *others, last = units
        listed = f"{', '.join(others)} and {last}" if others else last
        said.append(f"{listed} of {evidence.text}{among}")
    return "; ".join(said)
