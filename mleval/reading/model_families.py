"""Class columns of several models beside one truth: `lr_prob_cat, lr_prob_dog, dt_prob_cat, …`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mleval.reading.names import normalised
from mleval.reading.synonyms import MODEL_FAMILIES
from mleval.reading.vocabulary import Head, matched


class ModelFamily(NamedTuple):
    """The class columns of one model, by class; all of them begin with the prefix."""

    prefix: str
    columns: Mapping[str, str]


class _Named(NamedTuple):
    """What the name of a class column says; model: empty when it names none."""

    model: str
    prefix: str
    of_class: str


def model_families(head: Head, columns: Iterable[str], labels: set[str]) -> dict[str, ModelFamily]:
    """Model → its class columns, when each model has a number column for every label.

    None at all when that is not certain: class columns without a model's name stand among them,
    some model lacks a label, or has two columns for one. labels: as `matched`.
    """
    found: dict[str, ModelFamily] = {}
    for column in columns:
        named = _named(column, labels)
        if named is None or head.numbers(column) is None:
            continue
        family = found.setdefault(named.model, ModelFamily(named.prefix, {}))
        if not named.model or family.prefix != named.prefix or named.of_class in family.columns:
            return {}
        found[named.model] = ModelFamily(family.prefix, {**family.columns, named.of_class: column})
    whole = all({matched(name) for name in family.columns} == labels for family in found.values())
    return found if whole and len(labels) > 1 else {}


def _named(column: str, labels: set[str]) -> _Named | None:
    """The model and the class that a column names, when the class is a label."""
    shape, written = f"_{normalised(column)}", column.strip()
    for words in MODEL_FAMILIES:
        before, between, name = shape.rpartition(f"_{words}")
        of_class = written[len(written) - len(name) :]
        if between and name and matched(of_class) in labels:
            return _Named(before.removeprefix("_"), written[: -len(name)], of_class)
    return None
