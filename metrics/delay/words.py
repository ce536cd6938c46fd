"""The ledger in words: what each cause is called, and the one sentence that says where the time went."""

from collections.abc import Callable, Sequence

from metrics.delay.flow import Flow
from metrics.delay.ledger import Ledger, Sum
from metrics.delay.parts import CLOCK_STOP, HUMAN, INTERFACE, QUEUE, RETRY, UNEXPLAINED
from metrics.texts.shown import interface_words

WORTH_TELLING = 0.05
"""Share of the whole below which a cause is not told in the sentence."""
MOST_TOLD = 3

Duration = Callable[[int], str]


def cause_words(flow: Flow, part: str, cause: str) -> str:
    """What a cause is called: 'Waiting for approval (department heads)', an interface's name, a pause's reason."""
    if part == HUMAN:
        state, _, who = cause.partition("|")
        return f"{flow.state_title(state)} ({who.replace('_', ' ')})"
    if part == UNEXPLAINED:
        return flow.state_title(cause) if cause else "before the first known step"
    return interface_words(cause) if part in (INTERFACE, RETRY, QUEUE) else cause


def part_words(flow: Flow, one: Sum, duration: Duration) -> str:
    """What one cause took, as a part of the sentence: '31 h waited for department heads in “Waiting for approval”'."""
    lasts = duration(one.lasts)
    if one.part == HUMAN:
        state, _, who = one.cause.partition("|")
        return f"{lasts} waited for {who.replace('_', ' ')} in “{flow.state_title(state)}”"
    named = cause_words(flow, one.part, one.cause)
    return {
        CLOCK_STOP: f"{lasts} the clock stood still ({named})",
        INTERFACE: f"{lasts} interface {named} at work",
        RETRY: f"{lasts} waited for retries of interface {named}",
        QUEUE: f"{lasts} in the queue of interface {named}",
        UNEXPLAINED: f"{lasts} unexplained in “{named}”",
    }[one.part]


def sentence(flow: Flow, ledger: Ledger, duration: Duration) -> str:
    """Where the time went: 'Of 52 h: 31 h waited for department heads in “Waiting for approval”; 9 h waited for …'."""
    if not ledger.gross:
        return "No time has passed."
    sums: Sequence[Sum] = ledger.by_cause()
    worth = [one for one in sums if one.lasts >= WORTH_TELLING * ledger.gross][:MOST_TOLD] or sums[:1]
    rest = ledger.gross - sum(one.lasts for one in worth)
    told = "; ".join(part_words(flow, one, duration) for one in worth)
    return f"Of {duration(ledger.gross)}: {told}" + (f"; {duration(rest)} elsewhere." if rest else ".")
