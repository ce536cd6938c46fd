"""An identity provider by OpenID Connect: authorization code with PKCE. What it says counts once it is proven."""

import hmac
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from dashboards.access.client import Client, is_sealed
from dashboards.access.id_token import claims_of
from dashboards.access.refusals import NotProven, ProviderDown

KEEP_SECONDS: Final = 600.0
"""How long what the provider tells of itself is believed before it is asked again."""
AGAIN_SECONDS: Final = 5.0
"""A provider that did not answer is left alone for so long: sign-ons must not take up every thread."""
ANSWER_SECONDS: Final = 5.0
DISCOVERY: Final = "/.well-known/openid-configuration"
_NO_ANSWER: Final = (OSError, ValueError, TypeError, AttributeError, KeyError)


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-on on its way: what the answer must match, and where the browser is sent."""

    state: str
    nonce: str
    verifier: str
    url: str = ""


class Provider:
    """Sends people to the provider and proves what comes back. `clock` gives seconds since 1970."""

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        self.client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[float, dict[str, Any], KeySet] | None = None
        self._left_alone_until = 0.0

    def begin(self, return_url: str) -> Pending:
        """A new sign-on. Raises ProviderDown."""
        about, _ = self._about()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._session(about, return_url) as session:
            url, _ = session.create_authorization_url(
                about["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return Pending(state, nonce, verifier, url)

    def finish(self, pending: Pending, return_url: str, answer: Mapping[str, str]) -> dict[str, Any]:
        """The proven claims of who came back with `answer`. Raises NotProven and ProviderDown."""
        if not hmac.compare_digest(pending.state.encode(), answer.get("state", "").encode()):
            raise NotProven("state")
        if answer.get("iss", self.client.issuer) != self.client.issuer:
            raise NotProven("issuer")
        if "code" not in answer:
            raise NotProven("it refused")
        about, keys = self._about()
        with self._session(about, return_url) as session:
            token = _redeemed(session, about["token_endpoint"], answer["code"], pending.verifier)
            try:
                claims = self._claims(token, keys, pending.nonce)
            except InvalidKeyIdError:
                about, keys = self._about(since=self._clock() - AGAIN_SECONDS)
                try:
                    claims = self._claims(token, keys, pending.nonce)
                except InvalidKeyIdError as error:
                    raise NotProven("signature") from error
            if values_at(claims, self.client.groups):
                return claims
            more = _more(session, about.get("userinfo_endpoint"), claims["sub"])
            top = self.client.groups if self.client.groups in more else self.client.groups.partition(".")[0]
            return {**more, **claims, **({top: more[top]} if top in more else {})}

    def _claims(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> dict[str, Any]:
        return claims_of(token, keys, self.client.issuer, self.client.client_id, nonce, self._clock())

    def _session(self, about: Mapping[str, Any], return_url: str) -> Any:
        methods = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        told = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Session(
            self.client.client_id, self.client.secret or None, scope=self.client.scopes, redirect_uri=return_url,
            token_endpoint_auth_method=told if self.client.secret else "none",
            code_challenge_method="S256", default_timeout=ANSWER_SECONDS,
        )  # fmt: skip

    def _about(self, since: float | None = None) -> tuple[dict[str, Any], KeySet]:
        """What the provider tells of itself and its keys, not older than `since`."""
        now = self._clock()
        with self._lock:
            if self._told is not None and self._told[0] > (now - KEEP_SECONDS if since is None else since):
                return self._told[1], self._told[2]
            if now < self._left_alone_until:
                raise ProviderDown("no answer a moment ago")
            try:
                about, keys = self._asked()
            except ProviderDown:
                self._left_alone_until = self._clock() + AGAIN_SECONDS
                raise
            self._told = now, about, keys
            return about, keys

    def _asked(self) -> tuple[dict[str, Any], KeySet]:
        try:
            with OAuth2Session(default_timeout=ANSWER_SECONDS) as session:
                about = _json(session, self.client.issuer.rstrip("/") + DISCOVERY)
                if about["issuer"] != self.client.issuer:
                    raise ProviderDown("it calls itself by another name than FLOWGLASS_OIDC_ISSUER")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not is_sealed(about[name]):
                        raise ProviderDown(f"{name} without HTTPS")
                return about, KeySet.import_key_set({"keys": _json(session, about["jwks_uri"])["keys"]})
        except (*_NO_ANSWER, JoseError) as error:
            raise ProviderDown("discovery") from error


def values_at(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The texts of a claim, which is a list or one text; a path like `realm_access.roles` goes into objects."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    listed = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(one for one in listed if isinstance(one, str))


def _redeemed(session: Any, endpoint: str, code: str, verifier: str) -> dict[str, Any]:
    try:
        token = session.fetch_token(
            endpoint, grant_type="authorization_code", code=code, code_verifier=verifier,
            redirect_uri=session.redirect_uri, allow_redirects=False,
        )  # fmt: skip
    except AuthlibBaseError as error:
        raise NotProven("code") from error
    except _NO_ANSWER as error:
        raise ProviderDown("token endpoint") from error
    if not isinstance(token, dict):
        raise ProviderDown("token endpoint")
    return token


def _more(session: Any, endpoint: Any, subject: str) -> dict[str, Any]:
    """What the provider tells of the person beside the ID token; nothing when it tells of another one."""
    if not isinstance(endpoint, str) or not is_sealed(endpoint) or not session.token.get("access_token"):
        return {}
    try:
        told = _json(session, endpoint, withhold_token=False)
    except (*_NO_ANSWER, AuthlibBaseError):
        return {}
    return told if told.get("sub") == subject else {}


def _json(session: Any, url: str, *, withhold_token: bool = True) -> dict[str, Any]:
    response = session.request("GET", url, withhold_token=withhold_token, allow_redirects=False)
    response.raise_for_status()
    told = response.json()
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told
