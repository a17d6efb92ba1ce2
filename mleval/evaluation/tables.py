"""What the options name: the files of predictions, joined with those of the truth, filtered."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from mleval.batch import ROLES
from mleval.commands import looking, scoring
from mleval.errors import InputError, UsageError
from mleval.evaluation.inputs import Apart, Input, Look, pointing_to
from mleval.filter import parse, spelled
from mleval.options import TableOptions
from mleval.reading import (
    Choices,
    ColumnChoices,
    Condition,
    FilteredSource,
    Keys,
    MatrixSource,
    Models,
    Source,
    class_matrix,
    columns_of,
    found_keys,
    join,
    joined_choices,
    models_by_rows,
    open_source,
    unmatched,
)
from mleval.reading.source import Options as FileOptions


def open_input(data: Any, options: TableOptions) -> Input:
    """Open everything that the options name, and join and filter it; see `open_source` for `data`.

    Raises UsageError for a filter that does not parse, InputError for files that cannot be read
    or joined, or lack a column of the filter.
    """
    return Tables.of(data, options).input()


@dataclass(frozen=True, slots=True)
class Tables:
    """What the options name, opened: the predictions, and the truth file where there is one.

    head_only: only the columns are wanted, so no row is matched, and no more is read than the
    beginnings of the files; a refusal then does not point to what shows the columns.
    """

    predictions: Source
    truths: Source | None
    condition: Condition | None
    options: TableOptions
    head_only: bool = False

    @classmethod
    def of(cls, data: Any, options: TableOptions, *, head_only: bool = False) -> Tables:
        """Open the files; InputError when they cannot be read."""
        choices = options.choices()
        condition = None if options.filter is None else _condition(options.filter)
        source, truths = _opened_predictions(data, options), None
        if options.truth_file is not None:
            truths = _opened(options.truth_file, options)
            _refuse_itself(source, truths)
            if isinstance(choices, ColumnChoices):
                source = class_matrix(source, choices.classes)
        return cls(source, truths, condition, options, head_only)

    @property
    def choices(self) -> Choices:
        """What the options say of the columns."""
        return self.options.choices()

    @property
    def look(self) -> Look | None:
        """How to see the columns, where they are in files."""
        files = self.predictions.files
        return partial(_hint, files[0], self.options) if files and not self.head_only else None

    def input(self) -> Input:
        """Joined with the truths and filtered; InputError when that cannot be."""
        choices = self.choices
        with pointing_to(self.look):
            if self.truths is None:
                filtered = self._filtered(self.predictions)
                source = filtered or self.predictions
                return Input(source, choices, filtered=filtered, look=self.look)
            keys = self._keys(self.truths)
        models = self._models_by_rows(keys) if keys else None
        if keys and models:
            apart = Apart(models, partial(self._model, models, keys))
            return Input(self.predictions, choices, apart=apart, look=self.look)
        return self._joined(self.predictions, keys)

    def _keys(self, truths: Source) -> Keys | None:
        """The ids that join the two; matrices have none."""
        id_, on = self.options.id, self.options.on
        if isinstance(self.predictions, MatrixSource) and id_ is on is None:
            return None
        return found_keys(self.predictions, truths, id_, on)

    def _joined(self, predictions: Source, keys: Keys | None) -> Input:
        """These predictions beside their truths; InputError when they do not belong together."""
        assert self.truths is not None
        filtered = self._filtered(predictions) if keys and self._filters_first() else None
        if self.head_only:
            joined = unmatched(filtered or predictions, self.truths, keys)
        else:
            joined = join(
                filtered or predictions,
                self.truths,
                keys,
                lenient=self.options.missing != "error",
                countable=self.options.command == "classify",
                every=predictions if filtered else None,
            )
        with pointing_to(self.look):
            choices = joined_choices(joined, self.choices)
            if filtered is not None:
                return Input(joined, choices, joined, filtered, look=self.look)
            filtered = self._filtered(joined)
        return Input(filtered or joined, choices, joined, filtered, look=self.look)

    def _model(self, models: Models, keys: Keys, name: str) -> Input:
        """The predictions of one model beside their truths."""
        source, _ = models.of(name, self.predictions, self.choices)
        return self._joined(source, keys)

    def _filtered(self, source: Source) -> FilteredSource | None:
        if self.condition is None:
            return None
        return FilteredSource(source, self.condition, spelled(self.condition))

    def _filters_first(self) -> bool:
        """Whether rows can be left out before the join: then their ids may come again."""
        if self.condition is None or self.truths is None:
            return False
        return {*columns_of(self.condition)} <= {*self.predictions.names} - {*self.truths.names}

    def _models_by_rows(self, keys: Keys) -> Models | None:
        """The models under each of which ids of the predictions come again."""
        source = self.predictions
        if self._filters_first():
            source = self._filtered(source) or source
        choices = replace(self.choices, truth=None, id=keys.predictions)
        return models_by_rows(source, choices, head_only=self.head_only)


def _opened(data: Any, options: TableOptions) -> Source:
    return open_source(
        data,
        sep=options.sep,
        encoding=options.encoding,
        header=options.header,
        decimal=options.decimal,
        nested=any(role.kind == "nested" for role in ROLES[options.command]),
    )


def _opened_predictions(data: Any, options: TableOptions) -> Source:
    """The table; what is none of log-probabilities is told of what evaluates those."""
    try:
        return _opened(data, options)
    except InputError as error:
        named = [data] if isinstance(data, str | os.PathLike) else data
        files = [Path(name) for name in named if isinstance(name, str | os.PathLike)]
        if files and files[0].is_file() and (hint := _of_logprobs(files[0], options)):
            raise InputError(*error.args, hint=hint) from error
        raise


def _hint(file: Path, options: TableOptions, hint: str | None) -> str:
    """That of a refusal, and how to see the columns; or what evaluates log-probabilities."""
    look = f"see its columns: {looking(str(file), options)}"
    return _of_logprobs(file, options) or "; ".join(filter(None, [hint, look]))


def _of_logprobs(file: Path, options: TableOptions) -> str | None:
    """What evaluates a file, if it holds log-probabilities."""
    from mleval.reading.logprobs import recognised

    files = FileOptions(options.sep, options.encoding, options.header, options.decimal)
    if found := recognised(file, files):
        command = scoring(str(file), options)
        return f"it holds log-probabilities of tokens ({found.format}): {command}"
    return None


def _refuse_itself(source: Source, truths: Source) -> None:
    same = {file.resolve() for file in source.files} & {file.resolve() for file in truths.files}
    if same:
        raise InputError(
            f"the truth file {truths.name} is a file of predictions too",
            hint="when one file has both, leave --truth-file out",
        )


def _condition(text: str) -> Condition:
    try:
        return parse(text)
    except UsageError as error:
        first, *more = error.args
        raise UsageError(f"--filter: {first}", *more, hint=error.hint) from error
