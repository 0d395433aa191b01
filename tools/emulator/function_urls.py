"""Function URLs answer requests.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import FunctionUrlConfig, lambda_backends
from moto.awslambda.responses import LambdaResponse
from werkzeug.wrappers import Request, Response

from emulator import answers, backends, calls, cors, metrics, payloads
from emulator.authorizers import RefusedError, signer_of
from emulator.payloads import Call
from emulator.pools import ThrottledError

PREFIX = "/_lambda-url"


def answer(url_id: str, path: str, request: Request) -> Response | None:
    """Answers a request to a function URL; None where there is no such URL."""
    for account, region, lambdas in backends.every(lambda_backends):
        for function in list(lambdas._lambdas.latest()):
            if function.url_config is not None and id_of(function.url_config) == url_id:
                return _answer(function.url_config, account, region, path or "/", request)
    return None


def id_of(url: FunctionUrlConfig) -> str:
    """Returns the id of a URL, which moto has in its host alone."""
    return url.url.removeprefix("https://").partition(".")[0]


def _answer(
    url: FunctionUrlConfig, account: str, region: str, path: str, request: Request
) -> Response:
    settings = url.config.get("Cors") or {}
    if settings and cors.is_preflight(request):
        return cors.preflight(request, settings, 200)
    call = Call(request, id_of(url), "anonymous", path)
    response = _called(url, account, call)
    if settings:
        cors.apply(request, settings, response)
    response.headers["x-amzn-RequestId"] = call.request_id
    status = response.status_code
    values: dict[str, float] = {
        "UrlRequestCount": 1,
        "Url4xxCount": int(400 <= status < 500),
        "Url5xxCount": int(status >= 500),
    }
    metrics.put(account, region, "AWS/Lambda", values, {"FunctionName": url.function.function_name})
    return response


def _called(url: FunctionUrlConfig, account: str, call: Call) -> Response:
    if url.config.get("AuthType") == "AWS_IAM":
        try:
            call.authorizer = {"iam": signer_of(call.request, account)}
            call.account = account
        except RefusedError:
            return _json(403, {"Message": "Forbidden"})
    try:
        return answers.response_of(calls.call(arn_of(url), payloads.event_2(call)))
    except ThrottledError:
        return _json(429, {"Type": "User", "Message": "Rate Exceeded."})
    except Exception as error:
        print(f"function URL of {arn_of(url)}: {error}")  # noqa: T201 - the emulator's log
        return Response("Internal Server Error", 502, content_type="application/json")


def arn_of(url: FunctionUrlConfig) -> str:
    """Returns the ARN of what a URL calls: the alias that it was made for, or the function."""
    qualifier = url.config.get("Qualifier")
    arn = str(url.function.function_arn)
    return f"{arn}:{qualifier}" if qualifier else arn


def _json(status: int, value: Any) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def urls_keep_their_settings() -> None:
    """A function URL leads here, calls the alias that it was made for, and keeps its settings."""
    describe = FunctionUrlConfig.to_dict
    update = FunctionUrlConfig.update

    def corrected_create(self: LambdaResponse) -> Any:
        name = unquote(self.path.split("/")[-2])
        qualifier = self.querystring.get("Qualifier", [None])[0]
        given = {**self.json_body, "Qualifier": qualifier}
        url = self.backend.create_function_url_config(name, given)
        return 201, {"status": 201}, json.dumps(url.to_dict())

    def corrected_describe(self: FunctionUrlConfig) -> dict[str, Any]:
        return {
            **describe(self),
            "FunctionUrl": f"{backends.own_address()}{PREFIX}/{id_of(self)}/",
            "FunctionArn": arn_of(self),
            "InvokeMode": self.config.get("InvokeMode") or "BUFFERED",
        }

    def corrected_update(self: FunctionUrlConfig, new_config: dict[str, Any]) -> None:
        update(self, new_config)
        given = {name: new_config[name] for name in ("Cors", "InvokeMode") if name in new_config}
        self.config.update(given)

    LambdaResponse.create_function_url_config = corrected_create
    FunctionUrlConfig.to_dict = corrected_describe
    FunctionUrlConfig.update = corrected_update
