"""`python -m mleval` is the command `mleval`."""

import sys

from mleval.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
