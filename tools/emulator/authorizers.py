"""The authorization of HTTP APIs: tokens, signed requests and functions that decide.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
"""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from werkzeug.wrappers import Request, Response

from emulator import calls, payloads, tokens
from emulator.payloads import Call


class RefusedError(Exception):
    """A caller is not let in."""

    def __init__(self, status: int, message: str, reason: str = "", challenge: str = "") -> None:
        super().__init__(reason or message)
        self.challenge = challenge
        self.status = status
        self.message = message

    def response(self) -> Response:
        body = json.dumps({"message": self.message}, separators=(",", ":"))
        response = Response(body, self.status, content_type="application/json")
        if self.challenge:
            response.headers["WWW-Authenticate"] = self.challenge
        return response


def authorize(call: Call, api: Any, route: Any, arn: str) -> dict[str, Any] | None:
    """Returns the caller's identity in format 2.0; raises RefusedError where there is none."""
    kind = route.authorization_type or "NONE"
    if kind == "NONE":
        return None
    if kind == "AWS_IAM":
        return {"iam": signer_of(call.request, call.account)}
    authorizer = api.authorizers[route.authorizer_id]
    if kind == "JWT":
        return {"jwt": _bearer_of(call, authorizer, route.authorization_scopes or [])}
    return {"lambda": _decided(call, authorizer, arn)}


def signer_of(request: Request, account: str) -> dict[str, Any]:
    """Returns the signer of a request. The signature itself is not checked: no secret is known."""
    in_query = request.args.get("X-Amz-Credential", "")
    in_header = request.headers.get("Authorization", "")
    found = re.match(r"([^/ ]+)/\d{8}/", in_query) or re.match(
        r"AWS4-HMAC-SHA256 Credential=([^/ ]+)/\d{8}/", in_header
    )
    if found is None:
        raise RefusedError(403, "Forbidden")
    return {
        "accessKey": found[1],
        "accountId": account,
        "callerId": found[1],
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": f"arn:aws:iam::{account}:user/{found[1]}",
        "userId": found[1],
    }


def _bearer_of(call: Call, authorizer: Any, scopes: list[str]) -> dict[str, Any]:
    (token,) = _identity(call, authorizer)[:1] or [""]
    if not token:
        raise RefusedError(401, "Unauthorized", "no token", "Bearer")
    token = re.sub(r"^Bearer\s+", "", token, flags=re.IGNORECASE)
    configuration = {
        name[0].lower() + name[1:]: value for name, value in authorizer.jwt_config.items()
    }
    try:
        claims = tokens.claims_of(token, configuration)
    except tokens.RefusedTokenError as error:
        reason = str(error).replace('"', "'")
        challenge = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
        raise RefusedError(401, "Unauthorized", reason, challenge) from error
    given = tokens.scopes_of(claims)
    if scopes and not set(scopes) & set(given):
        raise RefusedError(403, "Forbidden", "the token lacks a scope of the route")
    return {"claims": tokens.as_text(claims), "scopes": given if scopes else None}


def _identity(call: Call, authorizer: Any) -> list[str]:
    """The values that tell callers apart; none where one of them is missing."""
    sources = authorizer.identity_source or []
    values = [_source(call, each) for each in ([sources] if isinstance(sources, str) else sources)]
    return [each for each in values if each] if all(values) else []


def _source(call: Call, source: str) -> str | None:
    _, _, rest = source.partition("$")
    kind, _, name = rest.rpartition(".")
    if kind == "request.header":
        return call.request.headers.get(name)
    if kind == "request.querystring":
        return call.request.args.get(name)
    if kind == "stageVariables":
        return call.stage_variables.get(name)
    context: Any = payloads.event_2(call)["requestContext"]
    for part in rest.split(".")[1:]:
        context = context.get(part, {}) if isinstance(context, dict) else {}
    return context if isinstance(context, str) else None


def _decided(call: Call, authorizer: Any, arn: str) -> dict[str, Any]:
    """The context that a function gives a caller whom it lets in."""
    identity = _identity(call, authorizer)
    if authorizer.identity_source and not identity:
        raise RefusedError(401, "Unauthorized")
    version = authorizer.auth_payload_format_version or "2.0"
    if version == "1.0":
        event = {**payloads.event_1(call), "methodArn": arn, "authorizationToken": identity[0]}
        event["identitySource"] = ",".join(identity)
    else:
        event = {**payloads.event_2(call), "routeArn": arn, "identitySource": identity}
    try:
        answer = json.loads(calls.call(authorizer.authorizer_uri, {**event, "type": "REQUEST"}))
        may = _may(answer, arn, is_simple=bool(authorizer.enable_simple_response))
    except Exception as error:
        raise RefusedError(500, "Internal Server Error", str(error)) from error
    if not may:
        raise RefusedError(403, "Forbidden", "the authorizer refused")
    return answer.get("context") or {}


def _may(answer: dict[str, Any], arn: str, *, is_simple: bool) -> bool:
    if is_simple:
        return answer["isAuthorized"] is True
    effects = [
        statement["Effect"]
        for statement in _list(answer["policyDocument"]["Statement"])
        if any(fnmatchcase(arn, each) for each in _list(statement["Resource"]))
    ]
    return "Allow" in effects and "Deny" not in effects


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
