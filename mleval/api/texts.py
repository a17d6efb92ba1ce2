"""`mleval.text`: what it makes of its arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from mleval.api.common import Common, evaluated, refuse_lazy, showing
from mleval.errors import UsageError
from mleval.language.choices import Smooth, Stemmer, Tokenize
from mleval.options import TextOptions
from mleval.options.text import Preset
from mleval.reading.texts import held_texts

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet

_EXAMPLE = 'text(["a cat"], ["the cat"]) or text("hyp.txt", "ref.txt")'


@showing(Common)
def text(
    hypotheses: Any,
    references: Any = None,
    *,
    hypothesis: str | None = None,
    id: str | None = None,
    cluster: str | None = None,
    input_format: str | None = None,
    preset: Preset | None = None,
    tokenize: Tokenize | None = None,
    smooth: Smooth | None = None,
    lowercase: bool = False,
    stemmer: Stemmer | None = None,
    normalize: Sequence[str] = (),
    per_segment: str | os.PathLike[str] | None = None,
    worst: int = 0,
    **common: Unpack[Common],
) -> Report | ReportSet:
    """Evaluate translations, summaries, answers or transcripts by their references.

    hypotheses: texts in a list, array or Series, or the path of a file with one a line; of several
    systems a dict of such by name, which gives a ReportSet. references: for each hypothesis a text
    or a list of texts, or as sacreBLEU has them, lists of as many texts; or the path of a file, or
    a list of paths. Texts by id are two dicts. A file or table that has both by itself needs no
    references, or the names of their columns; hypothesis and id name columns too, id as `A=B` where
    the references call it B.

    preset: the conventions of a tool where they are not mleval's own; tokenize, smooth, lowercase,
    stemmer, normalize (any of lower, punct, space): those of every metric that has such an option;
    per_segment: a .csv or .jsonl file to write, with every metric of every segment; worst: how many
    of the segments to list that score lowest. by: columns of a table that segments are told apart
    by: every metric of each slice is in `report.slices`; cluster: the column that tells which go
    together, such as those of a document: intervals are then cluster-robust. metrics: Specs to
    report in place of the default ones, or "all". verify: recompute with the references too, and
    raise MlevalError when they disagree.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = text(["a cat sat", "hello"], ["the cat sat", ["hello", "hi"]])
    >>> report["rouge1"].value, report["exact_match"].value
    (0.8333333333333333, 1.0)
    """
    refuse_lazy(hypotheses, references)
    own: dict[str, Any] = {
        "references": (),
        "hypothesis": hypothesis,
        "id": id,
        "cluster": cluster,
        "input_format": input_format,
        "preset": preset,
        "tokenize": tokenize,
        "smooth": smooth,
        "lowercase": lowercase,
        "stemmer": stemmer,
        "normalize": tuple(_steps(normalize)),
        "per_segment": None if per_segment is None else os.fspath(per_segment),
        "worst": worst,
    }
    data = _data(hypotheses, references)
    if data is None:  # files or a table, which the references may be columns of
        data, own["references"] = _named(hypotheses, references)
    return evaluated(data, TextOptions, own, common)


def _data(hypotheses: Any, references: Any) -> Any:
    """The texts in memory; None for files and tables."""
    if isinstance(hypotheses, Mapping):
        if references is None or _are_names(references) or _are_names(hypotheses.values()):
            return None
        if isinstance(references, Mapping):
            return held_texts(hypotheses, references)
        return {str(name): held_texts(texts, references) for name, texts in hypotheses.items()}
    if _is_name(hypotheses) or hasattr(hypotheses, "columns"):
        return None
    if references is None:
        raise UsageError("there are no references to compare with", hint=_EXAMPLE)
    if _is_name(references):
        raise UsageError("hypotheses are texts, and references a file", hint=_EXAMPLE)
    return held_texts(hypotheses, references)


def _steps(normalize: Sequence[str]) -> Sequence[str]:
    """One by one; a text has them as on the command line."""
    return normalize.split(",") if isinstance(normalize, str) else normalize


def _is_name(data: Any) -> bool:
    return isinstance(data, str | os.PathLike)


def _are_names(data: Any) -> bool:
    """Whether it is the name of a file, or paths."""
    return _is_name(data) or all(isinstance(item, os.PathLike) for item in data)


def _named(hypotheses: Any, references: Any) -> tuple[Any, tuple[str, ...]]:
    """What is opened, and the references that go with it by name."""
    some = [] if references is None else [references] if _is_name(references) else references
    if not isinstance(some, Sequence) or not all(map(_is_name, some)):
        raise UsageError("references are names of files or columns here", hint=_EXAMPLE)
    names = tuple(os.fspath(name) for name in some)
    if isinstance(hypotheses, Mapping) and all(map(_is_name, hypotheses.values())):
        return list(hypotheses.values()), names
    return [hypotheses] if _is_name(hypotheses) else hypotheses, names
