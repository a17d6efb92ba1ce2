"""What a careful reader of the numbers of a language model should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mleval.evaluation.perplexity.evidence import PerplexityEvidence
from mleval.report import Estimate

_SMALL = 30  # sequences under which coverage is not what the level says


def cautions(evidence: PerplexityEvidence, metrics: Mapping[str, Estimate]) -> Iterator[str]:
    """One sentence a caution."""
    if where := evidence.impossible:
        count = evidence.total("infinite")
        some = "a sequence" if count == 1 else f"{count:,} sequences"
        yield f"log-probability −inf in {some} (first: {where}): the model holds it impossible"
    yield from _truncated(evidence)
    if len(evidence.models) > 1:
        yield (
            f"the input names {len(evidence.models)} models: only bits per byte is the same "
            "whatever the tokenizer"
        )
    if evidence.total("tokens") and not evidence.means.value("nll") and evidence.knows("tokens"):
        yield "every log-probability is 0: are these log-probabilities?"
    some_interval = any(item.low is not None for item in metrics.values())
    if some_interval and evidence.rows < _SMALL:
        yield f"under {_SMALL} sequences: intervals are approximate"


def _truncated(evidence: PerplexityEvidence) -> Iterator[str]:
    count = evidence.total("truncated")
    if not count:
        return
    first = {name: float(column[0]) for name, column in evidence.truncated.columns.items()}
    where = evidence.place(int(first["part"]), int(first["row"]))
    some, have = ("a sequence", "its text has") if count == 1 else (
        f"{count:,} sequences", "their texts have"
    )  # fmt: skip
    yield (
        f"the tokens of {some} spell fewer characters than {have} (first: {where}: "
        f"{first['spelled']:,.0f} of {first['chars']:,.0f}): cut short? bits per byte, per "
        "character and per word count text that was not scored"
    )
