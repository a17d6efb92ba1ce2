"""Reading prediction files: open_source, find_roles, read.

    source = open_source("preds.csv")
    roles = find_roles(source, ColumnChoices())
    reading = read(source, roles)
    batches = [load() for load in reading.parts()]
    tally = reading.finish()

What is not used is not loaded, and nothing here imports pyarrow until a file is opened.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mleval.reading.batches import Reading, read
    from mleval.reading.conditions import Condition, columns_of
    from mleval.reading.filtered import FilteredSource
    from mleval.reading.finding import find_roles
    from mleval.reading.joined import JoinedSource, join, unmatched
    from mleval.reading.joined_roles import joined_choices
    from mleval.reading.matching import Keys, found_keys
    from mleval.reading.matrices import Matrices, MatrixSource, beside_matrices
    from mleval.reading.matrix import class_matrix
    from mleval.reading.models import Models, find_models, models_by_rows
    from mleval.reading.opening import open_source
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
    from mleval.reading.slicing import By, Slicing, find_slicing
    from mleval.reading.source import Source
    from mleval.reading.tally import Tally

__all__ = [
    "By",
    "Choices",
    "ClassRoles",
    "ColumnChoices",
    "Condition",
    "FilteredSource",
    "JoinedSource",
    "Keys",
    "Matrices",
    "MatrixSource",
    "Models",
    "PairChoices",
    "PairRoles",
    "Reading",
    "RegressionChoices",
    "RegressionRoles",
    "Roles",
    "Slicing",
    "Source",
    "Tally",
    "beside_matrices",
    "class_matrix",
    "columns_of",
    "find_models",
    "find_roles",
    "find_slicing",
    "found_keys",
    "join",
    "joined_choices",
    "models_by_rows",
    "open_source",
    "read",
    "unmatched",
]

_HOMES = {
    "By": "slicing",
    "Choices": "roles",
    "ClassRoles": "roles",
    "ColumnChoices": "roles",
    "Condition": "conditions",
    "FilteredSource": "filtered",
    "JoinedSource": "joined",
    "Keys": "matching",
    "Matrices": "matrices",
    "MatrixSource": "matrices",
    "Models": "models",
    "PairChoices": "roles",
    "PairRoles": "roles",
    "Reading": "batches",
    "RegressionChoices": "roles",
    "RegressionRoles": "roles",
    "Roles": "roles",
    "Slicing": "slicing",
    "Source": "source",
    "Tally": "tally",
    "beside_matrices": "matrices",
    "class_matrix": "matrix",
    "columns_of": "conditions",
    "find_models": "models",
    "find_roles": "finding",
    "find_slicing": "slicing",
    "found_keys": "matching",
    "join": "joined",
    "joined_choices": "joined_roles",
    "models_by_rows": "models",
    "open_source": "opening",
    "read": "batches",
    "unmatched": "joined",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mleval.reading' has no attribute '{name}'")
    found = globals()[name] = getattr(import_module(f"mleval.reading.{_HOMES[name]}"), name)
    return found
