"""What the functions of every command have in common: columns, names, metrics, verification."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from mleval.errors import InputError, MlevalError, UsageError
from mleval.expression import Derived, parse_metric
from mleval.options import Options
from mleval.report import Report
from mleval.spec import Spec

if TYPE_CHECKING:
    from mleval.report_set import ReportSet

Function = TypeVar("Function", bound=Callable[..., Any])
Metrics = str | Spec | Derived | Sequence[str | Spec | Derived]


class Common(TypedDict, total=False):
    """The arguments that every function which evaluates has; those of the command."""

    truth_file: Any
    on: str | None
    filter: str | None
    model: str | None
    metrics: Metrics | None
    level: float
    intervals: bool
    strict: bool
    sep: str | None
    encoding: str | None
    header: bool | None
    decimal: str | None
    verify: bool


def with_common(function: Function) -> Function:
    """Show the arguments of `Common` in the signature, as `help` and notebooks print it."""
    shown = inspect.signature(function)
    more = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if name == "metrics" else getattr(Options, name, False),
            annotation=annotation,
        )
        for name, annotation in Common.__annotations__.items()
    ]
    plain = [p for p in shown.parameters.values() if p.kind is not p.VAR_KEYWORD]
    function.__signature__ = shown.replace(parameters=[*plain, *more])  # type: ignore[attr-defined]
    return function


def evaluated(
    data: Any, command: type[Options], own: Mapping[str, Any], common: Common
) -> Report | ReportSet:
    """The report of a command with these options; MlevalError when references disagree."""
    from mleval.evaluation.run import evaluate

    unknown = [name for name in common if name not in Common.__annotations__]
    if unknown:
        raise TypeError(f"{command.command}() got an unexpected keyword argument '{unknown[0]}'")
    shared: dict[str, Any] = {name: value for name, value in common.items() if name != "verify"}
    shared["metrics"] = specs(common.get("metrics"))
    options = command(**own, **shared)
    options.check(called=str)
    verify = common.get("verify", False)
    found = evaluate(data, options, keep_batches=verify)
    if verify:
        from mleval.verification import verify as recompute

        wrong = recompute(found, options).disagreements
        if wrong:
            told = (f"{row.spec}: {row.value!r}, {row.library} {row.reference!r}" for row in wrong)
            raise MlevalError("the references disagree", *told)
    return found.report


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
