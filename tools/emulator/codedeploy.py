"""CodeDeploy for functions, which moto lacks beyond the names of things.

Deployments go on in a thread of their own, as long as they take.
"""

import contextlib
import json
import threading
import time
import uuid
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.codedeploy.models import CodeDeployBackend
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.exceptions import JsonRESTError

from emulator import clock

UNDER_WAY = {"Created", "InProgress"}
OPERATIONS = (
    *("CreateApplication", "GetApplication", "DeleteApplication"),
    *("CreateDeploymentConfig", "GetDeploymentConfig", "DeleteDeploymentConfig"),
    *("CreateDeploymentGroup", "GetDeploymentGroup"),
    *("UpdateDeploymentGroup", "DeleteDeploymentGroup"),
    *("CreateDeployment", "GetDeployment", "ListDeployments", "StopDeployment"),
    *("PutLifecycleEventHookExecutionStatus", "ListTagsForResource"),
)

Json = dict[str, Any]


class NotReleasedError(Exception):
    """A deployment does not go on; the text is CodeDeploy's code and message."""


class Deployments:
    """What CodeDeploy knows of one account in one region."""

    def __init__(self, account: str, region: str) -> None:
        self.functions = lambda_backends[account][region]
        self.alarms = cloudwatch_backends[account][region]
        self.applications: dict[str, Json] = {}
        self.configs: dict[str, Json] = {}
        self.groups: dict[tuple[str, str], Json] = {}
        self.deployments: dict[str, Json] = {}
        self.answers: dict[str, str] = {}

    def create_application(self, given: Json) -> Json:
        name = given["applicationName"]
        self.applications[name] = {
            "applicationId": str(uuid.uuid4()),
            "applicationName": name,
            "computePlatform": given.get("computePlatform", "Server"),
            "createTime": time.time(),
        }
        return {"applicationId": self.applications[name]["applicationId"]}

    def get_application(self, given: Json) -> Json:
        return {
            "application": self._one(self.applications, given["applicationName"], "Application")
        }

    def delete_application(self, given: Json) -> Json:
        self.applications.pop(given["applicationName"], None)
        return {}

    def create_deployment_config(self, given: Json) -> Json:
        identity = {"deploymentConfigId": str(uuid.uuid4()), "createTime": time.time()}
        self.configs[given["deploymentConfigName"]] = {**given, **identity}
        return {"deploymentConfigId": identity["deploymentConfigId"]}

    def get_deployment_config(self, given: Json) -> Json:
        name = given["deploymentConfigName"]
        return {"deploymentConfigInfo": self._one(self.configs, name, "DeploymentConfig")}

    def delete_deployment_config(self, given: Json) -> Json:
        name = given["deploymentConfigName"]
        if any(group["deploymentConfigName"] == name for group in self.groups.values()):
            raise JsonRESTError("DeploymentConfigInUseException", f"{name} is in use")
        self.configs.pop(name, None)
        return {}

    def create_deployment_group(self, given: Json) -> Json:
        application = self._one(self.applications, given["applicationName"], "Application")
        group = {
            **given,
            "deploymentGroupId": str(uuid.uuid4()),
            "computePlatform": application["computePlatform"],
        }
        self.groups[self._group_key(given)] = group
        return {"deploymentGroupId": group["deploymentGroupId"]}

    def get_deployment_group(self, given: Json) -> Json:
        group = self._one(self.groups, self._group_key(given), "DeploymentGroup")
        return {"deploymentGroupInfo": group}

    def update_deployment_group(self, given: Json) -> Json:
        key = (given["applicationName"], given["currentDeploymentGroupName"])
        self._one(self.groups, key, "DeploymentGroup").update(given)
        return {}

    def delete_deployment_group(self, given: Json) -> Json:
        self.groups.pop(self._group_key(given), None)
        return {}

    def create_deployment(self, given: Json) -> Json:
        group = self._one(self.groups, self._group_key(given), "DeploymentGroup")
        if self.list_deployments({**given, "includeOnlyStatuses": UNDER_WAY})["deployments"]:
            raise JsonRESTError("DeploymentLimitExceededException", "one is under way already")
        return {"deploymentId": self._start(group, given["revision"], "user", self._deploy)}

    def get_deployment(self, given: Json) -> Json:
        return {"deploymentInfo": self._one(self.deployments, given["deploymentId"], "Deployment")}

    def list_deployments(self, given: Json) -> Json:
        statuses = given.get("includeOnlyStatuses") or UNDER_WAY | {
            "Succeeded",
            "Failed",
            "Stopped",
        }
        found = [
            each["deploymentId"]
            for each in self.deployments.values()
            if self._group_key(each) == self._group_key(given) and each["status"] in statuses
        ]
        return {"deployments": found[::-1]}

    def stop_deployment(self, given: Json) -> Json:
        self._one(self.deployments, given["deploymentId"], "Deployment")["stopping"] = True
        return {"status": "Pending"}

    def put_lifecycle_event_hook_execution_status(self, given: Json) -> Json:
        execution = given["lifecycleEventHookExecutionId"]
        self.answers[execution] = given["status"]
        return {"lifecycleEventHookExecutionId": execution}

    def list_tags_for_resource(self, _given: Json) -> Json:
        return {"Tags": []}

    @staticmethod
    def _one(known: dict[Any, Json], key: Any, what: str) -> Json:
        if key in known:
            return known[key]
        raise JsonRESTError(f"{what}DoesNotExistException", f"{what} {key} does not exist")

    @staticmethod
    def _group_key(given: Json) -> tuple[str, str]:
        return given["applicationName"], given["deploymentGroupName"]

    def _start(self, group: Json, revision: Json, creator: str, run: Any) -> str:
        deployment = {
            "deploymentId": f"d-{uuid.uuid4().hex[:9].upper()}",
            "applicationName": group["applicationName"],
            "deploymentGroupName": group["deploymentGroupName"],
            "computePlatform": "Lambda",
            "createTime": time.time(),
            "creator": creator,
            "revision": revision,
            "status": "Created",
        }
        self.deployments[deployment["deploymentId"]] = deployment
        threading.Thread(target=run, args=(deployment, group), daemon=True).start()
        return str(deployment["deploymentId"])

    def _deploy(self, deployment: Json, group: Json) -> None:
        spec = json.loads(deployment["revision"]["appSpecContent"]["content"])
        properties = spec["Resources"][0]["function"]["Properties"]
        hooks = {event: name for hook in spec.get("Hooks", []) for event, name in hook.items()}
        deployment["status"] = "InProgress"
        try:
            self._ask(hooks.get("BeforeAllowTraffic"), deployment, group)
            for weight, minutes in self._steps(group):
                self._move(properties, "CurrentVersion", weight)
                self._wait(clock.lasting(minutes * 60), deployment, group)
            self._move(properties, "TargetVersion", 0)
            self._ask(hooks.get("AfterAllowTraffic"), deployment, group)
            deployment["status"] = "Succeeded"
        except NotReleasedError as reason:
            code, _, message = str(reason).partition(": ")
            deployment["errorInformation"] = {"code": code, "message": message}
            rollback = self._start(
                group, deployment["revision"], "codeDeployRollback", self._take_back
            )
            deployment["rollbackInfo"] = {"rollbackDeploymentId": rollback}
            deployment["status"] = "Stopped" if code == "MANUAL_STOP" else "Failed"

    def _take_back(self, deployment: Json, _group: Json) -> None:
        spec = json.loads(deployment["revision"]["appSpecContent"]["content"])
        with contextlib.suppress(Exception):
            self._move(spec["Resources"][0]["function"]["Properties"], "CurrentVersion", 0)
        deployment["status"] = "Succeeded"

    def _steps(self, group: Json) -> list[tuple[float, float]]:
        """The weights of the new version short of all, and for how many minutes each."""
        routing = self.configs[group["deploymentConfigName"]]["trafficRoutingConfig"]
        if routing["type"] == "AllAtOnce":
            return []
        if routing["type"] == "TimeBasedCanary":
            canary = routing["timeBasedCanary"]
            return [(canary["canaryPercentage"] / 100, canary["canaryInterval"])]
        linear = routing["timeBasedLinear"]
        weights = range(linear["linearPercentage"], 100, linear["linearPercentage"])
        return [(weight / 100, linear["linearInterval"]) for weight in weights]

    def _move(self, properties: Json, version: str, weight: float) -> None:
        weights = {properties["TargetVersion"]: weight} if weight else {}
        try:
            self.functions.update_alias(
                properties["Alias"],
                properties["Name"],
                properties[version],
                None,
                {"AdditionalVersionWeights": weights} if weights else {},
            )
        except Exception as error:
            raise NotReleasedError(f"RESOURCE_NOT_FOUND: {error}") from error

    def _ask(self, function: str | None, deployment: Json, group: Json) -> None:
        if function is None:
            return
        execution = str(uuid.uuid4())
        event = {
            "DeploymentId": deployment["deploymentId"],
            "LifecycleEventHookExecutionId": execution,
        }
        called = threading.Thread(
            target=self.functions.invoke,
            args=(function, None, json.dumps(event), {}, {}),
            daemon=True,
        )
        called.start()
        while execution not in self.answers:
            self._wait(0.2, deployment, group)
        if self.answers[execution] != "Succeeded":
            raise NotReleasedError(
                f"HOOK_EXECUTION_FAILURE: {function} said {self.answers[execution]}"
            )

    def _wait(self, seconds: float, deployment: Json, group: Json) -> None:
        watched = [each["name"] for each in group["alarmConfiguration"].get("alarms", [])]
        end = time.monotonic() + seconds
        while True:
            if deployment.get("stopping"):
                raise NotReleasedError("MANUAL_STOP: The deployment was stopped on request")
            active = [
                name
                for name in watched
                if name in self.alarms.alarms and self.alarms.alarms[name].state_value == "ALARM"
            ]
            if active:
                raise NotReleasedError(
                    "ALARM_ACTIVE: One or more alarms have been activated according to the Amazon "
                    "CloudWatch metrics you selected, and the affected deployments have been "
                    f"stopped. Activated alarms: <{', '.join(active)}>"
                )
            if time.monotonic() >= end:
                return
            time.sleep(min(0.2, max(0.0, end - time.monotonic())))


def functions_are_deployed() -> None:
    """CodeDeploy moves the calls of a function's alias."""
    create = CodeDeployBackend.__init__

    def corrected(self: CodeDeployBackend, region_name: str, account_id: str) -> None:
        create(self, region_name, account_id)
        self.ours = Deployments(account_id, region_name)

    CodeDeployBackend.__init__ = corrected
    for operation in OPERATIONS:
        name = "".join(f"_{char.lower()}" if char.isupper() else char for char in operation)[1:]

        def answer(self: CodeDeployResponse, name: str = name) -> str:
            given = json.loads(self.body or "{}")
            return json.dumps(getattr(self.codedeploy_backend.ours, name)(given))

        setattr(CodeDeployResponse, name, answer)
