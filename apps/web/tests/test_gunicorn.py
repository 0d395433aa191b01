"""The service as it runs in its container: gunicorn, its configuration, signals and stdout."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parent.parent
SESSION_KEY = "0123456789abcdef0123456789abcdef"
ORDER = {"id": "o-1", "item": "tea", "quantity": 2}
# For anything that should happen soon; a busy machine may take its time.
PATIENCE = 20


class Sqs:
    """An SQS that holds each message back until it is told to take it."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.release = threading.Event()
        self.bodies: list[str] = []
        sqs = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sqs.arrived.set()
                sqs.release.wait(PATIENCE)
                sqs.bodies.append(request["MessageBody"])
                body = b'{"MessageId": "m-1"}'
                self.send_response(200)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the tests' output to themselves."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def sqs() -> Iterator[Sqs]:
    sqs = Sqs()
    thread = threading.Thread(target=sqs.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield sqs
    sqs.release.set()
    sqs.server.shutdown()
    thread.join()
    sqs.server.server_close()


class Service:
    """A running gunicorn, and every line that it wrote."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"],
            cwd=WEB,
            # None of the developer's own variables: what is needed is what is given.
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output: list[str] = []
        self._listening = threading.Event()
        self.port = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                self._listening.set()
        self._listening.set()

    @contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        assert self._listening.wait(PATIENCE)
        assert self.port, "".join(self.output)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            yield connection
        finally:
            connection.close()

    def request(self, method: str, path: str, document: object = None) -> tuple[int, bytes]:
        """Ask on a connection of its own."""
        with self.connection() as connection:
            return request(connection, method, path, document)

    def wait(self) -> int:
        """The exit status, with all of the output read."""
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output]


@contextmanager
def run(**environ: str) -> Iterator[Service]:
    service = Service(environ)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
        service.wait()
        assert service.process.stdout is not None
        service.process.stdout.close()


def request(
    connection: http.client.HTTPConnection, method: str, path: str, document: object = None
) -> tuple[int, bytes]:
    body = None if document is None else json.dumps(document)
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    response = connection.getresponse()
    return response.status, response.read()


def until_state(connection: http.client.HTTPConnection, wanted: str) -> int:
    """Ask until the state is the one that is wanted: a signal takes a moment to be heard."""
    deadline = time.monotonic() + PATIENCE
    status, body = request(connection, "GET", "/readyz")
    while json.loads(body)["status"] != wanted and time.monotonic() < deadline:
        status, body = request(connection, "GET", "/readyz")
    assert json.loads(body)["status"] == wanted
    return status


def test_it_serves_and_stops_without_dropping_a_request(sqs: Sqs) -> None:
    with (
        run(
            SESSION_KEY=SESSION_KEY,
            ENVIRONMENT="test",
            LOG_LEVEL="DEBUG",
            ORDERS_QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
            AWS_REGION="eu-west-1",
            AWS_ACCESS_KEY_ID="testing",
            AWS_SECRET_ACCESS_KEY="testing",
            AWS_ENDPOINT_URL=sqs.url,
        ) as service,
        ThreadPoolExecutor(1) as pool,
        service.connection() as kept,
    ):
        assert request(kept, "GET", "/healthz") == (200, b'{"status":"alive"}\n')
        assert request(kept, "GET", "/readyz") == (200, b'{"status":"ready"}\n')
        status, metrics = request(kept, "GET", "/metrics")
        assert status == 200
        assert b'http_requests_total{method="GET",route="/readyz",status="200"} 1.0' in metrics

        in_flight = pool.submit(service.request, "POST", "/orders", ORDER)
        assert sqs.arrived.wait(PATIENCE)
        service.process.terminate()

        # The connection that is open already is served, and told to go elsewhere.
        assert until_state(kept, "stopping") == 503
        assert service.process.poll() is None
        assert not in_flight.done()

        sqs.release.set()
        assert in_flight.result(PATIENCE)[0] == 202
        assert json.loads(sqs.bodies[0]) == ORDER
        assert service.wait() == 0
        with pytest.raises(ConnectionRefusedError):
            service.request("GET", "/healthz")

    lines = service.lines()
    assert {line["service"] for line in lines} == {"web"}
    assert {line["environment"] for line in lines} == {"test"}
    messages = [line["message"] for line in lines]
    assert messages.count("order taken") == messages.count("Shutting down: Master") == 1
    assert SESSION_KEY not in "".join(service.output)


def test_it_refuses_to_start_with_all_the_reasons() -> None:
    with run(LOG_LEVEL="loud") as service:
        assert service.wait() == 1

    (line,) = service.lines()
    assert line["level"] == "CRITICAL"
    assert line["problems"] == [
        "SESSION_KEY (or SESSION_KEY_FILE) must be set",
        "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR",
    ]


def test_it_needs_no_queue_and_takes_its_key_from_a_file(tmp_path: Path) -> None:
    key_file = tmp_path / "session-key"
    key_file.write_text(SESSION_KEY)
    with run(SESSION_KEY_FILE=os.fspath(key_file)) as service:
        assert service.request("GET", "/readyz")[0] == 200
        assert service.request("POST", "/orders", ORDER)[0] == 503
        service.process.terminate()
        assert service.wait() == 0
