"""The choice of a route."""

from types import SimpleNamespace

import pytest

from emulator.routes import find_route

ROUTES = [
    SimpleNamespace(route_key=key)
    for key in (
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/dog/{id}",
        "GET /pets/dog/1",
        "ANY /pets",
        "GET /pets",
    )
]


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", {}),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        ("POST", "/pets/dog/2", "ANY /{proxy+}", {"proxy": "pets/dog/2"}),
        ("PUT", "/pets", "ANY /pets", {}),
        ("GET", "/pets", "GET /pets", {}),
        ("GET", "/pets/", "ANY /{proxy+}", {"proxy": "pets/"}),
        ("GET", "/pets/dog/a/b", "GET /pets/{proxy+}", {"proxy": "dog/a/b"}),
        ("GET", "/", "$default", {}),
    ],
)
def test_the_most_specific_route_answers(
    method: str, path: str, key: str, parameters: dict[str, str]
) -> None:
    route, found = find_route(ROUTES, method, path)
    assert route is not None
    assert (route.route_key, found) == (key, parameters)


@pytest.mark.parametrize("path", ["/", "/pets", "/pets/", "/pets/1/2", "/pets/1/", "/other/1"])
def test_nothing_answers_what_no_route_is_for(path: str) -> None:
    route, _ = find_route([SimpleNamespace(route_key="GET /pets/{id}")], "GET", path)
    assert route is None
