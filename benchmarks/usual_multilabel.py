"""The usual script for several labels a row: pandas reads, scikit-learn computes, print shows.

It computes the values of mleval's default report, without the intervals, and takes no detours.

    python usual_multilabel.py FILE
"""

import sys

import pandas as pd
from sklearn import metrics
from sklearn.preprocessing import MultiLabelBinarizer

data = pd.read_csv(sys.argv[1])
if "true_label" in data:
    sets = [data[name].fillna("").str.split("|") for name in ("true_label", "predicted_label")]
    sets = [[[label for label in row if label] for row in column] for column in sets]
    binarizer = MultiLabelBinarizer().fit(sets[0] + sets[1])
    labels = binarizer.classes_
    truth, prediction = (binarizer.transform(column) for column in sets)
else:
    truth, prediction = (data.filter(regex=f"_{role}$").to_numpy() for role in ("true", "pred"))
    labels = [name.removesuffix("_true") for name in data.columns if name.endswith("_true")]


def average(kind: str) -> dict[str, float]:
    """Precision, recall and F1 over the labels."""
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, prediction, average=kind, zero_division=0
    )
    return {f"precision[{kind}]": precision, f"recall[{kind}]": recall, f"f1[{kind}]": f1}


tn, fp, _, _ = metrics.multilabel_confusion_matrix(truth, prediction).reshape(-1, 4).T
values = {
    **average("macro"),
    **average("micro"),
    "specificity[macro]": (tn / (tn + fp)).mean(),
    "subset_accuracy": metrics.accuracy_score(truth, prediction),
    "hamming_loss": metrics.hamming_loss(truth, prediction),
}
for name, value in values.items():
    print(f"{name:20} {value:.6f}")
print(metrics.classification_report(truth, prediction, target_names=labels, zero_division=0))
