"""Reading prediction files: open_source, find_roles, read.

    source = open_source("preds.csv")
    roles = find_roles(source, ColumnChoices())
    reading = read(source, roles)
    batches = [load() for load in reading.parts()]
    tally = reading.finish()

Nothing here imports pyarrow until a file is opened.
"""

from mleval.reading.batches import Reading, Tally, read
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
from mleval.reading.source import Source

__all__ = [
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
    "Source",
    "Tally",
    "beside_matrices",
    "class_matrix",
    "columns_of",
    "find_models",
    "find_roles",
    "found_keys",
    "join",
    "joined_choices",
    "models_by_rows",
    "open_source",
    "read",
    "unmatched",
]
