"""The typed row of `people_did`. Times are microseconds since 1970 UTC."""

import msgspec


class Deed(msgspec.Struct, frozen=True):
    """`people_did`: somebody acknowledged, assigned, commented or resolved something."""

    at_us: int
    actor: str
    did: str
    what: str
