"""The service's answers, through Flask's test client."""

import json
import logging
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orders import __version__
from orders.app import create_app
from orders.lifecycle import Lifecycle, Phase
from orders.logs import JsonFormatter
from orders.order import Order
from orders.settings import Settings

if TYPE_CHECKING:
    from .conftest import FakeQueue

ORDER = {"id": "o-1", "item": "café au lait", "quantity": 2}


def test_the_index_says_what_runs_where(client: FlaskClient) -> None:
    assert client.get("/").json == {
        "service": "web",
        "version": __version__,
        "environment": "test",
        "greeting": "Good morning",
    }


# Orders


def test_an_order_is_sent_and_acknowledged(client: FlaskClient, queue: "FakeQueue") -> None:
    response = client.post("/orders", json=ORDER, headers={"X-Request-Id": "request-1"})

    assert response.status_code == 202
    assert response.json is not None
    assert response.json.keys() == {"id", "receipt"}
    assert response.json["id"] == "o-1"
    assert response.headers["Location"] == f"/orders/receipts/{response.json['receipt']}"
    assert queue.sent == [(Order("o-1", "café au lait", 2), "request-1")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": ""}, "id must be"),
        ({"id": "-x"}, "id must be"),
        ({"id": "x" * 65}, "id must be"),
        ({"id": "o-1\n"}, "id must be"),
        ({"id": 1}, "id must be"),
        ({"item": ""}, "item must be"),
        ({"item": "  "}, "item must be"),
        ({"item": "x" * 201}, "item must be"),
        ({"item": "a\nb"}, "item must be"),
        ({"item": "\ud800"}, "item must be"),
        ({"item": None}, "item must be"),
        ({"quantity": 0}, "quantity must be"),
        ({"quantity": 10_001}, "quantity must be"),
        ({"quantity": 1.5}, "quantity must be"),
        ({"quantity": "2"}, "quantity must be"),
        ({"quantity": True}, "quantity must be"),
        ({"colour": "red"}, "'colour' is not a field of an order"),
    ],
)
def test_one_problem_is_the_only_one_reported(
    client: FlaskClient, queue: "FakeQueue", changes: dict[str, Any], problem: str
) -> None:
    response = client.post("/orders", json={**ORDER, **changes})

    assert response.status_code == 400
    assert response.json is not None
    (reported,) = response.json["problems"]
    assert reported.startswith(problem)
    assert queue.sent == []


@pytest.mark.parametrize(
    "order",
    [
        {"id": "x" * 64, "item": "x" * 200, "quantity": 10_000},
        {"id": "0", "item": "x", "quantity": 1},
    ],
)
def test_the_limits_themselves_are_allowed(client: FlaskClient, order: dict[str, Any]) -> None:
    assert client.post("/orders", json=order).status_code == 202


def test_all_problems_are_reported_at_once(client: FlaskClient) -> None:
    response = client.post(
        "/orders", json={"id": "?", "quantity": -1, "qty": 2}, headers={"X-Request-Id": "r"}
    )

    assert response.status_code == 400
    assert response.json == {
        "error": "The order is not valid.",
        "problems": [
            "item is missing",
            "'qty' is not a field of an order",
            "id must be 1 to 64 letters, digits, '_' or '-', and start with a letter or digit",
            "quantity must be a whole number from 1 to 10000",
        ],
        "request_id": "r",
    }


@pytest.mark.parametrize("body", ["[]", '"order"', "1", "null"])
def test_an_order_is_an_object(client: FlaskClient, body: str) -> None:
    response = client.post("/orders", data=body, content_type="application/json")

    assert response.status_code == 400
    assert response.json is not None
    assert response.json["problems"] == ["an order must be a JSON object"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 10_000, "application/json", 400),
        ("9" * 10_000, "application/json", 400),
        (json.dumps(ORDER), "text/plain", 415),
        ('"' + "x" * 20_000 + '"', "application/json", 413),
    ],
)
def test_other_bodies_are_refused_in_json(
    client: FlaskClient, body: str, content_type: str, status: int
) -> None:
    response = client.post("/orders", data=body, content_type=content_type)

    assert response.status_code == status
    assert response.json is not None
    assert response.json.keys() == {"error", "request_id"}


def test_an_order_is_not_taken_when_the_queue_fails(
    client: FlaskClient, queue: "FakeQueue"
) -> None:
    queue.failure = "AccessDenied"
    response = client.post("/orders", json=ORDER)

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["error"] == (
        "The order was not taken: the archive queue failed (AccessDenied). Try again."
    )


def test_an_order_is_not_taken_without_a_queue(settings: Settings) -> None:
    response = create_app(settings).test_client().post("/orders", json=ORDER)

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["error"] == "Orders can't be taken: no archive queue is configured."


# Receipts


def test_a_receipt_gives_the_order_back(client: FlaskClient) -> None:
    location = client.post("/orders", json=ORDER).headers["Location"]
    response = client.get(location)

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["order"] == ORDER
    taken = datetime.fromisoformat(response.json["taken_at"])
    assert abs(datetime.now(timezone.utc) - taken) < timedelta(minutes=1)


def test_a_changed_receipt_is_refused(client: FlaskClient) -> None:
    location = client.post("/orders", json=ORDER).headers["Location"]
    changed = location[:-1] + ("A" if location[-1] != "A" else "Q")

    assert client.get(changed).status_code == 404
    assert client.get("/orders/receipts/made-up").status_code == 404


def test_only_the_same_key_verifies(client: FlaskClient, queue: "FakeQueue") -> None:
    location = client.post("/orders", json=ORDER).headers["Location"]
    others = create_app(Settings(session_key="x" * 32), queue).test_client()

    response = others.get(location)
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"] == "This is not a receipt of this service."


# Probes


def test_it_is_alive_whatever_else_fails(
    app: Flask, client: FlaskClient, queue: "FakeQueue"
) -> None:
    queue.failure = "AccessDenied"
    app.extensions["lifecycle"].stopping()

    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "alive"})


def test_it_is_ready_between_start_and_stop(settings: Settings) -> None:
    app = create_app(settings)
    client, lifecycle = app.test_client(), app.extensions["lifecycle"]

    response = client.get("/readyz")
    assert (response.status_code, response.json) == (503, {"status": "starting"})
    lifecycle.started()
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ready"})
    lifecycle.stopping()
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (503, {"status": "stopping"})


def test_it_stays_ready_while_the_queue_fails(client: FlaskClient, queue: "FakeQueue") -> None:
    queue.failure = "AccessDenied"

    assert client.post("/orders", json=ORDER).status_code == 503
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ready"})


def test_a_stop_during_the_start_is_not_forgotten() -> None:
    lifecycle = Lifecycle()
    lifecycle.stopping()
    lifecycle.started()
    assert lifecycle.phase is Phase.STOPPING


def test_sigterm_is_noted_and_left_to_the_server() -> None:
    served: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda signum, _frame: served.append(signum))
    try:
        lifecycle = Lifecycle()
        lifecycle.stop_on_sigterm()
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert lifecycle.phase is Phase.STOPPING
    assert served == [signal.SIGTERM]


# Around every request


def test_requests_are_counted_by_template(client: FlaskClient) -> None:
    client.get("/")
    client.get("/orders/receipts/one")
    client.get("/orders/receipts/two")
    client.get("/wp-login.php")
    client.delete("/orders")
    client.open("/", method="BREW")

    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=")
    lines = response.text.splitlines()
    for labels, count in {
        'method="GET",route="/",status="200"': 1,
        'method="GET",route="/orders/receipts/<receipt>",status="404"': 2,
        'method="GET",route="unmatched",status="404"': 1,
        'method="DELETE",route="unmatched",status="405"': 1,
        'method="other",route="unmatched",status="405"': 1,
    }.items():
        assert f"http_requests_total{{{labels}}} {count}.0" in lines
        assert f"http_request_duration_seconds_count{{{labels}}} {count}.0" in lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)
    assert "wp-login" not in response.text


def test_a_request_id_is_echoed(client: FlaskClient) -> None:
    response = client.get("/", headers={"X-Request-Id": "Root=1-67891233-abcdef"})
    assert response.headers["X-Request-Id"] == "Root=1-67891233-abcdef"


@pytest.mark.parametrize("given", [None, "", "two words", "x" * 129, '{"a":1}'])
def test_a_request_id_is_made_up_when_there_is_no_good_one(
    client: FlaskClient, given: str | None
) -> None:
    headers = {} if given is None else {"X-Request-Id": given}
    first, second = (client.get("/", headers=headers).headers["X-Request-Id"] for _ in range(2))
    assert len(first) == len(second) == 36
    assert first != second


def test_a_wrong_method_is_told_the_right_one(client: FlaskClient) -> None:
    response = client.delete("/orders", headers={"X-Request-Id": "r"})

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.headers.getlist("Content-Type") == ["application/json"]
    assert response.json is not None
    assert response.json["request_id"] == "r"


def test_a_bug_is_a_plain_error_with_the_details_in_the_log(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        raise KeyError("private detail")

    monkeypatch.setitem(app.view_functions, "index", broken)
    response = client.get("/", headers={"X-Request-Id": "r"})

    assert response.status_code == 500
    assert response.json is not None
    assert response.json.keys() == {"error", "request_id"}
    assert "private detail" not in response.text
    assert "private detail" in caplog.text
    assert 'route="/",status="500"' in client.get("/metrics").text


# Logs


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """What would be on stdout: the records as formatted in the request that made them."""
    lines: list[dict[str, Any]] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(self.format(record)))

    collector = Collector()
    collector.setFormatter(JsonFormatter("test"))
    logging.getLogger().addHandler(collector)
    caplog.set_level(logging.INFO)
    yield lines
    logging.getLogger().removeHandler(collector)


def test_a_request_leaves_one_line(client: FlaskClient, lines: list[dict[str, Any]]) -> None:
    client.get("/?token=private", headers={"X-Request-Id": "r"})

    (line,) = lines
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line.pop("duration_ms") >= 0
    assert line == {
        "level": "INFO",
        "logger": "orders.app",
        "service": "web",
        "environment": "test",
        "request_id": "r",
        "message": "request",
        "method": "GET",
        "route": "/",
        "status": 200,
    }


def test_an_order_is_logged_by_its_id_alone(
    client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    client.post("/orders", json=ORDER, headers={"X-Request-Id": "r"})

    taken, answered = lines
    assert (taken["message"], taken["order_id"]) == ("order taken", "o-1")
    assert taken["request_id"] == answered["request_id"] == "r"
    assert "café" not in str(lines)


def test_probes_are_only_logged_when_they_fail(
    app: Flask, client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert lines == []

    app.extensions["lifecycle"].stopping()
    client.get("/readyz")
    assert [(line["route"], line["status"]) for line in lines] == [("/readyz", 503)]


def test_an_exception_is_part_of_its_line(lines: list[dict[str, Any]]) -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        logging.getLogger("orders").exception("failed")

    (line,) = lines
    assert line["message"] == "failed"
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: no\nway")
    assert "request_id" not in line
