"""Sealed texts open with their key, in their time, at their place, and never otherwise."""

import pytest

from metrics.privacy.sealing import NEVER, Sealer, Unsealable
from tests.unit.metrics.privacy.ring import RETIRED, RING, ROTATED

PLAIN = "Zoë said: 4711".encode()


def test_what_is_sealed_opens_again_and_does_not_show() -> None:
    text = Sealer(RING).seal(PLAIN, about="a/1", expires=1_000)
    assert Sealer(RING).open(text, about="a/1", now=999) == PLAIN
    assert text.isascii()
    assert "4711" not in text
    assert text != Sealer(RING).seal(PLAIN, about="a/1", expires=1_000)


@pytest.mark.parametrize(
    ("about", "now", "why"), [("a/2", 0, "belongs to something else"), ("a/1", 1_000, "its time is over")]
)
def test_it_does_not_open_elsewhere_or_later(about: str, now: int, why: str) -> None:
    text = Sealer(RING).seal(PLAIN, about="a/1", expires=1_000)
    with pytest.raises(ValueError, match=why):
        Sealer(RING).open(text, about=about, now=now)


def test_its_end_cannot_be_put_off() -> None:
    text = Sealer(RING).seal(PLAIN, about="a/1", expires=1_000).replace(".1000.", ".9000.")
    with pytest.raises(Unsealable, match="altered"):
        Sealer(RING).open(text, about="a/1", now=5_000)


@pytest.mark.parametrize("text", ["", "fgs1", "fgs1.s1.5.", "fgs1.s1.5.é", "fgs1.s1.x.AAAA", "plain text", "a.b.c.d.e"])
def test_what_is_no_sealed_text_is_refused(text: str) -> None:
    with pytest.raises(Unsealable):
        Sealer(RING).open(text, about="", now=0)


def test_after_a_rotation_old_texts_open_until_their_key_is_retired() -> None:
    text = Sealer(RING).seal(PLAIN, about="a", expires=NEVER)
    assert Sealer(ROTATED).open(text, about="a", now=1) == PLAIN
    assert ".s2." in Sealer(ROTATED).seal(PLAIN, about="a")
    with pytest.raises(Unsealable, match="key s1 is not on the ring"):
        Sealer(RETIRED).open(text, about="a", now=1)
