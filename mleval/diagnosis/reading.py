"""read_case: from files to what is examined, each row parsed once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Kind, Texts
from mleval.diagnosis.case import Case, Rows, Seen, TextCase
from mleval.diagnosis.classified import classified
from mleval.diagnosis.others import ids_of, kinds_of, looked_at, others_of
from mleval.diagnosis.rows import ClassifiedRows, PredictedRows
from mleval.diagnosis.splits import Split, fold_of, split_of
from mleval.diagnosis.written import read_texts
from mleval.errors import InputError, UsageError
from mleval.evaluation.evaluator import evaluator_of
from mleval.evaluation.fold import Progress
from mleval.evaluation.inputs import Input, pointing_to
from mleval.evaluation.run import Evaluated, evaluate_opened
from mleval.evaluation.slices.rows import joined
from mleval.evaluation.tables import Tables
from mleval.inspection.inspecting import likely_options, meant_by
from mleval.inspection.texts import text_hint
from mleval.options import ClassifyOptions, DiagnoseOptions, RegressOptions, TableOptions
from mleval.reading import ClassRoles, RegressionRoles, Roles, Source
from mleval.reading.filtered import FilteredSource
from mleval.reading.names import listed
from mleval.report import Assumption, Report


@dataclass(frozen=True, slots=True)
class Examined(Input):
    """An input whose columns without a role are read too. kinds: those, and how; id: its column."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    id: str | None = None

    def roles(self) -> Roles:
        """With the other columns, as those by which rows are told apart."""
        ids: dict[str, Kind] = {} if self.id is None else {self.id: "text"}
        return replace(Input.roles(self), by={**self.kinds, **ids})


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns beside those of the evaluation are for."""

    kinds: Mapping[str, Kind]
    left_out: Mapping[str, str]
    id: str | None
    fold: str | None

    @classmethod
    def of(cls, source: Source, roles: Roles, taken: Sequence[str], fold: str | None) -> _Columns:
        """Found by the first rows."""
        others = others_of(source, roles, taken)
        kinds, left_out = kinds_of(source, [name for name in others if name != fold])
        kinds |= {} if fold is None else {fold: "label"}
        return cls(kinds, left_out, roles.columns.get("id"), fold)


def read_case(
    data: Any, options: DiagnoseOptions, *, progress: Progress | None = None
) -> Case | TextCase:
    """What is to be examined, of the predictions and of those for the training rows.

    data: as `open_source` takes it. Raises UsageError and InputError for what cannot be examined.
    """
    found = _opened(data, options)
    if found is None:
        return read_texts(data, options, progress=progress)
    tables, chosen = found
    opened = _one(tables.input(), chosen)
    with pointing_to(opened.look):
        split = None if options.train is not None else split_of(opened.source, options.split)
        only_training = split.told() if split and not split.held_out else None
        split = None if only_training else split
        fold = fold_of(_held_out(opened, split).source, options.fold)
    guesses = [("split", split.column)] if split and options.split is None else []
    guesses += [("fold", fold)] if fold and options.fold is None else []
    if options.strict and guesses:
        told = ", ".join(f"{what}={column}" for what, column in guesses)
        flags = ", ".join(f"--{what}" for what, _ in guesses)
        raise InputError(f"--strict does not allow the guess {told}", hint=f"say it with {flags}")
    taken = [split.column] if split else []
    by_fold = replace(chosen, by=(fold,), min_slice=1) if fold else chosen
    seen = _seen(_held_out(opened, split), by_fold, taken, fold, progress)
    seen = replace(seen, report=_assuming(seen.report, split, fold))
    if split is not None:
        its = replace(opened, source=split.rows(opened.source, fitted=True))
        return Case(seen, options, _seen(its, _as_found(chosen, seen), taken, None, progress))
    if options.train is not None:
        files = frozenset(file.resolve() for file in opened.source.files)
        return Case(seen, options, _trained(options, chosen, seen, files, progress))
    return Case(seen, options, only_training=only_training)


def _opened(data: Any, options: DiagnoseOptions) -> tuple[Tables, TableOptions] | None:
    """The files, and the options of the command that evaluates what they hold; None for texts."""
    commands: Sequence[type[TableOptions]] = (ClassifyOptions, RegressOptions)
    if options.task == "text" or options.references or options.hypothesis:
        return None
    if options.task is not None:
        commands = commands[1:] if options.task == "regression" else commands[:1]
    try:
        meant = meant_by(options.said, commands)
    except UsageError as error:
        raise UsageError(*error.args, hint="these belong to different tasks: keep one") from error
    meant[0].check()
    try:
        tables = Tables.of(data, meant[0])
    except InputError:
        if options.task is None and _are_texts(data):
            return None
        raise
    chosen, refusal = likely_options(tables, meant)
    unsure = refusal is not None and options.task is None and bool(tables.predictions.files)
    if unsure and text_hint("FILE", tables.predictions) is not None:
        return None
    return replace(tables, options=chosen), chosen


def _are_texts(data: Any) -> bool:
    """Whether several files are named, none of which is a table by its name: HYP REF."""
    named = isinstance(data, Sequence) and not isinstance(data, str) and len(data) > 1
    return named and all(str(name).endswith(".txt") for name in data)


def _one(opened: Input, options: TableOptions) -> Input:
    """The input, or the model of it that was asked for."""
    models = opened.models(options.model)
    if models is None:
        return opened
    if options.model is None:
        raise InputError(
            f"{opened.source.name} holds {len(models.names)} models: {', '.join(models.names)}",
            hint=f"one is examined at a time: --model {models.names[0]}",
        )
    return opened.of_model(models, options.model)


def _held_out(opened: Input, split: Split | None) -> Input:
    if split is None:
        return opened
    return replace(opened, source=split.rows(opened.source, fitted=False))


def _seen(
    opened: Input,
    options: TableOptions,
    taken: Sequence[str],
    fold: str | None,
    progress: Progress | None,
) -> Seen:
    """The rows of an input and their report."""
    roles = opened.roles()
    _refuse_several(roles)
    columns = _Columns.of(opened.source, roles, taken, fold)
    fields = {name: getattr(opened, name) for name in Input.__dataclass_fields__}
    examined = Examined(**fields, kinds=columns.kinds, id=columns.id)
    done = evaluate_opened(examined, evaluator_of(options), progress=progress)
    return Seen(_rows(done, options, opened.source, columns), done.report, opened.source)


def _refuse_several(roles: Roles) -> None:
    if isinstance(roles, ClassRoles) and (roles.labels or not roles.plays("truth")):
        what = "several labels a row" if roles.labels else "soft labels"
        raise InputError(
            f"a diagnosis is of one true class a row, and this is {what}",
            hint="evaluate it: mleval classify",
        )
    if isinstance(roles, RegressionRoles) and roles.targets:
        first = roles.targets[0]
        raise InputError(
            f"a diagnosis is of one target, and these are {len(roles.targets)}: "
            f"{', '.join(roles.targets)}",
            hint=f"name the columns of one: --truth {roles.families['truth'][first]} "
            f"--pred {roles.families.get('prediction', {}).get(first, 'COLUMN')}",
        )


def _rows(done: Evaluated, options: TableOptions, source: Source, columns: _Columns) -> Rows:
    """All of them, in the order of the input."""
    batches = [batch for batch in done.batches if batch.rows]
    ids = None if columns.id is None else ids_of(batches, columns.id)
    numbers = np.concatenate([_numbers(batch, source, done.tally.sizes) for batch in batches])
    whole = joined([replace(batch, columns=_without_texts(batch)) for batch in batches])
    others, idle = looked_at(whole, columns.kinds)
    folds = None if columns.fold is None else others.pop(columns.fold, None)
    beside: dict[str, Any] = {
        "others": others,
        "left_out": {**columns.left_out, **idle},
        "ids": ids,
        "fold": folds,
        "numbers": numbers,
    }
    if isinstance(options, ClassifyOptions):
        return classified(whole, done.evidence, options, beside)
    return PredictedRows(
        truth=whole.numbers("truth"),
        predicted=whole.numbers("prediction"),
        weight=whole.weight,
        **beside,
    )


def _without_texts(batch: Batch) -> dict[str, Any]:
    return {n: column for n, column in batch.columns.items() if not isinstance(column, Texts)}


def _numbers(batch: Batch, source: Source, sizes: Sequence[int]) -> NDArray[np.int64]:
    """(n,) where the rows of a batch stand in the input, from 1."""
    places = np.arange(batch.rows) if batch.places is None else batch.places
    while isinstance(source, FilteredSource):
        places, sizes, source = source.places(batch.part)[places], source.sizes, source.inner
    return places.astype(np.int64) + sum(sizes[: batch.part]) + 1


def _assuming(report: Report, split: Split | None, fold: str | None) -> Report:
    """The report, which says what was assumed of the rows."""
    more = []
    if split is not None:
        why = f"{'/'.join(split.fitted)} is training, {'/'.join(split.held_out)} is examined"
        more.append(Assumption(what="split", value=split.column, why=why, flag="--split"))
    if fold is not None:
        more.append(Assumption(what="fold", value=fold, flag="--fold"))
    return replace(report, assumed=(*report.assumed, *more))


def _as_found(options: TableOptions, seen: Seen) -> TableOptions:
    """The options with what was decided of the rows that are examined."""
    if not isinstance(options, ClassifyOptions):
        return options
    positive = seen.report.signature["positive"]
    return replace(options, task="multiclass" if positive is None else "binary", positive=positive)


def _trained(
    options: DiagnoseOptions,
    chosen: TableOptions,
    seen: Seen,
    files: Collection[Path],
    progress: Progress | None,
) -> Seen:
    """The predictions for the training rows, from other files than those that are examined."""
    own = replace(_as_found(chosen, seen), truth_file=None, on=None)
    try:
        tables = Tables.of(options.train, own)
        same = {file.resolve() for file in tables.predictions.files} & {*files}
        if same:
            raise InputError(
                f"{tables.predictions.name} is the file that is examined",
                hint="when one file has both, name the column that tells them apart: --split",
            )
        found = _seen(_one(tables.input(), own), own, (), None, progress)
        _require_same_classes(seen.rows, found.rows)
    except InputError as error:
        first, *more = error.args
        raise InputError(f"--train: {first}", *more, hint=error.hint) from error
    return found


def _require_same_classes(rows: Rows, train: Rows) -> None:
    """InputError where training rows are of other classes altogether."""
    if not (isinstance(rows, ClassifiedRows) and isinstance(train, ClassifiedRows)):
        return
    here, there = ({side.classes[at] for at in np.unique(side.truth)} for side in (rows, train))
    if not here & there:
        raise InputError(
            f"the classes are {listed(sorted(there), 5)}, and those that are examined "
            f"{listed(sorted(here), 5)}",
            hint="give the predictions of the same model, for the rows that it was fitted on",
        )
