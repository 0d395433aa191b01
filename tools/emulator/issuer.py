"""An OpenID provider of this machine, which gives tokens in any issuer's name.

    curl -d iss=https://login.example.com/ -d aud=shop -d scope=orders http://HOST/_issuer/token

So an API whose tokens come from a real provider can be called in dev without it. The real one's
tokens are taken as well, where it can be reached.
"""

import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.wrappers import Request, Response

PREFIX = "/_issuer"
HOUR = 3600

KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
KEYS = KeySet([KEY])


def answer(request: Request) -> Response:
    """Answers as an OpenID provider does: discovery, keys, and tokens."""
    own = f"{request.scheme}://{request.host}{PREFIX}"
    path = request.path.removeprefix(PREFIX)
    if path == "/.well-known/openid-configuration":
        jwks, token = f"{own}/.well-known/jwks.json", f"{own}/token"
        return _json({"issuer": own, "jwks_uri": jwks, "token_endpoint": token})
    if path == "/.well-known/jwks.json":
        return _json(KEYS.as_dict(private=False))
    if path == "/token" and request.method == "POST":
        claims = {"iss": own, **(request.get_json() if request.is_json else request.form.to_dict())}
        token = sign(claims)
        return _json({"access_token": token, "token_type": "Bearer", "expires_in": HOUR})
    return _json({"error": "POST claims to /token, like iss=..., aud=... and scope=..."}, 404)


def sign(claims: dict[str, Any]) -> str:
    """Returns a token with these claims, for an hour unless they say otherwise."""
    now = int(time.time())
    times = {"iat": now, "nbf": now, "exp": now + HOUR}
    given = {name: int(each) if name in times else each for name, each in claims.items()}
    return jwt.encode({"alg": "RS256", "kid": KEY.kid}, {"sub": "dev", **times, **given}, KEY)


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")
