"""`python -m streams.sources`: the same as `flowglass mapping`."""

import sys

from metrics.cli import run
from streams.sources.command import mapping

sys.exit(run("mapping", mapping, sys.argv[1:]))
