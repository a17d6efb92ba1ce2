"""find_roles: which column plays which role. A command has a row in `FINDERS`, and a Finder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from mleval.reading.columns import ClassFinder
from mleval.reading.finder import Finder
from mleval.reading.pair_columns import PairFinder
from mleval.reading.regression_columns import RegressionFinder
from mleval.reading.roles import (
    Choices,
    ClassRoles,
    ColumnChoices,
    PairChoices,
    PairRoles,
    RegressionChoices,
    RegressionRoles,
    Roles,
)
from mleval.reading.source import Source

FINDERS: Mapping[str, Any] = {
    "classify": ClassFinder,
    "regress": RegressionFinder,
    "pairs": PairFinder,
}


@overload
def find_roles(source: Source, choices: ColumnChoices | None = None) -> ClassRoles: ...
@overload
def find_roles(source: Source, choices: RegressionChoices) -> RegressionRoles: ...
@overload
def find_roles(source: Source, choices: PairChoices) -> PairRoles: ...
@overload
def find_roles(source: Source, choices: Choices) -> Roles: ...
def find_roles(source: Source, choices: Choices | None = None) -> Roles:
    """The roles of a source's columns, for classification unless the choices are another's.

    Raises InputError when there is no truth, nothing to compare it with, a chosen column that
    does not exist, two columns with equal claims, or (`strict`) a claim that was passed over.
    """
    chosen = choices or ColumnChoices()
    finder: Finder = FINDERS[chosen.command](source, chosen)
    return finder.roles()
