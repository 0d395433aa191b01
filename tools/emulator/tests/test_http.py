"""HTTP APIs and function URLs, called as people and programs call them."""

import base64
import http.server
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from emulator import calls, issuer
from emulator.tests.support import Clients, Functions

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:show"
ISSUER = "https://login.example.com/"


class Api:
    """An HTTP API whose routes lead to one function."""

    def __init__(self, aws: Clients, **settings: Any) -> None:
        self.client = aws("apigatewayv2")
        created = self.client.create_api(Name="shop", ProtocolType="HTTP", **settings)
        self.id, self.url = created["ApiId"], created["ApiEndpoint"]
        self.stage("$default")

    def stage(self, name: str, **settings: Any) -> None:
        self.client.create_stage(ApiId=self.id, StageName=name, AutoDeploy=True, **settings)

    def route(self, key: str, version: str = "2.0", uri: str = ARN, **settings: Any) -> None:
        integration = self.client.create_integration(
            ApiId=self.id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=uri,
            PayloadFormatVersion=version,
        )["IntegrationId"]
        target = f"integrations/{integration}"
        self.client.create_route(ApiId=self.id, RouteKey=key, Target=target, **settings)

    def authorizer(self, kind: str, **settings: Any) -> str:
        given = {"ApiId": self.id, "Name": "who", "AuthorizerType": kind, **settings}
        return str(self.client.create_authorizer(**given)["AuthorizerId"])

    def get(self, path: str = "/", **settings: Any) -> requests.Response:
        return requests.get(f"{self.url}{path}", timeout=5, **settings)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The events that functions were called with."""
    events: list[Any] = []

    def call(_: str, event: Any) -> str:
        events.append(event)
        return json.dumps({"statusCode": 200, "body": "ok"})

    monkeypatch.setattr(calls, "call", call)
    return events


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says what every function answers."""
    return lambda text: monkeypatch.setattr(calls, "call", lambda *_: text)


def fail(*_: Any) -> str:
    raise calls.FunctionError('{"errorMessage": "no"}')


def test_format_2_tells_a_function_everything(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.stage("v1", StageVariables={"color": "blue"})
    api.route("POST /orders/{id}/{rest+}")
    headers = {"X-Mixed": "a", "Cookie": "one=1; two=2", "Content-Type": "application/json"}
    url = f"{api.url}/v1/orders/a%20b/c/d?q=1&q=2&empty=&u=%C3%A4"
    requests.post(url, data='{"n": 1}', headers=headers, timeout=5)
    (event,) = seen
    context = event.pop("requestContext")
    assert (
        event.pop("headers").items()
        >= {
            "x-mixed": "a",
            "content-type": "application/json",
            "content-length": "8",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-proto": "http",
        }.items()
    )
    assert event == {
        "version": "2.0",
        "routeKey": "POST /orders/{id}/{rest+}",
        "rawPath": "/v1/orders/a b/c/d",
        "rawQueryString": "q=1&q=2&empty=&u=%C3%A4",
        "cookies": ["one=1", "two=2"],
        "queryStringParameters": {"q": "1,2", "empty": "", "u": "ä"},
        "body": '{"n": 1}',
        "pathParameters": {"id": "a b", "rest": "c/d"},
        "isBase64Encoded": False,
        "stageVariables": {"color": "blue"},
    }
    assert {name: context[name] for name in ("accountId", "apiId", "domainPrefix", "stage")} == {
        "accountId": "123456789012",
        "apiId": api.id,
        "domainPrefix": api.id,
        "stage": "v1",
    }
    assert context["routeKey"] == "POST /orders/{id}/{rest+}"
    assert (
        context["http"].items()
        >= {
            "method": "POST",
            "path": "/v1/orders/a b/c/d",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
        }.items()
    )
    assert "authorizer" not in context


def test_format_2_leaves_out_what_a_request_does_not_have(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.route("GET /")
    api.get()
    assert sorted(seen[0]) == [
        *("headers", "isBase64Encoded", "rawPath", "rawQueryString", "requestContext"),
        *("routeKey", "version"),
    ]
    assert seen[0]["headers"]["content-length"] == "0"


def test_format_1_has_every_value_of_headers_and_queries(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.route("ANY /orders/{id}", version="1.0")
    request = b"GET /_execute-api/%s/orders/7?q=1&q=2 HTTP/1.1\r\nHost: x\r\nX-Many: a\r\n" % (
        api.id.encode()
    )
    raw(api.url, request + b"X-Many: b\r\nConnection: close\r\n\r\n")
    (event,) = seen
    assert event["multiValueHeaders"]["X-Many"] == ["a", "b"]
    assert event["headers"]["X-Many"] == "b"
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["queryStringParameters"] == {"q": "2"}
    assert {name: event[name] for name in ("version", "resource", "path", "httpMethod")} == {
        "version": "1.0",
        "resource": "/orders/{id}",
        "path": "/orders/7",
        "httpMethod": "GET",
    }
    assert event["pathParameters"] == {"id": "7"}
    assert event["stageVariables"] is None
    assert event["body"] is None
    assert event["requestContext"]["authorizer"] == {"claims": None, "scopes": None}
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def raw(url: str, request: bytes) -> None:
    """Sends what no client lets itself be made to send."""
    address = urlparse(url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=5) as connection:
        connection.sendall(request)
        while connection.recv(1024):
            pass


@pytest.mark.parametrize(
    ("kind", "data", "body", "encoded"),
    [
        ("text/plain", "ä".encode(), "ä", False),
        ("application/problem+json", b"{}", "{}", False),
        ("application/octet-stream", b"\x00\xff", "AP8=", True),
        ("application/x-www-form-urlencoded", b"a=1", "YT0x", True),
        ("text/plain", b"\xff", "/w==", True),
    ],
)
def test_a_body_that_is_no_text_is_in_base64(
    aws: Clients, seen: list[Any], kind: str, data: bytes, body: str, encoded: bool
) -> None:
    api = Api(aws)
    api.route("POST /")
    requests.post(f"{api.url}/", data=data, headers={"Content-Type": kind}, timeout=5)
    assert (seen[0]["body"], seen[0]["isBase64Encoded"]) == (body, encoded)


@pytest.mark.parametrize(
    ("payload", "status", "kind", "body"),
    [
        ('{"hello": "world"}', 200, "application/json", b'{"hello": "world"}'),
        ('"hello"', 200, "application/json", b'"hello"'),
        ("null", 200, "application/json", b"null"),
        ('{"half', 200, "application/json", b'{"half'),
        ('{"statusCode": 201}', 201, "text/plain; charset=utf-8", b""),
        ('{"statusCode": "404", "body": "x"}', 404, "text/plain; charset=utf-8", b"x"),
        ('{"statusCode": 200, "body": "AP8=", "isBase64Encoded": true}', 200, None, b"\x00\xff"),
        ('{"statusCode": 200, "headers": {"Content-Type": "a/b"}}', 200, "a/b", b""),
        ('{"statusCode": 200, "body": {"a": 1}}', 500, "application/json", None),
        ('{"statusCode": "soon"}', 500, "application/json", None),
    ],
)
def test_an_answer_in_format_2(
    aws: Clients,
    answers: Callable[[str], None],
    payload: str,
    status: int,
    kind: str | None,
    body: bytes | None,
) -> None:
    api = Api(aws)
    api.route("GET /")
    answers(payload)
    response = api.get()
    assert response.status_code == status
    assert response.content == (body if body is not None else INTERNAL)
    assert kind in (None, response.headers["Content-Type"])


INTERNAL = b'{"message":"Internal Server Error"}'


def test_cookies_of_an_answer_become_headers(aws: Clients, answers: Callable[[str], None]) -> None:
    api = Api(aws)
    api.route("GET /")
    answers('{"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"], "headers": {"X-N": 5}}')
    response = api.get()
    assert response.raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2"]
    assert response.headers["X-N"] == "5"


def test_format_1_wants_a_whole_answer(aws: Clients, answers: Callable[[str], None]) -> None:
    api = Api(aws)
    api.route("GET /", version="1.0")
    answers('{"hello": "world"}')
    assert (api.get().status_code, api.get().content) == (500, INTERNAL)
    answers('{"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}}')
    assert api.get().raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_what_no_route_answers_is_not_found(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.route("GET /orders/{id}")
    for path in ("/", "/orders", "/orders/", "/orders/1/2"):
        response = api.get(path)
        assert (response.status_code, response.text) == (404, '{"message":"Not Found"}')
    nobody = f"{api.url[: -len(api.id)]}aaaaaaaa/"
    assert requests.get(nobody, timeout=5).text == '{"message":"Not Found"}'
    assert seen == []


def test_an_api_answers_by_its_host_as_well(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.route("GET /orders")
    root = api.url.partition("/_")[0]
    host = {"Host": f"{api.id}.execute-api.localhost"}
    assert requests.get(f"{root}/orders", headers=host, timeout=5).text == "ok"
    assert seen[0]["rawPath"] == "/orders"


def test_a_function_that_fails_is_an_internal_error(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(aws)
    api.route("GET /")
    api.route("GET /missing", uri=f"{ARN}-missing")
    assert (api.get("/missing").status_code, api.get("/missing").content) == (500, INTERNAL)
    monkeypatch.setattr(calls, "call", fail)
    assert (api.get().status_code, api.get().content) == (500, INTERNAL)


def test_a_function_that_may_not_run_at_all(aws: Clients, functions: Functions) -> None:
    functions.make("", FunctionName="show")
    functions.lambdas.put_function_concurrency(FunctionName="show", ReservedConcurrentExecutions=0)
    api = Api(aws)
    api.route("GET /")
    url = functions.lambdas.create_function_url_config(FunctionName="show", AuthType="NONE")
    assert (api.get().status_code, api.get().text) == (503, '{"message":"Service Unavailable"}')
    response = requests.get(url["FunctionUrl"], timeout=5)
    assert (response.status_code, response.json()["Message"]) == (429, "Rate Exceeded.")


def test_a_function_that_takes_too_long_is_unavailable(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(aws)
    api.route("GET /")
    (integration,) = api.client.get_integrations(ApiId=api.id)["Items"]
    api.client.update_integration(
        ApiId=api.id, IntegrationId=integration["IntegrationId"], TimeoutInMillis=50
    )
    woken = threading.Event()

    monkeypatch.setattr(calls, "call", lambda *_: woken.wait(5))
    response = api.get()
    woken.set()
    assert (response.status_code, response.text) == (503, '{"message":"Service Unavailable"}')


class TestTokens:
    """JWT authorizers."""

    @pytest.fixture
    def api(self, aws: Clients) -> Api:
        api = Api(aws)
        configuration = {"Issuer": ISSUER, "Audience": ["shop"]}
        who = {
            "AuthorizationType": "JWT",
            "AuthorizerId": api.authorizer(
                "JWT",
                IdentitySource=["$request.header.Authorization"],
                JwtConfiguration=configuration,
            ),
        }
        api.route("GET /orders", **who)
        api.route("GET /admin", AuthorizationScopes=["admin", "root"], **who)
        return api

    @staticmethod
    def bearer(**claims: Any) -> dict[str, str]:
        token = issuer.sign({"iss": ISSUER, "aud": "shop", **claims})
        return {"Authorization": f"Bearer {token}"}

    def test_a_good_one_is_let_in_with_its_claims(self, api: Api, seen: list[Any]) -> None:
        headers = self.bearer(groups=["a", "b"], level=3, scope="read")
        assert api.get("/orders", headers=headers).status_code == 200
        said = seen[0]["requestContext"]["authorizer"]["jwt"]
        assert said["scopes"] is None
        assert said["claims"].items() >= {"aud": "shop", "groups": "[a b]", "level": "3"}.items()

    def test_one_without_bearer_before_it_is_taken(self, api: Api, seen: list[Any]) -> None:
        token = self.bearer()["Authorization"].removeprefix("Bearer ")
        assert api.get("/orders", headers={"Authorization": token}).status_code == 200
        assert len(seen) == 1

    @pytest.mark.parametrize(
        ("claims", "reason"),
        [
            ({"aud": "other"}, "the token does not have a valid audience"),
            ({"aud": ["other"], "client_id": "shop"}, "the token does not have a valid audience"),
            ({"iss": "https://other.example.com/"}, "the token was not issued by a valid issuer"),
            ({"exp": 1}, "the token has expired"),
            ({"nbf": int(time.time()) + 900}, "the token is not valid yet"),
        ],
    )
    def test_a_bad_one_is_refused(
        self, api: Api, seen: list[Any], claims: dict[str, Any], reason: str
    ) -> None:
        response = api.get("/orders", headers=self.bearer(**claims))
        assert (response.status_code, response.text) == (401, '{"message":"Unauthorized"}')
        challenge = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
        assert response.headers["WWW-Authenticate"] == challenge
        assert seen == []

    def test_none_is_refused(self, api: Api, seen: list[Any]) -> None:
        response = api.get("/orders")
        assert (response.status_code, response.text) == (401, '{"message":"Unauthorized"}')
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert seen == []

    def test_one_that_was_changed_is_refused(self, api: Api, seen: list[Any]) -> None:
        header, payload, signature = self.bearer()["Authorization"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
        other = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "root"}).encode()).decode()
        forged = f"{header}.{other.rstrip('=')}.{signature}"
        assert api.get("/orders", headers={"Authorization": forged}).status_code == 401
        assert seen == []

    @pytest.mark.parametrize(
        ("scope", "status"), [("admin", 200), ("a root", 200), ("read", 403), ("", 403)]
    )
    def test_a_route_wants_one_of_its_scopes(
        self, api: Api, seen: list[Any], scope: str, status: int
    ) -> None:
        response = api.get("/admin", headers=self.bearer(scope=scope))
        assert response.status_code == status
        if status == 403:
            assert (response.text, seen) == ('{"message":"Forbidden"}', [])
        else:
            said = seen[0]["requestContext"]["authorizer"]["jwt"]
            assert said["scopes"] == scope.split()

    def test_the_issuer_gives_them_to_anybody(self, api: Api, seen: list[Any]) -> None:
        root = api.url.partition("/_")[0]
        claims = {"iss": ISSUER, "aud": "shop", "scope": "admin"}
        token = requests.post(f"{root}/_issuer/token", data=claims, timeout=5).json()
        headers = {"Authorization": f"{token['token_type']} {token['access_token']}"}
        assert api.get("/admin", headers=headers).status_code == 200
        assert len(seen) == 1

    def test_one_of_a_real_provider_is_checked_with_its_keys(
        self, aws: Clients, seen: list[Any]
    ) -> None:
        key, other = (RSAKey.generate_key(2048, auto_kid=True) for _ in range(2))
        with provider(KeySet([key])) as url:
            api = Api(aws)
            who = api.authorizer(
                "JWT",
                IdentitySource=["$request.header.Authorization"],
                JwtConfiguration={"Issuer": url, "Audience": ["shop"]},
            )
            api.route("GET /", AuthorizationType="JWT", AuthorizerId=who)
            claims = {"iss": url, "client_id": "shop", "exp": int(time.time()) + 60}
            statuses = []
            for signer in (key, other):
                token = jwt.encode({"alg": "RS256", "kid": signer.kid}, claims, signer)
                statuses.append(api.get(headers={"Authorization": token}).status_code)
            assert statuses == [200, 401]
        assert len(seen) == 1


class provider:  # noqa: N801 - used like a function
    """An OpenID provider, as far as its keys go."""

    def __init__(self, keys: KeySet) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = {"jwks_uri": f"{provider.url}/keys"}
                value = keys.as_dict(private=False) if self.path == "/keys" else found
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(value).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        provider.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return provider.url

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    url = ""


SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=dev/20260101/eu-west-1/execute-api/aws4_request, "
    "SignedHeaders=host, Signature=00"
}


def test_signed_requests_are_let_in(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    api.route("GET /", AuthorizationType="AWS_IAM")
    response = api.get()
    assert (response.status_code, response.text) == (403, '{"message":"Forbidden"}')
    assert api.get(headers={"Authorization": "dev/20260101/eu-west-1"}).status_code == 403
    assert api.get(headers=SIGNED).status_code == 200
    assert api.get("/?X-Amz-Credential=dev/20260101/eu-west-1").status_code == 200
    signers = [each["requestContext"]["authorizer"]["iam"]["accessKey"] for each in seen]
    assert signers == ["dev", "dev"]


@pytest.mark.parametrize(
    ("answer", "simple", "status"),
    [
        ({"isAuthorized": True, "context": {"tenant": "a"}}, True, 200),
        ({"isAuthorized": False}, True, 403),
        ({}, True, 500),
        ({"policyDocument": {"Statement": {"Effect": "Allow", "Resource": "*"}}}, False, 200),
        ({"policyDocument": {"Statement": [{"Effect": "Deny", "Resource": "*"}]}}, False, 403),
    ],
)
def test_a_function_decides_who_is_let_in(
    aws: Clients, monkeypatch: pytest.MonkeyPatch, answer: Any, simple: bool, status: int
) -> None:
    events: list[Any] = []

    def call(_: str, event: Any) -> str:
        events.append(event)
        return json.dumps(answer if event.get("type") == "REQUEST" else {})

    monkeypatch.setattr(calls, "call", call)
    api = Api(aws)
    who = api.authorizer(
        "REQUEST",
        AuthorizerUri=f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{ARN}/invocations",
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=simple,
        IdentitySource=["$request.header.X-Who"],
    )
    api.route("GET /orders", AuthorizationType="CUSTOM", AuthorizerId=who)
    assert api.get("/orders").status_code == 401
    assert api.get("/orders", headers={"X-Who": "me"}).status_code == status
    assert events[0]["identitySource"] == ["me"]
    arn = f"arn:aws:execute-api:eu-west-1:123456789012:{api.id}/$default/GET/orders"
    assert events[0]["routeArn"] == arn
    if status == 200:
        said = events[1]["requestContext"]["authorizer"]["lambda"]
        assert said == answer.get("context", {})


PAGE = {"Origin": "https://shop.example.com"}
ASKING = {**PAGE, "Access-Control-Request-Method": "PUT"}
CORS = {
    "AllowOrigins": ["https://shop.example.com"],
    "AllowMethods": ["PUT"],
    "AllowHeaders": ["x-token"],
    "ExposeHeaders": ["x-count"],
    "AllowCredentials": True,
    "MaxAge": 300,
}
ALLOWED = {
    "access-control-allow-origin": "https://shop.example.com",
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "x-count",
}
PREFLIGHT = {
    **ALLOWED,
    "access-control-allow-methods": "PUT",
    "access-control-allow-headers": "x-token",
    "access-control-max-age": "300",
}


def cors_of(response: requests.Response) -> dict[str, str]:
    headers = response.headers.items()
    return {name.lower(): each for name, each in headers if name.lower().startswith("access-")}


def test_an_api_answers_what_browsers_ask_first(
    aws: Clients, answers: Callable[[str], None]
) -> None:
    api = Api(aws, CorsConfiguration=CORS)
    api.route("ANY /", AuthorizationType="AWS_IAM")
    api.route("GET /open")
    answers('{"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}')
    asked = requests.options(f"{api.url}/", headers=ASKING, timeout=5)
    assert (asked.status_code, cors_of(asked)) == (204, PREFLIGHT)
    other = requests.options(f"{api.url}/", headers={**ASKING, "Origin": "https://x"}, timeout=5)
    assert (other.status_code, cors_of(other)) == (204, {})
    assert cors_of(api.get("/open", headers=PAGE)) == ALLOWED
    assert cors_of(api.get("/open")) == {}
    assert cors_of(api.get("/", headers=PAGE)) == ALLOWED


def test_an_access_log_is_written(aws: Clients, seen: list[Any]) -> None:
    api = Api(aws)
    logs = aws("logs")
    logs.create_log_group(logGroupName="access")
    line = {"path": "$context.path", "status": "$context.status", "key": "$context.routeKey"}
    line["why"] = "$context.authorizer.error"
    settings = {
        "DestinationArn": "arn:aws:logs:eu-west-1:123456789012:log-group:access",
        "Format": json.dumps(line),
    }
    api.stage("v1", AccessLogSettings=settings)
    api.route("GET /orders")
    api.get("/v1/orders")
    api.get("/v1/nothing")
    (stream,) = logs.describe_log_streams(logGroupName="access")["logStreams"]
    events = logs.get_log_events(logGroupName="access", logStreamName=stream["logStreamName"])
    assert [json.loads(each["message"]) for each in events["events"]] == [
        {"path": "/v1/orders", "status": "200", "key": "GET /orders", "why": "-"},
        {"path": "/v1/nothing", "status": "404", "key": "$default", "why": "-"},
    ]
    assert len(seen) == 1


class TestFunctionUrls:
    """Function URLs."""

    @staticmethod
    def url(aws: Clients, **settings: Any) -> str:
        Functions(aws).make("", FunctionName="show")
        client = aws("lambda")
        client.publish_version(FunctionName="show")
        client.create_alias(FunctionName="show", Name="live", FunctionVersion="1")
        given = {"FunctionName": "show", "Qualifier": "live", "AuthType": "NONE", **settings}
        created = client.create_function_url_config(**given)
        assert created["FunctionArn"] == f"{ARN}:live"
        return str(created["FunctionUrl"])

    def test_one_calls_its_function(self, aws: Clients, seen: list[Any]) -> None:
        url = self.url(aws)
        assert requests.get(f"{url}a/b?q=1", timeout=5).text == "ok"
        context = seen[0].pop("requestContext")
        seen[0].pop("headers")
        assert seen == [
            {
                "version": "2.0",
                "routeKey": "$default",
                "rawPath": "/a/b",
                "rawQueryString": "q=1",
                "queryStringParameters": {"q": "1"},
                "isBase64Encoded": False,
            }
        ]
        assert (context["accountId"], context["apiId"]) == ("anonymous", url.split("/")[-2])

    def test_a_closed_one_wants_signed_requests(self, aws: Clients, seen: list[Any]) -> None:
        url = self.url(aws, AuthType="AWS_IAM")
        response = requests.get(url, timeout=5)
        assert (response.status_code, response.text) == (403, '{"Message": "Forbidden"}')
        assert requests.get(url, headers=SIGNED, timeout=5).status_code == 200
        assert seen[0]["requestContext"]["authorizer"]["iam"]["accountId"] == "123456789012"

    def test_a_function_that_fails_is_a_bad_gateway(
        self, aws: Clients, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = self.url(aws)
        monkeypatch.setattr(calls, "call", fail)
        response = requests.get(url, timeout=5)
        assert (response.status_code, response.text) == (502, "Internal Server Error")

    def test_one_answers_what_browsers_ask_first(self, aws: Clients, seen: list[Any]) -> None:
        url = self.url(aws, Cors=CORS)
        asked = requests.options(url, headers=ASKING, timeout=5)
        assert (asked.status_code, cors_of(asked)) == (200, PREFLIGHT)
        assert cors_of(requests.get(url, headers=PAGE, timeout=5)) == ALLOWED
        assert len(seen) == 1

    def test_its_settings_come_back(self, aws: Clients) -> None:
        self.url(aws, InvokeMode="RESPONSE_STREAM")
        client = aws("lambda")
        found = client.get_function_url_config(FunctionName="show", Qualifier="live")
        assert found["InvokeMode"] == "RESPONSE_STREAM"
        client.update_function_url_config(
            FunctionName="show", Qualifier="live", InvokeMode="BUFFERED"
        )
        found = client.get_function_url_config(FunctionName="show", Qualifier="live")
        assert found["InvokeMode"] == "BUFFERED"
