"""An SLA clock reads what a minute by minute account says, at every `now`, and changes only when it said it would."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.sla.clock import ClockReading, ClockRule, read_clock
from metrics.words import MINUTE
from tests.properties.sla.calendars_to_try import Trial, minutes_of, trials

ORDER = {"running": 0, "at_risk": 1, "breached": 2}
Pauses = list[tuple[int, int | None]]


@dataclass(frozen=True)
class Story:
    """A clock's facts in minutes of a trial's window."""

    trial: Trial
    target: int
    share: float
    start: int
    stop: int | None
    cancel: int | None
    pauses: Pauses

    def read(self, now: int, pauses: Pauses | None = None) -> ClockReading:
        """The reading at minute `now`."""
        instant = self.trial.window.instant
        return read_clock(
            ClockRule(self.trial.calendar, self.target * MINUTE, self.share),
            started=instant(self.start),
            stopped=None if self.stop is None else instant(self.stop),
            cancelled=None if self.cancel is None else instant(self.cancel),
            pauses=[
                (instant(a), None if b is None else instant(b)) for a, b in (self.pauses if pauses is None else pauses)
            ],
            now=instant(now),
        )


@st.composite
def breaks(draw: st.DrawFn, minutes: int) -> tuple[int, int | None]:
    """A pause: mostly hours long, now and then days, without an end, or over before it begins."""
    begin = draw(st.integers(0, minutes))
    length = draw(st.one_of(st.integers(1, 600), st.integers(1, 600), st.integers(-60, 3000), st.none()))
    return begin, None if length is None else begin + length


@st.composite
def stories(draw: st.DrawFn, ended: bool | None = None) -> Story:
    """Clocks with up to four pauses that overlap, lack an end, or reach beyond the clock."""
    trial = draw(trials())
    minute = minutes_of(trial)
    maybe = st.one_of(st.none(), minute)
    stop, cancel = (None, None) if ended is False else (draw(maybe), draw(maybe))
    if ended and stop is None and cancel is None:
        stop = draw(minute)
    return Story(
        trial=trial,
        target=draw(st.one_of(st.integers(1, 600), st.integers(1, 5000))),
        share=draw(st.sampled_from([0.5, 0.75, 1.0])),
        start=draw(st.integers(0, trial.window.minutes // 2)),
        stop=stop,
        cancel=cancel,
        pauses=draw(st.lists(breaks(trial.window.minutes), max_size=4)),
    )


def held(pauses: Pauses, minute: int) -> bool:
    """Whether a minute lies in a pause."""
    return any(begin <= minute and (end is None or minute < end) for begin, end in pauses)


def account(story: Story, until: int) -> list[int]:
    """Net minutes used at each minute from the start to `until`, counted one by one."""
    paused = {minute for begin, end in story.pauses for minute in range(begin, until if end is None else end)}
    used = [0]
    for minute in range(story.start, until):
        used.append(used[-1] + (story.trial.opened[minute] and minute not in paused))
    return used


def first_reaching(used: Sequence[int], amount: float) -> int | None:
    """The first index at which `amount` is used."""
    return next((index for index, minutes in enumerate(used) if minutes >= amount), None)


@given(st.data(), stories(ended=False))
@settings(max_examples=80, deadline=None)
def test_an_open_clock_reads_what_the_minutes_say(data: st.DataObject, story: Story) -> None:
    now = data.draw(minutes_of(story.trial))
    reading = story.read(now)
    used = account(story, story.trial.window.minutes)
    breach, risk = first_reaching(used, story.target), first_reaching(used, story.target * story.share)
    age = now - story.start
    if breach is not None and breach <= age:
        expected = "breached"
    elif held(story.pauses, now) and age >= 0:
        expected = "paused"
    else:
        expected = "at_risk" if risk is not None and risk <= age else "running"
    assert reading.status == expected
    assert reading.net == used[max(0, age)] * MINUTE
    assert reading.gross == max(0, age) * MINUTE
    if breach is not None and expected != "paused":
        assert reading.deadline == story.trial.window.instant(story.start + breach)


@given(stories(ended=True))
@settings(max_examples=80, deadline=None)
def test_an_ended_clock_reads_what_the_minutes_say(story: Story) -> None:
    cancelled = story.cancel is not None and (story.stop is None or story.cancel < story.stop)
    end = story.cancel if cancelled else story.stop
    assert end is not None
    reading = story.read(story.trial.window.minutes)
    used = account(story, end)[-1]
    assert reading.net == used * MINUTE
    assert reading.gross == (end - story.start) * MINUTE
    assert reading.status == ("cancelled" if cancelled else "met" if used <= story.target else "breached")
    assert reading.next_due is None
    assert story.read(0) == reading


@given(stories(ended=True))
@settings(max_examples=80, deadline=None)
def test_a_stopped_clock_is_breached_exactly_when_its_deadline_lies_before_the_stop(story: Story) -> None:
    reading = story.read(story.trial.window.minutes)
    if reading.status == "cancelled" or story.stop is None or story.stop < story.start:
        return
    assert reading.deadline is not None
    if reading.status == "met":
        assert story.trial.calendar.between(reading.deadline, story.trial.window.instant(story.stop)) <= 0
    else:
        assert reading.deadline < story.trial.window.instant(story.stop)


@given(st.data(), stories(ended=False))
@settings(max_examples=80, deadline=None)
def test_time_alone_never_takes_back_what_was_used_up(data: st.DataObject, story: Story) -> None:
    early, late = sorted((data.draw(minutes_of(story.trial)), data.draw(minutes_of(story.trial))))
    first, second = story.read(early), story.read(late)
    assert first.net <= second.net
    assert first.gross <= second.gross
    if first.status == "breached":
        assert (second.status, second.deadline) == ("breached", first.deadline)
    if "paused" not in (first.status, second.status):
        assert ORDER[first.status] <= ORDER[second.status]
        assert first.deadline == second.deadline


@given(st.data(), stories(ended=False), st.booleans())
@settings(max_examples=80, deadline=None)
def test_a_status_lasts_until_the_next_due_instant_and_changes_at_it(
    data: st.DataObject, story: Story, whole_days: bool
) -> None:
    instant = story.trial.window.instant
    facts: dict[str, Any] = {
        "started": instant(story.start),
        "stopped": None,
        "cancelled": None,
        "pauses": [(instant(a), None if b is None else instant(b)) for a, b in story.pauses],
    }
    rule = ClockRule(story.trial.calendar, story.target * MINUTE, story.share, whole_days)
    now = instant(data.draw(minutes_of(story.trial)))
    reading = read_clock(rule, **facts, now=now)
    if reading.next_due is None:
        far = now + 10_000 * 1440 * MINUTE
        assert read_clock(rule, **facts, now=far).status == reading.status
        return
    assert reading.next_due > now
    assert read_clock(rule, **facts, now=reading.next_due - 1).status == reading.status
    assert read_clock(rule, **facts, now=reading.next_due).status != reading.status


@given(st.data(), stories())
@settings(max_examples=80, deadline=None)
def test_the_order_and_the_cut_of_pauses_do_not_matter(data: st.DataObject, story: Story) -> None:
    cut: Pauses = []
    for begin, end in story.pauses:
        middle = data.draw(st.integers(begin, max(begin, end if end is not None else begin + 500)))
        cut += [(begin, middle), (middle, end)] if end is None or begin <= middle <= end else [(begin, end)]
    shuffled = data.draw(st.permutations(cut + story.pauses))
    now = data.draw(minutes_of(story.trial))
    assert story.read(now, shuffled) == story.read(now)
