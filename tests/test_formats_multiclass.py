"""Every shape of several classes gives the report that scikit-learn's numbers give."""

from __future__ import annotations

import pytest
from formats import (
    CLASSES,
    GUESS3,
    NAMES3,
    P3,
    PRED3,
    TRUTH3,
    N,
    content,
    delimited,
    document,
    lines,
    parquet_of,
    report,
    spark_vectors,
    stream_of,
    value,
)
from sklearn import metrics

COLUMNS3 = {"label": NAMES3, "prediction": GUESS3} | {
    f"prob_{name}": P3[:, k].tolist() for k, name in enumerate(CLASSES)
}
ROWS3 = [dict(zip(COLUMNS3, row, strict=True)) for row in zip(*COLUMNS3.values(), strict=True)]
SHUFFLED = [(k * 7 % 3, (k * 7 + 1) % 3, (k * 7 + 2) % 3) for k in range(N)]


def weka_distributions() -> str:
    text = "inst#,actual,predicted,error,distribution\n"
    for row, (t, p, v) in enumerate(zip(TRUTH3, PRED3, P3.tolist(), strict=True)):
        cells = ",".join(f"{'*' * (k == p)}{x}" for k, x in enumerate(v))
        error = "" if t == p else "+"
        text += f"{row + 1},{t + 1}:{CLASSES[t]},{p + 1}:{CLASSES[p]},{error},{cells}\n"
    return text


def pairs_of(vector: list[float], order: tuple[int, ...]) -> list[dict[str, object]]:
    return [{"label": CLASSES[k], "prob": vector[k]} for k in order]


def of_column(name: str, values: object) -> dict[str, object]:
    return {"label": NAMES3, "predicted_label": GUESS3, name: values}


MULTICLASS = {
    "CSV, class columns": delimited(list(COLUMNS3), *COLUMNS3.values()),
    "H2O, class names": delimited(
        ["label", "predict", *CLASSES], NAMES3, GUESS3, *P3.T.tolist()
    ),
    "AutoGluon": delimited(["label", *CLASSES], NAMES3, *P3.T.tolist()),
    "caret": delimited(
        ["obs", "pred", *CLASSES, "Resample"], NAMES3, GUESS3, *P3.T.tolist(), ["Fold1"] * N
    ),
    "tidymodels": delimited(
        ["truth", ".pred_class", *(f".pred_{name}" for name in CLASSES)],
        NAMES3, GUESS3, *P3.T.tolist(),
    ),
    "tidymodels, yardstick's own": delimited(
        ["truth", *CLASSES, "predicted"], NAMES3, *P3.T.tolist(), GUESS3
    ),
    "Azure ML": delimited(
        ["label", *(f'Scored Probabilities for Class "{c}"' for c in CLASSES), "Scored Labels"],
        NAMES3, *P3.T.tolist(), GUESS3,
    ),
    "DataRobot": delimited(
        ["animal", "animal_PREDICTION", *(f"animal_{c}_PREDICTION" for c in CLASSES)],
        NAMES3, GUESS3, *P3.T.tolist(),
    ),
    "BigQuery ML": parquet_of(
        of_column(
            "predicted_label_probs",
            [pairs_of(v, o) for v, o in zip(P3.tolist(), SHUFFLED, strict=True)],
        )
    ),
    "BigQuery ML, JSON lines": lines(
        [
            {"species": t, "predicted_species": p, "predicted_species_probs": pairs_of(v, o)}
            for t, p, v, o in zip(NAMES3, GUESS3, P3.tolist(), SHUFFLED, strict=True)
        ]
    ),
    "Vertex AI": lines(
        [
            {
                "instance": {"label": t, "x": [1.5, 2.0]},
                "prediction": {
                    "classes": [CLASSES[k] for k in o], "scores": [v[k] for k in o],
                },
            }
            for t, v, o in zip(NAMES3, P3.tolist(), SHUFFLED, strict=True)
        ]
    ),
    "Vertex AI, in one list": document(
        {
            "predictions": [
                {"instance": {"label": t}, "prediction": {"classes": CLASSES, "scores": v}}
                for t, v in zip(NAMES3, P3.tolist(), strict=True)
            ]
        },
        indent=2,
    ),
    "SageMaker, score a list": lines(
        [
            {"label": t, "score": v, "predicted_label": p}
            for t, v, p in zip(TRUTH3, P3.tolist(), PRED3, strict=True)
        ]
    ),
    "probabilities beside classes": lines(
        [
            {"label": t, "classes": [CLASSES[k] for k in o], "probabilities": [v[k] for k in o]}
            for t, v, o in zip(NAMES3, P3.tolist(), SHUFFLED, strict=True)
        ]
    ),
    "probabilities by class": lines(
        [
            {"label": t, "probs": dict(zip(CLASSES, v, strict=True))}
            for t, v in zip(NAMES3, P3.tolist(), strict=True)
        ]
    ),
    "a printed dict": delimited(
        ["label", "pred", "probs"], NAMES3, GUESS3,
        [str(dict(zip(CLASSES, v, strict=True))) for v in P3.tolist()],
    ),
    "a printed list of NumPy numbers": delimited(
        ["label", "pred", "probs"], TRUTH3, PRED3,
        ["[" + ", ".join(f"np.float64({x})" for x in v) + "]" for v in P3.tolist()],
    ),
    "nested fields": lines(
        [
            {"row": {"label": t}, "prediction": {"label": p, "probs": v}}
            for t, p, v in zip(TRUTH3, PRED3, P3.tolist(), strict=True)
        ]
    ),
    "nested fields, Parquet": parquet_of(
        {
            "label": TRUTH3,
            "prediction": [
                {"label": p, "probs": v} for p, v in zip(PRED3, P3.tolist(), strict=True)
            ],
        }
    ),
    "Spark vector": parquet_of(
        {"label": TRUTH3, "prediction": PRED3, "probability": spark_vectors(P3)}
    ),
    "WEKA, distributions": content(weka_distributions(), "p.csv"),
    "JSON array": document(ROWS3),
    "Arrow stream": stream_of(COLUMNS3),
}  # fmt: skip


@pytest.mark.parametrize("name", MULTICLASS)
def test_three_classes(tmp_path, name):
    found = report(MULTICLASS[name](tmp_path))
    assert found["task"] == "multiclass"
    assert value(found, "accuracy") == pytest.approx(
        metrics.accuracy_score(TRUTH3, PRED3), abs=1e-12
    )
    exact = metrics.roc_auc_score(TRUTH3, P3, multi_class="ovr")
    assert value(found, "roc_auc_ovr[macro]") == pytest.approx(exact, abs=1e-12)
    assert value(found, "log_loss") == pytest.approx(metrics.log_loss(TRUTH3, P3), abs=1e-12)
