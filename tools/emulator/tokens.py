"""The JWT authorizers of HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import json
import time
from typing import Any

import requests
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from emulator import issuer

ALGORITHMS = ["RS256", "RS384", "RS512"]
#: For how many seconds an issuer's keys are taken for known.
KEYS_ARE_KNOWN_FOR = 300

_known: dict[str, tuple[float, KeySet]] = {}


class RefusedTokenError(Exception):
    """A token does not let its bearer in; the text says why."""


def claims_of(token: str, configuration: dict[str, Any]) -> dict[str, Any]:
    """Returns what a token says, once its signature, issuer, audience and times are right."""
    claims = _verified(token, configuration["issuer"])
    if claims.get("iss") != configuration["issuer"]:
        raise RefusedTokenError("the token was not issued by a valid issuer")
    aud = claims.get("aud", claims.get("client_id"))
    audiences = aud if isinstance(aud, list) else [aud]
    if not set(audiences) & set(configuration["audience"]):
        raise RefusedTokenError("the token does not have a valid audience")
    now = time.time()
    if not _is_time(claims.get("exp")) or claims["exp"] <= now:
        raise RefusedTokenError("the token has expired")
    for name in ("nbf", "iat"):
        if name in claims and not (_is_time(claims[name]) and claims[name] <= now):
            raise RefusedTokenError("the token is not valid yet")
    return claims


def scopes_of(claims: dict[str, Any]) -> list[str]:
    """Returns a token's scopes, which stand in `scope` or in `scp`."""
    scopes = claims.get("scope", claims.get("scp", []))
    return scopes.split() if isinstance(scopes, str) else list(scopes)


def as_text(claims: dict[str, Any]) -> dict[str, str]:
    """Returns claims as API Gateway hands them on, which is as text: a list as `[a b]`."""
    return {name: _text(value) for name, value in claims.items()}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(_text(each) for each in value)}]"
    return value if isinstance(value, str) else json.dumps(value)


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _verified(token: str, its_issuer: str) -> dict[str, Any]:
    """The claims of a token that this machine's issuer has signed, or the real one."""
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        keys = issuer.KEYS if kid == issuer.KEY.kid else _keys_of(its_issuer, kid)
        claims = json.loads(jws.deserialize_compact(token, keys, algorithms=ALGORITHMS).payload)
    except (JoseError, ValueError) as error:
        raise RefusedTokenError(f"the token's signature is not valid: {error}") from error
    if not isinstance(claims, dict):
        raise RefusedTokenError("the token has no claims")
    return claims


def _keys_of(its_issuer: str, kid: str | None) -> KeySet:
    """The keys of an issuer; looked up again when they are old, or lack the one that is named."""
    since, keys = _known.get(its_issuer, (0.0, KeySet([])))
    is_known = any(kid in (None, each.kid) for each in keys)
    if not is_known or time.monotonic() - since > KEYS_ARE_KNOWN_FOR:
        keys = _fetch_keys(its_issuer)
        _known[its_issuer] = (time.monotonic(), keys)
    return keys


def _fetch_keys(its_issuer: str) -> KeySet:
    discovery = f"{its_issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        uri = requests.get(discovery, timeout=3).json()["jwks_uri"]
        return KeySet.import_key_set(requests.get(uri, timeout=3).json())
    except (requests.RequestException, KeyError, TypeError) as error:
        raise RefusedTokenError("OIDC discovery endpoint communication error") from error
