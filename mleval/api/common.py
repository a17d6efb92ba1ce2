"""What the functions of every command have in common: columns, names, metrics, verification."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from mleval.errors import InputError, MlevalError, UsageError
from mleval.expression import Derived, Gate, parse_metric
from mleval.options import Options, TableOptions
from mleval.report import Report
from mleval.spec import Spec

if TYPE_CHECKING:
    from mleval.report_set import ReportSet

Function = TypeVar("Function", bound=Callable[..., Any])
Gates = str | Gate | Sequence[str | Gate]
Metrics = str | Spec | Derived | Sequence[str | Spec | Derived]


class Common(TypedDict, total=False):
    """The arguments that every function which evaluates has; those of the command."""

    metrics: Metrics | None
    gates: Gates | None
    baseline: Any
    decide: Literal["point", "interval"]
    force: bool
    level: float
    intervals: bool
    strict: bool
    plots: bool
    sep: str | None
    encoding: str | None
    header: bool | None
    decimal: str | None
    by: str | Sequence[str] | None
    min_slice: int
    max_slices: int
    verify: bool


class TableCommon(Common, total=False):
    """The arguments that every function has which evaluates a table."""

    truth_file: Any
    on: str | None
    filter: str | None
    model: str | None
    bins: int | str | Sequence[str] | None


def showing(common: Any) -> Callable[[Function], Function]:
    """Show the arguments of `common` in the signature, as `help` and notebooks print it."""
    more = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if name == "verify" else _default(name),
            annotation=annotation,
        )
        for name, annotation in common.__annotations__.items()
    ]

    def shown(function: Function) -> Function:
        own = inspect.signature(function)
        plain = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        function.__signature__ = own.replace(parameters=[*plain, *more])  # type: ignore[attr-defined]
        return function

    return shown


def _default(name: str) -> Any:
    return None if name in ("metrics", "gates", "by", "bins") else getattr(TableOptions, name, None)


_KEYWORDS = {"proba": "probabilities", "truth_proba": "truth_probabilities"}
"""What options are called here that have another name on the command line."""


def evaluated(
    data: Any, command: type[Options], own: Mapping[str, Any], common: Common
) -> Report | ReportSet:
    """The report of a command with these options; MlevalError when references disagree."""
    from mleval.evaluation.run import evaluate

    known = {field.name for field in fields(command)} - {*own} | {"verify"}
    unknown = [name for name in common if name not in known]
    if unknown:
        raise TypeError(f"{command.command}() got an unexpected keyword argument '{unknown[0]}'")
    shared: dict[str, Any] = {name: value for name, value in common.items() if name != "verify"}
    shared["metrics"] = specs(common.get("metrics"))
    shared["by"] = _texts(common.get("by"))
    if "bins" in shared:
        shared["bins"] = _texts(shared["bins"])
    shared["gates"] = parsed_gates(common.get("gates"))
    options = command(**own, **shared)
    options.check(called=lambda option: _KEYWORDS.get(option, option))
    verify = common.get("verify", False)
    found = evaluate(data, options, keep_batches=verify or _keeps_rows(options))
    for file in options.written.values():
        from mleval.rendering.segments import write_segments

        write_segments(found, file)
    if verify:
        from mleval.verification import verify as recompute

        wrong = recompute(found, options).disagreements
        if wrong:
            told = (f"{row.spec}: {row.value!r}, {row.library} {row.reference!r}" for row in wrong)
            raise MlevalError("the references disagree", *told)
    if not options.gates:
        return found.report
    from mleval.gates import gated  # few calls have any

    return gated(data, found, options)


def _keeps_rows(options: Options) -> bool:
    if options.baseline is None:
        return False
    from mleval.gates import keeps_rows

    return keeps_rows(options)


def _texts(given: Any) -> tuple[str, ...]:
    """One text, several or none."""
    if given is None:
        return ()
    return (str(given),) if isinstance(given, int | str) else tuple(map(str, given))


def named(roles: Mapping[str, Any]) -> dict[str, str | None]:
    """The names of columns, with data; UsageError for the columns themselves."""
    return {role: _name(role, value) for role, value in roles.items()}


def given(
    columns: Mapping[str, Any], example: str, *, needed: Sequence[str] = ("truth",)
) -> dict[str, Any]:
    """The columns that were given without data; UsageError for names of columns.

    example: a call as it should be, for the hint; needed: the columns of which there must be one.
    """
    if needed and all(columns[role] is None for role in needed):
        raise UsageError("there is nothing to evaluate", hint=example)
    held = {role: values for role, values in columns.items() if values is not None}
    for role, values in held.items():
        if isinstance(values, str | bytes):
            raise UsageError(
                f"without data, {role} is the column itself, not its name {values!r}",
                hint=f"give data first: {example.partition('(')[0]}(data, truth='label')",
            )
    return held


def refuse_lazy(*data: Any) -> None:
    """A LazyFrame of polars is a plan, not a table."""
    if any(type(item).__name__ == "LazyFrame" for item in data):
        raise InputError("a LazyFrame holds no rows yet", hint="collect() it first")


def _name(role: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise UsageError(
        f"with data, {role} is the name of a column, not a {type(value).__name__}",
        hint="leave data out to give the columns themselves",
    )


def specs(metrics: Metrics | None) -> tuple[Spec | Derived, ...]:
    """The metrics that were asked for."""
    if metrics is None:
        return ()
    asked = [metrics] if isinstance(metrics, str | Spec | Derived) else metrics
    return tuple(parse_metric(item) if isinstance(item, str) else item for item in asked)


def parsed_gates(gates: Gates | None) -> tuple[Gate, ...]:
    """The gates that were asked for."""
    asked = [gates] if isinstance(gates, str | Gate) else gates or ()
    return tuple(Gate.parse(item) if isinstance(item, str) else item for item in asked)
