"""The configuration: read from the environment once, and checked before anything starts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .cors import ANY_ORIGIN

_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

# 32 characters of hexadecimal are 128 bits. Less could be guessed offline from one receipt.
SESSION_KEY_MIN_LENGTH = 32


class SettingsError(ValueError):
    """All that is wrong with the environment, so that it takes one deployment to find out."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the problems apart for whoever reports them one by one."""
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the service was told about where it runs."""

    # Not in the repr: settings end up in tracebacks and debug logs, and this must not.
    session_key: str = field(repr=False)
    greeting: str = "Hello from groundwork"
    environment: str = "local"
    log_level: str = "INFO"
    orders_queue_url: str | None = None
    aws_region: str | None = None
    cors_origins: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings, or raise a `SettingsError` that lists every problem.

        A blank variable counts as one that isn't set: a deployment often passes an output that it
        doesn't have as an empty string.
        """
        present = {name: value.strip() for name, value in environ.items() if value.strip()}
        problems: list[str] = []

        session_key = _session_key(present, problems)

        log_level = present.get("LOG_LEVEL", cls.log_level).upper()
        if log_level not in LOG_LEVELS:
            problems.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")

        queue_url = present.get("ORDERS_QUEUE_URL")
        region = present.get("AWS_REGION") or present.get("AWS_DEFAULT_REGION")
        if queue_url and not _is_http_url(queue_url):
            problems.append("ORDERS_QUEUE_URL must be an http or https URL")
        if queue_url and not region:
            problems.append("ORDERS_QUEUE_URL needs AWS_REGION (or AWS_DEFAULT_REGION) too")

        origins = tuple(part.strip() for part in present.get("CORS_ORIGINS", "").split(","))
        cors_origins = () if origins == ("",) else origins
        if cors_origins != (ANY_ORIGIN,) and not all(map(_is_origin, cors_origins)):
            problems.append("CORS_ORIGINS must be origins with commas between them, or *")

        if problems:
            raise SettingsError(problems)
        return cls(
            session_key=session_key,
            greeting=present.get("GREETING", cls.greeting),
            environment=present.get("ENVIRONMENT", cls.environment),
            log_level=log_level,
            orders_queue_url=queue_url,
            aws_region=region,
            cors_origins=cors_origins,
        )


def _session_key(present: Mapping[str, str], problems: list[str]) -> str:
    """The key itself, or the content of a file, which is how mounted secrets come."""
    key, path = present.get("SESSION_KEY"), present.get("SESSION_KEY_FILE")
    if key and path:
        problems.append("SESSION_KEY and SESSION_KEY_FILE are both set: which one is meant?")
        return ""
    source = "SESSION_KEY"
    if path:
        source = "the key in SESSION_KEY_FILE"
        try:
            key = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            problems.append(f"SESSION_KEY_FILE can't be read: {error.strerror}")
            return ""
        except UnicodeDecodeError:
            # Not chained or quoted: the decoder's error would show bytes of the key.
            problems.append("SESSION_KEY_FILE is not text")
            return ""
    elif not key:
        problems.append("SESSION_KEY (or SESSION_KEY_FILE) must be set")
        return ""
    if len(key or "") < SESSION_KEY_MIN_LENGTH:
        problems.append(f"{source} must have at least {SESSION_KEY_MIN_LENGTH} characters")
    return key or ""


def _is_origin(value: str) -> bool:
    """Whether a browser could send this as `Origin`: a scheme and a host, and no path."""
    return _ORIGIN.fullmatch(value) is not None


def _is_http_url(value: str) -> bool:
    try:
        url = urlsplit(value)
        return url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        return False
