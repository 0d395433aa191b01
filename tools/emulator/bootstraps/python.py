"""Runs a Python function as Lambda's own runtime does: `python -S python.py OPT RUNTIME [WHEELS]`.

OPT holds the layers, RUNTIME the packages that Lambda's runtime brings, and WHEELS those that take
the place of what is built for another machine. It is run by the Python of the function's runtime,
so it knows nothing but the standard library, from Python 3.9 on.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import decimal
import http.client
import importlib
import json
import logging
import os
import site
import sys
import threading
import time
import traceback

API = "/2018-06-01/runtime"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


class Identity:
    """The Cognito identity that called, if any."""

    def __init__(self, given):
        self.cognito_identity_id = given.get("cognitoIdentityId")
        self.cognito_identity_pool_id = given.get("cognitoIdentityPoolId")


class Client:
    """The app that called through the mobile SDK."""

    def __init__(self, given):
        self.installation_id = given.get("installation_id")
        self.app_title = given.get("app_title")
        self.app_version_name = given.get("app_version_name")
        self.app_version_code = given.get("app_version_code")
        self.app_package_name = given.get("app_package_name")


class ClientContext:
    """The client context that the call carried."""

    def __init__(self, given):
        self.custom = given.get("custom")
        self.env = given.get("env")
        self.client = Client(given["client"]) if given.get("client") else None


class LambdaContext:
    """The context object of a call.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.tenant_id = None
        client = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self.identity = Identity(json.loads(headers.get("Lambda-Runtime-Cognito-Identity", "{}")))
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        """Returns the milliseconds until the call times out."""
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        """Writes to the function's log."""
        sys.stdout.write(str(message))


class RequestId(logging.Filter):
    """Gives log records the id of the call that is under way."""

    current = ""

    def filter(self, record):
        record.aws_request_id = RequestId.current
        return True


class JsonFormatter(logging.Formatter):
    """Lambda's JSON format of log records."""

    def format(self, record):
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if record.exc_info:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, default=str)


class RuntimeFaultError(Exception):
    """An error of a kind that Lambda has a name for."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def main(opt, runtime, *wheels):
    """Calls the function for each invocation that the emulator hands out."""
    end_with_the_emulator()
    find_packages(opt, runtime, wheels)
    set_up_logging()
    host = os.environ["AWS_LAMBDA_RUNTIME_API"]
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        post(connect(host), "/init/error", failure(error))
        sys.exit(1)
    connection = connect(host)
    while True:
        connection.request("GET", API + "/invocation/next")
        response = connection.getresponse()
        answer(connection, handler, response.headers, response.read())


def answer(connection, handler, headers, body):
    """Calls the handler, and hands its result or its error over."""
    context = LambdaContext(headers)
    RequestId.current = context.aws_request_id
    os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
    path = "/invocation/" + context.aws_request_id
    try:
        result = marshalled(handler(unmarshalled(body), context))
    except Exception as error:
        post(connection, path + "/error", failure(error))
    else:
        post(connection, path + "/response", result)


def unmarshalled(body):
    """Reads the event."""
    try:
        return json.loads(body)
    except ValueError as error:
        message = f"Unable to unmarshal input: {error}"
        raise RuntimeFaultError("Runtime.UnmarshalError", message) from None


def marshalled(result):
    """Writes what the handler returned."""
    try:
        return json.dumps(result, default=number).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = f"Unable to marshal response: {error}"
        raise RuntimeFaultError("Runtime.MarshalError", message) from None


def number(value):
    """Writes a Decimal, which DynamoDB's numbers are, as a number."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def failure(error):
    """Logs an error, and describes it as Lambda does."""
    named = isinstance(error, RuntimeFaultError)
    kind = error.kind if named else type(error).__name__
    frames = [] if named else traceback.extract_tb(error.__traceback__)
    trace = traceback.format_list(
        [each for each in frames if each.filename != __file__ and "importlib" not in each.filename]
    )
    lines = [f"[ERROR] {kind}: {error}"]
    if trace:
        lines += ["Traceback (most recent call last):", "".join(trace).rstrip()]
    print(*lines, sep="\n", flush=True)  # noqa: T201 - that is the log
    described = {
        "errorMessage": str(error),
        "errorType": kind,
        "requestId": RequestId.current,
        "stackTrace": trace,
    }
    return json.dumps(described).encode()


def load(handler):
    """Finds the handler by its name, `folder/module.function` or `package.module.function`."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        message = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise RuntimeFaultError("Runtime.MalformedHandlerName", message)
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise RuntimeFaultError("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFaultError("Runtime.UserCodeSyntaxError", message) from error
    if not hasattr(module, name):
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise RuntimeFaultError("Runtime.HandlerNotFound", message)
    return getattr(module, name)


def connect(host):
    """Opens a connection to the emulator."""
    return http.client.HTTPConnection(host)


def post(connection, path, body):
    """Hands a result over, after everything that was printed before it."""
    sys.stdout.flush()
    sys.stderr.flush()
    headers = {"Content-Type": "application/json"}
    if path.endswith("/error"):
        headers["Lambda-Runtime-Function-Error-Type"] = "Unhandled"
    connection.request("POST", API + path, body, headers)
    connection.getresponse().read()


def find_packages(opt, runtime, wheels):
    """Puts the function's code first, then its layers, and the runtime's packages last."""
    layers = [f"{opt}/python/lib/python{VERSION}/site-packages", f"{opt}/python"]
    own = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    standard = [part for part in sys.path[1:] if part not in own]
    sys.path[:] = [*wheels, os.environ["LAMBDA_TASK_ROOT"], *own, *layers, *standard, runtime]
    sys.argv[:] = sys.argv[:1]
    # Without the site module, which -S leaves out with the machine's own packages.
    site.setquit()


def set_up_logging():
    """Gives the root logger the handler that Lambda gives it."""
    sys.stdout.reconfigure(line_buffering=True)
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(RequestId())
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        handler.setFormatter(JsonFormatter())
        logging.root.setLevel(
            os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO").replace("TRACE", "DEBUG")
        )
    else:
        line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        formatter = logging.Formatter(line, "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
    logging.root.addHandler(handler)


def end_with_the_emulator():
    """Ends this process when the emulator does: only it holds the other end of standard input."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait():
        os.read(pipe, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
