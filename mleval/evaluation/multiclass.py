"""The evidence of a task over classes, none of them special."""

from __future__ import annotations

from mleval.errors import InputError
from mleval.evaluation.evidence import Evidence, Scale
from mleval.evaluation.kept import KeptScores
from mleval.evaluation.labels import column_of, in_order
from mleval.evaluation.material import Material
from mleval.evaluation.plan import unpaired
from mleval.states import BinaryScores, Confusion, Means, ScoreTable

ROW_SUM_TOLERANCE = 0.005  # a class: each probability may be rounded to two decimals


def multiclass_evidence(material: Material, labels: tuple[str, ...]) -> Evidence:
    """Counts, class scores and per-row means over `labels`."""
    options, findings = material.options, material.findings
    if options.threshold is not None:
        raise InputError(
            f"--threshold is for a binary task; this one has the classes {', '.join(labels)}",
            hint="name the positive class with --positive",
        )
    classes, averaged, ordered = class_order(labels, material)
    confusion = _confusion(material)
    absent = {
        "predictions": "no prediction column",
        "scores": "no probability columns",
        "probabilities": "no probability columns",
    }
    scale: Scale = "any"
    event: BinaryScores | None = None
    tables: dict[str, ScoreTable] = {}
    if material.roles.family:
        tables = {
            _class_of(name, classes): material.states[f"class {name}"]
            for name in material.roles.family
            if f"class {name}" in material.states
        }
        scale = _scale(material)
        if scale != "any":
            event = material.states["top"].binary("right")
        else:
            absent["probabilities"] = "the class scores are not probabilities"
            findings.notice(
                "the class columns are not probabilities that sum to 1, so only ranking metrics "
                "are read off them; --score-scale logit if they are logits"
            )
    elif "score" in material.states:
        event = _of_predicted(material, labels)
        scale = "probability" if event else "any"
    kept = KeptScores.of(material.states["rows"].chunks) if "rows" in material.states else None
    _note_disagreement(material)
    return Evidence(
        task="multiclass",
        classes=classes,
        averaged=averaged,
        ordered=ordered,
        rows=material.rows,
        zero_division=options.zero_division,
        confusion=confusion,
        event=event,
        scale=scale,
        class_tables=tables,
        means=material.states.get("means") if scale != "any" else None,
        kept=kept,
        spellings=material.spellings,
        derived="confusion" not in material.states,
        of_predicted="score" in material.states and event is not None,
        absent=absent,
    )


def class_order(labels: tuple[str, ...], material: Material) -> tuple[tuple[str, ...], int, bool]:
    """The classes in order, how many of them averages are over, and if the order has a meaning."""
    given = material.options.classes
    if not given:
        numeric = all(
            column_of(label, (label,)) is not None and _is_number(label) for label in labels
        )
        return labels, len(labels), numeric
    chosen: list[str] = []
    for name in given:
        place = column_of(name, labels)
        chosen.append(name if place is None else labels[place])
    rest = tuple(label for label in labels if label not in chosen)
    if rest:
        material.findings.notice(
            f"averages are over the {len(chosen)} classes of --classes; "
            f"not over {', '.join(rest[:5])}{' …' if len(rest) > 5 else ''}"
        )
    material.findings.assume("classes", ", ".join(chosen), "as given", "--classes")
    return (*chosen, *rest), len(chosen), True


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True


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
    raise InputError(
        f"a score column alone cannot tell {len(material.spellings.truth)} classes apart: "
        f"{', '.join(in_order(material.spellings.truth.values())[:5])}",
        hint="name the positive class with --positive, the prediction column with --pred, "
        "or a column a class with --proba PREFIX",
    )


def _scale(material: Material) -> Scale:
    """What the class columns hold: as declared, as named, or (probabilities) seen to sum to 1."""
    declared, kind = material.options.score_scale, material.roles.family_kind
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
    table: ScoreTable = material.states["score"]
    truth, prediction = material.spellings.truth, material.spellings.prediction
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
