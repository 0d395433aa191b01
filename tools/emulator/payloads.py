"""Events of HTTP requests.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

TEXT = re.compile(r"text/|application/(.+\+)?(json|xml)\b|application/javascript\b")

Json = dict[str, Any]


@dataclass
class Call:
    """A request to an API or a function URL, with what was found out about it."""

    request: Request
    #: Of the API or the function URL.
    id: str
    account: str
    #: Without the stage, as routes see it.
    path: str
    route_key: str = "$default"
    stage: str = "$default"
    parameters: dict[str, str] = field(default_factory=dict)
    stage_variables: dict[str, str] = field(default_factory=dict)
    #: The caller's identity in format 2.0.
    authorizer: Json | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    time: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def staged_path(self) -> str:
        return self.path if self.stage == "$default" else f"/{self.stage}{self.path}"

    def headers(self) -> list[tuple[str, str]]:
        """The request's headers, one by one, and those that AWS adds."""
        given = self.request.environ.get("emulator.headers", list(self.request.headers.items()))
        added = {
            "Content-Length": "0",
            "X-Amzn-Trace-Id": f"Root=1-{int(self.time.timestamp()):08x}-{uuid.uuid4().hex[:24]}",
            "X-Forwarded-For": self.source_ip,
            "X-Forwarded-Port": self.request.environ["SERVER_PORT"],
            "X-Forwarded-Proto": self.request.scheme,
        }
        names = {name.lower() for name, _ in given}
        return [
            *given,
            *((name, each) for name, each in added.items() if name.lower() not in names),
        ]

    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.request.query_string.decode(), keep_blank_values=True)

    def body(self) -> tuple[str | None, bool]:
        """The body, and whether it is in Base64: so is all that is not plainly text."""
        data = self.request.get_data()
        if not data:
            return None, False
        if "content-encoding" not in self.request.headers and (
            TEXT.match(self.request.content_type or "text/plain")
        ):
            try:
                return data.decode(), False
            except UnicodeDecodeError:
                pass
        return base64.b64encode(data).decode(), True

    @property
    def source_ip(self) -> str:
        return self.request.remote_addr or "127.0.0.1"

    @property
    def local_time(self) -> str:
        return self.time.strftime("%d/%b/%Y:%H:%M:%S +0000")

    @property
    def milliseconds(self) -> int:
        return int(self.time.timestamp() * 1000)

    @property
    def protocol(self) -> str:
        return str(self.request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"))


def event_2(call: Call) -> Json:
    """The event in format 2.0. What a request does not have is left out."""
    body, encoded = call.body()
    headers = _joined([(name.lower(), value) for name, value in call.headers()])
    cookies = headers.pop("cookie", "")
    context: Json = {
        "accountId": call.account,
        "apiId": call.id,
        "domainName": call.request.host,
        "domainPrefix": call.id,
        "http": {
            "method": call.request.method,
            "path": call.staged_path,
            "protocol": call.protocol,
            "sourceIp": call.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": call.request_id,
        "routeKey": call.route_key,
        "stage": call.stage,
        "time": call.local_time,
        "timeEpoch": call.milliseconds,
    }
    if call.authorizer is not None:
        context["authorizer"] = call.authorizer
    event: Json = {
        "version": "2.0",
        "routeKey": call.route_key,
        "rawPath": call.staged_path,
        "rawQueryString": call.request.query_string.decode(),
        "cookies": [each.strip() for each in cookies.split(";") if each.strip()],
        "headers": headers,
        "queryStringParameters": _joined(call.query()),
        "requestContext": context,
        "body": body,
        "pathParameters": call.parameters,
        "isBase64Encoded": encoded,
        "stageVariables": call.stage_variables,
    }
    optional = ("cookies", "queryStringParameters", "body", "pathParameters", "stageVariables")
    return {name: value for name, value in event.items() if value or name not in optional}


def event_1(call: Call) -> Json:
    """The event in format 1.0, which is nearly that of REST APIs."""
    body, encoded = call.body()
    headers, query = call.headers(), call.query()
    agent = call.request.headers.get("user-agent", "")
    nobody = ("accessKey", "accountId", "caller", "cognitoAuthenticationProvider")
    no_cognito = ("cognitoAuthenticationType", "cognitoIdentityId", "cognitoIdentityPoolId")
    resource = call.route_key.split(" ")[-1]
    return {
        "version": "1.0",
        "resource": resource,
        "path": call.staged_path,
        "httpMethod": call.request.method,
        "headers": dict(headers),
        "multiValueHeaders": _listed(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _listed(query) or None,
        "requestContext": {
            "accountId": call.account,
            "apiId": call.id,
            "authorizer": _authorizer_1(call.authorizer),
            "domainName": call.request.host,
            "domainPrefix": call.id,
            "extendedRequestId": call.request_id,
            "httpMethod": call.request.method,
            "identity": {
                **dict.fromkeys((*nobody, *no_cognito, "principalOrgId", "user", "userArn")),
                "sourceIp": call.source_ip,
                "userAgent": agent,
            },
            "path": call.staged_path,
            "protocol": call.protocol,
            "requestId": call.request_id,
            "requestTime": call.local_time,
            "requestTimeEpoch": call.milliseconds,
            "resourceId": call.route_key,
            "resourcePath": resource,
            "stage": call.stage,
        },
        "pathParameters": call.parameters or None,
        "stageVariables": call.stage_variables or None,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _authorizer_1(authorizer: Json | None) -> Json:
    """In format 1.0 what an authorizer says does not stand under its kind."""
    said: Json = authorizer or {}
    return said.get("jwt") or said.get("lambda") or {"claims": None, "scopes": None}


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in _listed(pairs).items()}


def _listed(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for name, value in pairs:
        listed.setdefault(name, []).append(value)
    return listed
