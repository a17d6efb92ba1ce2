"""Charts: what plots and pages draw, as columns of numbers; a report has them when asked to.

A chart is a table: name of a column → its values, all of the same length. They are read off the
states, so a chart is as large for ten rows as for ten million, and holds no row as it is.
`Options.plots` asks for them; without it `Report.charts` is empty, and the JSON has no `charts`.

binary, pairs (thresholds are distances there, at most which pairs are taken for the same)
  roc              fpr, tpr, low, high, threshold      low, high: pointwise, of tpr
  pr               recall, precision, low, high, threshold              of precision
  thresholds       threshold, tp, fp, fn, tn           Σw when what is at least it is positive;
                                                       exact at each of its thresholds
  scores           lowest, highest, positive, negative Σw of either class in each bin
binary, multiclass
  reliability      lowest, highest, weight, confidence, frequency, low, high    of frequency
multiclass: `scores` and `reliability` are of the top label, `positive` being right
multiclass, multilabel
  roc_by_class     class, fpr, tpr                     each against the rest; class null: macro
  pr_by_class      class, recall, precision
regress (of several targets, each name ends in ` of TARGET`)
  error            lowest, highest, weight             a histogram, tails in the outermost bins
  qq               normal, error, low, high            quantiles; where they would be if normal
  true_by_predicted    x_lowest, x_highest, y_lowest, y_highest, weight     cells that hold rows
  error_by_predicted   likewise, and
  error_spread     lowest, highest, weight, p5, p25, p50, p75, p95     of the error, by prediction
text
  segments         metric, lowest, highest, weight     histograms of the metrics of segments
  score_by_length  metric, lowest, highest, weight, mean, low, high   by its characters
perplexity
  perplexities     lowest, highest, weight             of sequences; bins of equal ratios
"""

from __future__ import annotations

from collections.abc import Mapping

Cell = float | str | None
Chart = Mapping[str, list[Cell]]
Charts = Mapping[str, Chart]
POINTS = 512  # rows of a curve at most
