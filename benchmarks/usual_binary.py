"""The usual script for two classes: pandas reads, scikit-learn computes, print shows.

It computes the values of mleval's default report, without the intervals, and takes no detours.

    python usual_binary.py FILE
"""

import sys

import numpy as np
import pandas as pd
from sklearn import metrics

BINS = 15
COLUMNS = ["label", "pred", "score"]

path = sys.argv[1]
if path.endswith(".parquet"):
    data = pd.read_parquet(path, columns=COLUMNS)
elif path.endswith(".jsonl"):
    data = pd.read_json(path, lines=True)
else:
    data = pd.read_csv(path, usecols=COLUMNS)
truth, prediction, score = (data[name].to_numpy() for name in COLUMNS)

confusion = metrics.confusion_matrix(truth, prediction)
tn, fp, fn, tp = confusion.ravel()
precisions, recalls, thresholds = metrics.precision_recall_curve(truth, score)
f1s = 2 * precisions * recalls / np.maximum(precisions + recalls, 1e-12)
best = f1s[:-1].argmax()

bins = np.minimum((score * BINS).astype(int), BINS - 1)
size = np.bincount(bins, minlength=BINS)
gap = np.bincount(bins, weights=truth - score, minlength=BINS)
ece = np.abs(gap)[size > 0].sum() / len(truth)

values = {
    "accuracy": metrics.accuracy_score(truth, prediction),
    "balanced_accuracy": metrics.balanced_accuracy_score(truth, prediction),
    "precision": metrics.precision_score(truth, prediction),
    "recall": metrics.recall_score(truth, prediction),
    "f1": metrics.f1_score(truth, prediction),
    "specificity": tn / (tn + fp),
    "mcc": metrics.matthews_corrcoef(truth, prediction),
    "kappa": metrics.cohen_kappa_score(truth, prediction),
    "roc_auc": metrics.roc_auc_score(truth, score),
    "average_precision": metrics.average_precision_score(truth, score),
    "log_loss": metrics.log_loss(truth, score),
    "brier": metrics.brier_score_loss(truth, score),
    "ece": ece,
    "best_f1": f1s[best],
    "best_f1 threshold": thresholds[best],
}
for name, value in values.items():
    print(f"{name:20} {value:.6f}")
print(confusion)
print(metrics.classification_report(truth, prediction))
