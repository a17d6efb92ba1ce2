"""From input to Report: batches are folded to states, states resolved to evidence, metrics read."""
