"""The HTML page: sections made of blocks, which templates set; and the part a notebook shows."""
