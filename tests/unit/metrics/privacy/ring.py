"""Keys for tests."""

from metrics.privacy.guard import Guard
from metrics.privacy.keyring import Key, Keyring
from metrics.privacy.policy import Policy, load_policy
from metrics.privacy.tokens import Tokens

OLD, NEW = Key("k1", b"o" * 32), Key("k2", b"n" * 32)
SEALING = (Key("s1", b"1" * 32), Key("s2", b"2" * 32))
RING = Keyring((OLD,), SEALING[:1])
ROTATED = Keyring((OLD, NEW), SEALING)
RETIRED = Keyring((NEW,), SEALING[1:])
POLICY = load_policy()


def guard(ring: Keyring = RING, policy: Policy = POLICY) -> Guard:
    return Guard(policy, Tokens(ring))
