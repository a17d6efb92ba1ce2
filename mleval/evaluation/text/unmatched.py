"""What BLEU is made of where no run of so many tokens is matched, told once for all that it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mleval.errors import Undefined
from mleval.evaluation.requests import Request
from mleval.metrics.bleu_counts import Cut
from mleval.metrics.bleu_formulas import Smoothing

_ORDERS = {"bleu1": 1, "bleu2": 2, "bleu3": 3}


def unmatched(requests: Sequence[Request], readings: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each length of which no run is matched, naming the metrics that it is of."""
    found: dict[tuple[str, str], list[str]] = {}
    for request in requests:
        told = _of(request, readings)
        if told is not None:
            found.setdefault(told, []).append(request.key)
    for (what, so), keys in found.items():
        yield f"{what}: {so.format(', '.join(keys))}"


def _of(request: Request, readings: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is not there, and what follows for the metric; None where it is all there."""
    name, options = request.metric.name, request.options
    order = _ORDERS.get(name) or options.get("n" if name == "bleu_precision" else "order")
    if order is None or name == "sentence_bleu" or request.metric.components is None:
        return None
    smooth = options["smooth"]
    smoothing = Smoothing(smooth, options.get("floor", 0.1), options.get("k", 1.0))
    try:
        counts = Cut(options["tokenize"], options["lowercase"]).pooled(readings, order, smoothing)
    except Undefined:
        return None
    n = _first_without(counts.matches)
    if n == 1 or n > order:  # nothing is matched, which 0 says by itself; or something of each
        return None
    short = _first_without(counts.totals)
    if short <= order and smooth != "add-k":
        left_out = options.get("effective_order") or name == "bleu_precision"
        if not left_out:
            so = "{} is 0 for that; " + f"bleu(order={short - 1}) does not ask for them"
            return f"no hypothesis has {short} tokens", so
        if n == short:
            return None
    so = "{} is 0 for that" if smooth == "none" else "what {} has for that is smoothing's"
    return f"no run of {n} tokens of a hypothesis is in its references", f"{so} (smooth={smooth})"


def _first_without(counts: Sequence[float]) -> int:
    """The least n of whose n-grams there are none; beyond all of them if there is no such."""
    return 1 + next((at for at, count in enumerate(counts) if count == 0), len(counts))
