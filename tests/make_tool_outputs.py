"""Write tests/tool_outputs/ anew, by the tools themselves: LightGBM's and XGBoost's predictions.

    pip install lightgbm xgboost-cpu; python tests/make_tool_outputs.py

The files are committed, so that the tests need neither of them. LightGBM writes through the
function that its command line calls for `task=predict`.
"""

from __future__ import annotations

import ctypes
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris

OUT = Path(__file__).parent / "tool_outputs"


def main() -> None:
    """Train small models, and have the tools write what they predict for every fourth row."""
    import lightgbm
    import xgboost

    OUT.mkdir(exist_ok=True)
    for name, load, settings in (
        ("binary", load_breast_cancer, {"objective": "binary"}),
        ("multiclass", load_iris, {"objective": "multiclass", "num_class": 3}),
    ):
        x, y = load(return_X_y=True)
        held = np.arange(len(y)) % 4 == 0
        rows = OUT / "rows.csv"
        np.savetxt(rows, np.column_stack([y[held], x[held]]), delimiter=",", fmt="%g")
        data = lightgbm.Dataset(x[~held], y[~held])
        booster = lightgbm.train(settings | {"verbosity": -1, "num_threads": 1}, data, 10)
        lightgbm_file(booster, rows, OUT / f"lightgbm_{name}.txt")
        rows.unlink()
        soft = {"binary": "binary:logistic", "multiclass": "multi:softprob"}[name]
        classes = {} if name == "binary" else {"num_class": 3}
        trained = xgboost.train(
            {"objective": soft, "nthread": 1, "max_depth": 3} | classes,
            xgboost.DMatrix(x[~held], y[~held]), 10,
        )  # fmt: skip
        np.savetxt(OUT / f"xgboost_{name}.txt", trained.predict(xgboost.DMatrix(x[held])))
        (OUT / f"truth_{name}.json").write_text(json.dumps(y[held].tolist()) + "\n")


def lightgbm_file(booster: Any, rows: Path, out: Path) -> None:
    """Predict a file to a file."""
    import lightgbm

    library = lightgbm.basic._LIB
    status = library.LGBM_BoosterPredictForFile(
        booster._handle,
        ctypes.c_char_p(str(rows).encode()),
        ctypes.c_int(0),  # no header
        ctypes.c_int(0),  # probabilities
        ctypes.c_int(0),
        ctypes.c_int(-1),  # all trees
        ctypes.c_char_p(b""),
        ctypes.c_char_p(str(out).encode()),
    )
    assert status == 0


if __name__ == "__main__":
    main()
