"""The names that columns of texts go by, ranked: the first that a table has is taken."""

from __future__ import annotations

from mleval.reading.synonyms import ID

HYPOTHESIS = (
    "prediction", "hypothesis", "hyp", "generated", "generated_text", "candidate", "output",
    "predictions", "hypotheses", "predicted", "predict", "pred", "prediction_text",
    "predicted_text", "pred_text", "hyp_text", "hypo", "generation", "candidates", "outputs",
    "generated_summary", "predicted_summary", "pred_summary", "generated_answer",
    "predicted_answer", "pred_answer", "model_output", "system_output", "output_text",
    "translation", "mt", "response", "completion", "decoded", "transcription",
)  # fmt: skip
REFERENCE = (
    "reference", "references", "ref", "refs", "target", "gold", "summary", "answers", "answer",
    "label", "targets", "golds", "reference_text", "ref_text", "target_text", "gold_text",
    "ground_truth", "ground_truths", "groundtruth", "reference_summary", "gold_summary",
    "reference_answer", "gold_answer", "gold_answers", "correct_answer", "reference_translation",
    "expected", "expected_output", "expected_answer", "truth", "labels", "highlights",
    "transcript", "sentence", "text",
)  # fmt: skip
SEGMENT_ID = (
    *ID, "qid", "question_id", "query_id", "utt_id", "utterance_id", "uttid", "utt", "utterance",
    "segment_id", "seg_id", "sentence_id", "sent_id", "key", "guid", "uuid",
)  # fmt: skip
SYSTEM_STEMS = (
    "sys", "system", "hyp", "hypothesis", "pred", "prediction", "predicted", "output", "generated",
    "candidate", "model", "mt",
)  # fmt: skip
"""What the name of one of several systems follows or precedes: `sys_a`, `a_pred`."""
NUMBERED_STEMS = (
    "reference", "references", "ref", "refs", "target", "gold", "summary", "answer", "answers",
)  # fmt: skip
"""What the number of one of several references follows: `ref1`, `reference_0`."""
