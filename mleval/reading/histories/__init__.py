"""Reading training histories: tables of epochs, results of boosting, and its logs."""

from mleval.reading.histories.log import Log
from mleval.reading.histories.opening import open_logs

__all__ = ["Log", "open_logs"]
