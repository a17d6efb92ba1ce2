"""Write the sample prediction files: real models, fitted on one half, predicting the other.

The data sets come with scikit-learn and the seed is fixed, so the same library versions write the
same bytes. The models see few features on purpose: their mistakes are what an evaluation is about.

    python sample_data/make_sample_data.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_linnerud,
    load_wine,
)
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import (
    BayesianRidge,
    LinearRegression,
    LogisticRegression,
    QuantileRegressor,
    Ridge,
)
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    LeaveOneOut,
    StratifiedKFold,
    cross_val_predict,
    train_test_split,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

SEED = 20
DECIMALS = 6


def halves(features: pd.DataFrame, target: pd.Series, *, stratify: bool = True) -> list:
    """Features to fit on, features to predict, targets to fit on, targets to predict."""
    parts = train_test_split(
        features,
        target,
        test_size=0.5,
        random_state=SEED,
        stratify=target if stratify else None,
    )
    return [part.sort_index() for part in parts]


def classified(features: pd.DataFrame, labels: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The unseen half's id, truth and prediction; and one column of probabilities a class."""
    fit_on, predict, fit_labels, truth = halves(features, labels)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(fit_on, fit_labels)
    table = pd.DataFrame(
        {"id": truth.index, "true_label": truth, "predicted_label": model.predict(predict)}
    )
    probabilities = pd.DataFrame(
        model.predict_proba(predict).round(DECIMALS), index=truth.index, columns=model.classes_
    )
    return table, probabilities


def cancer() -> pd.DataFrame:
    """Binary: tumours, told apart by the texture and compactness of their cells alone."""
    data = load_breast_cancer(as_frame=True)
    labels = data.target.map({0: "malignant", 1: "benign"})
    table, probabilities = classified(data.data[["mean texture", "mean compactness"]], labels)
    return table.assign(prob_malignant=probabilities["malignant"])


def digits() -> pd.DataFrame:
    """Ten classes: handwritten digits, seen as 4 × 4 blots instead of 8 × 8 pixels."""
    data = load_digits()
    blots = data.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16)
    table, probabilities = classified(pd.DataFrame(blots), pd.Series(data.target))
    return table.drop(columns="id").join(probabilities.add_prefix("prob_class_"))


TRAITS = {
    "even": {0, 2, 4, 6, 8},
    "has a loop": {0, 6, 8, 9},
    "prime": {2, 3, 5, 7},
    "square": {0, 1, 4, 9},
}


def traits() -> pd.DataFrame:
    """Several labels a row: what a digit is, told from its 4 × 4 blots trait by trait."""
    data = load_digits()
    blots = data.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16)
    features = pd.DataFrame(blots)
    tables = {}
    for trait, digits_of_it in TRAITS.items():
        yes = pd.Series(data.target).isin(digits_of_it)
        fit_on, predict, fit_labels, truth = halves(features, yes, stratify=False)
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        probability = model.fit(fit_on, fit_labels).predict_proba(predict)[:, 1]
        tables[trait] = pd.DataFrame(
            {"true": truth, "predicted": probability >= 0.5, "prob": probability}
        )
    every = pd.concat(tables, axis=1).swaplevel(axis=1)
    labels = {
        f"{role}_labels": every[role][list(TRAITS)].apply(
            lambda row: "|".join(row.index[row]), axis=1
        )
        for role in ("true", "predicted")
    }
    return pd.DataFrame(labels).join(every["prob"].round(DECIMALS).add_prefix("prob_"))


def wine() -> pd.DataFrame:
    """Three classes with names: Italian wines, told apart by alcohol and ash alone."""
    data = load_wine(as_frame=True)
    labels = data.target.map({0: "barolo", 1: "grignolino", 2: "barbera"})
    table, probabilities = classified(data.data[["alcohol", "ash"]], labels)
    table = table.rename(columns={"true_label": "label", "predicted_label": "prediction"})
    return table.join(probabilities.add_prefix("prob_"))


def competition() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The wines as a competition has them: a submission in any order, and the truth apart."""
    table = wine()
    submission = table[["id", "prediction"]].rename(columns={"prediction": "label"})
    return submission.sample(frac=1, random_state=SEED), table[["id", "label"]]


def progression() -> pd.DataFrame:
    """Binary with slices and weights: does diabetes progress fast, by blood pressure and sugar?"""
    patients, target = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    labels = pd.Series(np.where(target > target.quantile(0.6), "yes", "no"))
    table, probabilities = classified(patients[["bp", "s6"]], labels)
    age = patients["age"].loc[table.index]
    age_group = np.select([age < 40, age < 55], ["under 40", "40 to 54"], "55 and over")
    bmi = patients["bmi"].loc[table.index]
    bmi_group = np.select([bmi < 25, bmi < 30], ["normal", "overweight"], "obese")
    table = table.assign(prob_yes=probabilities["yes"], age_group=age_group, bmi_group=bmi_group)
    in_group = table.groupby("age_group")["id"].transform("size")
    share = in_group * table["age_group"].nunique() / len(table)
    return table.assign(sample_weight=(1 / share).round(DECIMALS))


def diabetes() -> pd.DataFrame:
    """Regression: the progression of diabetes in numbers, from two features."""
    patients, target = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    fit_on, predict, fit_target, truth = halves(patients[["bmi", "bp"]], target, stratify=False)
    estimate = LinearRegression().fit(fit_on, fit_target).predict(predict)
    return pd.DataFrame({"id": truth.index, "actual": truth, "prediction": estimate.round(2)})


def forecasts() -> pd.DataFrame:
    """The same as a forecast: a standard deviation, quantiles, and an interval of 90 %."""
    patients, target = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    fit_on, predict, fit_target, truth = halves(patients[["bmi", "bp"]], target, stratify=False)
    scaler = StandardScaler().fit(fit_on)
    fit_on, predict = scaler.transform(fit_on), scaler.transform(predict)
    mean, std = BayesianRidge().fit(fit_on, fit_target).predict(predict, return_std=True)
    levels = {"lower": 0.05, "q10": 0.1, "q50": 0.5, "q90": 0.9, "upper": 0.95}
    quantiles = np.column_stack(
        [
            QuantileRegressor(quantile=level, alpha=0).fit(fit_on, fit_target).predict(predict)
            for level in levels.values()
        ]
    )
    quantiles.sort(axis=1)  # lines of different slopes may cross
    table = pd.DataFrame(quantiles, index=truth.index, columns=list(levels))
    table = table.assign(id=truth.index, actual=truth, prediction=mean, std=std)
    return table[["id", "actual", "prediction", "std", *levels]].round(2)


def fitness() -> pd.DataFrame:
    """Three targets: weight, waist and pulse of twenty men, by their exercises, each left out."""
    exercises, bodies = load_linnerud(return_X_y=True, as_frame=True)
    model = make_pipeline(StandardScaler(), Ridge())
    found = cross_val_predict(model, exercises, bodies, cv=LeaveOneOut())
    predicted = pd.DataFrame(found.round(2), columns=bodies.columns)
    names = [f"{name.lower()}_{side}" for name in bodies for side in ("true", "pred")]
    return (
        bodies.add_suffix("_true")
        .join(predicted.add_suffix("_pred"))
        .rename(columns=str.lower)[names]
    )


def shapes() -> pd.DataFrame:
    """What a person would say of each digit: which it is, how much ink it took, how it leans."""
    data = load_digits()
    ink = data.images.sum(axis=(1, 2))
    across = np.arange(8) - 3.5
    centers = (data.images * across).sum(axis=2) / data.images.sum(axis=2).clip(1)
    lean = centers[:, :4].mean(axis=1) - centers[:, 4:].mean(axis=1)
    return pd.DataFrame({"digit": data.target, "ink": ink / 16, "lean": lean.round(3)})


def even() -> pd.DataFrame:
    """Binary with other columns and folds: is a digit even? By a naive model of its 4 × 4 blots."""
    data = load_digits()
    blots = data.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16)
    truth = np.where(data.target % 2 == 0, "yes", "no")
    fold = np.empty(len(truth), int)
    probability = np.empty(len(truth))
    parts = StratifiedKFold(5, shuffle=True, random_state=SEED).split(blots, truth)
    for number, (fit_on, predict) in enumerate(parts, 1):
        fold[predict] = number
        model = GaussianNB().fit(blots[fit_on], truth[fit_on])
        probability[predict] = model.predict_proba(blots[predict])[:, 1]
    table = {"id": [f"d{number:04}" for number in range(len(truth))], "fold": fold}
    table |= {"even": truth, "predicted_even": np.where(probability >= 0.5, "yes", "no")}
    return pd.DataFrame(table | {"prob_yes": probability.round(4)}).join(shapes())


def oversampled() -> pd.DataFrame:
    """Training and test rows of a tree: digits were drawn with replacement before they were split.

    So some digits are on both sides, which is a mistake that is often made.
    """
    data = load_digits()
    drawn = np.random.default_rng(SEED).choice(len(data.target), 900)
    split = np.where(np.arange(900) < 450, "train", "test")
    fit_on = drawn[split == "train"]
    model = DecisionTreeClassifier(random_state=SEED).fit(data.data[fit_on], data.target[fit_on])
    table = {"id": [f"d{number:04}" for number in drawn], "split": split}
    table |= {"true_digit": data.target[drawn], "predicted_digit": model.predict(data.data[drawn])}
    return pd.DataFrame(table)


def embedded() -> tuple[np.ndarray, np.ndarray]:
    """The unseen digits as vectors of four numbers, near where digits are the same, and digits."""
    data = load_digits()
    images, labels = pd.DataFrame(data.data), pd.Series(data.target)
    fit_on, unseen, fit_labels, truth = halves(images, labels)
    model = LinearDiscriminantAnalysis(n_components=4).fit(fit_on, fit_labels)
    return model.transform(unseen).round(3), truth.to_numpy()


def drawn(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of so many digits their rows, those of others of the same digit, and of different digits."""
    _, label = embedded()
    random = np.random.default_rng(SEED)
    anchor = random.permutation(len(label))[:count]
    same = [np.flatnonzero(label == label[one]) for one in anchor]
    others = [random.choice(rows[rows != one]) for one, rows in zip(anchor, same, strict=True)]
    different = [random.choice(np.flatnonzero(label != label[one])) for one in anchor]
    return anchor, np.array(others), np.array(different)


def digit_pairs() -> pd.DataFrame:
    """Pairs: is it the same handwritten digit? By the distance of their vectors."""
    vectors, label = embedded()
    anchor, same, different = drawn(400)
    other = np.where(np.arange(len(anchor)) % 2 == 0, same, different)
    distance = np.linalg.norm(vectors[anchor] - vectors[other], axis=1)
    table = {"digit_a": label[anchor], "digit_b": label[other]}
    return pd.DataFrame(
        {
            **table,
            "same": (label[anchor] == label[other]).astype(int),
            "distance": distance.round(DECIMALS),
        }
    )


def digit_triplets() -> pd.DataFrame:
    """Triplets: an image, another of the same digit, and one of a different digit, as vectors."""
    vectors, _ = embedded()
    sides = zip(("anchor", "positive", "negative"), drawn(100), strict=True)
    return pd.DataFrame({side: vectors[rows].tolist() for side, rows in sides})


def training(rate: float) -> pd.DataFrame:
    """The log of a network that learns 150 digits and is validated on the others, epoch by epoch.

    The columns are those that Keras's CSVLogger writes.
    """
    data = load_digits()
    fit_on, others, fit_labels, truth = train_test_split(
        data.data / 16, data.target, train_size=150, random_state=SEED, stratify=data.target
    )
    model = MLPClassifier((64,), learning_rate_init=rate, alpha=0, batch_size=32, random_state=SEED)
    rows = []
    for epoch in range(40):
        model.partial_fit(fit_on, fit_labels, classes=np.arange(10))
        row: dict[str, float] = {"epoch": epoch}
        for prefix, features, labels in (("", fit_on, fit_labels), ("val_", others, truth)):
            row[f"{prefix}accuracy"] = model.score(features, labels)
            row[f"{prefix}loss"] = log_loss(labels, model.predict_proba(features))
        rows.append(row)
    return pd.DataFrame(rows)


def write(folder: Path) -> None:
    """Write every sample file into a folder."""
    for table, name in (
        (cancer(), "cancer.csv"),
        (digits(), "digits.csv"),
        (traits(), "traits.csv"),
        (digit_pairs(), "digit_pairs.csv"),
        (training(rate=0.01), "training.csv"),
        (training(rate=0.003), "training_slow.csv"),
    ):
        table.to_csv(folder / name, index=False, float_format=f"%.{DECIMALS}f", lineterminator="\n")
    for table, name in (
        (diabetes(), "diabetes.csv"),
        (forecasts(), "forecasts.csv"),
        (fitness(), "fitness.csv"),
        (even(), "even.csv"),
        (oversampled(), "oversampled.csv"),
    ):
        table.to_csv(folder / name, index=False, lineterminator="\n")
    wine().to_json(folder / "wine.jsonl", orient="records", lines=True, double_precision=DECIMALS)
    for table, name in zip(competition(), ("submission", "truth"), strict=True):
        table.to_csv(folder / f"wine_{name}.csv", index=False, lineterminator="\n")
    digit_triplets().to_json(folder / "digit_triplets.jsonl", orient="records", lines=True)
    progression().to_parquet(folder / "progression.parquet", index=False)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
