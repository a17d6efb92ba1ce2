"""Training histories: which epoch was best, where overfitting set in, what stopping had saved.

file ──▶ Log ──runs, axis──▶ Points ──pairing──▶ Curves ──findings──▶ Run, of which History has some
"""
