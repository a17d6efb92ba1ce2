"""The evidence of a binary task: one class is positive, everything else is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.evaluation.classification.evidence import Evidence, Scale
from mleval.evaluation.classification.labels import Spellings, column_of, complement_of
from mleval.evaluation.classification.material import Material
from mleval.evaluation.classification.plan import unpaired
from mleval.reading.names import normalised
from mleval.reading.synonyms import CONFIDENCE
from mleval.states import BinaryScores, Confusion, ScoreTable


def binary_evidence(material: Material, labels: tuple[str, ...], positive: str) -> Evidence:
    """Counts and scores of `positive` against the rest of `labels`."""
    negative = _negative(material, labels, positive)
    pooled = _pooled_spellings(material.spellings, positive, negative)
    scores, scale, of_predicted = _event(material, positive, two=len(labels) <= 2)
    threshold = _threshold(material, scale)
    confusion, absent, derived = None, "", False
    if "confusion" in material.states and material.options.threshold is None:
        counted = material.states["confusion"].relabel(pooled.truth, pooled.prediction)
        confusion = as_wrong(counted, positive, negative)
        _note_disagreement(material, positive, threshold)
    elif scores is None or threshold is None:
        absent = _why_none(material, scores)
    else:
        confusion, derived = confusion_at(scores, threshold, positive, negative), True
        _say_derived(material, threshold)
    _note_equal_scores(material, scores)
    return Evidence(
        task="binary",
        classes=(negative, positive),
        averaged=2,
        positive=positive,
        rows=material.rows,
        zero_division=material.options.zero_division,
        confusion=confusion,
        event=scores,
        means=material.states.get("means"),
        scale=scale,
        spellings=pooled,
        threshold=threshold if derived else None,
        derived=derived,
        of_predicted=of_predicted,
        absent={"predictions": absent, **_ABSENT},
    )


_ABSENT = {
    "scores": "no score or probability column",
    "probabilities": "the scores are not probabilities",
}


def _negative(material: Material, labels: tuple[str, ...], positive: str) -> str:
    """What everything else is called."""
    others = [label for label in labels if label != positive]
    if len(others) == 1:
        return others[0]
    negative = complement_of(positive)
    if others:
        material.findings.notice(f"the other {len(others)} classes are pooled as '{negative}'")
    return negative


def _note_equal_scores(material: Material, scores: BinaryScores | None) -> None:
    if scores is not None and len(scores.scores) == 1 and material.rows > 1:
        material.findings.notice(f"all scores are {scores.scores[0]:g}: they rank nothing")


def _why_none(material: Material, scores: BinaryScores | None) -> str:
    """Why nothing is predicted, where there is no column of predictions and no threshold."""
    if scores is None:
        _refuse_threshold(material)
        return "no prediction column"
    material.findings.notice(
        f"{_score_column(material)} is not on 0-1, so only ranking metrics are read off it; "
        "--threshold T predicts from it, --score-scale says what it is"
    )
    return "scores that are not probabilities, and no --threshold"


def confusion_at(scores: BinaryScores, threshold: float, positive: str, negative: str) -> Confusion:
    """The counts when scores at or above `threshold` are predicted positive."""
    above = scores.scores >= threshold
    sides = {
        negative: (scores.negative, scores.negative2),
        positive: (scores.positive, scores.positive2),
    }
    labels = tuple(sorted(sides))
    cells = [
        (t, p, sides[truth][0][rows].sum(), sides[truth][1][rows].sum())
        for t, truth in enumerate(labels)
        for p, rows in enumerate(above if guess == positive else ~above for guess in labels)
    ]
    held = [cell for cell in cells if cell[2] > 0]
    truth, prediction = (np.array([cell[i] for cell in held], np.int64) for i in (0, 1))
    weight, weight2 = (np.array([cell[i] for cell in held], np.float64) for i in (2, 3))
    return Confusion(labels, truth, prediction, weight, weight2)


def _event(
    material: Material, positive: str, *, two: bool
) -> tuple[BinaryScores | None, Scale, bool]:
    """The scores of the positive class, what they are, and whether they were of the predicted."""
    states, roles = material.states, material.roles
    if roles.family:
        place = column_of(positive, tuple(roles.family))
        if place is None:
            return None, "any", False
        name = tuple(roles.family)[place]
        material.findings.assume("score", roles.family[name], flag="--score")
        return *_on_scale(states[f"class {name}"].binary("it"), material), False
    if "score" not in states:
        return None, "any", False
    if material.by_prediction and not two:
        material.findings.notice(
            f"{roles.columns['score']} is not used: the probability of whichever class is "
            "predicted does not tell that of the positive one among several"
        )
        return None, "any", False
    table: ScoreTable = states["score"]
    material.findings.assume("score", roles.columns["score"], flag="--score")
    flipped = False
    if material.by_prediction:
        table, flipped = _of_positive(table, material, positive)
    else:
        table = table.relabel(material.spellings.truth)
    return *_on_scale(table.binary(positive), material), flipped


def _of_positive(table: ScoreTable, material: Material, positive: str) -> tuple[ScoreTable, bool]:
    """Scores kept apart by prediction, as scores of the positive class; whether any were turned."""
    options, findings, column = material.options, material.findings, material.roles.columns["score"]
    pairs = {label: unpaired(label) for label in table.labels}
    guess = {
        label: None if p is None else material.spellings.prediction[p]
        for label, (_, p) in pairs.items()
    }
    lowest = min((float(table.distinct(label).scores[0]) for label in table.labels), default=0.0)
    predicted = {label for label in guess.values() if label is not None}
    recognised = options.score_of is None and bool(predicted - {positive}) and lowest >= 0.5
    turns = options.score_of == "predicted" or recognised
    if turns:
        all_of_one = f"though only {min(predicted)} is" if len(predicted) == 1 else "both classes"
        why = "as given" if options.score_of else f"never below 0.5, {all_of_one} predicted"
        findings.assume("score-of", "predicted", why, "--score-of", guess=recognised)
        if recognised and normalised(column) not in CONFIDENCE:
            findings.notice(
                f"{column} is read as the probability of the predicted class: it is never below "
                f"0.5, whichever that is (--score-of positive if it is that of {positive})"
            )
    elif options.score_of is None:
        why = f"some {column} is below 0.5" if lowest < 0.5 else f"only {positive} is predicted"
        findings.assume("score-of", "positive", why, "--score-of", guess=lowest >= 0.5)
    turn = turned(options.score_scale) if turns else None
    return of_positive(table, material.spellings, positive, turn), turns


def of_positive(
    table: ScoreTable,
    spellings: Spellings,
    positive: str,
    turn: Callable[[Floats], Floats] | None,
) -> ScoreTable:
    """Scores kept apart by prediction as those of the positive class, by true label.

    turn: what a score of the other class is of the positive one, None where all are of that.
    """
    pairs = {label: unpaired(label) for label in table.labels}
    if turn is not None:
        of_it = {
            label
            for label, (_, p) in pairs.items()
            if p is not None and spellings.prediction[p] == positive
        }
        table = table.map_scores(lambda label, s: s if label in of_it else turn(s))
    return table.relabel({label: spellings.truth[t] for label, (t, _) in pairs.items()})


def turned(scale: str) -> Callable[[Floats], Floats]:
    """What a score of one of two classes is of the other."""
    if scale == "any":
        raise InputError(
            "--score-of predicted needs scores of which the other class's can be told",
            hint="--score-scale probability, percent or logit",
        )
    return np.negative if scale == "logit" else lambda s: 1.0 - s


def _on_scale(scores: BinaryScores, material: Material) -> tuple[BinaryScores, Scale]:
    """The scores with what they are: declared, named, or (for a plain `score`) seen."""
    declared = material.options.score_scale
    if declared != "auto":
        material.findings.assume("score-scale", declared, "as given", "--score-scale")
    kind = material.roles.family_kind if material.roles.family else material.roles.score_kind
    if declared == "logit" or (declared == "auto" and kind == "logit"):
        return replace(scores, logit=True), "logit"
    if declared in ("probability", "percent") or (declared == "auto" and kind != "score"):
        return scores, "probability"
    if declared == "any" or not len(scores.scores):
        return scores, "any"
    if scores.scores[0] >= 0 and scores.scores[-1] <= 1:
        material.findings.assume(
            "score-scale", "probability", "all on 0-1", "--score-scale", guess=True
        )
        return scores, "probability"
    return scores, "any"


def _threshold(material: Material, scale: Scale) -> float | None:
    """Where scores become positive predictions: given, or the middle of the scale."""
    given = material.options.threshold
    if given is not None:
        threshold = given / 100 if material.options.score_scale == "percent" else given
        if scale == "probability" and not 0 <= threshold <= 1:
            raise InputError(
                f"--threshold {given:g} lies outside the scores, which are probabilities",
                hint="write 0.3 for 30 %, or say what the scores are with --score-scale",
            )
        return threshold
    return {"probability": 0.5, "logit": 0.0, "any": None}[scale]


def _pooled_spellings(spellings: Spellings, positive: str, negative: str) -> Spellings:
    """Every class but the positive one pooled."""

    def pool(names: Mapping[str, str]) -> dict[str, str]:
        return {raw: positive if label == positive else negative for raw, label in names.items()}

    return Spellings(pool(spellings.truth), pool(spellings.prediction), spellings.rule)


def as_wrong(confusion: Confusion, positive: str, negative: str) -> Confusion:
    """Of two classes, a row without a prediction counts as one of the other class."""
    missing = confusion.prediction < 0
    if not missing.any():
        return confusion
    none = np.empty(0, np.int64)
    both = confusion.merge(
        replace(Confusion.empty(), labels=(negative, positive), truth=none, prediction=none)
    )
    missing = both.prediction < 0
    filled = replace(both, prediction=np.where(missing, 1 - both.truth, both.prediction))
    return filled.merge(Confusion.empty())


def _note_disagreement(material: Material, positive: str, threshold: float | None) -> None:
    """Say how many given predictions are not what the threshold would give."""
    agreement = material.states.get("agreement")
    if agreement is None or threshold is None or material.by_prediction:
        return
    names = {raw: "above" for raw, c in material.spellings.prediction.items() if c == positive}
    others = {raw: "below" for raw in material.spellings.prediction if raw not in names}
    if material.roles.family:
        column = tuple(material.roles.family)[
            column_of(positive, tuple(material.roles.family)) or 0
        ]
        derived = {c: "above" if c == column else "below" for c in material.roles.family}
    else:
        derived = {}
    both: Confusion = agreement.relabel(names | others, derived)
    differ = float(both.weight[both.truth != both.prediction].sum())
    if differ:
        share = differ / float(both.weight.sum())
        lowest = not material.roles.family and "below" not in agreement.prediction_labels
        material.findings.notice(
            f"{differ:g} predictions ({share:.1%}) are not what a threshold of {threshold:g} on "
            "the score gives; the predictions as given are evaluated"
            + ("; no score is below it: --score-of predicted if it is of that class" * lowest)
        )


def _say_derived(material: Material, threshold: float) -> None:
    given = material.options.threshold is not None
    why = "as given" if given else "a score from there on is predicted positive"
    material.findings.assume("threshold", f"{threshold:g}", why, "--threshold")
    if given and "confusion" in material.states:
        material.findings.notice(
            f"--threshold overrides the prediction column {material.roles.columns['prediction']}"
        )


def _score_column(material: Material) -> str:
    return material.roles.columns.get("score", "the score")


def _refuse_threshold(material: Material) -> None:
    if material.options.threshold is not None:
        raise InputError(
            "--threshold cuts scores, and there is no column of scores",
            hint="name it with --score, or leave --threshold out",
        )
