"""`python -m edgedigits VERB` is the same as `edgedigits VERB`."""

import sys

from edgedigits.cli import main

sys.exit(main())
