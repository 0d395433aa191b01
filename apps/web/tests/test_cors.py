"""Which web pages may call the service, as a browser would ask."""

import pytest
from flask.testing import FlaskClient

from orders.app import create_app
from orders.settings import Settings

from .conftest import SESSION_KEY

SHOP = "https://shop.example.com"
ADMIN = "https://admin.example.com"
ELSEWHERE = "https://elsewhere.example.com"


def client_of(*origins: str) -> FlaskClient:
    return create_app(Settings(session_key=SESSION_KEY, cors_origins=origins)).test_client()


def cors(
    client: FlaskClient, method: str = "GET", path: str = "/", **headers: str
) -> dict[str, str]:
    """The headers of an answer that CORS is about."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.open(path, method=method, headers=given)
    return {
        name: value
        for name, value in response.headers
        if name == "Vary" or name.startswith("Access-Control-")
    }


@pytest.mark.parametrize("origin", [SHOP, ADMIN])
def test_an_allowed_origin_may_read_the_answer(origin: str) -> None:
    assert cors(client_of(SHOP, ADMIN), Origin=origin) == {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Location, X-Request-Id",
        "Vary": "Origin",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "*"},
        {"Origin": f"{SHOP}.evil.com"},
    ],
)
def test_another_origin_may_not(headers: dict[str, str]) -> None:
    assert cors(client_of(SHOP), **headers) == {"Vary": "Origin"}


def test_any_origin_may_where_all_are_allowed() -> None:
    assert cors(client_of("*"), Origin=ELSEWHERE) == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Location, X-Request-Id",
    }


def test_none_may_where_none_is_allowed() -> None:
    assert cors(client_of(), Origin=SHOP) == {}


def test_an_error_can_be_read_too() -> None:
    headers = cors(client_of(SHOP), path="/nowhere", Origin=SHOP)
    assert headers["Access-Control-Allow-Origin"] == SHOP


def test_a_preflight_is_told_what_may_be_sent() -> None:
    asked = {"Origin": SHOP, "Access_Control_Request_Method": "POST"}
    answer = cors(client_of(SHOP), "OPTIONS", "/orders", **asked)
    methods = answer.pop("Access-Control-Allow-Methods")
    assert set(methods.split(", ")) == {"OPTIONS", "POST"}
    assert answer == {
        "Access-Control-Allow-Origin": SHOP,
        "Access-Control-Expose-Headers": "Location, X-Request-Id",
        "Access-Control-Allow-Headers": "Content-Type, X-Request-Id",
        "Access-Control-Max-Age": "7200",
        "Vary": "Origin",
    }


def test_a_preflight_of_another_origin_is_told_nothing() -> None:
    asked = {"Origin": ELSEWHERE, "Access_Control_Request_Method": "POST"}
    assert cors(client_of(SHOP), "OPTIONS", "/orders", **asked) == {"Vary": "Origin"}
