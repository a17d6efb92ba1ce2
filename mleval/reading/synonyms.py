"""The names that columns go by, ranked: the first that a file has is taken.

Counted over prediction files of public repositories; compared as `names.normalised` makes them.
"""

from __future__ import annotations

TRUTH = (
    "true_label", "actual", "y_true", "label", "target", "true", "gold", "gold_label",
    "ground_truth", "truth", "expected", "expected_label", "observed", "obs", "reference",
    "true_class", "true_target", "y", "class", "true_labels", "labels",
)  # fmt: skip
TRUTH_IF_ALIKE = ("response", "outcome")
"""Names of truths and of much else: `response` is the truth when it has the classes' values and
nothing else is named so; both are worth a hint."""
PREDICTION = (
    "prediction", "predicted", "predicted_label", "y_pred", "pred", "pred_label", "predictions",
    "predicted_class", "pred_class", "_pred_class", "predict", "y_hat", "yhat", "estimate",
    "output", "scored_labels", "predicted_labels", "pred_labels",
)  # fmt: skip
SCORE = (
    "probability", "y_prob", "y_score", "score", "prob", "proba", "pred_prob", "predicted_prob",
    "pred_proba", "predicted_probability", "p1", "prob_1", "proba_1", "y_proba",
    "prediction_proba", "scored_probabilities", "confidence",
)  # fmt: skip
ID = (
    "id", "unnamed:_0", "index", "row_id", "sample_id", "example_id", "doc_id", "uid", "filename",
)  # fmt: skip
COUNTS_ROWS = ("unnamed:_0", "index")
"""Ids that tables write by themselves: in a file of its own order they only count its rows."""
WEIGHT = ("sample_weight",)

SCORE_NOT_PROBABILITY = frozenset({"score", "y_score"})
CONFIDENCE = frozenset({"confidence", "pred_prob"})
"""Scores that are often of the predicted class, whichever it is."""

TRUTH_STEMS = (("", "_true"), ("true_", ""), ("actual_", ""))
"""(before, after) the name of what is predicted."""
PREDICTION_STEMS = (("", "_pred"), ("", "_prediction"), ("pred_", ""), ("predicted_", ""))
SCORE_STEMS = (("", "_proba"), ("", "_prob"), ("", "_probability"), ("", "_score"))

LABEL_TRUTHS = (
    ("", "_true"), ("true_", ""), ("y_true_", ""), ("actual_", ""), ("", "_actual"),
    ("label_", ""), ("", "_label"), ("target_", ""), ("", "_target"), ("gold_", ""), ("", "_gold"),
)  # fmt: skip
"""(before, after) a label, in the 0/1 columns of several labels a row: the truth's,"""
LABEL_PREDICTIONS = (
    ("", "_pred"), ("pred_", ""), ("y_pred_", ""), ("predicted_", ""), ("", "_predicted"),
    ("", "_prediction"), ("prediction_", ""),
)  # fmt: skip
"""the predictions',"""
LABEL_SCORES = (
    *SCORE_STEMS, ("prob_", ""), ("proba_", ""), ("probability_", ""), ("y_prob_", ""),
    ("score_", ""), ("y_score_", ""), ("p_", ""), ("logit_", ""), ("", "_logit"),
)  # fmt: skip
"""and the scores'."""

MODEL_PREDICTIONS = ("y_pred_", "prediction_", "y_hat_", "yhat_")
"""What the name of one of several models follows."""

TWINS = ("_name", "_idx", "_index", "_id", "_text", "_str", "_code", "_num", "_encoded")
"""Endings of a second spelling of the same column: `label` and `label_name`."""

NEVER = frozenset(
    {
        "error", "residual", "abs_error", "correct", "match", "outcome", "wer", "split", "fold",
        "is_correct", "correct_pred", "correct_prediction", "pred_error", "prediction_error",
        "pred_correct",
    }
)  # fmt: skip
"""Never truth or prediction, though their values look like it."""

MODEL = ("model", "system", "model_name", "classifier", "run")
"""Names of a column that tells the rows of several models apart."""

MIXED = ("split", *MODEL, "resample")
"""Columns that tell parts of a file apart which are seldom evaluated together."""

FAMILIES = (
    ("prob_class_", "", "probability"),
    ("probability_class_", "", "probability"),
    ("proba_class_", "", "probability"),
    ("prob_", "", "probability"),
    ("proba_", "", "probability"),
    ("probability_", "", "probability"),
    ("p(", ")", "probability"),
    ("_pred_", "", "probability"),
    ("logit_", "", "logit"),
    ('scored_probabilities_for_class_"', '"', "probability"),
    ("scored_probabilities_", "", "probability"),
    ("p", "", "probability"),
    ("score_", "", "score"),
    ("pred_", "", "probability"),
    ("", "_proba", "probability"),
    ("", "_prob", "probability"),
    ("", "_probability", "probability"),
)
"""(before, after) a class name, and what the column then holds."""

LONE_CLASS = ("prob_class_", "probability_", "proba_", "prob_", "logit_", "p(")
"""What a class name follows in a lone column: a score of that class."""

CERTAIN_FAMILIES = 11
"""The first so many are families by their names alone; the others only when the classes they
name are the labels of the file, since `p…` and `score_…` begin many other names."""

MODEL_FAMILIES = (
    "prob_class_", "probability_class_", "proba_class_", "prob_", "proba_", "probability_",
    "logit_", "score_",
)  # fmt: skip
"""What stands between a model's name and a class in the class columns of several models."""

VECTORS = (
    "probability", "probabilities", "probs", "prob", "proba", "predict_proba", "y_prob", "y_proba",
    "pred_prob", "pred_proba", "pred_probs", "prediction_proba", "prediction_probabilities",
    "predicted_probabilities", "class_probabilities", "class_probs", "scored_probabilities",
    "softmax", "confidences", "confidence", "scores", "score", "y_score", "logits", "logit",
    "rawprediction", "distribution",
)  # fmt: skip
"""Names of a list that holds one number a class, best first."""
VECTOR_ENDINGS = ("_probs", "_proba", "_probabilities", "_prob", "_probability", "_scores")

NUMBER_PREDICTION = (
    *PREDICTION, "_pred", "forecast", "fcst", "fitted", "fitted_values", "estimated",
    "predicted_value", "mean", "pred_mean", "predicted_mean", "y_mean", "mu", "score",
)  # fmt: skip
"""Names of a predicted number."""
LOWER = (
    "lower", "pred_lower", "y_lower", "yhat_lower", "y_pred_lower", "_pred_lower", "lower_bound",
    "lower_limit", "ci_lower", "pi_lower", "lower_ci", "lower_pi", "conf_low", "conf_lower",
    "interval_lower", "prediction_lower", "prediction_interval_lower", "lwr", "lo",
)  # fmt: skip
UPPER = (
    "upper", "pred_upper", "y_upper", "yhat_upper", "y_pred_upper", "_pred_upper", "upper_bound",
    "upper_limit", "ci_upper", "pi_upper", "upper_ci", "upper_pi", "conf_high", "conf_upper",
    "interval_upper", "prediction_upper", "prediction_interval_upper", "upr", "hi",
)  # fmt: skip
"""Of the ends of a predicted interval: those of one place belong together."""
LOWER_STEMS = (("", "_lower"), ("", "_lo"), ("", "_lwr"), ("lower_", ""), ("", "_lower_bound"))
UPPER_STEMS = (("", "_upper"), ("", "_hi"), ("", "_upr"), ("upper_", ""), ("", "_upper_bound"))
"""(before, after) the name of what is predicted; those of one place belong together, too."""
STD = (
    "std", "sigma", "y_std", "pred_std", "prediction_std", "predicted_std", "y_pred_std", "std_dev",
    "stddev", "stdev", "standard_deviation", "yhat_std", "sd", "pred_sd", "y_sd", "pred_sigma",
    "y_sigma",
)  # fmt: skip
"""Of a predicted standard deviation."""
STD_STEMS = (("", "_std"), ("", "_sigma"), ("", "_sd"), ("", "_stdev"), ("std_", ""))
VARIANCE = (
    "variance", "var", "y_var", "y_variance", "pred_var", "pred_variance", "prediction_variance",
    "predicted_variance", "y_pred_var", "yhat_var", "sigma2",
)  # fmt: skip
"""Of a predicted variance, of which the root is taken."""
VARIANCE_STEMS = (("", "_var"), ("", "_variance"), ("var_", ""))
REGRESSORS = frozenset(
    {
        "arima", "auto_arima", "autoarima", "sarima", "sarimax", "ets", "autoets", "theta", "tbats",
        "holt_winters", "prophet", "naive", "snaive", "seasonal_naive", "drift", "xgboost", "xgb",
        "lightgbm", "lgbm", "lgb", "catboost", "gbm", "gbr", "gbdt", "gradient_boosting",
        "histgradientboosting", "rf", "random_forest", "randomforest", "extra_trees", "extratrees",
        "decision_tree", "tree", "knn", "svr", "linear", "linear_regression", "linearregression",
        "ols", "lr", "ridge", "lasso", "elastic_net", "elasticnet", "bayesian_ridge", "glm", "gam",
        "gp", "gpr", "mlp", "nn", "dnn", "cnn", "rnn", "lstm", "gru", "tcn", "transformer", "tft",
        "nbeats", "n_beats", "nhits", "deepar", "patchtst", "baseline", "ensemble", "stacking",
    }
)  # fmt: skip
"""Names of models, as columns of their predictions are called."""
