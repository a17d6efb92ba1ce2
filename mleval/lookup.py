"""Lookup: the metric that a name stands for, and what may have been meant where there is none."""

from __future__ import annotations

import difflib
import re
from typing import get_args

from mleval.errors import UsageError
from mleval.registry import Metric, Task, command_of, in_short, names_of, registered


def find(name: str, task: Task | None = None) -> Metric:
    """The metric of that name or alias; a UsageError that names the nearest when there is none.

    Capitals do not matter where only one metric can be meant.
    """
    names = names_of(task)
    alike = {one for one in names if one.lower() == name.lower()}
    spelled = alike.pop() if name not in names and len(alike) == 1 else name
    for of_task in get_args(Task) if task is None else (task,):
        found = registered(spelled, of_task)
        if found:
            return found
    elsewhere = [t for t in get_args(Task) if registered(name, t)]
    if elsewhere:
        commands = dict.fromkeys(map(command_of, elsewhere))
        other = "" if task and command_of(task) in commands else f"mleval {next(iter(commands))} "
        raise UsageError(
            f"{name} is a {' and '.join(in_short(elsewhere))} metric, not a {task} one",
            hint=(f"{other}has it; " if other else "") + f"see: mleval metrics --task {task}",
        )
    near = _meant(name.lower().replace("-", "_"), names)
    raise UsageError(
        f"there is no metric '{name}'",
        hint=f"did you mean {', '.join(near)}?" if near else "see: mleval metrics",
    )


def _meant(name: str, names: set[str]) -> list[str]:
    """What a name that no metric has may stand for, the likeliest first."""
    lower = {known.lower(): known for known in sorted(names)}
    if name in lower:
        return [lower[name]]
    plain, _, average = name.rpartition("_")
    if plain in lower and average in ("macro", "micro", "weighted"):
        return [f"{lower[plain]}[{average}]"]
    beta = re.fullmatch(r"f_?([1-9]|0_?\d+)", name)
    if beta and "fbeta" in names:
        return [f"fbeta(beta={beta[1].replace('_', '').replace('0', '0.', 1)})"]
    sized = re.fullmatch(r"(\w*?[^\W\d_])_?(\d+)", name)
    if sized and _has_option(lower.get(sized[1]), "n"):
        return [f"{lower[sized[1]]}(n={sized[2]})"]
    at_k, number = re.sub(r"\d+", "k", name), re.search(r"\d+", name)
    if number and at_k in lower:
        return [f"{lower[at_k]}(k={number[0]})"]
    return [lower[n] for n in difflib.get_close_matches(name, lower, n=3, cutoff=0.7)]


def _has_option(name: str | None, option: str) -> bool:
    declared = [registered(name, task) for task in get_args(Task)] if name else []
    return any(option == has.name for one in declared if one for has in one.options)
