"""What is evaluated: the files of predictions, joined with those of the truth, and filtered."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import Any

from mleval.errors import InputError, UsageError
from mleval.evaluation.findings import Findings
from mleval.filter import parse, spelled
from mleval.options import Options
from mleval.reading import (
    Choices,
    ColumnChoices,
    Condition,
    FilteredSource,
    JoinedSource,
    Models,
    Roles,
    Source,
    class_matrix,
    columns_of,
    find_models,
    find_roles,
    found_keys,
    join,
    joined_choices,
    open_source,
)


@dataclass(frozen=True, slots=True)
class Input:
    """An opened input and the columns that were chosen in it.

    joined, filtered: what it is made of, where a truth file or a filter was given.
    """

    source: Source
    choices: Choices
    joined: JoinedSource | None = None
    filtered: FilteredSource | None = None

    def roles(self) -> Roles:
        """Which columns are for what; the hint of a refusal says how to look at them."""
        try:
            return find_roles(self.source, self.choices)
        except InputError as error:
            chosen = self.joined is not None or str(error).startswith("--strict")
            files = () if chosen else self.source.files
            look = f"see its columns: mleval inspect {shlex.quote(str(files[0]))}" if files else ""
            hint = "; ".join(filter(None, [error.hint, look]))
            raise InputError(str(error), hint=hint or None) from error

    def models(self, wanted: str | None) -> Models | None:
        """The models it holds, if certainly several; InputError when it has not the wanted one."""
        found = find_models(self.source, self.choices)
        if wanted is None:
            return found
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
        source, choices = models.of(name, self.source, self.choices)
        return replace(self, source=source, choices=choices)

    def require_rows(self) -> None:
        """InputError when the filter, once all is read, has left no row."""
        if self.filtered is not None:
            self.filtered.require_rows()

    def assume(self, findings: Findings) -> None:
        """Say how it was put together, once it is read."""
        if self.joined is not None:
            _assume_join(self.joined, findings)
        if self.filtered is not None:
            out = f"{self.filtered.rows_out:,} rows left out"
            findings.assume("filter", self.filtered.text, out, "--filter")
        if self.joined is not None and self.filtered is not None:
            for name in sorted({*columns_of(self.filtered.condition)} & {*self.joined.shared}):
                findings.notice(
                    f"--filter: '{name}' is that of {self.joined.predictions.name}; that of "
                    f"{self.joined.truths.name} is '{self.joined.shared[name]}'"
                )

    def provenance(self) -> dict[str, Any]:
        """What a report says of it beside its digest."""
        if self.filtered is None:
            return {}
        return {"filter": self.filtered.text, "rows_filtered_out": self.filtered.rows_out}


def open_input(data: Any, options: Options, choices: Choices) -> Input:
    """Open everything that the options name; see `open_source` for `data`.

    choices: what they say of the columns.

    Raises UsageError for a filter that does not parse, InputError for files that cannot be read
    or joined, or lack a column of the filter.
    """
    condition = None if options.filter is None else _condition(options.filter)
    source = _opened(data, options)
    joined = filtered = None
    if options.truth_file is not None:
        truths = _opened(options.truth_file, options)
        _refuse_itself(source, truths)
        if isinstance(choices, ColumnChoices):
            source = class_matrix(source, choices.classes)
        if condition is not None and _is_of_predictions(condition, source, truths, options):
            filtered = source = FilteredSource(source, condition, spelled(condition))
        lenient = options.missing != "error"
        joined = source = join(source, truths, id=options.id, on=options.on, lenient=lenient)
        choices = joined_choices(joined, choices)
    if condition is not None and filtered is None:
        filtered = source = FilteredSource(source, condition, spelled(condition))
    return Input(source, choices, joined, filtered)


def _opened(data: Any, options: Options) -> Source:
    return open_source(
        data,
        sep=options.sep,
        encoding=options.encoding,
        header=options.header,
        decimal=options.decimal,
    )


def _refuse_itself(source: Source, truths: Source) -> None:
    same = {file.resolve() for file in source.files} & {file.resolve() for file in truths.files}
    if same:
        raise InputError(
            f"the truth file {truths.name} is a file of predictions too",
            hint="when one file has both, leave --truth-file out",
        )


def _is_of_predictions(
    condition: Condition, source: Source, truths: Source, options: Options
) -> bool:
    """Whether the rows can be left out before the join: then their ids may come again."""
    columns = set(columns_of(condition))
    apart = columns <= set(source.names) - set(truths.names)
    return apart and found_keys(source, truths, options.id, options.on) is not None


def _condition(text: str) -> Condition:
    try:
        return parse(text)
    except UsageError as error:
        raise UsageError(f"--filter: {error}", hint=error.hint) from error


def _assume_join(source: JoinedSource, findings: Findings) -> None:
    rows = f"{source.matching.truths:,} rows of {source.truths.name}"
    if source.keys is not None:
        findings.assume("join", source.keys, rows, "--on")
        return
    why = f"{rows}; the files share no id"
    findings.assume("join", "row by row", why, "--id or --on", guess=True)
