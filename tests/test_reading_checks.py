"""What read does with rows that are missing something or hold what they should not."""

from __future__ import annotations

import numpy as np
import pytest
from test_reading import columns, loaded, refusal, spelled, written

from mleval.errors import InputError, UsageError
from mleval.reading import ColumnChoices, find_roles, open_source, ranges, read
from mleval.reading.family_checks import sum_tolerance


def test_rows_without_truth_are_left_out_and_counted(tmp_path):
    text = "label,pred,score\na,a,0.5\n,b,7\nb,,0.5\n,,\n"
    _, tally = loaded(written(tmp_path, text), missing="drop")
    assert tally.rows_read == 4
    assert tally.rows_used == 1
    assert dict(tally.left_out) == {"no truth": 2, "missing prediction": 1}


def test_truth_missing_everywhere_is_refused(tmp_path):
    message, hint = refusal(written(tmp_path, "label,pred\n,b\n,a\n"))
    assert "the truth column 'label' is empty in all 2 rows" in message
    assert "--truth" in hint
    message, _ = refusal(written(tmp_path, "label,pred\na,\n,b\n"), missing="drop")
    assert "none of 2 rows can be used: 1 no truth, 1 missing prediction" in message


def test_missing_predictions_are_errors_unless_said_otherwise(tmp_path):
    path = written(tmp_path, "label,pred\na,a\nb,\n,b\na,\n")
    message, hint = refusal(path)
    assert "expected a prediction beside every truth, found 2 empty cells in 'pred'" in message
    assert "line 3: empty" in message
    assert "line 5: empty" in message
    assert "--missing drop or --missing wrong" in hint
    (batch,), tally = loaded(path, missing="wrong")
    assert spelled(batch.labels("prediction")) == ["a", None, None]
    assert batch.labels("prediction").codes.dtype == np.int32
    assert (tally.rows_used, tally.counted_wrong, dict(tally.left_out)) == (3, 2, {"no truth": 1})


def test_missing_scores_are_never_wrong(tmp_path):
    path = written(tmp_path, "label,pred,score\n1,1,0.5\n0,1,\n1,,0.25\n0,0,0.5\n")
    message, hint = refusal(path, missing="wrong")
    assert "expected a score beside every truth, found 1 empty cell in 'score'" in message
    assert "beside every truth, found 1 empty cell in 'pred'" not in message
    assert "wrong" not in hint
    assert "in 'pred'" in refusal(path)[0]
    scores = written(tmp_path, "label,score\n1,0.5\n0,\n", "scores.csv")
    with pytest.raises(InputError, match="missing score has no place"):
        loaded(scores, missing="wrong")
    _, tally = loaded(path, missing="drop")
    assert dict(tally.left_out) == {"missing prediction": 1, "missing score": 1}
    source = open_source(path)
    with pytest.raises(UsageError, match="missing"):
        read(source, find_roles(source), missing="ignore")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="scale"):
        read(source, find_roles(source), scale="odds")  # type: ignore[arg-type]


def test_scores_that_are_not_finite_are_refused(tmp_path):
    path = written(tmp_path, "label,score\n" + "1,nan\n0,inf\n1,-inf\n,nan\n" + "1,0.5\n" * 9)
    message, hint = refusal(path)
    assert "expected finite numbers in the score column 'score', found 3 others" in message
    assert "line 3: inf" in message
    assert "--missing drop" in hint


def test_probabilities_outside_0_to_1_are_refused_and_scores_are_not(tmp_path):
    path = written(tmp_path, "label,y_prob\n1,50.5\n0,0.5\n1,-1\n")
    message, hint = refusal(path)
    assert "expected probabilities from 0 to 1 in column 'y_prob', found 2 outside" in message
    assert "line 2: 50.5" in message
    assert "--score-scale percent" in hint
    assert columns(path, scale="any")["score"] == [50.5, 0.5, -1]
    assert columns(path, scale="logit")["score"] == [50.5, 0.5, -1]
    assert columns(written(tmp_path, "label,score\n1,3\n0,-1\n"))["score"] == [3, -1]
    assert (
        "outside" in refusal(written(tmp_path, "label,score\n1,3\n0,1\n"), scale="probability")[0]
    )


@pytest.mark.parametrize("hair", ["1.0000001", "1.000001", "-1e-7"])
def test_probabilities_a_hair_outside_are_clipped(tmp_path, hair):
    end = float(hair.startswith("1"))
    rows = f"1,{hair}\n0,0.5\n"
    assert columns(written(tmp_path, f"label,y_prob\n{rows}"))["score"] == [end, 0.5]
    assert columns(written(tmp_path, f"label,y_pred\n{rows}"))["score"] == [end, 0.5]
    assert columns(written(tmp_path, f"label,y_prob\n{rows}"), scale="any")["score"][0] != end
    family = f"label,prob_a,prob_b\na,{hair},{1 - end}\nb,{hair},{1 - end}\n"
    if end:
        found = columns(written(tmp_path, family))["probabilities"]
        assert found == {"a": [1, 1], "b": [0, 0]}
    message, _ = refusal(written(tmp_path, "label,y_prob\n1,1.000002\n0,0.5\n"))
    assert "line 2: 1.000002" in message


def test_words_for_missing_numbers_are_told_how_to_be_left_out(tmp_path):
    for word in ("NA", "null", "N/A"):
        message, hint = refusal(written(tmp_path, f"label,score\n1,{word}\n0,0.5\n1,1\n"))
        assert f"line 2: '{word}'" in message
        assert "empty" in hint
        assert "--missing drop" in hint
    _, hint = refusal(written(tmp_path, "label,pred,sample_weight\n1,1,NA\n0,1,2\n"))
    assert "weight in every row" in hint


def test_a_hint_offers_only_what_repairs_all_that_is_missing(tmp_path):
    _, hint = refusal(written(tmp_path, "label,pred,y_prob\n1,1,0.5\n0,,0.5\n1,1,\n"))
    assert hint == "complete the rows, or say how they count: --missing drop"


def test_sums_below_1_may_lack_a_class(tmp_path):
    rows = "label,prob_a,prob_b\na,0.5,0.25\nb,0.25,0.5\n"
    _, hint = refusal(written(tmp_path, rows))
    assert "the column of a class may be missing, found 'prob_a', 'prob_b'" in hint
    _, hint = refusal(written(tmp_path, rows + "a,0.75,0.75\n"))
    assert "may be missing" not in hint


def test_percentages_are_divided_by_100(tmp_path):
    path = written(tmp_path, "label,y_prob\n1,50.5\n0,25\n")
    assert columns(path, scale="percent")["score"] == [0.505, 0.25]
    family = written(tmp_path, "label,prob_a,prob_b\na,75,25\nb,25,75\n")
    found = columns(family, scale="percent")["probabilities"]
    assert found == {"a": [0.75, 0.25], "b": [0.25, 0.75]}
    path = written(tmp_path, "label,y_prob\n1,50.5\n0,250\n")
    assert "line 3: 250" in refusal(path, scale="percent")[0]


def test_families_are_contiguous_by_class(tmp_path):
    path = written(tmp_path, "label,prob_a,prob_b\na,0.75,0.25\nb,0.25,0.75\na,0.5,0.5\n")
    (batch,), _ = loaded(path)
    family = batch.family("probabilities")
    assert family.names == ("a", "b")
    assert family.values.shape == (2, 3)
    assert family.values.flags.c_contiguous
    assert family.values.dtype == np.float64


def test_rows_of_probabilities_must_sum_to_1_as_far_as_rounding_allows(tmp_path):
    assert sum_tolerance(3) == pytest.approx(0.015)
    text = "label,prob_a,prob_b,prob_c\na,0.33,0.33,0.33\nb,0.34,0.34,0.335\nc,0.2,0.2,0.2\n"
    message, hint = refusal(written(tmp_path, text))
    assert "expected probabilities that sum to 1, found 1 row where they do not" in message
    assert "line 4: sum 0.6" in message
    assert "--proba PREFIX" in hint
    loaded(written(tmp_path, text), scale="any")


def test_logits_need_not_be_probabilities(tmp_path):
    path = written(tmp_path, "label,logit_a,logit_b\na,3,-2\nb,-1,4\n")
    assert columns(path)["probabilities"] == {"a": [3, -1], "b": [-2, 4]}


def test_weights(tmp_path):
    text = "label,pred,sample_weight\na,a,1\nb,b,0\na,b,2.5\n,a,0\n"
    found = columns(written(tmp_path, text))
    assert found["weight"] == [1, 2.5]
    _, tally = loaded(written(tmp_path, text))
    assert dict(tally.left_out) == {"no truth": 1, "weight 0": 1}
    message, _ = refusal(written(tmp_path, text + "a,a,-1\na,a,nan\nb,b,\nb,b,x\n"))
    for told in ("found 1 below", "expected finite numbers", "found 1 empty", "1 cell of text"):
        assert told in message
    (batch,), _ = loaded(written(tmp_path, "label,pred\na,b\n"))
    assert batch.weight is None


def test_all_problems_are_told_at_once_with_five_places_each(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RANGE_BYTES", 32)
    text = "label,pred,y_prob\n" + "1,1,abc\n0,,0.5\n1,1,7\n0,0,nan\n1,1\n" * 8
    message, hint = refusal(written(tmp_path, text))
    for told in (
        "found 8 cells of text",
        "found 8 empty cells in 'pred'",
        "found 8 outside",
        "found 8 others",
        "found 8 rows of another length",
    ):
        assert told in message
    assert message.count("and 3 more") == 5
    assert message.index("of another length") < message.index("cells of text")
    assert "line 6: 2 cells" in message
    assert "line 26: 2 cells" in message
    assert "line 31" not in message
    assert "--score-scale" in hint
    assert "--missing" in hint


def test_bad_cells_in_rows_that_do_not_count_are_no_problem(tmp_path):
    text = "label,pred,y_prob,sample_weight\n1,1,0.5,1\n,1,abc,1\n0,1,nan,0\n0,0,0.5,1\n"
    assert columns(written(tmp_path, text))["score"] == [0.5, 0.5]


def test_braces_in_column_names_are_printed_as_they_are(tmp_path):
    path = written(tmp_path, "label,{count}\n1,x\n0,0.5\n")
    message, _ = refusal(path, ColumnChoices(score="{count}"))
    assert "column '{count}', found 1 cell of text" in message


def test_ids_are_read_when_asked(tmp_path):
    path = written(tmp_path, "id,label,pred\nx1,a,a\n,b,b\nx3,,b\n")
    assert "id" not in columns(path)
    assert columns(path, ids=True)["id"] == ["x1", ""]


def test_a_column_may_be_truth_and_prediction_but_not_label_and_number(tmp_path):
    path = written(tmp_path, "label,score\n1,1\n0,0\n")
    found = columns(path, ColumnChoices(truth="label", prediction="label"))
    assert found["prediction"] == found["truth"]
    with pytest.raises(UsageError, match="at once"):
        columns(path, ColumnChoices(prediction="score", score="score"))


def test_few_rows_of_a_large_vocabulary_keep_only_their_labels():
    import pyarrow as pa

    words = [f"w{i}" for i in range(5000)]
    table = pa.table({"label": pa.array(words).dictionary_encode(), "pred": words}).slice(4990, 3)
    (batch,), _ = loaded(table)
    assert batch.labels("truth").names == ("w4990", "w4991", "w4992")
