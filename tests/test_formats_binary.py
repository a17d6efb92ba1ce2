"""Every shape of two classes gives the report that scikit-learn's numbers give."""

from __future__ import annotations

import json

import numpy as np
import pytest
from formats import (
    P2,
    PRED2,
    SCORE,
    TRUTH2,
    N,
    array_of,
    content,
    delimited,
    directory,
    document,
    feather_of,
    lines,
    parquet_of,
    report,
    spark_vectors,
    stream_of,
    text_of,
    value,
)
from sklearn import metrics

PLAIN2 = {"label": TRUTH2, "prediction": PRED2, "probability": SCORE}
ROWS2 = [dict(zip(PLAIN2, row, strict=True)) for row in zip(*PLAIN2.values(), strict=True)]
CONFIDENCE = [p if k else 1 - p for p, k in zip(SCORE, PRED2, strict=True)]
SIGNS = ("neg", "pos")
IDS = list(range(N))
VECTOR_TEXT = [json.dumps(row) for row in P2.tolist()]


def arff_like() -> str:
    rows = [
        (k + 1, f"{t + 1}:{SIGNS[t]}", f"{p + 1}:{SIGNS[p]}",
         "" if t == p else "+", round(c, 4))
        for k, (t, p, c) in enumerate(zip(TRUTH2, PRED2, CONFIDENCE, strict=True))
    ]  # fmt: skip
    header = ["inst#", "actual", "predicted", "error", "prediction"]
    rows.append((N + 1, "1:?", "1:neg", "", 0.5))
    return "\n=== Predictions on test data ===\n\n" + text_of(header, rows) + "\n"


BINARY = {
    "CSV, scikit-learn names": delimited(["y_true", "y_pred", "y_prob"], TRUTH2, PRED2, SCORE),
    "CSV, no prediction": delimited(["actual", "p1"], TRUTH2, SCORE),
    "JSON lines": lines(ROWS2),
    "JSON array": document(ROWS2),
    "JSON array, pretty": document(ROWS2, indent=2),
    "JSON object with the list": document({"model": {"n": [1]}, "predictions": ROWS2}),
    "JSON object with the list, pretty": document({"examples": ROWS2, "n": N}, indent=1),
    "JSON columns": document(PLAIN2 | {"accuracy": 0.5}),
    "JSON split": document(
        {"columns": list(PLAIN2), "index": IDS, "data": [list(r.values()) for r in ROWS2]}
    ),
    "JSON by row id": document(
        {name: {str(k): v for k, v in enumerate(values)} for name, values in PLAIN2.items()}
    ),
    "JSON lines named .json": lines(ROWS2, "p.json"),
    "Parquet": parquet_of(PLAIN2),
    "Feather": feather_of(PLAIN2),
    "Feather, packed": feather_of(PLAIN2, compression="zstd", chunksize=11),
    "Feather, plain": feather_of(PLAIN2, compression="uncompressed"),
    "Arrow stream": stream_of(PLAIN2),
    "NumPy with fields": array_of(
        np.array(
            list(zip(TRUTH2, SCORE, strict=True)), dtype=[("label", "i8"), ("score", "f8")]
        )
    ),
    "H2O": delimited(["actual", "predict", "p0", "p1"], TRUTH2, PRED2, P2[:, 0], P2[:, 1]),
    "AutoGluon": delimited(["label", "0", "1"], TRUTH2, P2[:, 0], P2[:, 1]),
    "Azure ML": delimited(
        ["label", "Scored Labels", "Scored Probabilities"], TRUTH2, PRED2, SCORE
    ),
    "DataRobot": delimited(
        ["row_id", "churn", "churn_1_PREDICTION", "churn_0_PREDICTION", "churn_PREDICTION"],
        IDS, TRUTH2, P2[:, 1], P2[:, 0], PRED2,
    ),
    "MLflow": delimited(
        ["prediction", "prediction_proba", "target"], PRED2, VECTOR_TEXT, TRUTH2
    ),
    "MLflow, Parquet": parquet_of(
        {"prediction": PRED2, "prediction_proba": P2.tolist(), "target": TRUTH2}
    ),
    "SageMaker": lines(
        [
            {"label": t, "score": s, "predicted_label": p}
            for t, s, p in zip(TRUTH2, SCORE, PRED2, strict=True)
        ]
    ),
    "Spark, struct": parquet_of(
        {
            "label": [float(t) for t in TRUTH2],
            "rawPrediction": spark_vectors(np.log(P2)),
            "probability": spark_vectors(P2, sparse=(3, 30)),
            "prediction": [float(p) for p in PRED2],
        }
    ),
    "Spark, list": parquet_of({"label": TRUTH2, "prediction": PRED2, "probability": P2.tolist()}),
    "Spark, text": delimited(
        ["label", "prediction", "probability"], TRUTH2, PRED2,
        [text.replace(" ", "") for text in VECTOR_TEXT],
    ),
    "Spark, sparse text": delimited(
        ["label", "prediction", "probability"], TRUTH2, PRED2,
        [f"(2,[0,1],[{a},{b}])" for a, b in P2.tolist()],
    ),
    "Spark, directory": directory(
        *(
            parquet_of(
                {"label": TRUTH2[k : k + 20], "prediction": PRED2[k : k + 20],
                 "probability": spark_vectors(P2[k : k + 20])},
                f"part-0000{k // 20}-c000.snappy.parquet",
            )
            for k in (0, 20, 40)
        )
    ),
    "directory of CSV parts": directory(
        content("", "part-00003.csv"),
        *(
            delimited(list(PLAIN2), *(v[k : k + 30] for v in PLAIN2.values()),
                      name=f"part-0000{k}.csv")
            for k in (0, 30)
        ),
    ),
    "directory of JSON parts": directory(
        lines(ROWS2[:7], "part-00000.json"), lines(ROWS2[7:], "part-00001.json")
    ),
    "stringified arrays without commas": delimited(
        ["label", "pred", "probs"], TRUTH2, PRED2, [f"[{a} {b}]" for a, b in P2.tolist()]
    ),
    "stringified arrays of types": delimited(
        ["label", "probs"], TRUTH2, [f"array([{a}, {b}], dtype=float32)" for a, b in P2.tolist()]
    ),
    "tensors": delimited(
        ["label", "pred", "prob"],
        [f"tensor({t})" for t in TRUTH2], [f"tensor({p})" for p in PRED2],
        [f"tensor({s}, device='cuda:0')" for s in SCORE],
    ),
    "lists of one": lines(
        [{"label": t, "prob": [s]} for t, s in zip(TRUTH2, SCORE, strict=True)]
    ),
    "decimal commas": delimited(
        ["label", "pred", "prob"], TRUTH2, PRED2, [f"{s}".replace(".", ",") for s in SCORE],
        sep=";",
    ),
    "UTF-16 with tabs": content(
        text_of(list(PLAIN2), list(zip(*PLAIN2.values(), strict=True)), "\t").encode("utf-16"),
        "p.csv",
    ),
    "WEKA": content(arff_like(), "p.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", BINARY)
def test_two_classes(tmp_path, name):
    found = report(BINARY[name](tmp_path))
    assert found["task"] == "binary"
    assert found["metrics"]["accuracy"]["n"] == N
    assert value(found, "accuracy") == pytest.approx(
        metrics.accuracy_score(TRUTH2, PRED2), abs=1e-12
    )
    assert value(found, "f1") == pytest.approx(metrics.f1_score(TRUTH2, PRED2), abs=1e-12)
    assert value(found, "roc_auc") == pytest.approx(metrics.roc_auc_score(TRUTH2, SCORE), abs=1e-12)
    if "log_loss" in found["metrics"]:
        exact = metrics.log_loss(TRUTH2, P2 / P2.sum(axis=1, keepdims=True))
        assert value(found, "log_loss") == pytest.approx(exact, abs=1e-12)
