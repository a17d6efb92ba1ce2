"""Truth and prediction: the two label columns, by name, and by their values where names tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mleval.reading.candidates import (
    Candidate,
    bare_truths,
    best,
    by_name,
    predictions_by_stem,
    truths_by_stem,
    twins_of,
)
from mleval.reading.likely import likely_truths
from mleval.reading.names import normalised
from mleval.reading.synonyms import PREDICTION, TRUTH, TRUTH_IF_ALIKE
from mleval.reading.vocabulary import Head, overlap
from mleval.visible import quoted


@dataclass(frozen=True, slots=True)
class Pair:
    """The label columns; truth None when no name is a truth's.

    stem: of a prediction such as `<stem>_pred`. fractions: columns named like a prediction that
    hold numbers between 0 and 1, so scores. passed_over: role -> other columns with a claim.
    """

    truth: str | None
    prediction: str | None = None
    stem: str | None = None
    fractions: Sequence[str] = ()
    passed_over: Mapping[str, list[str]] = field(default_factory=dict)
    notices: Sequence[str] = ()


def found_pair(head: Head, free: Sequence[str], taken: Mapping[str, str]) -> Pair:
    """The pair among the columns that are `free`, beside what the caller chose (`taken`).

    Raises InputError when two columns of the same rank may be the truth, or the prediction.
    """
    predictions = [] if "prediction" in taken else _prediction_candidates(free)
    truths = [] if "truth" in taken else _truth_candidates(head, free, taken)
    truth, stem = taken.get("truth"), None
    if truth is None:
        chosen = best(_of_matching_stems(truths, predictions) or truths, "truth", "--truth")
        if chosen is None:
            return Pair(None)
        truth, stem = chosen.column, chosen.stem
    predictions = [c for c in predictions if c.column != truth]
    fractions = _fractions(head, truth, predictions)
    prediction = taken.get("prediction")
    if prediction is None:
        chosen = _chosen_prediction(head, {stem, normalised(truth)}, predictions, fractions)
        prediction, stem = (chosen.column, chosen.stem) if chosen else (None, stem)
    offered = {
        "truth": [truth] if "truth" in taken else _spellings(truth, free, truths),
        "prediction": [prediction]
        if "prediction" in taken or prediction is None
        else _spellings(prediction, free, predictions),
    }
    pair = _agreeing(head, truth, prediction, offered)
    notices = []
    if pair != (truth, prediction):
        named, taken_instead = (
            " and ".join(quoted(column) for column in columns if column)
            for columns in ((truth, prediction), pair)
        )
        notices.append(f"{named} share no label: {taken_instead} are compared")
    passed_over = {
        "truth": [c.column for c in truths if c.column not in pair],
        "prediction": [c.column for c in predictions if c.column not in (*pair, *fractions)],
    }
    return Pair(*pair, stem, fractions, passed_over, notices)


def _truth_candidates(head: Head, free: Sequence[str], taken: Mapping[str, str]) -> list[Candidate]:
    found = [*by_name(free, TRUTH), *truths_by_stem(free)]
    found = found or bare_truths(free, predictions_by_stem(free))
    if not found and (responses := by_name(free, TRUTH_IF_ALIKE[:1])):
        likely = likely_truths(head, free, taken)
        return [c for c in responses if c.column in likely]
    return found


def _prediction_candidates(free: Sequence[str]) -> list[Candidate]:
    return [*by_name(free, PREDICTION), *predictions_by_stem(free)]


def _of_matching_stems(
    truths: Sequence[Candidate], predictions: Sequence[Candidate]
) -> list[Candidate]:
    """Truths by stem whose prediction is there, when only stems name the truth."""
    if any(truth.stem is None for truth in truths):
        return []
    stems = {prediction.stem for prediction in predictions}
    return [truth for truth in truths if truth.stem in stems]


def _fractions(head: Head, truth: str, predictions: Sequence[Candidate]) -> list[str]:
    if len(head.vocabulary(truth)) > 2:
        return []
    return [c.column for c in predictions if head.is_fraction(c.column)]


def _chosen_prediction(
    head: Head,
    stems: set[str | None],
    candidates: Sequence[Candidate],
    fractions: Sequence[str],
) -> Candidate | None:
    """The best prediction that holds labels, first among those of the truth's own stem."""
    # Fractions beside a stem are one model's scores, or one class's, however many labels there are.
    offered = [
        c
        for c in candidates
        if c.column not in fractions and (c.stem is None or not head.is_fraction(c.column))
    ]
    own = [c for c in offered if c.stem is not None and c.stem in stems]
    return best(own or offered, "prediction", "--pred")


def _spellings(column: str, free: Sequence[str], candidates: Sequence[Candidate]) -> list[str]:
    """The column, its twins, and the others with a claim."""
    return list(dict.fromkeys([column, *twins_of(column, free), *(c.column for c in candidates)]))


def _agreeing(
    head: Head, truth: str, prediction: str | None, offered: Mapping[str, Sequence[str | None]]
) -> tuple[str, str | None]:
    """The pair itself; or, when it shares no label, the offered pair that shares most."""
    if prediction is None or _shared(head, truth, prediction) > 0:
        return truth, prediction
    best_pair, most = (truth, prediction), 0.0
    for one in offered["truth"]:
        for other in offered["prediction"]:
            if one and other and one != other and (share := _shared(head, one, other)) > most:
                best_pair, most = (one, other), share
    return best_pair


def _shared(head: Head, truth: str, prediction: str) -> float:
    one, other = head.vocabulary(truth), head.vocabulary(prediction)
    return overlap(one, other) if one and other else 1.0
