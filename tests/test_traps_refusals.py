"""Bad input is refused with status 3, in full, with its place, and without a partial output."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from traps import refused

HEADER = "y_true,y_pred\n"
SAMPLES = Path(__file__).parent.parent / "sample_data"

REFUSALS = {
    "an empty file": (
        "",
        "",
        "error: x.csv is empty\nhint: expected a header line, then one row a prediction\n",
    ),
    "a file of blank lines": (
        "\n\r\n\n",
        "",
        "error: x.csv is empty\nhint: expected a header line, then one row a prediction\n",
    ),
    "a header without rows": (
        HEADER,
        "",
        "error: x.csv has a header but no rows\nhint: expected one row a prediction\n",
    ),
    "unknown columns, all of them": (
        HEADER + "a,a\n",
        "--truth y_ture --pred nope",
        "error: x.csv has no columns 'y_ture', 'nope'; the columns are 'y_true', 'y_pred'\n"
        "hint: did you mean 'y_true', 'y_pred'? --truth COLUMN; --pred COLUMN; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "two columns of the same rank": (
        "y_true,Y True,pred\na,a,a\nb,a,b\n",
        "",
        "error: 2 columns may be the truth: 'y_true', 'Y True'\n"
        "hint: choose one with --truth COLUMN; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "two predictions, one of other labels": (
        "y_true,lr_pred,dt_pred\n1,1,a\n0,0,b\n",
        "",
        "error: 2 columns may be the prediction: 'lr_pred', 'dt_pred'\n"
        "hint: choose one with --pred COLUMN; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "no truth": (
        "a,b\n1,2\n",
        "",
        "error: x.csv has no column that is named like a truth (y_true, label, target, actual …); "
        "its columns are 'a', 'b'\nhint: name it with --truth COLUMN, or the file that has it with "
        "--truth-file FILE; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "nothing to compare the truth with": (
        "y_true,b\n1,2\n",
        "",
        "error: x.csv has truth 'y_true' but no prediction, score or class probabilities to "
        "compare it with; its columns are 'y_true', 'b'\n"
        "hint: name them with --pred COLUMN, --score COLUMN or --proba PREFIX; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "truth missing everywhere": (
        HEADER + ",a\n,b\n",
        "",
        "error: x.csv: the truth column 'y_true' is empty in all 2 rows\n"
        "hint: name the column that holds the truth with --truth COLUMN\n",
    ),
    "probabilities outside 0 to 1": (
        "y_true,y_prob\n1,1.2\n0,0.1\n1,-3\n",
        "",
        "error: expected probabilities from 0 to 1 in column 'y_prob', found 2 outside:\n"
        "  x.csv, line 2: 1.2\n  x.csv, line 4: -3\n"
        "hint: say what they are: --score-scale percent, logit or any\n",
    ),
    "a probability just above 1": (
        "y_true,y_prob\n1,1.000002\n0,0.1\n",
        "",
        "error: expected probabilities from 0 to 1 in column 'y_prob', found 1 outside:\n"
        "  x.csv, line 2: 1.000002\n"
        "hint: say what they are: --score-scale percent, logit or any\n",
    ),
    "percentages outside 0 to 100": (
        "y_true,y_prob\n1,190\n0,20\n",
        "--score-scale percent",
        "error: expected percentages from 0 to 100 in column 'y_prob', found 1 outside:\n"
        "  x.csv, line 2: 190\nhint: say what they are: --score-scale logit or any\n",
    ),
    "scores that are not finite": (
        "y_true,y_prob\n1,nan\n0,0.1\n1,inf\n",
        "",
        "error: expected finite numbers in the score column 'y_prob', found 2 others:\n"
        "  x.csv, line 2: nan\n  x.csv, line 4: inf\n"
        "hint: NaN and infinity cannot be evaluated: mend what wrote them; --missing drop leaves "
        "rows with NaN out, as those with empty cells\n",
    ),
    "weights that are not finite": (
        HEADER.strip() + ",sample_weight\na,a,nan\nb,a,4\n",
        "",
        "error: expected finite numbers in the weight column 'sample_weight', found 1 other:\n"
        "  x.csv, line 2: nan\nhint: NaN and infinity cannot be evaluated: mend what wrote them\n",
    ),
    "negative weights": (
        HEADER.strip() + ",sample_weight\na,a,-1\nb,a,0\nc,c,-2\n",
        "",
        "error: expected weights of 0 or more in column 'sample_weight', found 2 below:\n"
        "  x.csv, line 2: -1\n  x.csv, line 4: -2\n"
        "hint: weights count rows: use 0 to leave a row out\n",
    ),
    "weights whose products leave the range of numbers": (
        HEADER.strip() + ",sample_weight\n1,1,1e308\n0,0,1e-300\n1,0,1\n",
        "",
        "error: expected weights from 1e-50 to 1e+50 in column 'sample_weight', found 2 outside:\n"
        "  x.csv, line 2: 1e+308\n  x.csv, line 3: 1e-300\n"
        "hint: scale all weights alike: only their ratios matter\n",
    ),
    "probabilities that do not sum to 1": (
        "label,prob_a,prob_b,prob_c\na,.5,.3,.2\nb,.5,.5,.5\nc,.1,.1,.1\n",
        "",
        "error: expected probabilities that sum to 1, found 2 rows where they do not:\n"
        "  x.csv, line 3: sum 1.5\n  x.csv, line 4: sum 0.3\n"
        "hint: name all class columns with --proba PREFIX, or say what they are: "
        "--score-scale logit or any\n",
    ),
    "a class without a probability column": (
        "label,prob_a,prob_b,prob_c\na,.5,.3,.2\nd,.5,.5,0\nc,.1,.1,.8\n",
        "",
        "error: no probability column for the class d of truth; the columns are for a, b, c\n"
        "hint: rename the columns, choose them with --proba PREFIX, or rename labels with --map\n",
    ),
    "ragged rows": (
        HEADER + "a,a\nb\nc,c,c\nb,b\n",
        "",
        "error: expected 2 cells a row as in the header of x.csv, found 2 rows of another length:\n"
        "  x.csv, line 3: 1 cell\n  x.csv, line 4: 3 cells\n"
        "hint: quote cells that hold the delimiter, or name the delimiter with --sep\n",
    ),
    "a ragged row after a quoted line end": (
        HEADER + '"a\nb","a\nb"\nb\n',
        "",
        "error: expected 2 cells a row as in the header of x.csv, found 1 row of another length:\n"
        "  x.csv, line 5: 1 cell\n"
        "hint: quote cells that hold the delimiter, or name the delimiter with --sep\n",
    ),
    "two columns of one name with different values": (
        "y_true,y_pred,y_pred\na,a,b\nb,b,a\n",
        "",
        "error: x.csv has two columns 'y_pred' with different values\n"
        "hint: name them apart, or choose the later one as 'y_pred (column 3)'; "
        "see its columns: mleval inspect x.csv\n",
    ),
    "decimal commas": (
        "y_true\ty_prob\n1\t0,5\n0\t0,25\n",
        "",
        "error: expected numbers in the score column 'y_prob', found 2 cells of text:\n"
        "  x.csv, line 2: '0,5'\n  x.csv, line 3: '0,25'\n"
        "hint: write decimal points, not commas, and no thousands separators\n",
    ),
    "thousands separators": (
        'y_true,y_score\n1,"1,000"\n0,"2,000"\n',
        "",
        "error: expected numbers in the score column 'y_score', found 2 cells of text:\n"
        "  x.csv, line 2: '1,000'\n  x.csv, line 3: '2,000'\n"
        "hint: write decimal points, not commas, and no thousands separators\n",
    ),
    "percent signs": (
        "y_true,y_prob\n1,50.5%\n0,20%\n",
        "",
        "error: expected numbers in the score column 'y_prob', found 2 cells of text:\n"
        "  x.csv, line 2: '50.5%'\n  x.csv, line 3: '20%'\n"
        "hint: write 0.505 for 50.5%, or drop the percent signs and use --score-scale percent\n",
    ),
    "missing predictions": (
        HEADER + "1,1\n0,\n1,\n0,0\n",
        "",
        "error: expected a prediction beside every truth, found 2 empty cells in 'y_pred':\n"
        "  x.csv, line 3: empty\n  x.csv, line 4: empty\n"
        "hint: complete the rows, or say how they count: --missing drop or --missing wrong\n",
    ),
    "missing scores that are to count as wrong": (
        "y_true,y_prob\n1,.3\n0,\n0,.1\n",
        "--missing wrong",
        "error: --missing wrong counts a missing label as a miss, but there is no column of "
        "predicted labels: a missing score has no place in an order\n"
        "hint: --missing drop, complete the rows, or name the labels with --pred COLUMN\n",
    ),
    "weights of zero everywhere": (
        HEADER.strip() + ",sample_weight\na,a,0\nb,a,0\n",
        "",
        "error: x.csv: none of 2 rows can be used: 2 weight 0\n"
        "hint: complete the rows, or name other columns with --truth, --pred and --score\n",
    ),
    "a positive class that there is not": (
        HEADER + "a,a\nb,b\n",
        "--positive z",
        "error: --positive: there is no label 'z'; there are a, b\n",
    ),
    "a binary task without a known positive class": (
        HEADER + "a,a\nb,b\n",
        "--task binary",
        "error: binary task: which class is positive? truth and prediction have a, b\n"
        "hint: for example --positive b\n",
    ),
    "a Git LFS pointer": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n",
        "",
        "error: x.csv is a Git LFS pointer, not the data\nhint: run: git lfs pull\n",
    ),
    "bytes that are no text": (
        HEADER.encode() + b"a,a\ncaf\xe9,\x81\nb,b\n",
        "",
        "error: x.csv, line 3: byte 0xe9 is not UTF-8\n"
        "hint: name the file's encoding, such as --encoding windows-1252\n",
    ),
    "a binary file": (
        bytes(range(256)) * 10,
        "",
        "error: x.csv holds binary data, not text\n"
        "hint: give the file with the predictions, as CSV, JSON lines or Parquet\n",
    ),
    "an archive": (
        b"PK\x03\x04" + bytes(100),
        "",
        "error: x.csv is a zip archive or an Excel workbook\nhint: unpack it, or save as CSV\n",
    ),
    "a JSON document of no rows": (
        '{"accuracy": {}}',
        "",
        "error: x.csv: expected rows of predictions, found JSON with 'accuracy'\n"
        'hint: write an array of objects such as [{"label": ..., "prediction": ...}]\n',
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_it_is_refused_in_full_with_its_place_and_the_way_out(tmp_path: Path, what: str) -> None:
    content, flags, message = REFUSALS[what]
    assert refused(tmp_path, content, *flags.split()) == message


def test_problems_of_several_kinds_are_told_together(tmp_path: Path) -> None:
    told = refused(tmp_path, "y_true,y_prob\n1,nan\n0,1.1\n1,abc\n,9\n1,\n0,.5\n0,.4\n0,.3\n")
    assert "found 1 cell of text:\n  x.csv, line 4: 'abc'\n" in told
    assert "found 1 empty cell in 'y_prob':\n  x.csv, line 6: empty\n" in told
    assert "found 1 other:\n  x.csv, line 2: nan\n" in told
    assert "found 1 outside:\n  x.csv, line 3: 1.1\n" in told
    assert "line 5" not in told  # it has no truth, so it does not count


def test_of_many_problems_the_count_and_the_first_places_are_told(tmp_path: Path) -> None:
    told = refused(tmp_path, "y_true,y_prob\n" + "1,2\n" * 2000)
    assert "found 2,000 outside:" in told
    assert told.count("x.csv, line ") == 5
    assert "  and 1,995 more\n" in told


def test_a_missing_file_names_those_like_it(tmp_path: Path) -> None:
    assert refused(tmp_path, None, name="none.csv").startswith("error: no file none.csv\nhint: ")


def test_labels_that_do_not_meet_are_refused_with_a_hint_for_map(tmp_path: Path) -> None:
    told = refused(tmp_path, HEADER + "attack,1\nnormal,0\n")
    assert told.startswith(
        "error: truth and prediction have no label in common: truth has attack, normal; "
        "prediction has 0, 1\nhint: say which is which, for example --map "
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"label":"a","prediction":"a"}\n{"label":"b"\n', "x.jsonl, line 2: expected one JSON "),
        ('{"label":"a","prediction":"a"}\n[1,2]\n', "x.jsonl, line 2: expected a JSON object "),
        ('{"label":"a","prediction":"a"}\n{"label":"b"}\n', "  x.jsonl, line 2: empty\n"),
        ('{"label":1,"score":NaN}\n{"label":0,"score":0.5}\n', "  x.jsonl, line 1: nan\n"),
    ],
)
def test_json_lines_are_refused_by_line(tmp_path: Path, content: str, message: str) -> None:
    assert message in refused(tmp_path, content, name="x.jsonl")


def test_files_that_were_cut_short_are_refused(tmp_path: Path) -> None:
    packed = gzip.compress(HEADER.encode() + b"a,a\n" * 10)[:-9]
    told = refused(tmp_path, packed, name="x.csv.gz")
    assert told.startswith("error: x.csv.gz: the gzip data stops before its end\n")
    (tmp_path / "x.csv.gz").unlink()
    table = (SAMPLES / "progression.parquet").read_bytes()[:3000]
    told = refused(tmp_path, table, name="x.parquet")
    assert told.startswith("error: x.parquet: not readable as Parquet: ")
