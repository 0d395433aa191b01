"""Responses to HTTP requests, out of the answers of functions.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from typing import Any

from werkzeug.wrappers import Response


class MalformedAnswerError(Exception):
    """A function answered in a form that can't become a response."""


def response_of(payload: str | bytes, version: str = "2.0") -> Response:
    """The response that a function's answer means.

    In format 2.0 whatever has no status code is itself the body of a 200, JSON or not.
    """
    text = payload if isinstance(payload, str) else payload.decode()
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    is_whole = isinstance(answer, dict) and "statusCode" in answer
    if is_whole:
        return _response(answer, version)
    if version == "2.0":
        return Response(text.strip(), 200, content_type="application/json")
    raise MalformedAnswerError("there is no statusCode")


def _response(answer: dict[str, Any], version: str) -> Response:
    body = answer.get("body") or ""
    if not isinstance(body, str):
        raise MalformedAnswerError("the body is no text")
    try:
        data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        response = Response(data, int(answer["statusCode"]))
    except (ValueError, TypeError) as error:
        raise MalformedAnswerError(str(error)) from error
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    for name, value in (answer.get("headers") or {}).items():
        response.headers[name] = _header(value)
    if version == "1.0":
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            response.headers.setlist(name, [_header(each) for each in values])
    else:
        for cookie in answer.get("cookies") or []:
            response.headers.add("Set-Cookie", cookie)
    return response


def _header(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
