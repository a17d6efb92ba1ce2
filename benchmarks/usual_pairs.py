"""The usual script for pairs of vectors: plain vectorised numpy, whole matrices at once.

It computes the values of mleval's default report, without the intervals.

    python usual_pairs.py DIRECTORY
"""

import sys
from pathlib import Path

import numpy as np

MARGIN = 1.0

folder = Path(sys.argv[1])
a, b, dissimilar = (np.load(folder / name) for name in ("a.npy", "b.npy", "dissimilar.npy"))
distance = np.linalg.norm(a - b, axis=1)
different = dissimilar > 0

short = np.maximum(MARGIN - distance, 0)
print(f"contrastive_loss {np.square(np.where(different, short, distance)).mean():.6f}")

order = np.argsort(distance, kind="stable")
found, taken = np.cumsum(~different[order]), np.cumsum(different[order])
last = np.append(np.flatnonzero(np.diff(distance[order])), len(order) - 1)
tpr = np.append(0, found[last]) / found[-1]
fpr = np.append(0, taken[last]) / taken[-1]
print(f"roc_auc          {np.trapezoid(tpr, fpr):.6f}")

at = int(np.argmax(fpr + tpr >= 1))
way = (1 - fpr[at - 1] - tpr[at - 1]) / (fpr[at] + tpr[at] - fpr[at - 1] - tpr[at - 1])
print(f"eer              {fpr[at - 1] + way * (fpr[at] - fpr[at - 1]):.6f}")
