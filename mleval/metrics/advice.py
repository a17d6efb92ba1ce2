"""Which metrics to look at, and which not to, in the situations people find themselves in."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from mleval.errors import UsageError

Reasons = tuple[tuple[str, str], ...]  # a Spec's text, and one sentence that says why


@dataclass(frozen=True, slots=True)
class Advice:
    """What to look at, and what not at, in a situation."""

    situation: str
    summary: str
    look_at: Reasons
    not_at: Reasons


ADVICE: dict[str, Advice] = {
    advice.situation: advice
    for advice in (
        Advice(
            "balanced",
            "Classes of about the same size whose errors cost about the same.",
            look_at=(
                ("accuracy", "The share of right rows means what it says here."),
                ("mcc", "It drops when any one class is neglected, which accuracy hides."),
                ("log_loss", "Where there are probabilities, it sees progress before labels flip."),
            ),
            not_at=(
                ("f1", "It ignores the true negatives, which are half of your rows."),
                ("zero_one_loss", "It is 1 − accuracy and adds nothing to it."),
            ),
        ),
        Advice(
            "imbalanced",
            "One class is rare: a model that never predicts it still looks good on most numbers.",
            look_at=(
                ("average_precision", "It judges the ranking where the rare class is."),
                ("f1", "It needs both misses and false alarms of the rare class to be few."),
                ("mcc", "Guessing scores 0 whatever the class shares."),
                ("balanced_accuracy", "It weighs the rare class as much as the common one."),
                ("prevalence", "It is the average precision of guessing: the line to beat."),
            ),
            not_at=(
                ("accuracy", "Never predicting the rare class scores the share of the common one."),
                ("specificity", "Among many negatives, a flood of false alarms hardly lowers it."),
                (
                    "roc_auc",
                    "It forgives alarms that are few among negatives, many beside positives.",
                ),
            ),
        ),
        Advice(
            "ranking",
            "Rows are put in order; nobody has chosen a threshold, or each user chooses another.",
            look_at=(
                ("roc_auc", "It is the chance that a positive outranks a negative."),
                ("average_precision", "It judges the top of the list, where people look."),
                ("lift_at(fraction=0.1)", "It says how much richer the top tenth is than chance."),
            ),
            not_at=(
                ("accuracy", "It judges one threshold, which is not what you are comparing."),
                ("f1", "It judges one threshold, which is not what you are comparing."),
                ("gini", "It is 2·AUC − 1 and adds nothing to the AUC."),
            ),
        ),
        Advice(
            "costly-fp",
            "A false alarm is what hurts: a wrongly blocked payment, mail lost as spam.",
            look_at=(
                ("precision", "It is the share of alarms that are right."),
                ("recall_at_precision(precision=0.9)", "It says what a bearable precision leaves."),
                ("fbeta(beta=0.5)", "It is one number that weighs precision above recall."),
                ("cost(fp=5,fn=1)", "If you can price the errors, this is what to minimise."),
            ),
            not_at=(
                ("recall", "Alarms everywhere score 1."),
                ("accuracy", "It prices a false alarm like a miss."),
                ("fpr", "It is small whenever negatives are many, however wrong the alarms are."),
            ),
        ),
        Advice(
            "costly-fn",
            "A miss is what hurts: a disease not found, a fraud let through.",
            look_at=(
                ("recall", "It is the share of cases that are found."),
                ("precision_at_recall(recall=0.95)", "It says what a demanded recall costs."),
                ("fbeta(beta=2)", "It is one number that weighs recall above precision."),
                ("npv", "It says how far an all-clear can be trusted; mind the prevalence."),
                ("cost(fp=1,fn=5)", "If you can price the errors, this is what to minimise."),
            ),
            not_at=(
                ("precision", "One sure alarm and a thousand misses score 1."),
                ("accuracy", "It prices a miss like a false alarm."),
            ),
        ),
        Advice(
            "probabilities",
            "The probabilities are used as such: in expected costs, risk scores, or by people.",
            look_at=(
                (
                    "log_loss",
                    "It is least for the true probabilities and punishes false certainty.",
                ),
                (
                    "brier",
                    "It is least for the true probabilities, and one bad row cannot ruin it.",
                ),
                ("calibration_slope", "Below 1 the model is overconfident, above 1 it is timid."),
                ("ece", "It says in points of probability how far off the model is."),
            ),
            not_at=(
                ("roc_auc", "It stays the same however the probabilities are distorted in order."),
                ("accuracy", "It takes 0.51 for as good as 0.99."),
                ("ece(bins=100)", "Many bins with few rows each look miscalibrated by chance."),
            ),
        ),
        Advice(
            "multiclass",
            "Three classes or more, one of them right.",
            look_at=(
                ("f1[macro]", "It treats classes alike, so a small one that fails shows."),
                ("recall[macro]", "It is the mean share found, and the classes table says where."),
                ("mcc", "It reads the whole matrix, and guessing scores 0 however many classes."),
                ("roc_auc_ovr", "Where there are probabilities, it needs no threshold."),
            ),
            not_at=(
                ("f1[micro]", "With one label a row it is accuracy by another name."),
                ("f1[weighted]", "The large classes decide it, as they decide accuracy."),
                ("g_mean", "One small class that is never found makes it 0."),
            ),
        ),
        Advice(
            "multilabel",
            "Several labels a row, or none: tags, topics, findings.",
            look_at=(
                ("f1[micro]", "It counts every label of every row once, so frequent ones decide."),
                ("f1[macro]", "It treats labels alike, so a rare one that fails shows."),
                ("f1[samples]", "It is what the user of one row sees, on average."),
                ("subset_accuracy", "It says how many rows need no correction at all."),
            ),
            not_at=(
                ("hamming_loss", "Predicting nothing scores near 0 when labels are seldom true."),
                ("specificity", "Most labels are not true of a row, so it is always near 1."),
            ),
        ),
        Advice(
            "threshold",
            "A cut has to be chosen for scores, then judged.",
            look_at=(
                (
                    "cost(fp=1,fn=5)",
                    "With prices, calibrated scores are best cut at fp / (fp + fn).",
                ),
                ("recall_at_precision(precision=0.9)", "A demand on precision picks the cut."),
                ("best_f1", "It proposes a cut when nothing is known about costs."),
                ("youden", "It proposes a cut that does not depend on the prevalence."),
            ),
            not_at=(
                ("roc_auc", "It averages over cuts that you would never use."),
                ("ks", "It is the height of the best cut and says nothing of the one you took."),
                ("eer", "It assumes that a miss and a false alarm are to be equally likely."),
            ),
        ),
        Advice(
            "agreement",
            "Two raters, or a model and a rater, neither of them the truth.",
            look_at=(
                ("kappa", "It takes away the agreement that their class shares alone would give."),
                ("kappa(weights=quadratic)", "For grades in order, a near miss counts as near."),
                ("mcc", "Well above kappa, it tells that one rater uses a class more often."),
                ("accuracy", "Plain agreement belongs beside kappa, to see what prevalence does."),
            ),
            not_at=(
                ("precision", "It takes one of the raters for the truth."),
                ("f1[weighted]", "It changes when the raters are swapped."),
            ),
        ),
        Advice(
            "screening",
            "A cheap first look at a rare condition; those who are flagged get a better test.",
            look_at=(
                ("recall", "Whoever is missed here is not looked at again."),
                ("specificity", "Its complement is how many healthy people get the second test."),
                ("precision_at_recall(recall=0.95)", "It says how many second tests a case takes."),
                (
                    "tpr_at_fpr(fpr=0.05)",
                    "It says what can be found when capacity sets the alarms.",
                ),
            ),
            not_at=(
                ("accuracy", "Nearly everybody is healthy, so flagging nobody scores highest."),
                ("npv", "It is close to 1 before the test is even made."),
                ("f1", "It prices a second test like a missed case."),
            ),
        ),
        Advice(
            "budget",
            "Only so many rows can be acted upon: k reviews a day, a tenth of the customers.",
            look_at=(
                ("precision_at_k(k=100)", "It is the share of the budget that is well spent."),
                ("lift_at(fraction=0.1)", "It says how many times better than picking at random."),
                ("average_precision", "It is the mean over budgets while yours is not fixed yet."),
            ),
            not_at=(
                ("roc_auc", "It counts the order far below what anybody will get to."),
                ("recall", "At the model's own cut it forgets the budget."),
                ("accuracy", "The rows outside the budget decide it."),
            ),
        ),
    )
}


def advise(situation: str) -> Advice:
    """The advice for a situation; a UsageError that names the nearest when there is none.

    >>> advise("ranking").look_at[0][0]
    'roc_auc'
    """
    known = situation.strip().lower().replace("_", "-").replace(" ", "-")
    if known in ADVICE:
        return ADVICE[known]
    near = difflib.get_close_matches(known, ADVICE, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(ADVICE)}"
    raise UsageError(f"no advice for the situation '{situation}'", hint=hint)
