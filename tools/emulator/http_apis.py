"""HTTP APIs answer requests: stages, routes, callers, integrations, CORS and access logs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

import json
import re
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswerError
from typing import Any

from moto.apigatewayv2.models import apigatewayv2_backends
from werkzeug.wrappers import Request, Response

from emulator import answers, backends, calls, cors, metrics, payloads
from emulator.authorizers import RefusedError, authorize
from emulator.payloads import Call
from emulator.pools import ThrottledError
from emulator.routes import DEFAULT, find_route


def answer(api_id: str, path: str, request: Request) -> Response | None:
    """Answers a request to an API; None where there is no such API."""
    for account, region, backend in backends.every(apigatewayv2_backends):
        api = backend.apis.get(api_id)
        if api is not None and api.protocol_type == "HTTP":
            return _answer(api, account, region, path, request)
    return None


def _answer(api: Any, account: str, region: str, path: str, request: Request) -> Response:
    began = time.monotonic()
    stage, path = _stage_of(api, path or "/")
    if stage is None or api.disable_execute_api_endpoint:
        return _message(404, "Not Found")
    call = Call(request, api.api_id, account, path, stage=stage.name)
    call.stage_variables = stage.stage_variables or {}
    notes: dict[str, Any] = {}
    if api.cors_configuration and cors.is_preflight(request):
        response = cors.preflight(request, api.cors_configuration, 204)
    else:
        response = _routed(call, api, region, notes)
        if api.cors_configuration:
            cors.apply(request, api.cors_configuration, response)
    response.headers["apigw-requestid"] = call.request_id
    latency = int((time.monotonic() - began) * 1000)
    _measure(call, region, response, latency, notes)
    _log(call, region, stage, response, {"responseLatency": latency, **notes})
    return response


def _stage_of(api: Any, path: str) -> tuple[Any, str]:
    """The stage that a path begins with, and what follows; else the default stage, if any."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in api.stages and first != DEFAULT:
        return api.stages[first], f"/{rest}"
    return api.stages.get(DEFAULT), path


def _routed(call: Call, api: Any, region: str, notes: dict[str, Any]) -> Response:
    route, parameters = find_route(list(api.routes.values()), call.request.method, call.path)
    if route is None or parameters is None:
        return _message(404, "Not Found")
    call.route_key, call.parameters = route.route_key, parameters
    place = f"{api.api_id}/{call.stage}/{call.request.method}{call.path}"
    arn = f"arn:aws:execute-api:{region}:{call.account}:{place}"
    try:
        call.authorizer = authorize(call, api, route, arn)
    except RefusedError as error:
        notes["authorizer.error"] = notes["error.message"] = str(error)
        return error.response()
    integration = api.integrations.get((route.target or "").removeprefix("integrations/"))
    return _integrated(call, integration, notes)


def _integrated(call: Call, integration: Any, notes: dict[str, Any]) -> Response:
    began = time.monotonic()
    try:
        if integration is None or integration.integration_type != "AWS_PROXY":
            raise answers.MalformedAnswerError("only functions answer here")
        version = integration.payload_format_version or "1.0"
        event = payloads.event_1(call) if version == "1.0" else payloads.event_2(call)
        seconds = integration.timeout_in_millis / 1000
        answer = _within(seconds, integration.integration_uri, event)
        response = answers.response_of(answer, version)
    except (NoAnswerError, ThrottledError) as error:
        is_late = isinstance(error, NoAnswerError)
        notes["integrationErrorMessage"] = "no answer in time" if is_late else "throttled"
        return _message(503, "Service Unavailable")
    except Exception as error:
        notes["integrationErrorMessage"] = f"{type(error).__name__}: {error}"
        return _message(500, "Internal Server Error")
    finally:
        notes["integrationLatency"] = int((time.monotonic() - began) * 1000)
    notes["integrationStatus"] = notes["integration.status"] = response.status_code
    return response


def _within(seconds: float, arn: str, event: Any) -> str:
    """A function's answer, if it comes in time."""
    future: Future[str] = Future()

    def call() -> None:
        try:
            future.set_result(calls.call(arn, event))
        except Exception as error:
            future.set_exception(error)

    backends.start(call)
    return future.result(seconds)


def _message(status: int, message: str) -> Response:
    body = json.dumps({"message": message}, separators=(",", ":"))
    return Response(body, status, content_type="application/json")


def _measure(
    call: Call, region: str, response: Response, latency: int, notes: dict[str, Any]
) -> None:
    status = response.status_code
    values: dict[str, float] = {
        "Count": 1,
        "4xx": int(400 <= status < 500),
        "5xx": int(status >= 500),
        "Latency": latency,
    }
    if "integrationLatency" in notes:
        values["IntegrationLatency"] = notes["integrationLatency"]
    of_api = {"ApiId": call.id}
    of_stage = {**of_api, "Stage": call.stage}
    metrics.put(call.account, region, "AWS/ApiGateway", values, of_api, of_stage)


def _log(call: Call, region: str, stage: Any, response: Response, notes: dict[str, Any]) -> None:
    """Writes the access log, in the stage's own format. What is not known here is a dash."""
    settings = stage.access_log_settings or {}
    group = (settings.get("destinationArn") or "").partition(":log-group:")[2].removesuffix(":*")
    known = {
        "requestId": call.request_id,
        "extendedRequestId": call.request_id,
        "apiId": call.id,
        "accountId": call.account,
        "stage": call.stage,
        "domainName": call.request.host,
        "httpMethod": call.request.method,
        "path": call.staged_path,
        "protocol": call.protocol,
        "routeKey": call.route_key,
        "requestTime": call.local_time,
        "requestTimeEpoch": call.milliseconds,
        "identity.sourceIp": call.source_ip,
        "identity.userAgent": call.request.headers.get("user-agent", "-"),
        "status": response.status_code,
        "responseLength": response.content_length or 0,
        **notes,
    }
    line = re.sub(
        r"\$context\.([\w.]+)",
        lambda found: json.dumps(str(known.get(found[1], "-")))[1:-1],
        settings.get("format") or "",
    )
    backends.log(call.account, region, group, f"{call.id}-{call.stage}", line)
