"""Which web pages may call the service from a browser (CORS)."""

from collections.abc import Sequence

from flask import Flask, Response, request

ANY_ORIGIN = "*"

# What a page may send besides what is always allowed, and read besides the body.
_REQUEST_HEADERS = "Content-Type, X-Request-Id"
_RESPONSE_HEADERS = "Location, X-Request-Id"
# For how many seconds a browser need not ask again; Chromium keeps to two hours.
_MAX_AGE = "7200"


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Tell browsers that pages of these origins may call the app, without cookies.

    Flask answers OPTIONS itself, with the route's methods in `Allow`; a preflight gets the same.
    """

    @app.after_request
    def answer(response: Response) -> Response:
        if not origins:
            return response
        if ANY_ORIGIN not in origins:
            # A cache must not give one origin's answer to another.
            response.vary.add("Origin")
        allowed = ANY_ORIGIN if ANY_ORIGIN in origins else request.headers.get("Origin")
        if allowed not in origins:
            return response
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Expose-Headers"] = _RESPONSE_HEADERS
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = _MAX_AGE
        return response
