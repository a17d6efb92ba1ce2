"""What is evaluated: a table, the columns that were chosen in it, and the models it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from mleval.errors import InputError
from mleval.options import TableOptions
from mleval.reading import (
    Choices,
    FilteredSource,
    JoinedSource,
    MatrixSource,
    Models,
    Roles,
    Slicing,
    Source,
    columns_of,
    find_models,
    find_roles,
    find_slicing,
)
from mleval.visible import quoted

if TYPE_CHECKING:
    from mleval.evaluation.findings import Findings


Look = Callable[[str | None], str]
"""Makes of the hint of a refusal one that says how to look at the columns."""


class Apart(NamedTuple):
    """Models in one file, and the Input of each."""

    models: Models
    input_of: Callable[[str], Input]


class Chosen(NamedTuple):
    """One of several models, by name. asked: whether it alone was asked for."""

    model: str
    models: Models
    asked: bool


@dataclass(frozen=True, slots=True)
class Input:
    """An opened input and the columns that were chosen in it.

    joined, filtered: what it is made of, where a truth file or a filter was given; apart: models
    whose rows are joined each on their own; look: says how to see the columns; chosen: the
    model whose rows these are, where there are several.
    """

    source: Source
    choices: Choices
    joined: JoinedSource | None = None
    filtered: FilteredSource | None = None
    apart: Apart | None = None
    look: Look | None = None
    chosen: Chosen | None = None

    def roles(self) -> Roles:
        """Which columns are for what; the hint of a refusal says how to look at them."""
        with pointing_to(self.look):
            return find_roles(self.source, self.choices)

    def models(self, wanted: str | None, *, head_only: bool = False) -> Models | None:
        """The models it holds, if certainly several; InputError when it has not the wanted one.

        head_only: judge by the first rows.
        """
        if self.apart:
            found: Models | None = self.apart.models
        else:
            found = find_models(self.source, self.choices, head_only=head_only)
        if wanted is None:
            return found
        with pointing_to(self.look):
            if found is None:
                raise InputError(
                    f"--model {wanted}: {self.source.name} does not hold several models",
                    hint="several are columns such as lr_pred and dt_pred beside one truth, or a "
                    "column 'model' under whose values the same rows come again",
                )
            found.require(wanted, self.source)
        return found

    def of_model(self, models: Models, name: str) -> Input:
        """The same with that model alone."""
        if self.apart:
            return self.apart.input_of(name)
        source, choices = models.of(name, self.source, self.choices)
        return replace(self, source=source, choices=choices)

    def introduce(self, findings: Findings) -> None:
        """Say which model was asked for, and what is odd about several."""
        if self.chosen is None:
            return
        model, models, asked = self.chosen
        if asked:
            findings.assume("model", model, f"of {len(models.names)}", "--model")
        if models.disputed:
            count = f"{models.disputed:,} {'id has' if models.disputed == 1 else 'ids have'}"
            findings.notice(f"{count} another truth under another model: are these the same rows?")

    def require_rows(self) -> None:
        """InputError when the filter, once all is read, has left no row."""
        if self.filtered is not None:
            self.filtered.require_rows()

    def assume(self, findings: Findings) -> None:
        """Say how it was put together, once it is read."""
        if self.joined is not None:
            _assume_join(self.joined, findings)
        if self.filtered is not None:
            rows = self.filtered.rows_out
            out = f"{rows:,} row{'' if rows == 1 else 's'} left out"
            findings.assume("filter", self.filtered.text, out, "--filter")
        if self.joined is not None and self.filtered is not None:
            for name in sorted({*columns_of(self.filtered.condition)} & {*self.joined.shared}):
                findings.notice(
                    f"--filter: {quoted(name)} is that of {self.joined.predictions.name}; that of "
                    f"{self.joined.truths.name} is '{self.joined.shared[name]}'"
                )

    def slicing(self, options: TableOptions) -> Slicing | None:
        """The columns that rows are told apart by, if any are named."""
        if not options.sliced_by:
            return None
        with pointing_to(self.look):
            return find_slicing(self.source, options.sliced_by, options.bins)

    def provenance(self) -> dict[str, Any]:
        """What a report says of it beside its digest."""
        if self.filtered is None:
            return {}
        return {"filter": self.filtered.text, "rows_filtered_out": self.filtered.rows_out}


@contextmanager
def pointing_to(look: Look | None) -> Iterator[None]:
    """Let the hint of a refusal say how to look at the columns."""
    try:
        yield
    except InputError as error:
        if look is None or str(error).startswith("--strict"):
            raise
        raise InputError(*error.args, hint=look(error.hint)) from error


def _assume_join(source: JoinedSource, findings: Findings) -> None:
    rows = f"{source.matching.truths:,} rows of {source.truths.name}"
    if source.keys is not None:
        findings.assume("join", source.keys, rows, "--on")
        return
    if isinstance(source.predictions, MatrixSource):  # nothing else can be meant
        findings.assume("join", "row by row", rows)
        return
    why = f"{rows}; the files share no id"
    findings.assume("join", "row by row", why, "--id or --on", guess=True)
    findings.notice(
        f"{source.predictions.name} and {source.truths.name} share no id: their rows are compared "
        "in turn, the first with the first (--id or --on to join them)"
    )
