"""The Flask app: the routes, and what happens around every request."""

import logging
import re
import time
import uuid

from flask import Flask, Response, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from . import SERVICE, __version__
from .cors import allow_origins
from .lifecycle import Lifecycle, Phase
from .metrics import Metrics
from .order import OrderError, parse_order
from .orders_queue import OrdersQueue, QueueError, SqsOrdersQueue
from .receipts import Receipts
from .settings import Settings

logger = logging.getLogger(__name__)

# An id from outside goes into logs and to the queue, so only a plain one is taken over.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=/+-]{1,128}")
# Asked for every few seconds, and only interesting when something is wrong.
_QUIET_ROUTES = frozenset({"/healthz", "/readyz", "/metrics"})


def create_app(settings: Settings, queue: OrdersQueue | None = None) -> Flask:
    """Make an app; `queue` stands in for the one that the settings name.

    The app isn't ready until `app.extensions["lifecycle"]` is told that it has started, which is
    the server's business: see gunicorn.conf.py.
    """
    if queue is None and settings.orders_queue_url:
        queue = SqsOrdersQueue(settings.orders_queue_url, settings.aws_region)

    app = Flask(__name__, static_folder=None)
    # No order is near this size; a larger body is refused before it is read.
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024

    lifecycle = app.extensions["lifecycle"] = Lifecycle()
    metrics = Metrics()
    receipts = Receipts(settings.session_key)
    _wrap_requests(app, metrics)
    allow_origins(app, settings.cors_origins)

    @app.get("/")
    def index() -> ResponseReturnValue:
        return {
            "service": SERVICE,
            "version": __version__,
            "environment": settings.environment,
            "greeting": settings.greeting,
        }

    @app.post("/orders")
    def take_order() -> ResponseReturnValue:
        try:
            order = parse_order(request.get_json())
        except RecursionError:
            raise BadRequest("The JSON is nested too deeply.") from None
        except OrderError as error:
            return _error(400, "The order is not valid.", problems=error.problems)

        if queue is None:
            return _error(503, "Orders can't be taken: no archive queue is configured.")
        try:
            queue.send(order, g.request_id)
        except QueueError as error:
            return _error(
                503, f"The order was not taken: the archive queue failed ({error}). Try again."
            )

        receipt = receipts.issue(order)
        logger.info("order taken", extra={"order_id": order.id})
        location = url_for("show_receipt", receipt=receipt)
        return {"id": order.id, "receipt": receipt}, 202, {"Location": location}

    @app.get("/orders/receipts/<receipt>")
    def show_receipt(receipt: str) -> ResponseReturnValue:
        verified = receipts.verify(receipt)
        if verified is None:
            raise NotFound("This is not a receipt of this service.")
        order, taken = verified
        return {"order": order, "taken_at": taken.isoformat()}

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        """Liveness: a failure means "restart me", so it must not depend on anything else."""
        return {"status": "alive"}

    @app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        """Readiness: a failure means "send me nothing for now", so it is about this process alone.

        All copies share the queue: were it asked here, its failing would take every one of them
        out of the load balancer at once, and where it can't be reached (a local cluster,
        credentials that come late) no rollout would ever finish. `POST /orders` and the log tell.
        """
        if lifecycle.phase is not Phase.RUNNING:
            return {"status": lifecycle.phase.value}, 503
        return {"status": "ready"}

    @app.get("/metrics")
    def show_metrics() -> ResponseReturnValue:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return app


def _wrap_requests(app: Flask, metrics: Metrics) -> None:
    """Give every request an id, a log line, a place in the metrics, and JSON errors."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())

    @app.after_request
    def finish(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule else None
        metrics.observe(request.method, route, response.status_code, seconds)
        quiet = route in _QUIET_ROUTES and response.status_code < 400
        logger.log(
            logging.DEBUG if quiet else logging.INFO,
            "request",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "duration_ms": round(seconds * 1000, 1),
            },
        )
        response.headers["X-Request-Id"] = g.request_id
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        """Answer in JSON, with the headers (such as Allow) that belong to the error."""
        response = error.get_response()
        body = _error(error.code or 500, error.description or error.name)
        body.headers.extend(
            (name, value)
            for name, value in response.headers
            if name not in ("Content-Type", "Content-Length")
        )
        return body


def _error(status: int, message: str, **details: object) -> Response:
    """An error as this service tells it; the id leads from a client's complaint to the log."""
    response = jsonify(error=message, request_id=g.request_id, **details)
    response.status_code = status
    return response
