"""The usual script for numbers: pandas reads, scikit-learn computes, print shows.

It computes the values of mleval's default report, without the intervals, and takes no detours.

    python usual_regression.py FILE
"""

import sys

import numpy as np
import pandas as pd
from sklearn import metrics

RANKED = 1_000_000

data = pd.read_csv(sys.argv[1], usecols=["y_true", "y_pred"])
truth, prediction = data["y_true"].to_numpy(), data["y_pred"].to_numpy()
error = prediction - truth

values = {
    "mae": metrics.mean_absolute_error(truth, prediction),
    "rmse": metrics.root_mean_squared_error(truth, prediction),
    "bias": error.mean(),
    "mape": metrics.mean_absolute_percentage_error(truth, prediction),
    "medae": metrics.median_absolute_error(truth, prediction),
    "r2": metrics.r2_score(truth, prediction),
}
if len(data) <= RANKED:
    from scipy.stats import spearmanr

    values["spearman"] = spearmanr(truth, prediction).statistic
for name, value in values.items():
    print(f"{name:20} {value:.6f}")
print(np.quantile(error, [0.05, 0.25, 0.5, 0.75, 0.95]))
print(np.histogram(error, bins=12))
print(data.assign(error=error).loc[np.abs(error).argsort()[-5:]])
