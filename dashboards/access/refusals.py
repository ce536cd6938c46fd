"""Why a sign-on by the identity provider gives no session."""


class Refused(Exception):
    """No session: the message is for the person, `why` for the audit log, `status` for the browser.

    `who`: the name to note, where one is proven.
    """

    status = 401
    who = "unknown"

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


class ProviderDown(Refused):
    """The provider does not answer, or not as one: not the fault of who signs on."""

    status = 503

    def __init__(self, why: str) -> None:
        super().__init__("The identity provider does not answer as it should. Please try again in a minute.", why)


class NotProven(Refused):
    """What came back does not prove who it is."""

    def __init__(self, why: str) -> None:
        message = f"The identity provider's answer does not prove who you are ({why}). Please sign on again."
        super().__init__(message, why)


class NoRole(Refused):
    """The provider knows the person, but none of their groups opens anything here."""

    status = 403

    def __init__(self, name: str, contact: str) -> None:
        message = f"The identity provider knows you as {name}, but none of your groups has a role here. Ask {contact}."
        super().__init__(message, "no role")
        self.who = name
