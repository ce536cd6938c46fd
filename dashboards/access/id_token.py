"""Proves an ID token: signature, issuer, audience, times, nonce (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from dashboards.access.refusals import NotProven

SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that only the provider has; never `none`, never one made with a key that the client knows too."""
LEEWAY_SECONDS: Final = 60
LONGEST_SUBJECT: Final = 255
_BAD: Final = (JoseError, ValueError, TypeError, KeyError, AttributeError)


def claims_of(
    token: Mapping[str, Any], keys: KeySet, issuer: str, client_id: str, nonce: str, now: float
) -> dict[str, Any]:
    """The claims of the ID token in an answer of the token endpoint; `now`: seconds since 1970.

    Raises InvalidKeyIdError for a key that `keys` lacks (the provider may have a new one), else NotProven.
    """
    raw = token.get("id_token")
    if not isinstance(raw, str):
        raise NotProven("no ID token")
    try:
        signed = jwt.decode(raw, keys, algorithms=SIGNED_BY)
    except InvalidKeyIdError:
        raise
    except _BAD as error:
        raise NotProven("signature") from error
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    known = {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(signed.claims, signed.header, options, known)
    try:
        claims.validate(now=int(now), leeway=LEEWAY_SECONDS)
    except ExpiredTokenError as error:
        raise NotProven("expired") from error
    except _BAD as error:
        raise NotProven(f"{getattr(error, 'claim', None) or 'claims'} of the ID token") from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise NotProven("subject")
    return dict(claims)
