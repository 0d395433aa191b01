"""The configuration, and how it is refused."""

import dataclasses
from pathlib import Path

import pytest

from orders.settings import Settings, SettingsError

KEY = "k" * 32
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    return caught.value.problems


def test_the_key_is_all_it_needs() -> None:
    assert Settings.from_environment({"SESSION_KEY": KEY}) == Settings(
        session_key=KEY,
        greeting="Hello from groundwork",
        environment="local",
        log_level="INFO",
        orders_queue_url=None,
        aws_region=None,
        cors_origins=(),
    )


def test_everything_can_be_set() -> None:
    environ = {
        "SESSION_KEY": KEY,
        "GREETING": "Good morning",
        "ENVIRONMENT": "dev",
        "LOG_LEVEL": "debug",
        "ORDERS_QUEUE_URL": QUEUE_URL,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "CORS_ORIGINS": "https://shop.example.com, http://localhost:3000",
    }
    assert Settings.from_environment(environ) == Settings(
        session_key=KEY,
        greeting="Good morning",
        environment="dev",
        log_level="DEBUG",
        orders_queue_url=QUEUE_URL,
        aws_region="eu-west-1",
        cors_origins=("https://shop.example.com", "http://localhost:3000"),
    )


def test_blank_is_not_set() -> None:
    environ = {
        "SESSION_KEY": KEY,
        "SESSION_KEY_FILE": "",
        "GREETING": " ",
        "LOG_LEVEL": "",
        "ORDERS_QUEUE_URL": "",
        "CORS_ORIGINS": " ",
    }
    assert Settings.from_environment(environ) == Settings(session_key=KEY)


def test_the_key_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "session-key"
    path.write_text(f"{KEY}\n")

    assert Settings.from_environment({"SESSION_KEY_FILE": str(path)}).session_key == KEY


def test_all_problems_are_reported_at_once() -> None:
    environ = {"SESSION_KEY": "short", "LOG_LEVEL": "loud", "ORDERS_QUEUE_URL": "orders"}

    assert problems(environ) == (
        "SESSION_KEY must have at least 32 characters",
        "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR",
        "ORDERS_QUEUE_URL must be an http or https URL",
        "ORDERS_QUEUE_URL needs AWS_REGION (or AWS_DEFAULT_REGION) too",
    )


def test_a_key_is_needed() -> None:
    assert problems({}) == ("SESSION_KEY (or SESSION_KEY_FILE) must be set",)


def test_two_keys_are_one_too_many(tmp_path: Path) -> None:
    environ = {"SESSION_KEY": KEY, "SESSION_KEY_FILE": str(tmp_path / "key")}

    assert problems(environ) == (
        "SESSION_KEY and SESSION_KEY_FILE are both set: which one is meant?",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "SESSION_KEY_FILE can't be read: No such file or directory"),
        (b"", "the key in SESSION_KEY_FILE must have at least 32 characters"),
        (b"\xff" * 40, "SESSION_KEY_FILE is not text"),
    ],
)
def test_a_bad_key_file_is_reported(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "session-key"
    if content is not None:
        path.write_bytes(content)

    assert problems({"SESSION_KEY_FILE": str(path)}) == (problem,)


@pytest.mark.parametrize("url", ["https://", "http://[", "ftp://queue", "sqs.example/orders"])
def test_a_queue_url_must_be_one(url: str) -> None:
    environ = {"SESSION_KEY": KEY, "AWS_REGION": "eu-west-1", "ORDERS_QUEUE_URL": url}

    assert problems(environ) == ("ORDERS_QUEUE_URL must be an http or https URL",)


def test_any_origin_can_be_allowed() -> None:
    environ = {"SESSION_KEY": KEY, "CORS_ORIGINS": "*"}
    assert Settings.from_environment(environ).cors_origins == ("*",)


@pytest.mark.parametrize(
    "origins",
    ["shop.example.com", "https://shop.example.com/", "https://*.example.com", "*,https://a", ","],
)
def test_an_origin_must_be_one(origins: str) -> None:
    environ = {"SESSION_KEY": KEY, "CORS_ORIGINS": origins}

    assert problems(environ) == ("CORS_ORIGINS must be origins with commas between them, or *",)


def test_problems_never_quote_the_key() -> None:
    assert "hunter2" not in str(problems({"SESSION_KEY": "hunter2"}))


def test_settings_are_frozen_and_keep_the_key_to_themselves() -> None:
    settings = Settings(session_key=KEY)

    assert KEY not in repr(settings)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.greeting = "Changed"  # type: ignore[misc]
