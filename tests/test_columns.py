"""Which column plays which role."""

from __future__ import annotations

import pytest
from test_reading import written

from mleval.errors import InputError
from mleval.reading import ColumnChoices, Roles, find_roles, open_source
from mleval.reading.synonyms import PREDICTION, SCORE, TRUTH


def roles_of(tmp_path, text, **choices) -> Roles:
    return find_roles(open_source(written(tmp_path, text)), ColumnChoices(**choices))


def refused(tmp_path, text, **choices):
    with pytest.raises(InputError) as raised:
        roles_of(tmp_path, text, **choices)
    return str(raised.value), raised.value.hint or ""


def table(**columns):
    """CSV text of columns; `__` in a name stands for a blank."""
    header = ",".join(f'"{name.replace("__", " ")}"' for name in columns)
    rows = zip(*columns.values(), strict=True)
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


# Names


@pytest.mark.parametrize("name", TRUTH)
def test_every_truth_name_is_known(tmp_path, name):
    found = roles_of(tmp_path, f"{name},prediction\na,b\nb,b\n")
    assert dict(found.columns) == {"truth": name, "prediction": "prediction"}
    assert found.assumed == (f"truth={name}", "prediction=prediction")


@pytest.mark.parametrize("name", PREDICTION)
def test_every_prediction_name_is_known(tmp_path, name):
    found = roles_of(tmp_path, f"y_true,{name}\na,b\nb,b\n")
    assert found.columns["prediction"] == name


@pytest.mark.parametrize("name", SCORE)
def test_every_score_name_is_known(tmp_path, name):
    found = roles_of(tmp_path, f"y_true,{name}\n1,0.5\n0,0.25\n")
    assert found.columns["score"] == name
    kinds = {"score": "score", "y_score": "score", "confidence": "confidence"}
    kinds["pred_prob"] = "confidence"
    assert found.score_kind == kinds.get(name, "probability")


@pytest.mark.parametrize("header", ["True Label,Predicted Label", "true.label, predicted.label ",
                                    "TRUE_LABEL,PREDICTED-LABEL"])  # fmt: skip
def test_names_are_compared_without_case_and_separators(tmp_path, header):
    found = roles_of(tmp_path, f"{header}\na,b\nb,b\n")
    assert [found.columns["truth"], found.columns["prediction"]] == [
        name.strip() for name in header.split(",")
    ]


def test_the_highest_rank_wins_and_the_others_are_named(tmp_path):
    text = table(target=["a", "b"], y_true=["a", "b"], pred=["a", "a"], output=["b", "b"])
    found = roles_of(tmp_path, text)
    assert found.columns == {"truth": "y_true", "prediction": "pred"}
    assert found.notices == (
        "truth: 'y_true' is taken; passed over: 'target' (--truth COLUMN to change)",
        "prediction: 'pred' is taken; passed over: 'output' (--pred COLUMN to change); "
        "'output' disagrees on 2 of the first 2 rows",
    )
    message, hint = refused(tmp_path, text, strict=True)
    assert "--strict: the truth may be 'y_true', but also 'target'" in message
    assert "--truth COLUMN" in hint
    assert not roles_of(tmp_path, text, truth="target", prediction="pred").notices
    assert roles_of(tmp_path, text, truth="y_true", prediction="pred", strict=True)


def test_two_of_one_rank_are_refused(tmp_path):
    message, hint = refused(tmp_path, "Label,label,pred\na,b,a\nb,b,b\n")
    assert "2 columns may be the truth: 'Label', 'label'" in message
    assert hint == "choose one with --truth COLUMN"
    assert (
        roles_of(tmp_path, "Label,label,pred\na,b,a\n", truth="label").columns["truth"] == "label"
    )
    message, hint = refused(tmp_path, "label,lr_pred,dt_pred\na,b,a\nb,b,b\n")
    assert "'lr_pred', 'dt_pred'" in message
    assert "--pred" in hint


def test_what_is_never_truth_or_prediction(tmp_path):
    text = "outcome,correct,match,error,split,y_true,y_pred\n1,1,1,0,x,a,a\n0,0,0,1,x,a,b\n"
    assert roles_of(tmp_path, text).columns == {"truth": "y_true", "prediction": "y_pred"}
    message, _ = refused(tmp_path, "outcome,match,correct_pred\n1,0,1\n")
    assert "no column that is named like a truth" in message


# Stems


@pytest.mark.parametrize(
    "header", ["species_true,species_pred", "true_species,pred_species",
               "actual_species,predicted_species", "species_true,species_prediction",
               "species,predicted_species"],
)  # fmt: skip
def test_stems_match_each_other(tmp_path, header):
    found = roles_of(tmp_path, f"{header}\na,b\nb,b\n")
    truth, prediction = header.split(",")
    assert found.columns == {"truth": truth, "prediction": prediction}


def test_a_stem_is_paired_with_its_own(tmp_path):
    text = "b_pred,a_true,a_pred,a_proba\nx,1,1,0.5\ny,0,1,0.25\n"
    found = roles_of(tmp_path, text)
    assert found.columns == {"truth": "a_true", "prediction": "a_pred", "score": "a_proba"}
    assert "passed over: 'b_pred'" in found.notices[0]
    message, hint = refused(tmp_path, "a_true,b_true,a_pred,b_pred\nx,y,x,y\ny,x,y,x\n")
    assert "'a_true', 'b_true'" in message
    assert "--truth" in hint


def test_several_models_are_told_apart_by_the_caller(tmp_path):
    text = "y_true,lr_proba,lr_pred,dt_proba,dt_pred\n1,0.5,1,0.75,1\n0,0.25,0,0.5,0\n"
    assert "'lr_pred', 'dt_pred'" in refused(tmp_path, text)[0]
    assert (
        roles_of(tmp_path, text, prediction="dt_pred", score="dt_proba").columns["score"]
        == "dt_proba"
    )


# Twins


def test_twins_are_chosen_by_their_values(tmp_path):
    text = table(label=[0, 1], label_name=["cat", "dog"], prediction=["cat", "cat"])
    found = roles_of(tmp_path, text)
    assert found.columns["truth"] == "label_name"
    assert "'label' and 'prediction' share no label" in found.notices[0]
    text = table(
        true_label_idx=[0, 1], true_label=["cat", "dog"], pred_idx=[0, 1], pred=["cat", "cat"]
    )
    assert roles_of(tmp_path, text).columns["truth"] == "true_label"
    text = table(true_label=["cat", "dog"], true_label_idx=[0, 1], pred_label=[0, 1])
    assert roles_of(tmp_path, text).columns["truth"] == "true_label_idx"
    text = table(label=[0, 1], prediction=["cat", "dog"], prediction_id=[0, 1])
    assert roles_of(tmp_path, text).columns["prediction"] == "prediction_id"


def test_twins_stay_when_spelled_as_numbers_or_chosen(tmp_path):
    text = table(label=["1.0", "0.0"], label_name=["cat", "dog"], prediction=[1, 0])
    assert roles_of(tmp_path, text).columns["truth"] == "label"
    text = table(label=[0, 1], label_name=["cat", "dog"], prediction=["cat", "cat"])
    assert roles_of(tmp_path, text, truth="label").columns["truth"] == "label"
    text = table(label=["attack", "normal"], prediction=[1, 0])
    assert roles_of(tmp_path, text).columns == {"truth": "label", "prediction": "prediction"}


# Scores


def test_fractions_named_like_a_prediction_are_a_score(tmp_path):
    found = roles_of(tmp_path, "y_true,y_pred\n1,0.75\n0,0.25\n")
    assert found.columns == {"truth": "y_true", "score": "y_pred"}
    assert found.score_kind == "probability"
    assert "'y_pred' holds fractions" in found.notices[0]
    found = roles_of(tmp_path, "label,prediction,predicted_label\n1,0.75,1\n0,0.25,0\n")
    assert found.columns == {
        "truth": "label",
        "prediction": "predicted_label",
        "score": "prediction",
    }
    found = roles_of(tmp_path, "y_true,y_pred\n1,1.0\n0,0.0\n")
    assert found.columns == {"truth": "y_true", "prediction": "y_pred"}


@pytest.mark.parametrize(
    ("column", "name"),
    [("prob_spam", "spam"), ("prob_class_spam", "spam"), ("P(spam)", "spam"), ("proba_Spam", None),
     ("prob_positive", None)],
)  # fmt: skip
def test_a_lone_class_column_is_a_score_of_that_class(tmp_path, column, name):
    found = roles_of(tmp_path, f"y_true,y_pred,{column}\nspam,ham,0.5\nham,ham,0.25\n")
    assert found.columns["score"] == column
    assert (found.score_class, found.score_kind) == (name, "probability")
    assert not found.family


def test_the_class_of_a_lone_column_may_be_beyond_the_first_rows(tmp_path):
    assert roles_of(tmp_path, "y_true,prob_spam\nham,0.5\nham,0.25\n").score_class == "spam"
    assert roles_of(tmp_path, "y_true,prob_1\n1.0,0.5\n0.0,0.25\n").score_class == "1.0"
    assert roles_of(tmp_path, "y_true,p1\n1,0.5\n0,0.25\n").score_class == "1"
    found = roles_of(tmp_path, "y_true,logit_1\n1,3\n0,-2\n")
    assert (found.score_kind, found.score_class) == ("logit", "1")


def test_score_of_settles_what_a_confidence_is(tmp_path):
    text = "y_true,y_pred,confidence\n1,1,0.75\n0,0,0.5\n"
    assert roles_of(tmp_path, text).score_kind == "confidence"
    assert roles_of(tmp_path, text, score_of="positive").score_kind == "probability"
    text = "y_true,y_pred,y_prob\n1,1,0.75\n0,0,0.5\n"
    assert roles_of(tmp_path, text, score_of="predicted").score_kind == "confidence"


def test_a_score_of_words_is_no_score(tmp_path):
    found = roles_of(tmp_path, "y_true,y_pred,score\na,b,high\nb,b,low\n")
    assert "score" not in found.columns
    assert "'score' holds text" in found.notices[0]
    assert "'score' holds text" in refused(tmp_path, "y_true,score\na,high\nb,low\n")[0]


# Families


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["prob_class_a", "prob_class_b"], "probability"),
        (["prob_a", "prob_b"], "probability"),
        (["proba_a", "proba_b"], "probability"),
        (["Probability a", "Probability b"], "probability"),
        (["P(a)", "P(b)"], "probability"),
        ([".pred_a", ".pred_b"], "probability"),
        (["pa", "pb"], "probability"),
        (["score_a", "score_b"], "score"),
        (["logit_a", "logit_b"], "logit"),
        (["a_proba", "b_proba"], "probability"),
        (["pred_a", "pred_b"], "probability"),
        (["a", "b"], "probability"),
    ],
)
def test_families(tmp_path, names, kind):
    text = f"truth,{names[0]},{names[1]},age\na,0.75,0.25,3\nb,0.5,0.5,4\n"
    found = roles_of(tmp_path, text)
    assert dict(found.family) == dict(zip("ab", names, strict=True))
    assert found.family_kind == kind
    assert dict(found.columns) == {"truth": "truth"}


def test_numbered_families_match_numbered_labels(tmp_path):
    text = "true_label,predicted_label,prob_class_0,prob_class_1,prob_class_2\n"
    text += "0,1,0.5,0.25,0.25\n2,1,0,1,0\n"
    assert list(roles_of(tmp_path, text).family) == ["0", "1", "2"]
    text = "label,predict,p0,p1\n0.0,1,0.5,0.5\n1.0,1,0.25,0.75\n"
    assert list(roles_of(tmp_path, text).family) == ["0", "1"]
    text = "y,prob_class_0,prob_class_1\nclass_0,0.5,0.5\nclass_1,0.25,0.75\n"
    assert list(roles_of(tmp_path, text).family) == ["class_0", "class_1"]


def test_caret_and_bare_class_names(tmp_path):
    text = "obs,pred,VF,F,Resample,age\nVF,F,0.25,0.75,Fold1,3\nF,F,0.5,0.5,Fold2,5\n"
    found = roles_of(tmp_path, text)
    assert found.family == {"VF": "VF", "F": "F"}
    assert any("column 'Resample' has 2 values" in notice for notice in found.notices)
    text = "obs,pred,a,b\na,b,3,-1\nb,b,2,2\n"
    assert roles_of(tmp_path, text).family_kind == "score"
    assert not roles_of(tmp_path, "obs,pred,a\na,b,0.5\nb,b,0.5\n").family


def test_columns_that_only_look_like_a_family_are_not(tmp_path):
    text = "y_true,y_pred,score_math,score_reading\na,b,3,4\nb,b,5,6\n"
    found = roles_of(tmp_path, text)
    assert not found.family
    text = "y_true,y_pred,prob_x,prob_y\na,b,0.5,0.5\nb,b,0.25,0.75\n"
    found = roles_of(tmp_path, text)
    assert not found.family
    assert "'prob_x', 'prob_y' are not used" in found.notices[0]
    message, _ = refused(tmp_path, "y_true,prob_x,prob_y\na,0.5,0.5\nb,0.25,0.75\n")
    assert "'prob_x', 'prob_y' look like class probabilities" in message


def test_a_family_is_worth_more_than_one_score(tmp_path):
    text = "y_true,y_pred,y_prob,prob_0,prob_1\n1,1,0.75,0.25,0.75\n0,0,0.5,0.5,0.5\n"
    found = roles_of(tmp_path, text)
    assert list(found.family) == ["0", "1"]
    assert "score" not in found.columns
    assert "'y_prob'" in found.notices[0]
    found = roles_of(tmp_path, text, score="y_prob")
    assert not found.family


def test_a_prefix_names_the_family(tmp_path):
    text = "y_true,m1 a,m1 b,m2_a,m2_b\na,0.75,0.25,1,0\nb,0.5,0.5,0,1\n"
    assert roles_of(tmp_path, text, proba="m1").family == {"a": "m1 a", "b": "m1 b"}
    assert roles_of(tmp_path, text, proba="M2_").family == {"a": "m2_a", "b": "m2_b"}
    message, hint = refused(tmp_path, text, proba="q_")
    assert "no column begins with 'q_'" in message
    assert "--proba PREFIX" in hint
    assert roles_of(tmp_path, text, proba="m1", score_scale="logit").family_kind == "logit"


# The others


def test_ids_and_weights(tmp_path):
    text = "filename,label,pred,sample_weight\nx,a,b,1\ny,b,b,2\n"
    found = roles_of(tmp_path, text)
    assert found.columns["weight"] == "sample_weight"
    assert found.columns["id"] == "filename"
    assert "weight=sample_weight" in found.assumed
    text = "label,pred,weight\na,b,70\nb,b,80\n"
    found = roles_of(tmp_path, text)
    assert "weight" not in found.columns
    assert "--weight weight" in found.notices[0]
    assert roles_of(tmp_path, text, weight="weight").columns["weight"] == "weight"


def test_mixed_parts_of_a_data_set_are_noticed(tmp_path):
    found = roles_of(tmp_path, "label,pred,split\na,b,train\nb,b,test\n")
    assert found.notices == (
        "train and test rows may be mixed in one file: column 'split' has 2 values",
    )
    found = roles_of(tmp_path, "label,pred,model\na,b,x\nb,b,y\n")
    assert found.notices[0].startswith("rows of several models may be mixed in one file")
    assert not roles_of(tmp_path, "label,pred,split\na,b,test\nb,b,test\n").notices


def test_a_label_of_parts_that_come_again_is_told_to_be_one(tmp_path):
    text = 'label,pred\n"red, green","red, green"\n"red, blue",teal\nteal,teal\n'
    told = "a cell such as 'red, blue' is taken as one label (--label-sep ',' if it is several)"
    assert roles_of(tmp_path, text).notices == (told,)
    assert not roles_of(tmp_path, text, task="multiclass").notices
    text = 'label,pred\n"Doe, Jane","Doe, Jane"\n"Roe, Ann","Doe, Jane"\n'
    assert not roles_of(tmp_path, text).notices


def test_copies_of_a_column_matter_only_when_they_differ(tmp_path):
    found = roles_of(tmp_path, "label,pred,label\na,b,a\nb,b,b\n")
    assert "column 'label' is there twice" in found.notices[0]
    message, hint = refused(tmp_path, "label,pred,label\na,b,a\nb,b,a\n")
    assert "two columns 'label' with different values" in message
    assert "'label (column 3)'" in hint
    chosen = roles_of(tmp_path, "label,pred,label\na,b,a\nb,b,a\n", truth="label (column 3)")
    assert chosen.columns["truth"] == "label (column 3)"
    assert not roles_of(tmp_path, "label,pred,x,x\na,b,1,2\nb,b,3,4\n").notices


# What is needed


def test_truth_needs_something_beside_it(tmp_path):
    message, hint = refused(tmp_path, "label,age\na,3\nb,4\n")
    assert "has truth 'label' but no prediction, score or class probabilities" in message
    assert "'label', 'age'" in message
    for flag in ("--pred", "--score", "--proba"):
        assert flag in hint


def test_a_missing_truth_lists_the_columns(tmp_path):
    message, hint = refused(tmp_path, "lable,y_pred\na,b\n")
    assert "its columns are 'lable', 'y_pred'" in message
    assert "--truth COLUMN" in hint
    assert "'lable'" in hint
    _, hint = refused(tmp_path, "1,0,0.5\n0,1,0.25\n")
    assert "--truth 1 --pred 2" in hint


def test_the_columns_with_the_values_of_classes_are_suggested_as_truth(tmp_path):
    text = ".pred_cat,.pred_dog,.row,species,.pred_class,.config\n"
    text += "0.75,0.25,1,dog,cat,m1\n0.5,0.5,2,cat,cat,m1\n"
    _, hint = refused(tmp_path, text)
    assert hint == "name it with --truth species: its values are the class names"
    _, hint = refused(tmp_path, "the animal,breed,y_pred,y_prob\na,b,a,0.5\nb,a,b,0.5\n")
    assert hint == "name it with --truth COLUMN, perhaps 'the animal', 'breed': " + (
        "their values are classes"
    )
    _, hint = refused(tmp_path, "y_pred,true_prob,pred_target\na,0.5,0.5\nb,0.25,0.5\n")
    assert hint == "name it with --truth COLUMN, or the file that has it with --truth-file FILE"


def test_response_is_the_truth_when_it_has_the_values_of_classes(tmp_path):
    text = "response,prob_a,prob_b\na,0.75,0.25\nb,0.5,0.5\n"
    assert roles_of(tmp_path, text).columns["truth"] == "response"
    text = "response,pred\na,b\nb,b\n"
    assert roles_of(tmp_path, text).columns == {"truth": "response", "prediction": "pred"}
    text = "response,label,pred\na,b,b\nb,a,b\n"
    assert roles_of(tmp_path, text).columns["truth"] == "label"
    _, hint = refused(tmp_path, "response,pred\nlong,a\nshort,b\n")
    assert hint == "name it with --truth COLUMN, perhaps 'response'"
    _, hint = refused(tmp_path, "outcome,pred\na,a\nb,b\n")
    assert "--truth outcome" in hint


@pytest.mark.parametrize(("role", "flag"), [("prediction", "--pred"), ("id", "--id")])
def test_a_truth_taken_by_another_flag_is_told(tmp_path, role, flag):
    message, hint = refused(
        tmp_path, "y_true,y_pred,y_prob\n1,1,0.5\n0,1,0.5\n", **{role: "y_true"}
    )
    assert f"'y_true', which would be the truth, is taken by {flag}" in message
    assert hint == f"give {flag} another column, or name it with --truth COLUMN"


def test_a_header_that_is_none_is_told(tmp_path):
    for choices in ({}, {"truth": "label"}):
        _, hint = refused(tmp_path, "# model v1\nlabel,pred\na,b\nb,b\n", **choices)
        assert "remove the comment lines before the header" in hint
    path = written(tmp_path, "label,pred\na,b\nb,b\n")
    with pytest.raises(InputError) as raised:
        find_roles(open_source(path, sep=";"))
    assert raised.value.hint is not None
    assert "--sep ','" in raised.value.hint


def test_words_for_missing_are_labels_and_told(tmp_path):
    found = roles_of(tmp_path, "label,pred\nNA,a\na,NA\nnone,null\n")
    assert found.notices == (
        "'NA' in column 'label' is taken as a label; leave the cell empty if it means missing",
        "'NA' in column 'pred' is taken as a label; leave the cell empty if it means missing",
        "'null' in column 'pred' is taken as a label; leave the cell empty if it means missing",
    )
    text = "label,prob_NA,prob_a\nNA,0.5,0.5\na,0.5,0.5\n"
    assert not roles_of(tmp_path, text).notices


def test_strict_refuses_what_was_guessed(tmp_path):
    fractions = "y_true,y_pred\n1,0.75\n0,0.25\n"
    message, hint = refused(tmp_path, fractions, strict=True)
    assert "--strict: 'y_pred' holds fractions" in message
    assert "--score y_pred" in hint
    assert roles_of(tmp_path, fractions, strict=True, score="y_pred")
    for text, flag in (
        ("a,b,0.5\nb,a,0.25\n", "--no-header"),
        ("label;y_prob\n1;0,5\n", "--decimal ,"),
    ):
        names = {"truth": "1", "prediction": "2"} if "label" not in text else {}
        assert roles_of(tmp_path, text, **names)
        _, hint = refused(tmp_path, text, strict=True, **names)
        assert hint == f"say so: {flag}"
    path = tmp_path / "preds.csv"
    for encoding in ("cp1252", "utf-16-le"):
        path.write_bytes("label,pred\nä,ö\nö,ö\n".encode(encoding))
        with pytest.raises(InputError, match=r"--strict: .* read as .*--encoding"):
            find_roles(open_source(path), ColumnChoices(strict=True))
        assert find_roles(open_source(path, encoding=encoding), ColumnChoices(strict=True))
    path.write_bytes("label,pred\nä,ö\nö,ö\n".encode("utf-16"))
    assert not find_roles(open_source(path), ColumnChoices(strict=True)).notices


def test_a_chosen_column_that_is_not_there_names_its_neighbours(tmp_path):
    message, hint = refused(tmp_path, "label,y_pred\na,b\n", truth="lable")
    assert "has no column 'lable'; the columns are 'label', 'y_pred'" in message
    assert hint == "did you mean 'label'? --truth COLUMN"
    assert (
        roles_of(tmp_path, "My Label,y_pred\na,b\n", truth="my_label").columns["truth"]
        == "My Label"
    )


def test_choices_override_names(tmp_path):
    text = "label,pred,score,a,b,c\n1,1,0.5,x,y,0.25\n0,1,0.5,y,y,0.75\n"
    found = roles_of(tmp_path, text, truth="a", prediction="b", score="c")
    assert found.columns == {"truth": "a", "prediction": "b", "score": "c"}
    assert found.assumed == ()


def test_notices_of_the_source_come_first(tmp_path):
    path = tmp_path / "preds.csv"
    path.write_bytes("label,pred\nä,ö\n".encode("cp1252"))
    assert "Windows-1252" in find_roles(open_source(path)).notices[0]
