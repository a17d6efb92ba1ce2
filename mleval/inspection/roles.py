"""Which column was found to be for what, and why it is that one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mleval.inspection.found import RoleSeen
from mleval.options import TableOptions
from mleval.reading import ClassRoles, JoinedSource, Models, PairRoles, Roles
from mleval.reading.label_sets import LIST, MARKED_LIST
from mleval.reading.names import normalised
from mleval.reading.synonyms import (
    ID,
    LOWER,
    NUMBER_PREDICTION,
    PREDICTION,
    SCORE,
    STD,
    TRUTH,
    UPPER,
    WEIGHT,
)

_NAMES: Mapping[str, Sequence[str]] = {
    "truth": TRUTH, "prediction": PREDICTION, "score": SCORE, "weight": WEIGHT, "id": ID,
    "lower": LOWER, "upper": UPPER, "std": STD,
}  # fmt: skip
_NUMBER_NAMES = {**_NAMES, "prediction": NUMBER_PREDICTION}
_CALLED = {"lower": "a lower end", "upper": "an upper end", "std": "a standard deviation"}
_MOST_NAMES = 5
_ONE_OF = {"quantiles": "quantile", "truth_probabilities": "true probability"}
_VECTORS = ("a", "b", "negative")
_PREFIXES = {  # role of several columns → the option that is their prefix
    **{role: role for role in ("quantiles", *_VECTORS)},
    "truth_probabilities": "truth_proba",
}
_NAMED_BY = {"distance": "distances", "negative_distance": "negative_distances"}


def roles_of_columns(roles: Roles | None, models: Models | None) -> dict[str, str]:
    """Column → what it is for, in a few words."""
    found: dict[str, str] = {}
    if roles is not None:
        for role, columns in _families(roles).items():
            found |= {column: _one_of(role, name) for name, column in columns.items()}
        found |= {column: _called(role, roles) for role, column in roles.columns.items()}
    return found | roles_of_models(models)


def _called(role: str, roles: Roles) -> str:
    """A role in words."""
    says_same = isinstance(roles, PairRoles) and roles.says_same
    return "same" if role == "dissimilar" and says_same else role.replace("_", " ")


def _one_of(role: str, name: str) -> str:
    """What one column of several is for."""
    if role in _VECTORS:
        return role
    return f"{_ONE_OF.get(role, role)} {'' if role == 'quantiles' else 'of '}{name}"


def roles_of_models(models: Models | None) -> dict[str, str]:
    """Column → what it is for, of the columns that tell models apart."""
    if models is None:
        return {}
    found = _lone_columns(models)
    for name, family in models.families.items():
        named = family.columns.items()
        found |= {column: f"probability of {of_class} of {name}" for of_class, column in named}
    return found


def _lone_columns(models: Models) -> dict[str, str]:
    """Those that are in no family."""
    if models.column is not None:
        return {models.column: "model"}
    return {
        column: f"{role} of {name}"
        for name, columns in models.wide.items()
        for role, column in columns.items()
        if role != "unused"
    }


def reasons(
    roles: Roles, options: TableOptions, joined: JoinedSource | None, models: Models | None
) -> Iterator[RoleSeen]:
    """Each role with its columns, and why."""
    of_models = roles_of_models(models)
    for role, column in roles.columns.items():
        if column not in of_models:
            why = _why(role, column, options, joined, roles) + _several(role, roles)
            yield RoleSeen(role=_called(role, roles), column=column, why=why)
    if models is not None:
        for column, role in _lone_columns(models).items():
            yield RoleSeen(role=role, column=column, why="one of several models")
        for name, family in models.families.items():
            why = _one_each("class", family.columns)
            yield RoleSeen(role=f"probability of {name}", column=_some(family.columns), why=why)
    for role, columns in _families(roles).items():
        if columns and of_models.keys().isdisjoint(columns.values()):
            yield _family(role, columns, roles, options)


def _families(roles: Roles) -> dict[str, Mapping[str, str]]:
    """Role → class → column, of the roles that have a column a class or a label."""
    labels = roles.labels
    found = {"truth": labels.truth, "prediction": labels.prediction} if labels else {}
    if not isinstance(roles, ClassRoles):
        return {**found, **roles.families}
    others = {role: family for role, family in roles.families.items() if role != "probabilities"}
    return {**found, **others, roles.family_kind: roles.family}


def _family(role: str, columns: Mapping[str, str], roles: Roles, options: TableOptions) -> RoleSeen:
    marked = roles.labels is not None and role in ("truth", "prediction")
    each = "label" if roles.labels else "class"
    if not isinstance(roles, ClassRoles):
        each = "level" if role == "quantiles" else "target"
    why = _one_each(each, columns, " of 0 and 1" * marked)
    if role in _VECTORS:
        why = f"{len(columns)} columns, one a number of the vector"
    prefix = None if marked else getattr(options, _PREFIXES.get(role, "proba"), None)
    given = "" if prefix is None else f"named {prefix}…: "
    name = "true probability" if role == "truth_probabilities" else role
    return RoleSeen(role=name, column=_some(columns), why=given + why)


def _one_each(what: str, columns: Mapping[str, str], held: str = "") -> str:
    names = ", ".join(list(columns)[:_MOST_NAMES]) + " …" * (len(columns) > _MOST_NAMES)
    return f"{len(columns)} columns{held}, one a {what}: {names}"


def _some(columns: Mapping[str, str]) -> str:
    named = list(columns.values())
    return ", ".join(named if len(named) < 4 else [named[0], "…", named[-1]])


def _why(
    role: str, column: str, options: TableOptions, joined: JoinedSource | None, roles: Roles
) -> str:
    name = joined.right.get(column, column) if joined else column
    given = [_NAMED_BY.get(role, role)] if role != "dissimilar" else ["same", "dissimilar"]
    if any(getattr(options, option) is not None for option in given):
        return "as given"
    if role == "id" and options.on is not None:
        return "as given"
    if isinstance(roles, PairRoles):
        return _why_pair(role, roles)
    if isinstance(roles, ClassRoles) and role == "score" and roles.score_class is not None:
        return f"named like a {roles.score_kind} of the class {roles.score_class}"
    names = _NAMES if isinstance(roles, ClassRoles) else _NUMBER_NAMES
    if normalised(name) in names[role]:
        return f"named like {_CALLED.get(role, f'an {role}' if role == 'id' else f'a {role}')}"
    if any(column in family.values() for family in roles.families.values()):
        return "by the level of the quantile"
    if role == "score":
        return "by its values"
    return "no other column may be it" if joined else "named after what is predicted"


def _why_pair(role: str, roles: PairRoles) -> str:
    """Why a column of pairs is that: by its name in any case."""
    if role == "dissimilar":
        return (
            f"named like what says which pairs are {'the same' if roles.says_same else 'different'}"
        )
    vector = f"the vector {role}; lists of {roles.width} numbers"
    others = {"a": vector, "b": vector, "negative": vector, "id": "an id"}
    return f"named like {others.get(role, 'a ' + role.replace('_', ' '))}"


def _several(role: str, roles: Roles) -> str:
    """How a cell says several labels, if it does."""
    if roles.labels is None or role not in ("truth", "prediction"):
        return ""
    separator = roles.labels.separator
    told = {
        "": "",
        LIST: "; lists of labels",
        MARKED_LIST: "; lists of 0 and 1, one a label",
    }
    return told.get(separator, f"; several labels between '{separator}'")
