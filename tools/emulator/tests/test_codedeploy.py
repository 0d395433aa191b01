"""CodeDeploy moves the calls of a function's alias."""

import json
from typing import Any

from emulator.tests.support import Clients, Functions, eventually

ROLE = "arn:aws:iam::123456789012:role/releases"


def test_a_canary_moves_the_alias_step_by_step(aws: Clients, functions: Functions) -> None:
    lambdas, releases = functions.lambdas, aws("codedeploy")
    functions.make("def handler(*_):\n    return 1\n")
    lambdas.publish_version(FunctionName="tested")
    lambdas.create_alias(FunctionName="tested", Name="live", FunctionVersion="1")
    settings = {"Variables": {"CHANGED": "1"}}
    lambdas.update_function_configuration(FunctionName="tested", Environment=settings)
    lambdas.publish_version(FunctionName="tested")

    releases.create_application(applicationName="shop", computePlatform="Lambda")
    canary = {"canaryPercentage": 50, "canaryInterval": 5}
    releases.create_deployment_config(
        deploymentConfigName="half",
        computePlatform="Lambda",
        trafficRoutingConfig={"type": "TimeBasedCanary", "timeBasedCanary": canary},
    )
    group = {"applicationName": "shop", "deploymentGroupName": "live"}
    releases.create_deployment_group(
        **group,
        deploymentConfigName="half",
        serviceRoleArn=ROLE,
        alarmConfiguration={"enabled": False, "alarms": []},
    )
    properties = {
        "Name": "tested",
        "Alias": "live",
        "CurrentVersion": "1",
        "TargetVersion": "2",
    }
    resource = {"function": {"Type": "AWS::Lambda::Function", "Properties": properties}}
    content = json.dumps({"version": "0.0", "Resources": [resource]})
    deployment = releases.create_deployment(
        **group, revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
    )["deploymentId"]
    seen: list[Any] = []

    def status() -> str:
        alias = lambdas.get_alias(FunctionName="tested", Name="live")
        seen.append((alias["FunctionVersion"], weights(alias)))
        info = releases.get_deployment(deploymentId=deployment)["deploymentInfo"]
        return str(info["status"])

    eventually(status, "Succeeded")
    assert ("1", {"2": 0.5}) in seen
    alias = lambdas.get_alias(FunctionName="tested", Name="live")
    assert (alias["FunctionVersion"], weights(alias)) == ("2", {})


def weights(alias: Any) -> Any:
    """The weights of an alias' other versions."""
    return (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
