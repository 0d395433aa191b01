"""Functions are like those in Lambda."""

import base64
import json
import os
import sys
from typing import Any

import pytest

from emulator import pools
from emulator.tests.support import Functions, eventually, zipped

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:tested"


def test_the_context_has_all_its_fields(functions: Functions) -> None:
    functions.make(
        "def handler(event, context):\n"
        "    fields = dict(vars(context), left=context.get_remaining_time_in_millis())\n"
        "    fields['identity'] = vars(context.identity)\n"
        "    fields['client_context'] = context.client_context.custom\n"
        "    return fields\n",
        MemorySize=256,
        Timeout=7,
    )
    version = functions.lambdas.publish_version(FunctionName="tested")["Version"]
    functions.lambdas.create_alias(FunctionName="tested", Name="live", FunctionVersion=version)
    context = base64.b64encode(json.dumps({"custom": {"shop": "tea"}}).encode()).decode()
    answer = functions.lambdas.invoke(
        FunctionName="tested", Qualifier="live", ClientContext=context
    )
    fields = json.loads(answer["Payload"].read())
    assert answer["ExecutedVersion"] == "1"
    assert fields.pop("aws_request_id") == answer["ResponseMetadata"]["RequestId"]
    assert 5000 < fields.pop("left") <= 7000
    assert fields.pop("_deadline") > 0
    assert fields.pop("log_stream_name").split("]")[0].endswith("/[1")
    assert fields == {
        "function_name": "tested",
        "function_version": "1",
        "invoked_function_arn": f"{ARN}:live",
        "memory_limit_in_mb": "256",
        "log_group_name": "/aws/lambda/tested",
        "tenant_id": None,
        "client_context": {"shop": "tea"},
        "identity": {"cognito_identity_id": None, "cognito_identity_pool_id": None},
    }


def test_a_function_sees_lambdas_environment_and_nothing_of_this_machine(
    functions: Functions, endpoint: str, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SECRET_OF_THIS_MACHINE", "1")
    functions.make(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        Environment={"Variables": {"GREETING": "hello", "AWS_LAMBDA_FUNCTION_NAME": "mine"}},
    )
    _, variables = functions.call()
    assert variables["GREETING"] == "hello"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "tested"
    assert variables["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert variables["AWS_ENDPOINT_URL"] == endpoint
    # On a machine without Lambda's locale, Python sets another.
    assert sorted(set(variables) - {"LC_CTYPE"}) == [
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "GREETING",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "TMPDIR",
        "TZ",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    ]


def test_an_error_has_its_message_type_and_trace(functions: Functions) -> None:
    functions.make("def handler(event, context):\n    raise ValueError('no tea')\n")
    failed, error = functions.call()
    assert failed == "Unhandled"
    assert (error["errorMessage"], error["errorType"]) == ("no tea", "ValueError")
    assert [line.split(", ", 1)[1] for line in error["stackTrace"]] == [
        "line 2, in handler\n    raise ValueError('no tea')\n"
    ]


def failure_of(functions: Functions, source: Any, **settings: Any) -> tuple[str, str]:
    name = f"failing-{len(functions.lambdas.list_functions()['Functions'])}"
    failed, error = functions.call(functions.make(source, FunctionName=name, **settings))
    assert failed == "Unhandled"
    return error["errorType"], error["errorMessage"].split(" Error: ")[-1]


def test_errors_have_lambdas_names(functions: Functions) -> None:
    assert failure_of(functions, "import tea\n") == (
        "Runtime.ImportModuleError",
        "Unable to import module 'handler': No module named 'tea'",
    )
    assert failure_of(functions, "handle = None\n") == (
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'handler'",
    )
    assert failure_of(functions, "def\n")[0] == "Runtime.UserCodeSyntaxError"
    assert failure_of(functions, "", Handler="handler") == (
        "Runtime.MalformedHandlerName",
        "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
    )
    assert failure_of(functions, "def handler(event, context):\n    return {1}\n") == (
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    )
    assert failure_of(functions, "def handler(event, context):\n    exit(3)\n") == (
        "Runtime.ExitError",
        "Runtime exited with error: exit status 3",
    )
    code = "import os\ndef handler(event, context):\n    os.kill(os.getpid(), 9)\n"
    assert failure_of(functions, code) == (
        "Runtime.ExitError",
        "Runtime exited with error: signal: killed",
    )


def test_a_timeout_is_the_functions_error_and_ends_its_processes(
    functions: Functions, tmp_path: Any
) -> None:
    mark = tmp_path / "mark"
    functions.make(
        "import subprocess, time\n"
        "def handler(event, context):\n"
        f"    subprocess.run(['/bin/sh', '-c', 'sleep 2; touch {mark}'])\n",
        Timeout=1,
    )
    failed, error = functions.call()
    assert (failed, error["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    _, after = functions.call(functions.make("def handler(*_): return 1", FunctionName="other"))
    assert after == 1
    assert not mark.exists()


def test_a_worker_stays_warm_until_the_function_changes(functions: Functions) -> None:
    code = "calls = []\ndef handler(event, context):\n    calls.append(event)\n    return calls\n"
    functions.make(code)
    assert functions.call(event=1) == (None, [1])
    assert functions.call(event=2) == (None, [1, 2])
    variables = {"Variables": {"CHANGED": "1"}}
    functions.lambdas.update_function_configuration(FunctionName="tested", Environment=variables)
    assert functions.call(event=3) == (None, [3])


def test_the_workers_of_earlier_code_end_when_that_of_later_code_is_called(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SUPERSEDED_SECONDS", 0.0)
    code = "import os\ndef handler(event, context):\n    return os.getpid()\n"
    functions.make(code)
    _, first = functions.call()
    functions.lambdas.update_function_code(
        FunctionName="tested", ZipFile=zipped({"handler.py": f"{code}# changed\n"})
    )
    _, second = functions.call()
    assert second != first
    eventually(lambda: is_running(first), wanted=False)
    assert is_running(second)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_payload_may_be_of_any_size_that_lambda_takes(functions: Functions) -> None:
    functions.make("def handler(event, context):\n    return event[::-1]\n")
    text = "tea" * 1_000_000
    assert functions.call(event=text) == (None, text[::-1])


def test_handlers_lie_in_folders_and_packages(functions: Functions) -> None:
    files = {"shop/__init__.py": "", "shop/orders.py": "def take(event, context):\n    return 1\n"}
    functions.make(files, FunctionName="folder", Handler="shop/orders.take")
    functions.make(files, FunctionName="package", Handler="shop.orders.take")
    assert functions.call("folder") == (None, 1)
    assert functions.call("package") == (None, 1)


def test_layers_are_on_the_path_the_functions_own_code_first(functions: Functions) -> None:
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    arns = [
        functions.lambdas.publish_layer_version(LayerName=name, Content={"ZipFile": zipped(files)})[
            "LayerVersionArn"
        ]
        for name, files in {
            "one": {"python/tea.py": "kind = 'green'", "python/handler.py": "", "bin/brew": ""},
            "two": {f"python/lib/{version}/site-packages/pot.py": "size = 3"},
        }.items()
    ]
    functions.make(
        "import os, tea, pot\n"
        "def handler(event, context):\n"
        "    return [tea.kind, pot.size, [p for p in os.environ['PATH'].split(':')"
        " if os.path.exists(p + '/brew')] != []]\n",
        Layers=arns,
    )
    assert functions.call() == (None, ["green", 3, True])


def test_the_runtimes_sdk_is_there_and_no_other_package_of_the_emulator(
    functions: Functions,
) -> None:
    functions.make(
        "import boto3, importlib.util\n"
        "def handler(event, context):\n"
        "    return [boto3.client('sqs').list_queues().get('QueueUrls'),"
        " importlib.util.find_spec('flask'), importlib.util.find_spec('moto')]\n",
        Timeout=20,
    )
    assert functions.call() == (None, [None, None, None])


def test_logs_are_in_the_functions_group_also_when_nobody_has_made_it(
    functions: Functions, aws: Any
) -> None:
    functions.make(
        "import logging\n"
        "def handler(event, context):\n"
        "    print('printed')\n"
        "    logging.getLogger('shop').warning('logged')\n"
    )
    answer = functions.lambdas.invoke(FunctionName="tested", LogType="Tail")
    events = aws("logs").filter_log_events(logGroupName="/aws/lambda/tested")["events"]
    lines = [event["message"] for event in events]
    request = answer["ResponseMetadata"]["RequestId"]
    assert lines[0] == f"START RequestId: {request} Version: $LATEST"
    assert lines[1] == "printed"
    assert lines[2].startswith("[WARNING]\t20")
    assert lines[2].endswith(f"Z\t{request}\tlogged")
    assert lines[3] == f"END RequestId: {request}"
    assert lines[4].startswith(f"REPORT RequestId: {request}\tDuration: ")
    assert functions.tail(answer) == lines


def test_a_log_may_be_json(functions: Functions) -> None:
    functions.make(
        "import logging\n"
        "def handler(event, context):\n"
        "    logging.getLogger('shop').info('quiet')\n"
        "    logging.getLogger('shop').warning('logged')\n",
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "WARN", "LogGroup": "/shop"},
    )
    answer = functions.lambdas.invoke(FunctionName="tested", LogType="Tail")
    lines = [json.loads(line) for line in functions.tail(answer)]
    request = answer["ResponseMetadata"]["RequestId"]
    assert [line.get("type") for line in lines] == ["platform.start", None, "platform.report"]
    assert lines[0]["record"] == {"requestId": request, "version": "$LATEST"}
    del lines[1]["timestamp"]
    assert lines[1] == {
        "level": "WARNING",
        "message": "logged",
        "logger": "shop",
        "requestId": request,
    }


def test_a_reserved_concurrency_of_none_throttles(functions: Functions) -> None:
    functions.make("def handler(event, context):\n    return 1\n")
    functions.lambdas.put_function_concurrency(
        FunctionName="tested", ReservedConcurrentExecutions=0
    )
    throttled = functions.lambdas.exceptions.TooManyRequestsException
    with pytest.raises(throttled, match="Rate Exceeded"):
        functions.call()


def test_what_cannot_run_says_why(functions: Functions) -> None:
    functions.make({"Handler.class": ""}, Runtime="java21", Handler="shop.Handler")
    failed, error = functions.call()
    assert (failed, error) == (
        "Unhandled",
        {
            "errorType": "Runtime.CannotRunHere",
            "errorMessage": "tested can't run here: the runtime java21 does not run on the local "
            "platform; python, nodejs and provided do.",
        },
    )


def test_custom_runtimes_speak_the_runtime_api(functions: Functions) -> None:
    script = (
        f"#!{sys.executable}\n"
        "import os, urllib.request as r\n"
        "api = f\"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation\"\n"
        "while True:\n"
        "    call = r.urlopen(api + '/next')\n"
        "    name = call.headers['Lambda-Runtime-Aws-Request-Id']\n"
        "    r.urlopen(f'{api}/{name}/response', data=call.read())\n"
    )
    functions.make({"bootstrap": script}, Runtime="provided.al2023", Handler="unused")
    assert functions.call(event={"tea": 1}) == (None, {"tea": 1})
