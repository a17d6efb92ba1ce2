"""What the name of a series says: which part of the data it is of, and which metric it is."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Split = Literal["train", "validation", "test"]

_WORDS: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "trn", "fit", "learn"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "eval", "evaluation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "holdout"), "test"),
}
_ANY = "|".join(sorted(_WORDS, key=len, reverse=True))
_OF_SET = re.compile(rf"({_ANY})(?:_?(\d+))?'s\s+(.+)", re.IGNORECASE)  # LightGBM
_FIRST = re.compile(rf"({_ANY})(?:_?(\d+))?[\s_\-/.:]+(.+)", re.IGNORECASE)
_LAST = re.compile(rf"(.+?)[\s_\-/.:]+({_ANY})()", re.IGNORECASE)
_CAMEL = re.compile(r"(train|valid|val|test)()([A-Z].*)")
_OF_YOLO = re.compile(r"metrics/(.+)")

EPOCHS = ("epoch", "epochs", "epoch_num", "epoch_number", "current_epoch", "unnamed: 0")
STEPS = (
    *("step", "global_step", "trainer/global_step", "_step", "steps", "iteration", "iter"),
    *("iterations", "round", "boosting_round", "num_boost_round", "tree"),
)
RUNS = ("run", "run_id", "run_name", "experiment", "trial", "seed", "fold", "version")
_ASIDE = re.compile(
    r"(?:^|[\s_\-/.])(?:lr|learning_rate|lr\d+|pg\d+|momentum|weight_decay|grad_norm|time|runtime|"
    r"per_second|seconds|duration|elapsed|timestamp|wall|date|memory|gpu|cpu|total_flos|"
    r"num_tokens|num_input_tokens_seen|samples|throughput|batch|batch_size)(?:$|[\s_\-/.])",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """split: None where the name does not say; number: of the data set, such as valid_1."""

    split: Split | None
    metric: str
    number: str = ""


def parsed(name: str) -> Named:
    """The parts of a series' name.

    >>> parsed("val_loss"), parsed("validation_0-rmse")
    (Named(split='validation', metric='loss', ...), Named(..., metric='rmse', number='0'))
    >>> parsed("training's l2").split, parsed("metrics/mAP50(B)").metric
    ('train', 'mAP50(B)')
    """
    text = re.sub(r"(?<=.)_(?:epoch|step)$", "", name.strip())
    if found := _OF_YOLO.fullmatch(text):
        return Named("validation", found[1])
    for pattern in (_OF_SET, _FIRST, _CAMEL):
        if found := pattern.fullmatch(text):
            return Named(_WORDS[found[1].lower()], found[3], found[2] or "")
    if found := _LAST.fullmatch(text):
        return Named(_WORDS[found[2].lower()], found[1])
    return Named(None, text)


def is_aside(name: str) -> bool:
    """Whether a column is about the training itself: its learning rate, time or memory.

    >>> [is_aside(name) for name in ("lr-Adam", "x/lr0", "eval_runtime", "l1", "walled_loss")]
    [True, True, True, False, False]
    """
    return _ASIDE.search(name.strip()) is not None


def identifier(name: str) -> str:
    """The name as a gate spells it.

    >>> identifier("metrics/mAP50-95(B)"), identifier("valid's l2")
    ('metrics_mAP50_95_B', 'valid_s_l2')
    """
    word = re.sub(r"\W+", "_", name.strip()).strip("_") or "series"
    return f"_{word}" if word[0].isdigit() else word
