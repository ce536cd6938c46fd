"""What waits for a broker that is away, and what does not."""

import asyncio

import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from streams.broker.offsets import OffsetsUnknown
from streams.broker.patience import hold_on, is_away
from streams.producer import ProduceFailed

AWAY = (KafkaConnectionError("nobody answers"), OffsetsUnknown("not in time"), TimeoutError(), ConnectionResetError())


def failing_twice(error: Exception) -> tuple[list[str], str]:
    """What was told while an attempt failed two times, and its answer."""
    left, told = [error, error], list[str]()

    async def attempt() -> str:
        if left:
            raise left.pop()
        return "through"

    return told, asyncio.run(hold_on(attempt, "a test", told.append))


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_tried_again_and_said_meanwhile(error: Exception) -> None:
    told, answer = failing_twice(error)
    assert answer == "through"
    assert [bool(reason) for reason in told] == [True, True, False]


def test_what_does_not_pass_by_itself_is_raised_at_once() -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        failing_twice(TopicAuthorizationFailedError("not allowed"))


def test_a_producer_that_gave_up_says_why_it_did() -> None:
    gave_up, refused = ProduceFailed("not acknowledged"), ProduceFailed("not acknowledged")
    gave_up.__cause__, refused.__cause__ = TimeoutError(), TopicAuthorizationFailedError("not allowed")
    assert is_away(gave_up)
    assert not is_away(refused)
