"""The usual script for several classes: pandas reads, scikit-learn computes, print shows.

It computes the values of mleval's default report, without the intervals, and takes no detours.

    python usual_multiclass.py FILE
"""

import sys

import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.preprocessing import label_binarize

BINS = 15

data = pd.read_csv(sys.argv[1])
truth, prediction = data["true_label"].to_numpy(), data["predicted_label"].to_numpy()
probabilities = data.filter(regex="^prob_").to_numpy()
classes = np.array([name.removeprefix("prob_") for name in data.columns if "prob_" in name])

one_hot = label_binarize(truth, classes=classes)
confidence = probabilities.max(axis=1)
hit = classes[probabilities.argmax(axis=1)] == truth
bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
gap = np.bincount(bins, weights=hit - confidence, minlength=BINS)


def average(kind: str) -> dict[str, float]:
    """Precision, recall and F1 over the classes."""
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, prediction, average=kind
    )
    return {f"precision[{kind}]": precision, f"recall[{kind}]": recall, f"f1[{kind}]": f1}


values = {
    "accuracy": metrics.accuracy_score(truth, prediction),
    "balanced_accuracy": metrics.balanced_accuracy_score(truth, prediction),
    **average("macro"),
    **average("weighted"),
    "mcc": metrics.matthews_corrcoef(truth, prediction),
    "kappa": metrics.cohen_kappa_score(truth, prediction),
    "roc_auc_ovr[macro]": metrics.roc_auc_score(one_hot, probabilities, average="macro"),
    "roc_auc_ovr[weighted]": metrics.roc_auc_score(one_hot, probabilities, average="weighted"),
    "average_precision[macro]": metrics.average_precision_score(one_hot, probabilities),
    "log_loss": metrics.log_loss(one_hot, probabilities / probabilities.sum(axis=1)[:, None]),
    "brier": np.square(probabilities - one_hot).sum(axis=1).mean(),
    "ece": np.abs(gap).sum() / len(truth),
}
for name, value in values.items():
    print(f"{name:26} {value:.6f}")
print(metrics.confusion_matrix(truth, prediction))
print(metrics.classification_report(truth, prediction))
