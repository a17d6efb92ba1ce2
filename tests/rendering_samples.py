"""Reports made by hand, for the tests of what is made of them."""

from __future__ import annotations

from itertools import pairwise

from mleval.report import Assumption, ClassRow, ConfusionTable, Estimate, Report

UNIT = (0.0, 1.0)
HOSTILE = (
    "[red]bold[/red]",
    "\x1b[31mred\x1b[0m\r\n",
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "a|b `c` *d* _e_ [f](g)",
    "\u202eevil\u2066",
    "\ud800lone",
    "東京都" * 10,
    "long" * 2500,
    "@cmd\t\x00\x7f\x9b31m",
)


def share(value: float, half: float, method: str = "wilson", n: float = 569) -> Estimate:
    return Estimate(
        value=value,
        low=max(value - half, 0.0),
        high=min(value + half / 2, 1.0),
        level=0.95,
        method=method,
        goal="max",
        range=UNIT,
        n=n,
    )


def binary() -> Report:
    """A binary report with everything in it."""
    no_best = "the best over thresholds is a maximum"
    metrics = {
        "accuracy": share(0.9508, 0.0211),
        "balanced_accuracy": share(0.9447, 0.0235, "delta"),
        "precision": share(0.9479, 0.0360, n=211),
        "recall": share(0.9193, 0.0426, n=212),
        "f1": share(0.9334, 0.0248, n=240),
        "specificity": share(0.9701, 0.0231, n=357),
        "mcc": Estimate(
            value=0.8950,
            low=0.8536,
            high=0.9251,
            level=0.95,
            method="delta",
            goal="max",
            range=(-1.0, 1.0),
            n=569,
        ),
        "roc_auc": share(0.98765, 0.0085, "DeLong"),
        "average_precision": share(0.9849, 0.0097, "influence"),
        "best_f1": Estimate(
            value=0.94118, goal="max", range=UNIT, n=569, threshold=0.43, no_interval=no_best
        ),
        "log_loss": Estimate(
            value=0.13342,
            low=0.1052,
            high=0.1617,
            level=0.95,
            method="delta",
            goal="min",
            range=(0.0, None),
            n=569,
        ),
        "brier": Estimate(
            value=0.0379,
            low=0.0291,
            high=0.0468,
            level=0.95,
            method="delta",
            goal="min",
            range=UNIT,
            n=569,
        ),
        "ece(bins=15)": Estimate(
            value=0.000012,
            goal="min",
            range=UNIT,
            n=569,
            no_interval="the estimate is biased near perfect calibration",
        ),
        "brier_skill": Estimate(undefined="every row is of one class", goal="max", n=569),
    }
    metrics = {
        name: Estimate(**{**vars(item), "of_class": "malignant"}) for name, item in metrics.items()
    }
    return Report(
        task="binary",
        inputs=("sample_data/cancer.csv",),
        assumed=(
            Assumption(what="truth", value="diagnosis", why="by its name", flag="--truth"),
            Assumption(
                what="positive",
                value="malignant",
                why="of the column prob_malignant",
                flag="--positive",
            ),
            Assumption(
                what="threshold", value="0.5", why="no prediction column", flag="--threshold"
            ),
        ),
        metrics=metrics,
        classes={
            "benign": ClassRow(
                support=357,
                predicted=363,
                metrics={
                    "precision": share(0.9532, 0.02),
                    "recall": share(0.9692, 0.02),
                    "f1": share(0.9611, 0.02),
                },
            ),
            "malignant": ClassRow(
                support=212,
                predicted=206,
                metrics={
                    "precision": share(0.9479, 0.03),
                    "recall": share(0.9193, 0.04),
                    "f1": share(0.9334, 0.03),
                },
            ),
        },
        confusion=ConfusionTable(
            labels=("benign", "malignant"),
            cells=(
                ("benign", "benign", 346.0),
                ("malignant", "malignant", 195.0),
                ("malignant", "benign", 17.0),
                ("benign", "malignant", 11.0),
            ),
        ),
        warnings=(
            "3 rows without a truth were left out",
            "the column score_old was passed over for prob_malignant, whose name says more; "
            "choose it with --score score_old",
        ),
        provenance={"rows": 569},
    )


def many(labels: tuple[str, ...], task: str = "multiclass", rows: float = 60.0) -> Report:
    """A report over these classes, each mistaken for the next one now and then."""
    names = ("precision", "recall", "f1")
    metrics = {"accuracy": share(0.9021, 0.0151, n=1797)}
    for place, name in enumerate(("balanced_accuracy", "mcc", "kappa")):
        metrics[name] = share(0.9013 - place / 90, 0.0147, "delta", n=1797)
    for place, name in enumerate((*names, "roc_auc_ovr")):
        metrics[f"{name}[macro]"] = share(0.9011 + place / 50, 0.0150, "delta", n=1797)
        metrics[f"{name}[weighted]"] = share(0.9035 + place / 50, 0.0148, "delta", n=1797)
    metrics["average_precision[macro]"] = share(0.9612, 0.01, "influence", n=1797)
    metrics["log_loss"] = Estimate(
        value=0.3412,
        low=0.31,
        high=0.38,
        level=0.95,
        method="delta",
        goal="min",
        range=(0.0, None),
        n=1797,
    )
    metrics["ece(bins=15)"] = Estimate(
        value=0.0213,
        goal="min",
        range=UNIT,
        n=1797,
        no_interval="the estimate is biased near calibration",
    )
    classes = {
        label: ClassRow(
            support=rows + place,
            predicted=rows + 3,
            metrics={
                name: share(0.99 - (place * 7 + i) % 19 / 50, 0.05) for i, name in enumerate(names)
            },
        )
        for place, label in enumerate(labels)
    }
    cells: list[tuple[str, str | None, float]] = [
        (label, label, rows - place % 7) for place, label in enumerate(labels)
    ]
    cells += [(a, b, float(1 + place % 5)) for place, (a, b) in enumerate(pairwise(labels))]
    return Report(
        task=task,
        inputs=("digits.csv",),
        assumed=(Assumption(what="classes", value=f"the {len(labels)} that occur"),),
        metrics=metrics,
        classes=classes,
        confusion=ConfusionTable(labels=labels, cells=tuple(sorted(cells, key=lambda c: -c[2]))),
        warnings=("micro-averaged F1 is the accuracy here, since every class is included",),
        provenance={"rows": 1797},
    )


def digits() -> Report:
    return many(tuple("0123456789"))


def countries() -> Report:
    return many(tuple(f"country {place:02d} of the world" for place in range(30)))


def hostile() -> Report:
    return many(HOSTILE)


def single() -> Report:
    """One metric, nothing else."""
    return Report(task="binary", metrics={"f1": Estimate(value=0.5, goal="max", range=UNIT, n=4)})
