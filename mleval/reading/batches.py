"""read: the columns that have roles, checked and encoded, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Literal

from mleval.batch import Batch, Kind
from mleval.errors import InputError, MlevalError, UsageError
from mleval.reading.checks import checked
from mleval.reading.names import listed
from mleval.reading.part import Part, Policy
from mleval.reading.problems import Problems, RaggedRows
from mleval.reading.roles import Roles
from mleval.reading.source import Source
from mleval.reading.tally import Tally
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

Missing = Literal["error", "drop", "wrong"]
Scale = Literal["auto", "probability", "percent", "logit", "any"]


class Reading:
    """One pass over a source. Take `parts()`, load each (in any threads), then `finish()`."""

    def __init__(self, source: Source, roles: Roles, policy: Policy, ids: bool) -> None:
        self._source, self._roles, self._policy = source, roles, policy
        self._kinds = _kinds(roles, ids)
        self._ids = ids
        self._problems = Problems()
        self._lock = Lock()
        self._read = self._used = self._wrong = 0
        self._left_out: dict[str, int] = {}
        self._sizes: dict[int, int] = {}

    def parts(self) -> Iterator[Callable[[], Batch]]:
        """One loader a part, in file order; each may run in any thread. Every one must run, once.

        A loader raises InputError at once where reading cannot go on (bytes that are no text);
        rows that are wrong are left out of its Batch and told by `finish`.
        """
        for number, load in enumerate(self._source.parts(self._kinds)):
            yield _Part(self, number, load)

    def finish(self) -> Tally:
        """The tally of the rows; InputError with everything that was wrong with them."""
        if self._problems:
            raise self._problems.error(self._source.locate)
        sizes = tuple(size for _, size in sorted(self._sizes.items()))
        tally = Tally(self._read, self._used, dict(self._left_out), self._wrong, sizes)
        if tally.rows_used == 0:
            raise self._nothing_used(tally)
        return tally

    def _nothing_used(self, tally: Tally) -> InputError:
        name = self._source.name
        if tally.rows_read == 0:
            return InputError(
                f"{name} has a header but no rows", hint="expected one row a prediction"
            )
        truth = listed(self._truths(), 4)
        if tally.left_out.get("no truth") == tally.rows_read:
            return InputError(
                f"{name}: the truth column {truth} is empty in all {tally.rows_read:,} rows",
                hint="name the column that holds the truth with --truth COLUMN",
            )
        told = ", ".join(f"{count:,} {reason}" for reason, count in tally.left_out.items())
        return InputError(
            f"{name}: none of {tally.rows_read:,} rows can be used: {told}",
            hint=f"complete the rows, or name other columns with {_flags(self._roles)}",
        )

    def _truths(self) -> Iterable[str]:
        """The columns of the truth."""
        labels, roles = self._roles.labels, self._roles
        if labels and labels.truth:
            return labels.truth.values()
        named = [role.name for role in roles.declared if role.of == "truth"]
        several = [c for name in named for c in roles.families.get(name, {}).values()]
        return [roles.columns[name] for name in named if name in roles.columns] or several

    def load(self, number: int, table_of: Callable[[], pa.Table]) -> Batch:
        """One part, checked and counted."""
        try:
            table = table_of()
        except RaggedRows as error:
            self._problems.add_ragged(number, error)
            table = error.table
        part = Part(table, self._roles, self._policy, self._problems, number)
        batch = checked(part, with_ids=self._ids)
        with self._lock:
            self._read += part.rows
            self._sizes[number] = part.rows
            self._used += batch.rows
            self._wrong += part.counted_wrong
            for reason, rows in part.left_out.items():
                self._left_out[reason] = self._left_out.get(reason, 0) + rows
        return batch


class _Part:
    """A loader of one Batch. It drops what it read from when it has run: it may hold bytes."""

    __slots__ = ("_load", "_number", "_reading")

    def __init__(self, reading: Reading, number: int, load: Callable[[], pa.Table]) -> None:
        self._reading, self._number, self._load = reading, number, load

    def __call__(self) -> Batch:
        return self._reading.load(self._number, self._load)


def read(
    source: Source,
    roles: Roles,
    *,
    missing: Missing = "error",
    scale: Scale = "auto",
    ids: bool = False,
) -> Reading:
    """A pass over the rows of `source`, the columns of `roles` as Batches.

    missing: what a row without prediction, score or probability is: an `error`, dropped, or
    `wrong`: the code of its prediction is -1, a miss for the true class; a missing score or
    probability stays an error then.
    scale: what scores and probabilities are; `auto` goes by the columns' names. Percentages are
    divided by 100. ids: whether the id column is read, as Labels.

    Raises UsageError for an unknown policy, InputError for `wrong` without predicted labels.
    """
    if missing not in ("error", "drop", "wrong"):
        raise UsageError(
            f"no such way to treat missing values: '{missing}'", hint="error, drop or wrong"
        )
    if scale not in ("auto", "probability", "percent", "logit", "any"):
        raise UsageError(
            f"no such scale: '{scale}'", hint="auto, probability, percent, logit or any"
        )
    if missing == "wrong" and not roles.predicts:
        raise InputError(
            "--missing wrong counts a missing label as a miss, but there is no column of predicted "
            "labels: a missing score has no place in an order",
            hint="--missing drop, complete the rows, or name the labels with --pred COLUMN",
        )
    return Reading(source, roles, Policy(missing, scale), ids)


def _kinds(roles: Roles, ids: bool) -> dict[str, Kind]:
    """What to read each column as; UsageError for a column of two roles that do not go together."""
    kinds: dict[str, Kind] = {}
    for role in roles.declared:
        kind: Kind = "labels" if role.kind == "label" and roles.labels is not None else role.kind
        if role.of == "cluster":
            continue
        if role.name in roles.columns and (ids or role.of != "id"):
            column = roles.columns[role.name]
            if kinds.get(column, kind) != kind:
                raise _two_roles(roles, column)
            kinds[column] = kind
        for column in roles.families.get(role.name, {}).values():
            if kinds.get(column, "number") not in ("number", "family"):
                raise _two_roles(roles, column)
            kinds.setdefault(column, "family")
    if roles.labels is not None:
        for column in (*roles.labels.truth.values(), *roles.labels.prediction.values()):
            kinds[column] = "mark"
    apart: dict[str, Kind] = {roles.columns[r]: "label" for r in ("cluster",) if r in roles.columns}
    for column, kind in (apart | dict(roles.by)).items():  # one that has a role is read as that
        kinds.setdefault(column, kind)
    return kinds


def _two_roles(roles: Roles, column: str) -> MlevalError:
    return UsageError(
        f"column {quoted(column)} cannot be a label and a number at once",
        hint=f"give {_flags(roles)} different columns",
    )


def _flags(roles: Roles) -> str:
    """How the columns that are compared are named."""
    compared = [
        role.flag
        for role in roles.declared
        if role.of in ("truth", "prediction") and role.kind not in ("family", "nested")
    ]
    return f"{', '.join(compared[:-1])} and {compared[-1]}"
