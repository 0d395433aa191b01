"""Starts moto's server, corrected where it answers otherwise than AWS does.

Without these the provider would find differences that nobody made, at every update. They are for
the version that requirements.txt pins; with a newer one try first which of them it still needs.
"""

import io
import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from tempfile import TemporaryDirectory
from typing import Any

import docker
from codedeploy import functions_are_deployed
from moto.awslambda.models import (
    EventSourceMapping,
    LambdaBackend,
    LambdaFunction,
    lambda_backends,
)
from moto.events.models import Rule
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.server import main
from moto.sqs.models import Queue


def queues_keep_their_policy() -> None:
    """Setting another attribute of a queue leaves its policy as it is."""
    set_attributes = Queue._set_attributes

    def corrected(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        set_attributes(self, {"Policy": getattr(self, "policy", None), **attributes}, now)

    Queue._set_attributes = corrected


def redrive_policies_have_no_blanks() -> None:
    """JSON that comes back is written as compactly as AWS writes it."""
    attributes = Queue.attributes.fget

    def corrected(self: Queue) -> dict[str, Any]:
        result = attributes(self)
        if "RedrivePolicy" in result:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return result

    Queue.attributes = property(corrected)


def bucket_policies_may_have_conditions() -> None:
    """A statement with a condition does not apply to every request.

    Which requests it would apply to is not worked out: what the components' policies refuse is
    requests without TLS, and there is no TLS here.
    """

    def corrected(self: FakeBucket, action: str, resource: str) -> PermissionResult:
        policy = json.loads(self.policy or '{"Statement": []}')
        statements = [each for each in policy["Statement"] if "Condition" not in each]
        if not statements:
            return PermissionResult.NEUTRAL
        unconditional = IAMPolicy(json.dumps({**policy, "Statement": statements}))
        return unconditional.is_action_permitted(action, resource)

    FakeBucket.get_permission = corrected


def delete_markers_can_be_deleted() -> None:
    """A versioned bucket can be emptied of what was deleted from it before."""

    def nothing_to_close(self: FakeDeleteMarker, garbage: bool = False) -> None:
        pass

    FakeDeleteMarker.dispose = nothing_to_close


KEPT_SETTINGS = (
    "EphemeralStorage",
    "FileSystemConfigs",
    "KMSKeyArn",
    "LoggingConfig",
    "SnapStart",
    "TracingConfig",
)


def functions_keep_their_settings() -> None:
    """What a function was given comes back, and its log goes where that says."""
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


def rules_call_functions() -> None:
    """A rule hands its events to functions too, and does not wait for them."""
    send = Rule.send_to_targets

    def corrected(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        functions = [each for each in self.targets if ":function:" in each["Arn"]]
        others = [each for each in self.targets if each not in functions]
        if self.event_pattern.matches_event(original_event):
            for each in functions:
                backend = lambda_backends[self.account_id][self.region_name]
                call = (each["Arn"], None, json.dumps(original_event), {}, {})
                threading.Thread(target=backend.invoke, args=call).start()
        self.targets, every = others, self.targets
        try:
            send(self, original_event, transform_input)
        finally:
            self.targets = every

    Rule.send_to_targets = corrected


CALL_HANDLER = """
import importlib, json, sys
result, sys.stdout = sys.stdout, sys.stderr  # what the handler prints is its log
sys.path.insert(0, ".")
module, function = sys.argv[1].rsplit(".", 1)
json.dump(getattr(importlib.import_module(module), function)(json.load(sys.stdin), None), result)
"""


def python_functions_run_here() -> None:
    """Where no container engine runs, a Python function runs as a process on this machine.

    It runs in this Python, whatever its runtime, and finds AWS here. Functions of other runtimes
    fail with an error that says so.
    """

    def corrected(self: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        if not str(self.run_time).startswith("python"):
            message = f"{self.run_time} needs a container engine, and none runs here"
            return json.dumps({"errorMessage": message}), True, message
        # moto dates every message to the same day of 2018.
        for record in event.get("Records", []) if isinstance(event, dict) else []:
            record.get("attributes", {})["SentTimestamp"] = str(int(time.time() * 1000))
        with TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(self.code_bytes)).extractall(folder)
            done = subprocess.run(  # noqa: S603 - it runs what was deployed, as Lambda would
                [sys.executable, "-c", CALL_HANDLER, self.handler],
                cwd=folder,
                env={**os.environ, **(self.environment_vars or {}), **own_access(self.region)},
                input=json.dumps(event),
                capture_output=True,
                text=True,
                timeout=float(self.timeout),
                check=False,
            )
        self.save_logs(done.stderr)
        failed = done.returncode != 0 or "itemIdentifier" in done.stdout
        return done.stdout or json.dumps({"errorMessage": done.stderr}), failed, done.stderr

    LambdaFunction._invoke_lambda = corrected


def own_access(region: str) -> dict[str, str]:
    """What a function needs to find this emulator."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{sys.argv[sys.argv.index('-p') + 1]}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def container_engine_runs() -> bool:
    """Whether moto can run functions in containers, as it does by itself."""
    try:
        return bool(docker.from_env(timeout=5).ping())
    except docker.errors.DockerException:
        return False


if __name__ == "__main__":
    queues_keep_their_policy()
    redrive_policies_have_no_blanks()
    bucket_policies_may_have_conditions()
    functions_keep_their_settings()
    asynchronous_settings_are_replaced()
    delete_markers_can_be_deleted()
    event_sources_name_the_alias()
    rules_call_functions()
    functions_are_deployed()
    if not container_engine_runs():
        python_functions_run_here()
    main()
