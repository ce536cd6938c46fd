from faust.types import TP

from streams.transport.in_flight import InFlight

ONE, TWO = TP("t", 1), TP("t", 2)


def test_a_partition_with_as_many_batches_as_allowed_has_no_room() -> None:
    flight = InFlight(most=2)
    flight.hold(ONE, 10)
    assert flight.with_room([ONE, TWO]) == {ONE, TWO}
    flight.hold(ONE, 20)
    assert flight.with_room([ONE, TWO]) == {TWO}


def test_a_released_batch_makes_room_once() -> None:
    flight = InFlight(most=2)
    flight.hold(ONE, 10)
    flight.hold(ONE, 20)
    flight.release(ONE, 10)
    flight.release(ONE, 10)
    flight.hold(ONE, 30)
    assert flight.with_room([ONE]) == set()
    assert flight.batches() == 2


def test_a_rebalance_forgets_all_and_late_releases_change_nothing() -> None:
    flight = InFlight(most=1)
    flight.hold(ONE, 10)
    flight.forget()
    flight.release(ONE, 10)
    assert flight.with_room([ONE]) == {ONE}
    assert flight.batches() == 0
