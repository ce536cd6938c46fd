"""A signature is right for one body, one secret and, with a stamp, a short while."""

import base64
import hashlib
import hmac

import pytest

from metrics.words import MINUTE, SECOND
from streams.gateway.signatures import SIGNED_WITH_TIME, Signature, Stamp

SECRET, OLD = b"0123456789abcdef", b"fedcba9876543210"
BODY = b'{"id": 17}'
NOW = 1_767_322_800 * SECOND
PLAIN = Signature(header="x-signature", secrets=(SECRET, OLD), prefix="sha256=")
STAMPED = Signature(
    header="x-signature",
    secrets=(SECRET,),
    encoding="base64",
    algorithm="sha512",
    stamp=Stamp(header="x-timestamp", within_us=5 * MINUTE),
    signed=SIGNED_WITH_TIME,
)


def digest(secret: bytes, signed: bytes = BODY) -> str:
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


def stamped(seconds: int, unit: int = 1) -> dict[str, str]:
    text = str(seconds * unit)
    signed = hmac.new(SECRET, f"{text}.".encode() + BODY, hashlib.sha512).digest()
    return {"x-signature": base64.b64encode(signed).decode(), "x-timestamp": text}


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_every_secret_in_force_signs(secret: bytes) -> None:
    assert PLAIN.fault({"x-signature": f"sha256={digest(secret)}"}, BODY, NOW) == ""
    assert PLAIN.fault({"x-signature": f"sha256={digest(secret).upper()}"}, BODY, NOW) == ""


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256=",
        digest(SECRET),
        "sha256=" + digest(b"another secret!!"),
        "sha256=zz",
        "sha256=" + digest(SECRET)[:-2],
    ],
)
def test_anything_else_does_not(given: str) -> None:
    assert PLAIN.fault({"x-signature": given}, BODY, NOW) != ""
    assert PLAIN.fault({}, BODY, NOW) != ""


def test_a_signature_of_another_body_is_none() -> None:
    assert "does not fit" in PLAIN.fault({"x-signature": f"sha256={digest(SECRET)}"}, BODY + b" ", NOW)


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("late", [-299, 0, 299])
def test_a_stamp_holds_for_a_while_in_both_directions(late: int, unit: int) -> None:
    assert STAMPED.fault(stamped(1_767_322_800 + late, unit), BODY, NOW) == ""


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_a_request_sent_again_later_is_refused(late: int) -> None:
    assert "within 300 s" in STAMPED.fault(stamped(1_767_322_800 - late), BODY, NOW)


@pytest.mark.parametrize("text", ["", "soon", "-1767322800", "١٧٦٧٣٢٢٨٠٠", "9" * 40])
def test_a_stamp_that_is_no_time_is_refused(text: str) -> None:
    assert "no Unix time" in STAMPED.fault(stamped(1_767_322_800) | {"x-timestamp": text}, BODY, NOW)


def test_the_stamp_is_part_of_what_is_signed() -> None:
    headers = stamped(1_767_322_800) | {"x-timestamp": "1767322801"}
    assert "does not fit" in STAMPED.fault(headers, BODY, NOW)
