"""The numbered fault tests: what each demands, and which tests of pytest show it."""

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """`runs`: files, or single tests, of pytest; none: nothing shows it yet."""

    number: int
    name: str
    demanded: str
    runs: tuple[str, ...]


ENGINE: Final = "tests/properties/engine"
ALERTS: Final = "tests/integration/alerts"
IN_STORE: Final = f"{ALERTS}/test_alerts_in_store.py"

SUITE: Final = (
    Fault(1, "Worker killed with -9", "equal; records applied and redelivered between kills; recovery p95 ≤ 15 s",
          ("tests/faults/test_kill_nine.py",)),
    Fault(2, "SIGTERM", "committed, at most one batch seen again, exit code 0 within 10 s",
          ("tests/faults/test_sigterm.py",)),
    Fault(3, "Broker restarted, away, its leader killed", "equal; memory of the producer bounded",
          ("tests/faults/test_broker_restarts.py", "tests/faults/test_broker_lost.py", "tests/real/test_kill_nine.py",
           "tests/real/test_cluster.py")),
    Fault(4, "Workers come and go", "equal; each partition has one owner", ("tests/faults/test_rebalance.py",)),
    Fault(5, "Store away", "nothing lost; not ready within 10 s, alive all the time; drains at ≥ 3 × the input",
          ("tests/faults/test_store_away.py",)),
    Fault(6, "Store slow, refusing, gone after it applied", "no duplicate in any view",
          ("tests/faults/test_unkind_store.py",)),
    Fault(7, "Disk full", "an alert within 60 s, nothing committed past it, equal afterwards",
          ("tests/faults/test_disk_full.py",)),
    Fault(8, "Network cut, then lossy", "equal after it heals", ("tests/faults/test_network_cut.py",)),
    Fault(9, "Doubled, shuffled, late", "equal to the sorted truth; restatements and late counters exact",
          (f"{ENGINE}/test_order_and_crashes.py", f"{ENGINE}/test_clocks_in_any_order.py",
           f"{ENGINE}/test_late_is_counted_exactly.py",
           "tests/integration/truth/test_simulated_group.py")),
    Fault(10, "Clocks that are wrong", "SLAs of event time unchanged; what lies outside the horizon is a dead letter",
          ("tests/faults/test_wrong_clocks.py",)),
    Fault(11, "Poison", "each a dead letter with reason and place, nothing blocked; over the limit: pause",
          ("tests/properties/test_hostile_messages.py", "tests/unit/streams/codecs/test_cloudevents_codec.py",
           "tests/faults/test_paused_source.py", "tests/integration/dead_letters/test_refused_rows.py",
           "tests/integration/dead_letters/test_poisoned_case.py")),
    Fault(12, "Dead letters replayed twice", "equal", ("tests/integration/dead_letters/test_back_after_a_repair.py",)),
    Fault(13, "Schema drift", "as declared", ("tests/unit/metrics/contracts",)),
    Fault(14, "State lost or stale", "rebuilt, same outcomes",
          (f"{ENGINE}/test_order_and_crashes.py", f"{ENGINE}/test_two_workers.py",
           "tests/unit/streams/engine/test_definition_versions.py", "tests/unit/streams/engine/test_set_aside.py")),
    Fault(15, "Overdue without any event", "breaches within 30 s, once; no false breach from the backlog",
          ("tests/faults/test_overdue.py", "tests/unit/streams/engine/test_deadlines_in_memory.py")),
    Fault(16, "Alert storm", "6 alerts with their counts; delivered after an outage, resolved is sent",
          (IN_STORE, f"{ALERTS}/test_killed_alerts.py", f"{ALERTS}/test_real_alertmanager.py")),
    Fault(17, "Dead man and stale pipeline", "told within 120 s",
          (f"{IN_STORE}::test_a_silent_feed_and_a_standing_worker_are_told_within_two_minutes",)),
    Fault(18, "Soak at twice the rate", "memory grows < 1 % in 10 min, descriptors not at all",
          ("tests/faults/test_soak.py",)),
    Fault(19, "Fifty clients of the dashboards", "p95 < 500 ms, no 5xx; store away: error cards",
          ("tests/faults/test_fifty_clients.py", "tests/browser/test_store_away.py")),
    Fault(20, "Determinism", "one hash of every outcome table in 100 ways; 4 → 6 partitions",
          (ENGINE, "tests/faults/test_broker_lost.py", "tests/real/test_repartition.py")),
    Fault(21, "Guards broken on purpose", "each guard's test fails without it", ("tests/faults/test_guards.py",)),
)  # fmt: skip
