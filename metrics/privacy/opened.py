"""The parts of privacy as a program's settings say; None of each when it is switched off."""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.guard import Guard
from metrics.privacy.keyring import keys_file, open_keyring, read_keyring
from metrics.privacy.policy import Policy, load_policy
from metrics.privacy.sealing import Sealer
from metrics.privacy.tokens import Tokens
from metrics.settings import SettingError, Settings


@dataclass(frozen=True, slots=True)
class Privacy:
    """What one program needs to protect what it takes in."""

    policy: Policy
    tokens: Tokens
    sealer: Sealer

    def guard(self) -> Guard:
        """A new guard, with its own memory and counts."""
        return Guard(self.policy, self.tokens)


def open_privacy(settings: Settings, words: Iterable[str] = ()) -> Privacy | None:
    """None when privacy is off. Raises SettingError without a keyring, and for rules with mistakes.

    `words`: known ones beside those of rules and definitions; those of the mappings.
    """
    keyring = open_keyring(settings)
    if keyring is None:
        return None
    try:
        policy = load_policy(settings.privacy_rules, definitions=settings.definitions, words=words)
        return Privacy(policy, Tokens(keyring), Sealer(keyring))
    except DefinitionsError as error:
        raise SettingError(f"the rules of privacy are not right:\n{error}") from None


def privacy_at_hand(settings: Settings, words: Iterable[str] = ()) -> Privacy | None:
    """The same where there are keys, None where there are none: for what works without them too."""
    return open_privacy(settings, words) if settings.privacy_keys or keys_file(settings).exists() else None


def names_of(settings: Settings, text: str) -> list[str]:
    """All that what somebody typed may be called in the store: as it is, and where the keys are at hand its tokens."""
    if settings.privacy == "off":
        return [text]
    try:
        return Tokens(read_keyring(keys_file(settings))).names_of(text)
    except SettingError:
        return [text]
