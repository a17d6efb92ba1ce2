"""Citations: scores on 0-100 with the signature that says what they are of, as papers quote them.

They are written as sacreBLEU writes them; only the version in the signature is mleval's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mleval.errors import Undefined
from mleval.evaluation.requests import Request
from mleval.evaluation.text.evidence import TextEvidence
from mleval.metrics.bleu_counts import Cut
from mleval.metrics.bleu_formulas import Smoothing, brevity_penalty, smoothed_precisions
from mleval.version import __version__

Signature = Mapping[str, object]


def citations(requests: Sequence[Request], evidence: TextEvidence) -> Iterator[str]:
    """A line a metric that sacreBLEU has one of, unless it has no value."""
    for request in requests:
        cite = _CITED.get(request.metric.name)
        if cite is None or str(request.options.get("smooth", "")).startswith("method"):
            continue
        readings, options = evidence.means.readings(), request.options
        try:
            score = 100 * float(request.metric.function(readings, **options))
            name, signature, more = cite(options, readings)
        except Undefined:
            continue
        said = {"nrefs": references(evidence), **signature, "version": f"mleval-{__version__}"}
        told = "|".join(f"{key}:{value}" for key, value in said.items())
        yield f"{name}|{told} = {score:.2f}{more}"


def references(evidence: TextEvidence) -> str:
    """How many references a segment has, as signatures say it."""
    fewest, most = evidence.references
    return str(most) if fewest == most else "var"


def _bleu(options: Mapping[str, Any], readings: Mapping[str, Any]) -> tuple[str, Signature, str]:
    cut = Cut(options["tokenize"], options["lowercase"])
    smoothing = Smoothing(options["smooth"], options["floor"], options["k"])
    counts = cut.pooled(readings, options["order"], smoothing)
    precisions = "/".join(f"{100 * p:.1f}" for p in smoothed_precisions(counts, smoothing))
    penalty = brevity_penalty(counts.length, counts.reference)
    parts = (
        f"BP = {penalty:.3f} ratio = {counts.length / counts.reference:.3f} "
        f"hyp_len = {counts.length:.0f} ref_len = {counts.reference:.0f}"
    )
    value = {"floor": f"[{smoothing.floor:.2f}]", "add-k": f"[{smoothing.k:.2f}]"}
    signature = {
        "case": _case(options["lowercase"]),
        "eff": _yes(options["effective_order"]),
        "tok": "none" if options["tokenize"] == "whitespace" else options["tokenize"],
        "smooth": options["smooth"] + value.get(options["smooth"], ""),
    }
    return "BLEU", signature, f" {precisions} ({parts})"


def _chrf(options: Mapping[str, Any], readings: Mapping[str, Any]) -> tuple[str, Signature, str]:
    del readings
    signature = {
        "case": _case(options["lowercase"]),
        "eff": _yes(not options["eps_smoothing"]),
        "nc": options["char_order"],
        "nw": options["word_order"],
        "space": _yes(options["whitespace"]),
    }
    return f"chrF{options['beta']:g}{'+' * options['word_order']}", signature, ""


def _ter(options: Mapping[str, Any], readings: Mapping[str, Any]) -> tuple[str, Signature, str]:
    del readings
    signature = {
        "case": _case(not options["case_sensitive"]),
        "tok": "tercom",
        "norm": _yes(options["normalized"]),
        "punct": _yes(not options["no_punct"]),
        "asian": _yes(options["asian_support"]),
    }
    return "TER", signature, ""


def _case(lowered: bool) -> str:
    return "lc" if lowered else "mixed"


def _yes(so: bool) -> str:
    return "yes" if so else "no"


_CITED: dict[str, Callable[..., tuple[str, Signature, str]]] = {
    "bleu": _bleu,
    "chrf": _chrf,
    "ter": _ter,
}
