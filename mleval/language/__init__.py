"""Language: tokenisers, stemmers, and the kernels that count and align tokens."""
