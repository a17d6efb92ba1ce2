"""What --strict refuses to guess, and command lines that cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from traps import refused

HEADER = "y_true,y_pred\n"


def test_strict_refuses_what_would_be_guessed(tmp_path: Path) -> None:
    passed_over = "y_true,label,y_pred\n1,1,1\n0,0,1\n"
    assert refused(tmp_path, passed_over, "--strict") == (
        "error: --strict: the truth may be 'y_true', but also 'label'\n"
        "hint: choose with --truth COLUMN\n"
    )
    unscaled = "y_true,y_score\n1,.9\n0,.2\n"
    assert refused(tmp_path, unscaled, "--strict") == (
        "error: --strict does not allow the guess score-scale=probability (all on 0-1)\n"
        "hint: say it with --score-scale\n"
    )
    confident = "y_true,y_pred,confidence\n1,1,.9\n0,0,.8\n"
    assert refused(tmp_path, confident, "--strict") == (
        "error: --strict does not allow the guess score-of=predicted "
        "(never below 0.5, both classes predicted)\nhint: say it with --score-of\n"
    )


USAGE = {
    "-m acuracy -m recal": ("there is no metric 'acuracy'", "there is no metric 'recal'"),
    "-m recal": ("hint: did you mean recall",),
    "--level 95": ("--level must lie between 0 and 1, not 95\nhint: for 95 % write 0.95",),
    "--task multiclass --positive 1": ("--positive belongs to two classes",),
    "--task multiclass --threshold .5": ("--threshold cuts the scores of two classes",),
    "--score s --proba p_": ("--score and --proba are two ways to say the scores",),
    "--treshold .5": ("there is no option '--treshold'\nhint: did you mean --threshold",),
    "--missing ignore": ("--missing: expected error, drop or wrong, found 'ignore'",),
    "--zero-division 2": ("--zero-division: expected 0 or nan, found '2'",),
}


@pytest.mark.parametrize("line", USAGE)
def test_a_command_line_that_cannot_be_meant_is_a_usage_error(tmp_path: Path, line: str) -> None:
    told = refused(tmp_path, HEADER + "1,1\n0,0\n", *line.split(), status=2)
    for part in USAGE[line]:
        assert part in told
