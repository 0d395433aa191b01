"""The app as the tests see it: with a queue that they can look into, and break."""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orders.app import create_app
from orders.order import Order
from orders.orders_queue import QueueError
from orders.settings import Settings

SESSION_KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class FakeQueue:
    """A queue in memory that fails with a code when it is given one."""

    sent: list[tuple[Order, str]] = field(default_factory=list)
    failure: str | None = None

    def send(self, order: Order, request_id: str) -> None:
        if self.failure:
            raise QueueError(self.failure)
        self.sent.append((order, request_id))


@pytest.fixture
def settings() -> Settings:
    return Settings(session_key=SESSION_KEY, greeting="Good morning", environment="test")


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
def app(settings: Settings, queue: FakeQueue) -> Flask:
    app = create_app(settings, queue)
    app.extensions["lifecycle"].started()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
