"""The choice of an HTTP API's route for a request.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import re
from collections.abc import Iterable
from typing import Any

DEFAULT = "$default"


def find_route(
    routes: Iterable[Any], method: str, path: str
) -> tuple[Any, dict[str, str]] | tuple[None, None]:
    """Returns the most specific route for a method and a path, and the parts that it names.

    Text comes before `{name}`, that before `{name+}`, a method before `ANY`, and `$default` last.
    """
    best: tuple[Any, Any, dict[str, str]] | None = None
    for route in routes:
        found = _fit(route.route_key, method, path)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], route, found[1])
    return (None, None) if best is None else (best[1], best[2])


def _fit(key: str, method: str, path: str) -> tuple[Any, dict[str, str]] | None:
    """The rank of a route, the lower the more specific, and its parts; None if it does not fit."""
    if key == DEFAULT:
        return ((3,), 1), {}
    its_method, _, its_path = key.partition(" ")
    if its_method not in (method, "ANY"):
        return None
    parts = its_path.strip("/").split("/") if its_path != "/" else []
    found = re.fullmatch("".join(f"/{_part(each)}" for each in parts) or "/", path, re.DOTALL)
    if found is None:
        return None
    names = [each.strip("{}+") for each in parts if each.startswith("{")]
    specific = tuple(_rank(each) for each in parts)
    return (specific, int(its_method == "ANY")), dict(zip(names, found.groups(), strict=True))


def _rank(part: str) -> int:
    if not part.startswith("{"):
        return 0
    return 2 if part.endswith("+}") else 1


def _part(part: str) -> str:
    return (re.escape(part), "([^/]+)", "(.+)")[_rank(part)]
