"""`python -m edgedigits_bench.live`."""

import sys

from edgedigits.ending import ended
from edgedigits_bench.live.command import main

sys.exit(ended(main))
