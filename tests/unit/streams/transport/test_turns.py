"""Whose turn it is while there is a backlog."""

from collections import Counter

from faust.types import TP

from streams.transport.turns import BETWEEN_SECONDS, FETCH_SECONDS, HOLD_SECONDS, LOOK_SECONDS, Turns

WEIGHTS = {"critical": 8, "standard": 3, "bulk": 1}
CRITICAL, STANDARD, BULK, OTHER = (TP(topic, 0) for topic in (*WEIGHTS, "other"))
ALL = {CRITICAL, STANDARD, BULK, OTHER}
BATCH = 1_000


class Log:
    """Partitions with what is left in them; `round` hands on what the turns allow, a batch each."""

    def __init__(self, **left: int | None) -> None:
        self.now = 0.0
        self.left: dict[str, int | None] = dict.fromkeys(WEIGHTS, 0) | left
        self.read = dict.fromkeys(WEIGHTS, 0)
        self.turns = Turns(WEIGHTS, BATCH, lambda: self.now)
        self.turns.begin(ALL)

    def behind(self, tp: TP) -> int | None:
        return self.left.get(tp.topic, 0)

    def choose(self, ready: set[TP] = ALL) -> set[TP]:
        return self.turns.choose(ready, self.behind)

    def round(self, ready: set[TP] = ALL) -> tuple[set[str], frozenset[str]]:
        """The topics that something was handed on of, and those for which others wait now."""
        handed: dict[TP, tuple[int, int]] = {}
        for tp in self.choose(ready) - {OTHER}:
            if records := min(BATCH, self.left[tp.topic] or 0):
                self.left[tp.topic] = (self.left[tp.topic] or 0) - records
                self.read[tp.topic] += records
                handed[tp] = (records, self.read[tp.topic] - 1)
        return {tp.topic for tp in handed}, self.turns.took(handed, self.behind)

    def commit(self, tp: TP) -> None:
        self.turns.committed({tp: self.read[tp.topic]})


def test_without_a_backlog_everything_is_handed_on_as_it_comes() -> None:
    log = Log(critical=5, standard=900, bulk=BATCH)
    assert log.choose() == ALL
    assert log.round() == ({"critical", "standard", "bulk"}, frozenset())


def test_a_consumer_without_weights_has_no_turns() -> None:
    turns = Turns({}, BATCH)
    turns.begin(ALL)
    assert turns.choose(ALL, lambda tp: 50_000) == ALL


def test_turns_go_by_weight_and_nobody_is_starved() -> None:
    log = Log(critical=400_000, standard=400_000, bulk=400_000)
    got = Counter(topic for _ in range(120) for topic in log.round()[0])
    assert (78 <= got["critical"] <= 82, 28 <= got["standard"] <= 32, 9 <= got["bulk"] <= 11) == (True, True, True)


def test_what_is_critical_comes_before_a_bulk_backlog() -> None:
    log = Log(critical=200, bulk=20_000)
    assert log.round() == ({"critical"}, {"critical"})


def test_the_others_wait_until_what_was_critical_is_committed() -> None:
    log = Log(critical=200, bulk=20_000)
    log.round()
    assert BULK not in log.choose()
    log.commit(BULK)
    assert BULK not in log.choose()
    log.commit(CRITICAL)
    assert BULK in log.choose()


def test_a_commit_that_does_not_come_holds_nobody_for_long() -> None:
    log = Log(critical=200, bulk=20_000)
    log.round()
    log.now += HOLD_SECONDS
    assert BULK in log.choose()


def test_critical_records_that_come_all_the_time_do_not_hold_the_others_all_the_time() -> None:
    log = Log(critical=10, bulk=90_000)
    assert log.round()[1] == {"critical"}
    log.commit(CRITICAL)
    log.left["critical"] = 10
    assert log.round()[1] == frozenset()
    assert BULK in log.choose()
    log.now += BETWEEN_SECONDS
    log.left["critical"] = 10
    log.round()
    assert BULK not in log.choose()


def test_nobody_waits_for_bulk_to_be_committed() -> None:
    log = Log(standard=50_000, bulk=500)
    seen = [log.round()[1] for _ in range(8)]
    assert set(seen) == {frozenset()}


def test_a_topic_whose_partitions_are_full_keeps_its_turn() -> None:
    log = Log(critical=50_000, bulk=50_000)
    for _ in range(3):
        assert BULK not in log.choose(ALL - {CRITICAL})
        log.now += FETCH_SECONDS


def test_a_topic_of_which_nothing_is_fetched_loses_its_turn() -> None:
    log = Log(critical=50_000, bulk=50_000)
    assert BULK not in log.choose()
    log.now += FETCH_SECONDS
    log.choose()
    log.now += FETCH_SECONDS * 9
    turns = 0
    for _ in range(40):  # its leader is away: every choice later, nothing of it comes
        turns += BULK in log.choose()
        if BULK in log.choose():
            log.left["bulk"] = (log.left["bulk"] or 0) - BATCH
            log.turns.took({BULK: (BATCH, 1)}, log.behind)
        log.now += FETCH_SECONDS
    assert turns > 0


def test_nothing_is_handed_on_before_the_broker_told_how_long_partitions_are() -> None:
    log = Log(critical=None, bulk=20_000)
    assert log.choose() == set()
    log.left["critical"] = 0
    assert BULK in log.choose()


def test_a_broker_that_does_not_tell_is_not_waited_for_long() -> None:
    log = Log(critical=None, bulk=20_000)
    assert log.choose() == set()
    log.now += LOOK_SECONDS
    assert BULK in log.choose()


def test_who_comes_back_pays_from_now_on() -> None:
    log = Log(critical=0, bulk=90_000)
    for _ in range(50):
        log.round()
    log.left["critical"] = 40_000
    got = Counter(topic for _ in range(18) for topic in log.round()[0])
    assert (got["critical"], got["bulk"]) == (16, 2)


def test_a_topic_without_a_weight_is_never_held() -> None:
    assert OTHER in Log(critical=50_000, bulk=50_000).choose()
