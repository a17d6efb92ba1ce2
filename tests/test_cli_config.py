"""The configuration: where it is found, what it may say, and that the command line overrides."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from command import Result, run

from mleval.options import ClassifyOptions
from mleval.report import Report


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[ClassifyOptions]:
    """The options that reach the evaluation, which is left out."""
    asked: list[ClassifyOptions] = []
    stand_in = ModuleType("mleval.evaluation.run")

    def evaluate(data: object, options: ClassifyOptions, **_: object) -> SimpleNamespace:
        asked.append(options)
        return SimpleNamespace(report=Report(task="binary"))

    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation.run", stand_in)
    return asked


def classify(directory: Path, toml: str, *args: str, name: str = "pyproject.toml") -> Result:
    (directory / name).write_text(toml, encoding="utf-8")
    return run("classify", "x.csv", *args, directory=directory)


def test_pyproject_sets_flags_by_their_long_names(tmp_path: Path, options) -> None:
    result = classify(
        tmp_path,
        """
        [tool.mleval.classify]
        label = "y"
        positive = 1
        zero_division = "nan"
        score-scale = "logit"
        level = 0.9
        classes = ["a", "b,c"]
        map = { spam = 1, ham = false }
        metric = ["f1", "recall[class=a]"]
        no-intervals = true
        """,
    )
    assert result.status == 0
    (found,) = options
    assert (found.truth, found.positive, found.score_scale, found.level) == ("y", "1", "logit", 0.9)
    assert found.classes == ("a", "b,c")
    assert found.map == {"spam": "1", "ham": "false"}
    assert list(map(str, found.metrics)) == ["f1", "recall[class=a]"]
    assert not found.intervals
    assert found.zero_division != found.zero_division


def test_every_command_has_its_table(tmp_path: Path) -> None:
    (tmp_path / "mleval.toml").write_text('[metrics]\nformat = "markdown"')
    assert run("metrics", "f1", directory=tmp_path).stdout.startswith("| metric |")


def test_a_comma_list_may_be_written_as_on_the_command_line(tmp_path: Path, options) -> None:
    classify(tmp_path, '[tool.mleval.classify]\nclasses = "a,b"\nmap = "a=1,b=0"\nmetric = "f1"')
    assert options[0].classes == ("a", "b")
    assert options[0].map == {"a": "1", "b": "0"}
    assert list(map(str, options[0].metrics)) == ["f1"]


def test_the_command_line_overrides(tmp_path: Path, options) -> None:
    toml = '[tool.mleval.classify]\ntruth = "y"\nlevel = 0.9\nscore = "s"\njson = true'
    result = classify(tmp_path, toml, "--label", "z", "--proba", "p_", "--format", "csv")
    assert result.status == 0
    assert options == [ClassifyOptions(truth="z", level=0.9, proba="p_")]


def test_mleval_toml_has_its_tables_at_the_top_and_goes_before_pyproject(
    tmp_path: Path, options
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mleval.classify]\ntruth = "far"')
    assert classify(tmp_path, '[classify]\ntruth = "near"', name="mleval.toml").status == 0
    assert options[0].truth == "near"


def test_the_nearest_file_that_speaks_of_mleval_counts(tmp_path: Path, options) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.mleval.classify]\ntruth = "outer"')
    assert classify(inner, "[project]\nname = 'x'").status == 0
    assert options[0].truth == "outer"


@pytest.mark.parametrize(
    ("toml", "message", "hint"),
    [
        (
            '[tool.mleval.classify]\ntruht = "y"\nx = 1',
            "[tool.mleval.classify]: unknown keys 'truht', 'x'",
            "did you mean truth",
        ),
        ("[tool.mleval.clasify]", "[tool.mleval]: unknown key 'clasify'", "did you mean classify?"),
        (
            "[tool.mleval.classify]\nstrict = 1",
            "[tool.mleval.classify] strict: expected true or false, found 1",
            None,
        ),
        (
            "[tool.mleval.classify]\nlevel = 'x'",
            "[tool.mleval.classify] level: expected a number, found 'x'",
            "see: mleval classify --help",
        ),
        (
            "[tool.mleval.classify]\ntask = 'ranking'",
            "[tool.mleval.classify] task: expected binary, multiclass or multilabel, "
            "found 'ranking'",
            "see: mleval classify --help",
        ),
        (
            "[tool.mleval.classify]\ntruth = ['a', 'b']",
            "[tool.mleval.classify] truth: expected one value, found ['a', 'b']",
            None,
        ),
        ("[tool.mleval]\nclassify = 1", "[tool.mleval.classify]: expected a table, found 1", None),
        ("[tool", "not TOML: ", None),
    ],
)
def test_what_is_wrong_is_an_error_of_usage(
    tmp_path: Path, options, toml: str, message: str, hint: str | None
) -> None:
    result = classify(tmp_path, toml)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {tmp_path / 'pyproject.toml'}: {message}")
    assert hint is None or f"\nhint: {hint}" in result.stderr


def test_a_wrong_configuration_does_not_keep_help_from_helping(tmp_path: Path) -> None:
    (tmp_path / "mleval.toml").write_text("nonsense")
    assert run("classify", "--help", directory=tmp_path).status == 0


def test_what_the_configuration_set_is_said(tmp_path: Path, options) -> None:
    toml = '[tool.mleval.classify]\ntruth = "y"\nlevel = 0.9'
    where = f"{tmp_path / 'pyproject.toml'}: [tool.mleval.classify]"
    assert classify(tmp_path, toml).stderr == f"note: options from {where} truth, level\n"
    assert classify(tmp_path, toml, "--truth", "z").stderr == f"note: options from {where} level\n"
    assert classify(tmp_path, toml, "--quiet").stderr == ""
    assert classify(tmp_path, toml, "--truth", "z", "--level", "0.5").stderr == ""
    assert classify(tmp_path, "[project]").stderr == ""


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("level = 95", "--level must lie between 0 and 1, not 95"),
        ('classes = "a,,b"', "--classes: expected names between commas, found 'a,,b'"),
    ],
)
def test_an_error_about_a_setting_names_the_file(tmp_path: Path, setting: str, told: str) -> None:
    toml = f"[tool.mleval.classify]\n{setting}\nscore = 's'"
    result = classify(tmp_path, toml, "-q")
    where = f"{tmp_path / 'pyproject.toml'}: [tool.mleval.classify]"
    assert result.stderr.startswith(f"error: {told}\nset in {where} {setting.split()[0]}\n")
    overridden = classify(tmp_path, toml, "-q", "--level", "5", "--classes", "a")
    assert overridden.status == 2
    assert "set in" not in overridden.stderr
