"""The house: imports point down, heavy packages wait until they are needed, names stay apart."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

import mleval

PACKAGE = Path(mleval.__file__).parent

FLOORS = {
    "errors": 0,
    "visible": 0,
    "batch": 0,
    "sequences": 0,
    "version": 0,
    "writing": 0,
    "states": 1,
    "reading": 1,
    "spec": 2,
    "spelling": 2,
    "expression": 2,
    "leaves": 2,
    "filter": 2,
    "language": 2,
    "options": 2,
    "registry": 2,
    "lookup": 2,
    "readable": 2,
    "commands": 3,
    "lm": 3,
    "metrics": 3,
    "uncertainty": 4,
    "references": 4,
    "report_file": 3,
    "report": 4,
    "report_charts": 4,
    "report_gates": 4,
    "report_parts": 4,
    "report_slices": 4,
    "report_set": 4,
    "evaluation": 5,
    "gates": 6,
    "diagnosis": 6,
    "training": 6,
    "inspection": 6,
    "verification": 6,
    "rendering": 7,
    "cli": 8,
    "api": 8,
    "__init__": 8,
    "__main__": 8,
}
UPWARD = {
    ("report", "rendering"),  # a Report presents itself: inside functions
    ("report_set", "rendering"),  # and so do several
    ("training", "rendering"),  # and so does a History
    ("diagnosis", "rendering"),  # and so does a Diagnosis
}
HEAVY = {
    "jinja2",
    "jiwer",
    "joblib",
    "matplotlib",
    "nltk",
    "pandas",
    "polars",
    "pyarrow",
    "rapidfuzz",
    "regex",
    "rouge_score",
    "sacrebleu",
    "scipy",
    "sklearn",
    "torch",
    "transformers",
}


class Import(NamedTuple):
    """`module` imports `target`. late: inside a function; typing: under TYPE_CHECKING."""

    module: str
    target: str
    line: int
    late: bool
    typing: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def floor_name(module: str) -> str:
    """`mleval.cli.app` → cli; `mleval` itself → __init__."""
    return [*module.split("."), "__init__"][1]


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("mleval", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    return tuple(
        found
        for module, path in modules().items()
        for found in imports_of(module, ast.parse(path.read_text(encoding="utf-8")))
    )


def imports_of(
    module: str, node: ast.AST, late: bool = False, typing: bool = False
) -> Iterator[Import]:
    """Every import beneath a node of the syntax tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for target in targets(child):
                yield Import(module, target, child.lineno, late, typing)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for part in child.body:
                yield from imports_of(module, ast.Module([part], []), late, typing=True)
            for part in child.orelse:
                yield from imports_of(module, ast.Module([part], []), late, typing)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports_of(module, child, late or inside, typing)


def targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, "imports are absolute"
    assert node.module
    submodules = [f"{node.module}.{alias.name}" for alias in node.names]
    return sorted({name if name in modules() else node.module for name in submodules})


def own() -> list[Import]:
    return [found for found in imports() if found.target.split(".")[0] == "mleval"]


def told(found: list[Import]) -> str:
    return "\n".join(map(str, found))


def test_every_module_has_a_floor() -> None:
    assert {floor_name(module) for module in modules()} <= set(FLOORS)


def test_imports_point_down() -> None:
    upward = [
        found
        for found in own()
        if FLOORS[floor_name(found.target)] > FLOORS[floor_name(found.module)]
        and (floor_name(found.module), floor_name(found.target)) not in UPWARD
    ]
    assert not upward, told(upward)


def test_the_upward_edges_are_inside_functions_and_still_there() -> None:
    edges = [
        found
        for found in own()
        if (floor_name(found.module), floor_name(found.target)) in UPWARD and not found.typing
    ]
    assert all(found.late for found in edges), told(edges)
    assert {(floor_name(found.module), floor_name(found.target)) for found in edges} == UPWARD


@pytest.mark.parametrize("floor", sorted(set(FLOORS.values())))
def test_there_are_no_circles_within_a_floor(floor: int) -> None:
    def here(module: str) -> bool:
        return FLOORS[floor_name(module)] == floor

    edges = sorted({(found.module, found.target) for found in own() if here(found.module)})
    graph = {
        module: {target for _, target in group if here(target)}
        for module, group in groupby(edges, key=lambda edge: edge[0])
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_typer_is_for_the_command_line_and_rich_for_presentation() -> None:
    allowed = {"typer": {"cli"}, "rich": {"cli", "rendering"}}
    strays = [
        found
        for found in imports()
        if floor_name(found.module) not in allowed.get(found.target.split(".")[0], FLOORS)
    ]
    assert not strays, told(strays)


def test_heavy_packages_are_imported_inside_functions() -> None:
    early = [
        found
        for found in imports()
        if found.target.split(".")[0] in HEAVY and not (found.late or found.typing)
    ]
    assert not early, told(early)


@pytest.mark.parametrize(
    "line",
    [
        ["--help"],
        ["--version"],
        ["check", "--help"],
        ["classify", "--help"],
        ["diagnose", "--help"],
        ["regress", "--help"],
        ["history", "--help"],
        ["inspect", "--help"],
        ["metrics", "--help"],
        ["perplexity", "--help"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(line: list[str]) -> None:
    code = f"import sys; from mleval.cli.app import main; main({line}); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
        check=True,
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"numpy", "pydantic", "mleval.spec", "mleval.registry"})


def test_importing_the_package_loads_no_part_of_it() -> None:
    code = "import sys, mleval; print(*(name for name in sys.modules if 'mleval' in name))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
        check=True,
    )
    assert result.stdout.split() == ["mleval.version", "mleval"]


def test_no_top_level_module_bears_the_name_of_a_public_function() -> None:
    top = {module.split(".")[1] for module in modules() if "." in module}
    assert not top & set(mleval.__all__)
