"""held_texts: hypotheses and references in memory, in whichever way they are nested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.reading.names import listed
from mleval.reading.problems import SHOWN
from mleval.reading.texts.memory import HeldTexts
from mleval.visible import quoted

Texts = list[str | None]


def held_texts(hypotheses: Any, references: Any) -> HeldTexts:
    """Texts in lists, tuples, arrays, Series and Arrow arrays, or by id in two dicts.

    references: a text for each of n hypotheses; or a list of texts for each; or, as sacreBLEU has
    them, lists of n texts each; None (also NaN) for one that is missing. Which of the latter two
    is told by the lengths. Raises InputError where these fit both or neither, for what is no text,
    for a missing hypothesis, and for a segment without a reference.

    >>> held_texts(["a", "b"], [["x"], ["y", "z"]]).references
    [['x', 'y'], [None, 'z']]
    >>> held_texts(["a", "b"], [["x", "y"], ["z", None], [None, None]]).references
    [['x', 'y'], ['z', None], [None, None]]
    """
    if isinstance(hypotheses, Mapping) and isinstance(references, Mapping):
        return _by_id(hypotheses, references)
    said = _hypotheses(_items(hypotheses, "hypotheses"))
    return _held(said, _corpora(references, len(said)))


def earlier_texts(held: HeldTexts, hypotheses: Any) -> HeldTexts:
    """Other hypotheses of the same references, in their order or by id in a dict.

    Raises InputError for what does not go with these references.

    >>> earlier_texts(held_texts(["a"], ["x"]), ["b"])
    HeldTexts(hypotheses=['b'], references=[['x']], ids=None)
    """
    if isinstance(hypotheses, Mapping) and held.ids is not None:
        segments = map(list, zip(*held.references, strict=True))
        return held_texts(hypotheses, dict(zip(held.ids, segments, strict=True)))
    said = _hypotheses(_items(hypotheses, "the baseline's hypotheses"))
    _require_as_many(len(held.hypotheses), len(said), "references")
    return HeldTexts(said, held.references, held.ids)


def _held(said: list[str], corpora: list[Texts], ids: list[str] | None = None) -> HeldTexts:
    """InputError for a segment without a reference."""
    gone = [all(text is None for text in texts) for texts in zip(*corpora, strict=True)]
    if any(gone):
        raise InputError(
            f"references[{gone.index(True)}] has no text ({sum(gone):,} of {len(said):,} segments)",
            hint="leave such segments out, on both sides",
        )
    return HeldTexts(said, corpora, ids)


def _by_id(hypotheses: Mapping[Any, Any], references: Mapping[Any, Any]) -> HeldTexts:
    """Two dicts; InputError unless both have the same ids."""
    for one, other, lacks in (
        (hypotheses, references, "a reference"),
        (references, hypotheses, "a hypothesis"),
    ):
        ids = [str(id_) for id_ in one if id_ not in other]
        if ids:
            raise InputError(
                f"{len(ids):,} ids are without {lacks}: {listed(ids, SHOWN)}",
                hint="each id belongs in both dicts",
            )
    said = _hypotheses(list(hypotheses.values()))
    texts = [references[id_] for id_ in hypotheses]
    return _held(said, _per_segment(texts), [str(id_) for id_ in hypotheses])


def _items(data: Any, what: str) -> list[Any]:
    """The items of anything that has some in an order; InputError for one text."""
    if isinstance(data, str | bytes | Mapping | set | frozenset) or not isinstance(data, Iterable):
        raise InputError(
            f"{what} should be a list of texts, found {_kind(data)}",
            hint="give one text a segment, in a list",
        )
    if isinstance(data, list | tuple):
        return list(data)
    for method in ("to_pylist", "to_list", "tolist"):  # Arrow, pandas and polars, numpy
        if hasattr(data, method):
            return list(getattr(data, method)())
    return list(data)


def _hypotheses(items: Sequence[Any]) -> list[str]:
    if not items:
        raise InputError("there are no hypotheses", hint="give at least one text")
    for at, item in enumerate(items):
        if not _is_text(item):
            raise InputError(
                f"hypotheses[{at}] is {_kind(item)}, expected a text",
                hint='tokens are joined: " ".join(tokens)'
                if _is_list(item)
                else 'an empty text ("") where a system said nothing',
            )
    return list(items)


def _corpora(references: Any, size: int) -> list[Texts]:
    items = _items(references, "references")
    if not any(_is_list(item) for item in items):
        _require_as_many(len(items), size, "references")
        return [_texts(items, "references")]
    own = _is_column(references)
    if own or not _may_be_corpora(items, size):
        _require_as_many(len(items), size, "lists of references")
        return _per_segment(items)
    if len(items) == size > 1:
        raise InputError(
            f"{size} lists of {size} references for {size} hypotheses: they may be those of each "
            "segment, or those of each place",
            hint="add None to every list if they are of a segment, or a list of None if they are "
            "as sacreBLEU has them",
        )
    return [
        _texts(_items(item, "references"), f"references[{at}]") for at, item in enumerate(items)
    ]


def _may_be_corpora(items: Sequence[Any], size: int) -> bool:
    """Whether every item is a list with a reference for each hypothesis."""
    return all(_is_list(item) and len(item) == size for item in items)


def _per_segment(items: Sequence[Any]) -> list[Texts]:
    """Corpora of the references of each segment, None where one has fewer than another."""
    lists: list[Texts] = [
        _texts(_items(item, f"references[{at}]") if _is_list(item) else [item], f"references[{at}]")
        for at, item in enumerate(items)
    ]
    most = max(1, *map(len, lists))
    padded = [[*texts, *[None] * (most - len(texts))] for texts in lists]
    return [list(corpus) for corpus in zip(*padded, strict=True)]


def _texts(items: Sequence[Any], what: str) -> Texts:
    found: Texts = []
    for at, item in enumerate(items):
        if not _is_text(item) and not _is_missing(item):
            raise InputError(
                f"{what}[{at}] is {_kind(item)}, expected a text",
                hint="references are a text a segment, or a list of texts a segment",
            )
        found.append(item if _is_text(item) else None)
    return found


def _require_as_many(found: int, size: int, what: str) -> None:
    if found != size:
        raise InputError(
            f"there are {size:,} hypotheses and {found:,} {what}",
            hint="give a text, or a list of texts, for each hypothesis; or as sacreBLEU has them, "
            "lists with a text for each hypothesis",
        )


def _is_text(item: Any) -> bool:
    return isinstance(item, str)


def _is_missing(item: Any) -> bool:
    """Whether it stands for no text: None, NaN, or pandas' NA."""
    if _is_list(item):
        return False
    return item is None or type(item).__name__ == "NAType" or bool(item != item)


def _is_list(item: Any) -> bool:
    return isinstance(item, list | tuple | np.ndarray) or _is_column(item)


def _is_column(data: Any) -> bool:
    """Whether it is a Series or an Arrow array, which has an item a segment."""
    return hasattr(data, "to_pylist") or hasattr(data, "to_list")


def _kind(item: Any) -> str:
    if item is None:
        return "None"
    return quoted(item) if isinstance(item, str) else f"of type {type(item).__name__}"
