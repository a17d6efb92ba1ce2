"""Every number agrees with somebody else's, or both say that there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from datasets import BINARY, MULTICLASS, Data
from registered import specs, write_costs

from mleval.evaluation.classification.estimates import missing
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request, requests_for
from mleval.evaluation.run import Evaluated, evaluate
from mleval.metrics import metrics
from mleval.options import ClassifyOptions
from mleval.references import reference
from mleval.registry import Task
from mleval.spec import Spec
from mleval.verification import Check, verify

TOLERANCE = 1e-12
FITTED = {"calibration_slope": 1e-9, "calibration_intercept": 1e-9}  # found by iteration

# Where mleval says that there is no value and a library prints one: the metric (or "averages"),
# what mleval says, what the library prints (None: whatever it is), why mleval does not.
CONVENTIONS = (
    ("kappa", "constant", 0.0, "nothing can agree beyond chance with a column that is constant"),
    ("averages", "undefined for every class", 0.0, "a mean of no values at all is not 0"),
    ("g_mean", "one of the two classes has no rows", None, "of two classes it is √(TPR · TNR)"),
)

EITHER_TASK = """
    accuracy balanced_accuracy precision recall f1 fbeta specificity npv fpr fnr jaccard mcc kappa
    hamming_loss zero_one_loss informedness markedness g_mean prevalence cost
    average_precision
    log_loss brier brier_skill focal_loss ece mce
    brier_reliability brier_resolution brier_uncertainty
"""
CATALOGUE: dict[Task, str] = {
    "binary": EITHER_TASK
    + """
    roc_auc pr_auc gini ks eer recall_at_precision precision_at_recall tpr_at_fpr precision_at_k
    lift_at best_f1 youden hinge_loss calibration_slope calibration_intercept
    """,
    "multiclass": EITHER_TASK + "roc_auc_ovr roc_auc_ovo top_k_accuracy",
}
EVERY = [("binary", name) for name in BINARY] + [("multiclass", name) for name in MULTICLASS]


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_the_catalogue_is_registered(task: Task) -> None:
    registered = {metric.name for metric in metrics(task)}
    assert set(CATALOGUE[task].split()) - registered == set()


@pytest.mark.parametrize(
    ("task", "name"), [(t, m.name) for t in ("binary", "multiclass") for m in metrics(t)]
)
def test_every_metric_has_a_reference(task: str, name: str) -> None:
    assert reference(task, name) is not None


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    labels = {
        str(label)
        for data in (*BINARY.values(), *MULTICLASS.values())
        for role in ("y_true", "y_pred")
        for label in data.columns.get(role, ())
    }
    return write_costs(tmp_path_factory.mktemp("costs") / "costs.csv", sorted(labels | {"not red"}))


def needs_an_order(request: Request, evidence: Evidence) -> bool:
    """Weighted kappa of classes that nothing puts in order is an error, not a number."""
    weighted = request.options.get("weights", "none") != "none"
    return weighted and not evidence.ordered and len(evidence.classes) > 2


@cache
def evaluated(task: Task, name: str, costs: Path) -> tuple[Evaluated, ClassifyOptions]:
    """A data set under every Spec that it can answer."""
    data: Data = (BINARY if task == "binary" else MULTICLASS)[name]
    evidence = evaluate(data.columns, data.options).evidence
    assert evidence.task == task
    answered = [
        request.spec
        for request in requests_for(task, specs(task, evidence.classes, costs))
        if missing(request, evidence) is None and not needs_an_order(request, evidence)
    ]
    options = replace(data.options, metrics=tuple(answered))
    return evaluate(data.columns, options, keep_batches=True), options


@dataclass(frozen=True)
class Verdict:
    """One number beside its reference: how far apart, relative where above 1; what is wrong."""

    difference: float
    wrong: str = ""


def verdict(check: Check) -> Verdict:
    ours, theirs, spec = check.value, check.reference, Spec.parse(check.spec)
    told = f"{check.spec}: {ours!r} but {theirs!r} by {check.library} {check.note}"
    if ours is None or theirs is None:
        both = ours is theirs or (theirs is not None and is_convention(spec, theirs, check.note))
        return Verdict(0.0, "" if both else told)
    difference = abs(ours - theirs) / max(abs(ours), abs(theirs), 1.0)
    return Verdict(difference, "" if difference <= FITTED.get(spec.name, TOLERANCE) else told)


def is_convention(spec: Spec, printed: float, said: str) -> bool:
    return any(
        (name == spec.name or (name == "averages" and spec.average))
        and reason in said
        and (usual is None or abs(printed - usual) <= TOLERANCE)
        for name, reason, usual, _ in CONVENTIONS
    )


@pytest.mark.parametrize(("task", "name"), EVERY, ids=[f"{t}: {n}" for t, n in EVERY])
def test_every_number_agrees(task: Task, name: str, costs: Path, record_property: Any) -> None:
    checks = verify(*evaluated(task, name, costs)).rows
    assert checks
    verdicts = [verdict(check) for check in checks]
    largest = max(zip(verdicts, checks, strict=True), key=lambda pair: pair[0].difference)
    record_property("comparisons", len(checks))
    record_property("undefined in both", sum(c.value is None for c in checks))
    record_property("largest difference", [largest[0].difference, f"{largest[1].spec} on {name}"])
    assert [v.wrong for v in verdicts if v.wrong] == []


@pytest.mark.parametrize(("task", "name"), EVERY, ids=[f"{t}: {n}" for t, n in EVERY])
def test_limits_stand_around_every_value(task: Task, name: str, costs: Path) -> None:
    report = evaluated(task, name, costs)[0].report
    wrong = []
    for key, found in report.metrics.items():
        if found.value is None:
            assert found.undefined, key
            assert found.low is found.high is None, key
        elif found.low is None or found.high is None:
            assert found.no_interval, key
            assert found.low is found.high is None, key
        else:
            low = -math.inf if found.range[0] is None else found.range[0]
            high = math.inf if found.range[1] is None else found.range[1]
            slack = 1e-12 * max(1.0, abs(found.value))
            if not low <= found.low <= found.value + slack <= found.high + 2 * slack <= high + 1e-9:
                wrong.append((key, found.low, found.value, found.high, found.method))
            if not found.low < found.high:
                wrong.append((key, "no width", found.low, found.method))
    assert wrong == []
