from metrics.store.front.sessions import Session, Sessions


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_session_keeps_its_database_and_settings_apart_from_others() -> None:
    sessions = Sessions(Hands())
    sessions.put("a", Session().using("x").setting({"max_threads": "1"}))
    assert sessions.get("a") == Session("x", {"max_threads": "1"})
    assert sessions.get("b") == Session()


def test_a_session_is_forgotten_after_its_time_out() -> None:
    clock = Hands()
    sessions = Sessions(clock)
    sessions.put("a", Session("x"), timeout=10)
    clock.now = 9
    sessions.touch("a", timeout=10)
    clock.now = 18
    assert sessions.get("a").database == "x"
    clock.now = 20
    assert sessions.get("a").database == ""


def test_a_request_without_a_session_id_leaves_nothing() -> None:
    sessions = Sessions(Hands())
    sessions.put("", Session("x"))
    assert sessions.get("").database == ""
