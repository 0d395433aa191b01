"""Lambda's API, corrected where moto answers otherwise than AWS does."""

import json
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse

from emulator import asynchronous, invocation
from emulator.commands import version_of
from emulator.pools import ThrottledError

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
PAYLOAD_BYTES = 6 * 1024 * 1024

KEPT_SETTINGS = (
    "DeadLetterConfig",
    "EphemeralStorage",
    "FileSystemConfigs",
    "KMSKeyArn",
    "LoggingConfig",
    "SnapStart",
    "TracingConfig",
)


def functions_keep_their_settings() -> None:
    """All settings of a function come back, and its log goes to the group that they name."""
    create = LambdaFunction.__init__
    update = LambdaFunction.update_configuration
    get = LambdaFunction.get_configuration

    def kept(settings: dict[str, Any]) -> dict[str, Any]:
        return {name: settings[name] for name in KEPT_SETTINGS if settings.get(name)}

    def corrected_create(
        self: LambdaFunction,
        account_id: str,
        spec: dict[str, Any],
        region: str,
        version: str | int = 1,
    ) -> None:
        create(self, account_id, spec, region, version)
        self.kept_settings = kept(spec)
        self.logs_group_name = spec.get("LoggingConfig", {}).get("LogGroup", self.logs_group_name)

    def corrected_update(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.kept_settings = kept({**self.kept_settings, **config_updates})
        logging = self.kept_settings.get("LoggingConfig", {})
        self.logs_group_name = logging.get("LogGroup", self.logs_group_name)
        return update(self, config_updates)

    def corrected_get(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        config = {**get(self, on_create), **self.kept_settings}
        if not any(config.get("ImageConfigResponse", {}).get("ImageConfig", {}).values()):
            config.pop("ImageConfigResponse", None)
        return config

    LambdaFunction.__init__ = corrected_create
    LambdaFunction.update_configuration = corrected_update
    LambdaFunction.get_configuration = corrected_get


def asynchronous_settings_are_replaced() -> None:
    """Of what becomes of asynchronous calls, what was said last holds."""
    put = LambdaBackend.put_function_event_invoke_config

    def corrected(self: LambdaBackend, function_name: str, config: dict[str, Any]) -> Any:
        self.get_function(function_name).event_invoke_config = []
        return put(self, function_name, config)

    LambdaBackend.put_function_event_invoke_config = corrected


def event_sources_name_the_alias() -> None:
    """An event source made for an alias answers with the alias, not with the version behind it."""
    get = EventSourceMapping.get_configuration
    update = LambdaBackend.update_event_source_mapping

    def corrected_get(self: EventSourceMapping) -> dict[str, Any]:
        config = get(self)
        if self.function_name.startswith("arn:"):
            config["FunctionArn"] = self.function_name
        return config

    def corrected_update(self: LambdaBackend, uuid: str, spec: dict[str, Any]) -> Any:
        mapping = update(self, uuid, spec)
        if mapping is not None and "FunctionName" in spec:
            mapping.function_name = spec["FunctionName"]
        return mapping

    EventSourceMapping.get_configuration = corrected_get
    LambdaBackend.update_event_source_mapping = corrected_update


def functions_run_here() -> None:
    """A call runs the function as a process of this machine, where moto needs a container engine.

    Who asks for an answer gets one with Lambda's headers; services that call for their own events
    never wait for the function, and never see its errors.
    """

    def invoke(
        self: LambdaBackend,
        function_name: str,
        qualifier: str | None,
        body: Any,
        headers: Any,
        response_headers: Any,
    ) -> bytes:
        target = invocation.resolve(self.account_id, self.region_name, function_name, qualifier)
        payload = body.encode() if isinstance(body, str) else body or b""
        client_context = b64decode(headers.get("X-Amz-Client-Context", "")).decode()
        result = invocation.call(target, payload or b"{}", client_context)
        answer = result.payload
        if len(answer) > PAYLOAD_BYTES:
            answer = json.dumps(too_large(len(answer))).encode()
        if result.failed or answer is not result.payload:
            response_headers["x-amz-function-error"] = "Unhandled"
        response_headers["x-amz-executed-version"] = version_of(target.function)
        response_headers["x-amzn-requestid"] = result.request_id
        response_headers["x-amz-log-result"] = b64encode(result.log).decode()
        return answer

    def answer_invoke(self: LambdaResponse) -> tuple[int, dict[str, str], bytes | str]:
        name = unquote(self.path.rsplit("/", 2)[-2])
        qualifier = self.querystring.get("Qualifier", [None])[0]
        body = self.body.encode() if isinstance(self.body, str) else self.body or b""
        refused = refusal(body)
        if refused is not None:
            return refused
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind != "RequestResponse":
            target = invocation.resolve(self.current_account, self.region, name, qualifier)
            if kind == "Event":
                asynchronous.call(target.function_arn, body or b"{}", self.current_account)
            status = 202 if kind == "Event" else 204
            return status, {"status": str(status)}, b""
        headers = {"content-type": "application/json"}
        try:
            answer = self.backend.invoke(name, qualifier, body, self.headers, headers)
        except ThrottledError:
            reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
            return error(429, "TooManyRequestsException", "Rate Exceeded.", Reason=reason)
        if self.headers.get("X-Amz-Log-Type") != "Tail":
            del headers["x-amz-log-result"]
        return 200, headers, answer

    def invoke_for_a_service(
        self: LambdaFunction, body: str, _request_headers: Any, _response_headers: Any
    ) -> str:
        asynchronous.call(self.function_arn, body.encode(), self.account_id)
        return ""

    enrich = LambdaResponse._enrich_response

    def keep_request_id(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        own = {name: value for name, value in headers.items() if name == "x-amzn-requestid"}
        headers, body = enrich(headers, body)
        return {**headers, **own}, body

    LambdaBackend.invoke = invoke
    LambdaResponse.invoke = answer_invoke
    LambdaResponse._enrich_response = staticmethod(keep_request_id)
    LambdaFunction.invoke = invoke_for_a_service
    invocation.retire_idle_workers()


def refusal(body: bytes) -> tuple[int, dict[str, str], str] | None:
    """Returns the answer to a call whose payload Lambda does not take."""
    if len(body) > PAYLOAD_BYTES:
        message = f"{len(body)} byte payload is too large for the RequestResponse invocation type"
        return error(413, "RequestTooLargeException", f"{message} (limit {PAYLOAD_BYTES} bytes)")
    try:
        json.loads(body or b"{}")
    except ValueError as problem:
        message = f"Could not parse request body into json: {problem}"
        return error(400, "InvalidRequestContentException", message)
    return None


def error(status: int, kind: str, message: str, **more: str) -> tuple[int, dict[str, str], str]:
    """Returns an error as Lambda's API gives it."""
    headers = {"x-amzn-errortype": kind, "status": str(status)}
    return status, headers, json.dumps({"Type": "User", "Message": message, **more})


def too_large(size: int) -> dict[str, str]:
    """Describes the error of a function whose answer is larger than Lambda's limit."""
    message = f"Response payload size ({size} bytes) exceeded maximum allowed payload size "
    return {
        "errorMessage": f"{message}({PAYLOAD_BYTES} bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }


def deleted_functions_end() -> None:
    """The processes of a function that is deleted end, and with moto's reset those of all."""
    delete, reset = LambdaBackend.delete_function, LambdaBackend.reset

    def corrected_delete(
        self: LambdaBackend, function_name: str, qualifier: str | None = None
    ) -> None:
        name = self.get_function(function_name, qualifier).function_name
        delete(self, function_name, qualifier)
        if name not in self._lambdas._functions:
            invocation.forget(self.account_id, self.region_name, name)

    def corrected_reset(self: LambdaBackend) -> None:
        invocation.end_all()
        reset(self)

    LambdaBackend.delete_function = corrected_delete
    LambdaBackend.reset = corrected_reset
