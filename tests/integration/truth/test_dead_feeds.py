"""Systems that fall silent in a simulated history, and whom the store calls silent while it is played.

Every system tells its own events here, as they are; where products tell them, one may speak for another that is dead.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metrics.commands.wording import moment
from metrics.words import HOUR
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults.stack import Stack
from tests.integration.truth.listening import Listener, Silence
from tests.integration.truth.looking import Look, Watch
from tests.integration.truth.replay import played

FULL = os.environ.get("FLOWGLASS_FULL") == "1"
SEED, DAYS, LOAD, WITHIN = (11, 90, 1.0, 600.0) if FULL else (19, 3, 0.3, 90.0)
ANCHOR = int(datetime(2026, 3, 13, 15, 30, tzinfo=UTC).timestamp()) * 1_000_000
DECLARED = {} if FULL else {"coupa": 5 * HOUR, "s4hana": 5 * HOUR}
"""What is usual is learned from weeks, so a few days go by declared limits."""
NOTICED = 40.0
"""A system that says nothing where so many events are usual must be told; below that its bursts may explain it."""

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(3600 if FULL else 300)]


def test_every_dead_system_is_told_until_it_speaks_again_and_no_other_is(tmp_path: Path) -> None:
    carriers, disorder = DISORDERS["harsh"]
    plan = SimulationPlan(
        seed=SEED, anchor=ANCHOR, days=DAYS, load=LOAD, carriers=carriers, disorder=disorder, silences=True
    )
    with Stack(tmp_path) as stack:
        watch = Watch(stack, plan, WITHIN, DECLARED)
        played(stack, plan, ("cases",), WITHIN, watch)
    listener, looks = watch.listener, watch.looks
    known, found = [one for one in listener.silences if listener.is_known(one)], dict[str, list[Silence]]()
    for one in known:
        look = next(look for look in reversed(looks) if one.holds(look.at))
        judged, noticed = verdict(look, one, listener), look.standings[one.feed].silent_from_us
        found.setdefault(judged, []).append(one)
        after = f"{((noticed or look.at) - one.start) / HOUR:.1f} of {(look.at - one.start) / HOUR:.1f} h"
        print(f"{one.feed} from {moment(one.start)}: {judged}, silent after {after}")
    false = [
        (look.at, feed)
        for look in looks
        for feed in look.told
        if not any(one.feed == feed and one.holds(look.at) for one in listener.silences)
    ]
    print(f"{len(looks)} looks at {len(known)} silences:", {name: len(ones) for name, ones in found.items()})
    assert {one.back for one in known if one.back} <= {look.at for look in looks}, "looked at once they speak again"
    assert (found.get("missed", []), false) == ([], [])
    assert len(found.get("told", [])) >= (10 if FULL else 2)


def verdict(look: Look, one: Silence, listener: Listener) -> str:
    """Whether the store tells a silence, with the right beginning; `quiet`: so little was usual that it need not."""
    standing, last = look.standings[one.feed], look.heard[one.feed]
    silent_from = standing.silent_from_us or look.at
    if standing.state == "silent" and standing.last_us == last and one.start < silent_from < look.at:
        return "told"
    declared = DECLARED.get(one.feed)
    must = look.at > last + declared if declared else listener.usual(one.feed, last, look.at) >= NOTICED
    return "missed" if must else "quiet"
