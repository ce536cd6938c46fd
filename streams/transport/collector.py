"""Python's garbage collector, kept off the hot path.

State is millions of small objects without a cycle, freed by their reference counts. The collector's own rhythm walked
all of them again and again: a fifth of the cases worker's time. A worker collects what is young after each flush, and
everything when its partitions change.
"""

import gc


def calm_collector() -> None:
    """No collection but by the functions below; what was imported is never looked at again."""
    gc.disable()
    gc.collect()
    gc.freeze()


def collect_young() -> None:
    """Free the cycles made since the last call; what is alive is state, and is never looked at again."""
    gc.collect(0)
    gc.freeze()


def collect_all() -> None:
    """Look at everything once, state included: about 0.1 s a million objects."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
