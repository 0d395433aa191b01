"""The emulator as its tests use it: a server in this process, at a free port."""

import os
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import boto3
import pytest
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

from emulator import clock
from emulator.corrections import correct
from emulator.tests.support import Clients, Functions


@pytest.fixture(autouse=True, scope="session")
def no_account() -> Iterator[None]:
    """Keep the tests away from the real account that a developer may be signed in to."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        # What takes a minute in AWS takes a fifth of a second.
        patch.setattr(clock, "MINUTE", 0.2)
        yield


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The URL of the emulator."""
    correct()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ["MOTO_PORT"] = str(port)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(endpoint: str) -> Iterator[Clients]:
    """Makes clients of an AWS that is empty at first: `aws("sqs")`."""
    yield partial(client, endpoint)
    moto_api_backend.reset()


@cache
def client(endpoint: str, service: str) -> Any:
    """Makes a client once: that takes longer than most calls."""
    return boto3.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]


@pytest.fixture
def functions(aws: Clients) -> Functions:
    """Functions of this test."""
    return Functions(aws)
