"""The evidence of a task over classes, none of them special."""

from __future__ import annotations

from dataclasses import replace

from mleval.errors import InputError
from mleval.evaluation.classification.evidence import Evidence, Scale
from mleval.evaluation.classification.kept import KeptScores
from mleval.evaluation.classification.labels import Spellings, column_of, in_order, is_number
from mleval.evaluation.classification.material import Material
from mleval.evaluation.classification.plan import unpaired
from mleval.states import BinaryScores, Confusion, Means, ScoreTable

MANY_CLASSES = 20  # of numbers with decimals, which may then be measurements
ROW_SUM_TOLERANCE = 0.005  # a class: each probability may be rounded to two decimals


def multiclass_evidence(material: Material, labels: tuple[str, ...]) -> Evidence:
    """Counts, class scores and per-row means over `labels`."""
    _refuse_threshold(labels, material)
    _note_measurements(labels, material)
    evidence = _of_counts(labels, material)
    _note_disagreement(material)
    if material.roles.family:
        return _with_class_scores(evidence, material)
    if "score" not in material.states:
        return evidence
    column = material.roles.columns["score"]
    unknown = f"no column a class, and {column} is of one alone: name a class with --positive"
    evidence = replace(evidence, absent={**evidence.absent, "scores": unknown})
    event = _of_predicted(material, labels)
    if event is None:
        return evidence
    return replace(evidence, event=event, scale="probability", of_predicted=True)


def _refuse_threshold(labels: tuple[str, ...], material: Material) -> None:
    if material.options.threshold is not None:
        raise InputError(
            f"--threshold is for a binary task; this one has the classes {', '.join(labels)}",
            hint="name the positive class with --positive",
        )


def _note_measurements(labels: tuple[str, ...], material: Material) -> None:
    """Say where classes are so many decimal numbers that they may be none."""
    if len(labels) <= MANY_CLASSES or not all(map(is_number, labels)):
        return
    if sum(float(label) % 1 != 0 for label in labels) * 2 > len(labels):
        material.findings.notice(
            f"the {len(labels)} classes look like measurements: mleval regress evaluates numbers"
        )


def _of_counts(labels: tuple[str, ...], material: Material) -> Evidence:
    """What labels alone tell."""
    classes, averaged, ordered = class_order(labels, material)
    return Evidence(
        task="multiclass",
        classes=classes,
        averaged=averaged,
        ordered=ordered,
        rows=material.rows,
        zero_division=material.options.zero_division,
        confusion=_confusion(material),
        spellings=material.spellings,
        derived="confusion" not in material.states,
        absent={
            "predictions": "no prediction column",
            "scores": "no probability columns",
            "probabilities": "no probability columns",
        },
    )


def _with_class_scores(evidence: Evidence, material: Material) -> Evidence:
    """The evidence with what the class columns tell, which is more when they are probabilities."""
    states = material.states
    evidence = replace(
        evidence,
        scale=_scale(material),
        means=states.get("means"),
        class_tables={
            _class_of(name, evidence.classes): states[f"class {name}"]
            for name in material.roles.family
            if f"class {name}" in states
        },
        kept=KeptScores.of(states["rows"].chunks) if "rows" in states else None,
    )
    if evidence.scale != "any":
        return replace(evidence, event=states["top"].binary("right"))
    material.findings.notice(
        "the class columns are not probabilities that sum to 1, so only ranking metrics are read "
        "off them; --score-scale logit if they are logits"
    )
    absent = {**evidence.absent, "probabilities": "the class scores are not probabilities"}
    return replace(evidence, absent=absent)


def class_order(labels: tuple[str, ...], material: Material) -> tuple[tuple[str, ...], int, bool]:
    """The classes in order, how many of them averages are over, and if the order has a meaning."""
    given = material.options.classes
    if not given:
        return labels, len(labels), all(map(is_number, labels))
    chosen: list[str] = []
    for name in given:
        place = column_of(name, labels)
        chosen.append(name if place is None else labels[place])
    rest = tuple(label for label in labels if label not in chosen)
    absent = [name for name in chosen if name not in labels]
    if absent:
        material.findings.notice(f"--classes names what does not occur: {', '.join(absent)}")
    if rest:
        material.findings.notice(
            f"averages are over the {len(chosen)} classes of --classes; "
            f"not over {', '.join(rest[:5])}{' …' if len(rest) > 5 else ''}"
        )
    material.findings.assume("classes", ", ".join(chosen), "as given", "--classes")
    return (*chosen, *rest), len(chosen), not rest


def _class_of(column: str, classes: tuple[str, ...]) -> str:
    """The class a probability column is for, as it is spelled in the report."""
    for label in classes:
        if column_of(label, (column,)) is not None:
            return label
    return column


def _confusion(material: Material) -> Confusion | None:
    spellings, states = material.spellings, material.states
    if "confusion" in states:
        given: Confusion = states["confusion"]
        return given.relabel(spellings.truth, spellings.prediction)
    if "argmax" in states:
        material.findings.assume(
            "prediction", "the class with the highest probability", flag="--pred"
        )
        derived: Confusion = states["argmax"]
        return derived.relabel(spellings.truth, spellings.prediction)
    if len(set(spellings.truth.values())) == 1:
        raise InputError(
            f"truth holds one class alone, {in_order(spellings.truth.values())[0]}, and of which "
            f"class {material.roles.columns['score']} is the score is not known",
            hint="name the positive class with --positive, or the prediction column with --pred",
        )
    raise InputError(
        f"a score column alone cannot tell {len(material.spellings.truth)} classes apart: "
        f"{', '.join(in_order(material.spellings.truth.values())[:5])}",
        hint="name the positive class with --positive, the prediction column with --pred, "
        "or a column a class with --proba PREFIX",
    )


def _scale(material: Material) -> Scale:
    """What the class columns hold: as declared, as named, or (probabilities) seen to sum to 1."""
    declared, kind = material.options.score_scale, material.roles.family_kind
    if declared != "auto":
        material.findings.assume("score-scale", declared, "as given", "--score-scale")
    if declared == "any":
        return "any"
    if declared == "logit" or (declared == "auto" and kind == "logit"):
        return "logit"
    if declared != "auto" or kind != "score":
        return "probability"
    means: Means = material.states["means"]
    at = means.names.index("row_sum")
    slack = min(0.05, ROW_SUM_TOLERANCE * len(material.roles.family))
    lowest = min(
        float(run.scores[0])
        for table in (material.states[f"class {name}"] for name in material.roles.family)
        for run in (table.distinct("it"), table.distinct("rest"))
        if len(run.scores)
    )
    seen = lowest >= 0 and means.low[at] >= 1 - slack and means.high[at] <= 1 + slack
    if seen:
        material.findings.assume(
            "score-scale", "probability", "rows sum to 1", "--score-scale", guess=True
        )
    return "probability" if seen else "any"


def _of_predicted(material: Material, labels: tuple[str, ...]) -> BinaryScores | None:
    """The confidence in the predicted class, as scores of being right."""
    column, findings = material.roles.columns["score"], material.findings
    of_predicted = material.options.score_of == "predicted" or (
        material.options.score_of is None and material.roles.score_kind == "confidence"
    )
    if not of_predicted or not material.by_prediction:
        findings.notice(
            f"{column} is not used: of which of the {len(labels)} classes it is the score is not "
            "known; --positive CLASS or --score-of predicted says it"
        )
        return None
    why = "as given" if material.options.score_of else f"by the name {column}"
    guess = material.options.score_of is None
    findings.assume("score-of", "predicted", why, "--score-of", guess=guess)
    return of_being_right(material.states["score"], material.spellings)


def of_being_right(table: ScoreTable, spellings: Spellings) -> BinaryScores:
    """Scores kept apart by prediction, as scores of that prediction being right."""
    truth, prediction = spellings.truth, spellings.prediction
    right = {
        label: "right" if p is not None and truth[t] == prediction[p] else "wrong"
        for label, (t, p) in ((label, unpaired(label)) for label in table.labels)
    }
    return table.relabel(right).binary("right")


def _note_disagreement(material: Material) -> None:
    """Say how many given predictions are not the class with the highest probability."""
    if not material.roles.family or "confusion" not in material.states:
        return
    agreement: Confusion = material.states["agreement"]
    columns = tuple(material.roles.family)
    places = {
        raw: column_of(label, columns) for raw, label in material.spellings.prediction.items()
    }
    names = {raw: raw if at is None else columns[at] for raw, at in places.items()}
    both = agreement.relabel(names, {})
    differ = float(both.weight[both.truth != both.prediction].sum())
    if differ:
        material.findings.notice(
            f"{differ:g} predictions ({differ / float(both.weight.sum()):.1%}) are not the class "
            "with the highest probability; the predictions as given are evaluated"
        )
