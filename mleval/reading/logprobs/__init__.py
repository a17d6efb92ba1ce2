"""Reading log-probabilities: open_logprobs, LogprobReading.

    source = open_logprobs("samples.jsonl", LogprobChoices())
    reading = LogprobReading(source, "error")
    batches = [load() for load in reading.parts()]
    tally = reading.finish()

A shape that they come in is a file here, and a row of `formats`.
"""

from mleval.reading.logprobs.choices import LogprobChoices, LogprobRoles
from mleval.reading.logprobs.formats import FORMATS
from mleval.reading.logprobs.reading import LogprobReading
from mleval.reading.logprobs.recognition import recognised
from mleval.reading.logprobs.source import LogprobSource, open_logprobs

__all__ = [
    "FORMATS",
    "LogprobChoices",
    "LogprobReading",
    "LogprobRoles",
    "LogprobSource",
    "open_logprobs",
    "recognised",
]
