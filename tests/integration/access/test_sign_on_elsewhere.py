"""Sign-on by an identity provider: who is proven gets the role of their group, and nobody else gets a session."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from joserfc import jwk
from oidc_provider_mock import User, run_server_in_thread

from dashboards.access.door import BACK, THERE
from dashboards.access.oidc import AGAIN_SECONDS, KEEP_SECONDS
from dashboards.access.session import IDLE_SECONDS
from tests.fakes.issuer import CLIENT, NOW, Issuer, by_key, by_shared_key, unsigned, way_back
from tests.integration.access.house import House
from tests.security.figures import Record

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")


@pytest.fixture(scope="module")
def one_issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.stop()


@pytest.fixture
def issuer(one_issuer: Issuer) -> Issuer:
    one_issuer.straight()
    return one_issuer


@pytest.fixture
def house(issuer: Issuer, tmp_path: Path) -> House:
    return House(tmp_path, issuer.url)


def leave(browser: FlaskClient, onward: str = "/") -> str:
    there = browser.get(THERE, query_string={"next": onward})
    assert there.status_code == 303, there.text
    return str(there.location)


def come_back(browser: FlaskClient, issuer: Issuer, **instead: str) -> Any:
    url = leave(browser)
    return browser.get(way_back(url, {**issuer.consent(url), **instead}))


def assert_nobody(house: House, browser: FlaskClient, answer: Any, why: str, status: int = 401) -> None:
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert browser.get("/").status_code == 401
    assert house.noted()[-1][1:] == ("was refused", why)


def test_who_is_proven_gets_what_their_first_group_opens(house: House, issuer: Issuer) -> None:
    issuer.bend = lambda claims: claims.update(groups=["buyers", "care north"])
    browser = house.browser()
    url = leave(browser, "/sla?facility=north")
    asked = dict(parse_qsl(urlsplit(url).query))
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code", "S256", "openid profile email",
    )  # fmt: skip
    answer = browser.get(way_back(url, issuer.consent(url)))
    assert (answer.status_code, answer.location) == (303, "/sla?facility=north")
    person = browser.get("/").text
    assert "'grace (s-1)'" in person
    assert "title='Human resources'" in person
    assert "frozenset({'north'})" in person
    assert house.noted() == [("grace (s-1)", "signed on", "care north")]


def bent(**claims: Any) -> Callable[[dict[str, Any]], object]:
    return lambda told: told.update(claims)


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        (bent(iss="https://other.example"), "iss of the ID token"),
        (bent(aud="another-client"), "aud of the ID token"),
        (bent(aud=[CLIENT, "another-client"]), "azp of the ID token"),
        (bent(azp="another-client"), "azp of the ID token"),
        (bent(exp=NOW - 61), "expired"),
        (bent(iat=NOW + 600), "iat of the ID token"),
        (bent(nonce="of-another-sign-on"), "nonce of the ID token"),
        (lambda told: told.pop("nonce"), "nonce of the ID token"),
        (lambda told: told.pop("exp"), "exp of the ID token"),
        (bent(exp="soon"), "exp of the ID token"),
        (bent(at_hash="AAAA"), "at_hash of the ID token"),
        (bent(sub=""), "subject"),
        (bent(sub=7), "sub of the ID token"),
        (bent(sub="s" * 256), "subject"),
    ],
)  # fmt: skip
def test_a_token_that_says_something_wrong_gives_no_session(
    house: House, issuer: Issuer, bend: Callable[[dict[str, Any]], object], why: str, record: Record
) -> None:
    issuer.bend = bend
    browser = house.browser()
    assert_nobody(house, browser, come_back(browser, issuer), why)
    record(10, "ID tokens that say something wrong, or that the provider did not sign", 1, 0)


def test_a_token_that_the_provider_did_not_sign_gives_no_session(house: House, issuer: Issuer, record: Record) -> None:
    public = issuer.key.as_pem(private=False)
    forged = jwk.ECKey.generate_key("P-256")
    wrong = [unsigned, by_shared_key(public), by_shared_key(b"the client's secret"), by_key(forged, "one"),
             by_key(forged, "unknown"), lambda claims: "no.token", lambda claims: "",
             lambda claims: issuer.signed(claims)[:-8] + "AAAAAAAA"]  # fmt: skip
    for sign in wrong:
        issuer.sign = sign
        browser = house.browser()
        assert_nobody(house, browser, come_back(browser, issuer), "signature")
        house.now += 1
    record(10, "ID tokens that say something wrong, or that the provider did not sign", len(wrong), 0)


def test_an_answer_to_another_sign_on_is_refused_and_its_way_is_gone(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    url = leave(browser)
    right = issuer.consent(url)
    assert_nobody(house, browser, browser.get(way_back(url, {**right, "state": "another"})), "state")
    assert_nobody(house, browser, browser.get(way_back(url, right)), "no sign-on under way in this browser")
    assert_nobody(house, house.browser(), house.browser().get(way_back(url, right)), house.noted()[-1][2])
    assert_nobody(house, browser, come_back(browser, issuer, iss="https://mix.example"), "issuer")
    refused = browser.get(way_back(url := leave(browser), {"error": "access_denied", "state": state_of(url)}))
    assert_nobody(house, browser, refused, "it refused")


def state_of(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query))["state"]


def test_a_code_opens_once_and_so_does_a_copied_cookie(house: House, issuer: Issuer) -> None:
    browser, copy = house.browser(), house.browser()
    url = leave(browser)
    cookie = browser.get_cookie("flowglass")
    assert cookie is not None
    copy.set_cookie("flowglass", cookie.value)
    back = way_back(url, issuer.consent(url))
    assert browser.get(back).status_code == 303
    assert_nobody(house, copy, copy.get(back), "no sign-on under way in this browser")
    other = house.browser()
    other_url = leave(other)
    used = {"code": dict(parse_qsl(urlsplit(back).query))["code"], "state": state_of(other_url)}
    assert_nobody(house, other, other.get(way_back(other_url, used)), "code")
    assert browser.get("/").status_code == 200


def test_a_way_that_took_too_long_is_gone(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    url = leave(browser)
    house.now += 601
    answer = browser.get(way_back(url, issuer.consent(url)))
    assert_nobody(house, browser, answer, "no sign-on under way in this browser")


def test_somebody_without_a_role_is_told_whom_to_ask(house: House, issuer: Issuer) -> None:
    issuer.bend = bent(groups=["everybody"], preferred_username="<b>mallory</b> (s-1)")
    browser = house.browser()
    answer = come_back(browser, issuer)
    assert_nobody(house, browser, answer, "no role", 403)
    assert "Ask the service desk" in answer.text
    assert "<b>" not in answer.text
    assert house.noted()[-1][0] == "<b>mallory</b> s-1 (s-1)"


def test_groups_are_also_taken_from_what_the_provider_tells_of_the_same_person(house: House, issuer: Issuer) -> None:
    issuer.bend = lambda claims: claims.pop("groups")
    issuer.person = {"sub": "s-2", "groups": ["buyers"]}
    browser = house.browser()
    assert_nobody(house, browser, come_back(browser, issuer), "no role", 403)
    issuer.person = {"sub": "s-1", "groups": "buyers"}
    assert come_back(browser, issuer).status_code == 303
    assert "requisition_to_pay" in browser.get("/").text


@pytest.mark.parametrize(
    "about",
    [{"issuer": "https://other.example"}, {"token_endpoint": "http://far.example/token"}, {"jwks_uri": 7}],
)
def test_a_provider_that_tells_wrong_things_of_itself_is_not_used(
    house: House, issuer: Issuer, about: dict[str, Any]
) -> None:
    issuer.about = about
    answer = house.browser().get(THERE)
    assert answer.status_code == 503
    assert "Please try again" in answer.text


def test_a_provider_that_is_down_is_left_alone_for_a_moment_and_used_again(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    issuer.down = frozenset({"/keys"})
    asked = len(issuer.asked)
    assert [browser.get(THERE).status_code for _ in range(3)] == [503] * 3
    assert len(issuer.asked) == asked + 2
    house.now += AGAIN_SECONDS
    issuer.down = frozenset({"/token"})
    assert_nobody(house, browser, come_back(browser, issuer), "token endpoint", 503)
    issuer.down = frozenset()
    assert come_back(browser, issuer).status_code == 303


def test_a_provider_that_takes_its_time_to_fail_is_left_alone_from_then_on(house: House, issuer: Issuer) -> None:
    class Slowly(list[str]):
        def append(self, path: str) -> None:
            house.now += AGAIN_SECONDS + 1
            super().append(path)

    issuer.down, issuer.asked = frozenset({"/keys"}), Slowly()
    assert [house.browser().get(THERE).status_code for _ in range(3)] == [503] * 3
    assert len(issuer.asked) == 2


def test_a_new_key_of_the_provider_is_learned_at_once(house: House, issuer: Issuer) -> None:
    assert come_back(house.browser(), issuer).status_code == 303
    issuer.key = jwk.ECKey.generate_key("P-256", {"kid": "two"})
    house.now += AGAIN_SECONDS + 1
    assert house.now < NOW + KEEP_SECONDS
    assert come_back(house.browser(), issuer).status_code == 303


def test_wrong_answers_from_one_address_must_wait(house: House) -> None:
    statuses = [house.browser().get(BACK).status_code for _ in range(60)]
    assert set(statuses) == {401, 429}
    assert len(house.noted()) == statuses.count(401)


def test_who_cannot_be_noted_does_not_get_in_by_the_provider_either(
    house: House, issuer: Issuer, tmp_path: Path
) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    browser = house.browser()
    assert come_back(browser, issuer).status_code == 503
    assert browser.get("/").status_code == 401


def test_such_a_session_ends_like_others_and_with_its_grant(house: House, issuer: Issuer, tmp_path: Path) -> None:
    browser = house.browser()
    before = leave(browser)
    token = browser.get_cookie("flowglass")
    assert browser.get(way_back(before, issuer.consent(before))).status_code == 303
    after = browser.get_cookie("flowglass")
    assert token is not None
    assert after is not None
    assert token.value != after.value
    other = House(tmp_path / "other", "http://127.0.0.1:1")
    elsewhere = other.browser()
    elsewhere.set_cookie("flowglass", after.value)
    assert elsewhere.get("/").status_code == 401
    house.now += IDLE_SECONDS + 1
    assert browser.get("/").status_code == 401


def test_a_real_provider_signs_on_those_who_have_a_role(tmp_path: Path) -> None:
    nurse = User(sub="nora", claims={"groups": ["care north"], "email": "nora@hospital.example"})
    with run_server_in_thread(user_claims=[nurse, User(sub="otto")], require_nonce=True) as provider:
        house = House(tmp_path, f"http://localhost:{provider.server_port}", time.time, "a secret")
        browser, stranger = house.browser(), house.browser()
        assert at_provider(browser, "nora").status_code == 303
        assert "nora@hospital.example (nora)" in browser.get("/").text
        assert at_provider(stranger, "otto").status_code == 403
        assert stranger.get("/").status_code == 401


def at_provider(browser: FlaskClient, subject: str) -> Any:
    """Sign on at the real provider as its form does, and come back."""
    agreed = httpx.post(leave(browser), data={"sub": subject})
    assert agreed.status_code in (302, 303), agreed.text
    back = urlsplit(agreed.headers["location"])
    return browser.get(f"{back.path}?{back.query}")
