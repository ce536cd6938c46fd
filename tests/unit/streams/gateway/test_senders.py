"""Who it is, and where it may post; and the file that says so."""

import stat
from pathlib import Path

import pytest

from metrics.definitions.mistakes import DefinitionsError
from streams.gateway.command import is_loopback
from streams.gateway.own_token import local_sender
from streams.gateway.problems import Problem
from streams.gateway.rates import Rate
from streams.gateway.sender_file import read_senders
from streams.gateway.senders import Sender, Senders, Token, digest_of
from streams.gateway.signatures import Signature

ONE = Sender(name="one", paths=("/events",), token=Token(digests=(digest_of(b"one"), digest_of(b"new"))))
TWO = Sender(name="two", paths=("/intake/*",), token=Token(digests=(digest_of(b"two"),), header="x-key", prefix=""))
SIGNED = Sender(name="signed", paths=("/intake/coupa",), signature=Signature(header="x-sign", secrets=(b"s",)))
ALL = Senders([ONE, TWO, SIGNED])
SYSTEMS = ("coupa", "workday")


def names(headers: dict[str, str], path: str) -> list[str]:
    return [one.name for one in ALL.candidates(headers, path)]


def test_a_token_names_its_sender() -> None:
    assert names({"authorization": "Bearer one"}, "/events") == ["one"]
    assert names({"authorization": "bearer new"}, "/events") == ["one"]
    assert names({"x-key": "two"}, "/intake/anything") == ["two"]
    assert names({"x-sign": "?"}, "/intake/coupa") == ["signed"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "one"}, {"authorization": "Bearer two"}, {"authorization": "Basic one"}, {"x-key": "one"}],
)
def test_everybody_else_is_nobody(headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as told:
        ALL.candidates(headers, "/events")
    assert told.value.status == 401


@pytest.mark.parametrize("path", ["/v1/traces", "/intake/coupa", "/events/", "/"])
def test_a_sender_may_post_only_where_it_is_declared(path: str) -> None:
    with pytest.raises(Problem) as told:
        ALL.candidates({"authorization": "Bearer one"}, path)
    assert (told.value.status, "/events" in told.value.detail) == (403, True)


def test_headers_that_carry_credentials_are_known() -> None:
    assert ALL.secret_headers == {"authorization", "x-key", "x-sign"}


def test_the_own_token_is_made_once_for_the_owners_eyes_only(tmp_path: Path) -> None:
    first = local_sender(tmp_path / "data")
    path = tmp_path / "data" / "gateway.token"
    path.chmod(0o644)
    assert local_sender(tmp_path / "data") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) >= 43


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)])
def test_only_loopback_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def written(folder: Path, text: str) -> list[Sender]:
    (folder / "senders.yaml").write_text(text)
    (folder / "secret").write_text("0123456789abcdef\n\n fedcba9876543210 \n")
    return read_senders(folder / "senders.yaml", SYSTEMS, {"TOKEN": "0123456789abcdef", "SHORT": "hunter2"})


def test_a_file_says_who_may_send(tmp_path: Path) -> None:
    one, two = written(
        tmp_path,
        """
senders:
  one:
    paths: [/events, /intake/coupa]
    token: {secret: {env: TOKEN}}
    rate: 90/min
    key: X-Order-Number
  two:
    paths: [/v1/traces]
    signature: {header: X-Sign, secret: {file: secret}, timestamp: {header: X-Time, within: 90s}}
""",
    )
    assert one.token is not None
    assert (one.token.prefix, one.token.digests, one.rate) == (
        "Bearer ",
        (digest_of(b"0123456789abcdef"),),
        Rate(1.5, 3.0),
    )
    assert (one.key, two.key) == ("x-order-number", "")
    assert two.signature is not None
    assert two.signature.secrets == (b"0123456789abcdef", b"fedcba9876543210")
    assert (two.signature.header, two.signature.signed) == ("x-sign", "{timestamp}.{body}")
    assert two.signature.stamp is not None
    assert two.signature.stamp.within_us == 90_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("senders: {a: {paths: [/evnts], token: {secret: {env: TOKEN}}}}", "did you mean '/events'"),
        ("senders: {a: {paths: [/intake/cuopa], token: {secret: {env: TOKEN}}}}", "did you mean '/intake/coupa'"),
        ("senders: {a: {paths: [/events]}}", "needs a token or a signature"),
        ("senders: {a: {paths: [/events], token: {secret: hunter2}}}", "must be a mapping"),
        ("senders: {a: {paths: [/events], token: {secret: {}}}}", "either `env`"),
        ("senders: {a: {paths: [/events], token: {secret: {env: SHORT}}}}", "at least 16 signs"),
        ("senders: {a: {paths: [/events], token: {secret: {env: UNSET}}}}", "there is no secret in $UNSET"),
        ("senders: {a: {paths: [/events], token: {secret: {file: gone}}}}", "gone can't be read"),
        ("senders: {a: {paths: [/events], rate: fast, token: {secret: {env: TOKEN}}}}", "senders.a.rate"),
        ("senders: {a: {paths: [/events], key: 'a b', token: {secret: {env: TOKEN}}}}", "senders.a.key"),
        ("senders: {a: {paths: [/events], tokn: {secret: {env: TOKEN}}}}", "did you mean 'token'"),
        (
            "senders: {a: {paths: [/events], signature: {header: X, signed: '{bdy}', secret: {env: TOKEN}}}}",
            "{body} once",
        ),
        ("senders: []", "must be a mapping"),
        ("senders: {a: {paths: [/events]", "senders.yaml"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DefinitionsError) as error:
        written(tmp_path, text)
    assert told in str(error.value)
    assert "senders.yaml:1" in str(error.value)
    assert "hunter2" not in str(error.value) or "the text" in str(error.value)
