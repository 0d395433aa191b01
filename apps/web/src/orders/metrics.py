"""What Prometheus scrapes."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_LABELS = ("method", "route", "status")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Metrics:
    """The counts of one app; a registry of its own keeps apps in one process (tests) apart."""

    def __init__(self) -> None:
        """Register everything, so that the first scrape already shows what exists."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "http_requests", "Requests answered.", _LABELS, registry=self._registry
        )
        self._latency = Histogram(
            "http_request_duration_seconds",
            "Time from a request's arrival in the app to its answer.",
            _LABELS,
            registry=self._registry,
        )

    def observe(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one request.

        The labels are the route's template and a known method, never what the client wrote: each
        new value is a time series for ever, and clients can make up any number.
        """
        labels = (method if method in _METHODS else "other", route or "unmatched", str(status))
        self._requests.labels(*labels).inc()
        self._latency.labels(*labels).observe(seconds)

    def text(self) -> bytes:
        """The text that a scrape gets."""
        return generate_latest(self._registry)
