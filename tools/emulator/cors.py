"""CORS of HTTP APIs and function URLs, which answer preflight requests themselves.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Request, Response

PREFIX = "access-control-"


def is_preflight(request: Request) -> bool:
    """Tells the question of a browser from other requests."""
    asked = "Access-Control-Request-Method" in request.headers
    return request.method == "OPTIONS" and asked and "Origin" in request.headers


def preflight(request: Request, settings: dict[str, Any], status: int) -> Response:
    """Returns the answer to a preflight request: without headers it is no."""
    response = Response(status=status)
    response.headers.update(_headers(request, settings, is_preflight=True))
    return response


def apply(request: Request, settings: dict[str, Any], response: Response) -> None:
    """Gives a response the headers that were configured, in place of the function's own."""
    for name in [name for name, _ in response.headers if name.lower().startswith(PREFIX)]:
        del response.headers[name]
    response.headers.update(_headers(request, settings, is_preflight=False))


def _headers(
    request: Request, settings: dict[str, Any], *, is_preflight: bool
) -> Iterator[tuple[str, str]]:
    given = {name[0].lower() + name[1:]: value for name, value in settings.items()}
    origin, allowed = request.headers.get("Origin"), given.get("allowOrigins") or []
    if origin is None or not any(_fits(each, origin) for each in allowed):
        return
    if is_preflight and not _allows(given.get("allowMethods") or [], request):
        return
    anybody = "*" in allowed and not given.get("allowCredentials")
    yield "access-control-allow-origin", "*" if anybody else origin
    if not anybody:
        yield "vary", "origin"
    if given.get("allowCredentials"):
        yield "access-control-allow-credentials", "true"
    if given.get("exposeHeaders"):
        yield "access-control-expose-headers", ",".join(given["exposeHeaders"])
    if not is_preflight:
        return
    yield "access-control-allow-methods", ",".join(given["allowMethods"])
    if given.get("allowHeaders"):
        yield "access-control-allow-headers", ",".join(given["allowHeaders"])
    if given.get("maxAge") is not None:
        yield "access-control-max-age", str(given["maxAge"])


def _fits(allowed: str, origin: str) -> bool:
    return re.fullmatch(re.escape(allowed.lower()).replace(r"\*", ".*"), origin.lower()) is not None


def _allows(methods: list[str], request: Request) -> bool:
    return "*" in methods or request.headers["Access-Control-Request-Method"] in methods
