"""Prints what is in the emulator, as AWS lists it: `[type of the resource, its ID]` in JSON."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
from botocore.exceptions import ClientError

Found = Iterator[tuple[str, str]]


def pages(service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Everything that an operation lists, page by page where it has pages."""
    client = boto3.client(service)
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from page.get(key) or []
    else:
        yield from getattr(client, operation)(**arguments).get(key) or []


def buckets() -> Found:
    """Buckets with each of their settings."""
    s3 = boto3.client("s3")
    settings = {
        "bucketOwnershipControls:BucketOwnershipControls": s3.get_bucket_ownership_controls,
        "bucketPublicAccessBlock:BucketPublicAccessBlock": s3.get_public_access_block,
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
            s3.get_bucket_encryption
        ),
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
            s3.get_bucket_lifecycle_configuration
        ),
        "bucketPolicy:BucketPolicy": s3.get_bucket_policy,
    }
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        yield "aws:s3/bucket:Bucket", name
        if "Status" in s3.get_bucket_versioning(Bucket=name):
            yield "aws:s3/bucketVersioning:BucketVersioning", name
        for kind, get in settings.items():
            with suppress(ClientError):
                get(Bucket=name)
                yield f"aws:s3/{kind}", name


def roles() -> Found:
    """Roles with their policies."""
    for role in pages("iam", "list_roles", "Roles"):
        name = role["RoleName"]
        yield "aws:iam/role:Role", name
        for policy in pages("iam", "list_role_policies", "PolicyNames", RoleName=name):
            yield "aws:iam/rolePolicy:RolePolicy", f"{name}:{policy}"


def functions() -> Found:
    """Functions with their aliases, and what calls them."""
    for function in pages("lambda", "list_functions", "Functions"):
        name = function["FunctionName"]
        yield "aws:lambda/function:Function", name
        for alias in pages("lambda", "list_aliases", "Aliases", FunctionName=name):
            yield "aws:lambda/alias:Alias", alias["AliasArn"]
    for mapping in pages("lambda", "list_event_source_mappings", "EventSourceMappings"):
        yield "aws:lambda/eventSourceMapping:EventSourceMapping", mapping["UUID"]


def repositories() -> Found:
    """Repositories with their lifecycle policies."""
    ecr = boto3.client("ecr")
    for repository in pages("ecr", "describe_repositories", "repositories"):
        name = repository["repositoryName"]
        yield "aws:ecr/repository:Repository", name
        with suppress(ClientError):
            ecr.get_lifecycle_policy(repositoryName=name)
            yield "aws:ecr/lifecyclePolicy:LifecyclePolicy", name


def secrets() -> Found:
    """Secrets with the version that holds."""
    for secret in pages("secretsmanager", "list_secrets", "SecretList"):
        arn = secret["ARN"]
        yield "aws:secretsmanager/secret:Secret", arn
        for version, stages in (secret.get("SecretVersionsToStages") or {}).items():
            if "AWSCURRENT" in stages:
                yield "aws:secretsmanager/secretVersion:SecretVersion", f"{arn}|{version}"


def keys() -> Found:
    """Keys, without those of AWS and those that wait for their end."""
    for key in pages("kms", "list_keys", "Keys"):
        about = boto3.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if about["KeyManager"] == "CUSTOMER" and about["KeyState"] != "PendingDeletion":
            yield "aws:kms/key:Key", key["KeyId"]


def monitoring() -> Found:
    """Log groups, alarms and dashboards."""
    for group in pages("logs", "describe_log_groups", "logGroups"):
        yield "aws:cloudwatch/logGroup:LogGroup", group["logGroupName"]
    for alarm in pages("cloudwatch", "describe_alarms", "MetricAlarms"):
        yield "aws:cloudwatch/metricAlarm:MetricAlarm", alarm["AlarmName"]
    for dashboard in pages("cloudwatch", "list_dashboards", "DashboardEntries"):
        yield "aws:cloudwatch/dashboard:Dashboard", dashboard["DashboardName"]


def messaging() -> Found:
    """Queues and topics. Every topic has a policy, the one of AWS if nobody sets another."""
    for url in pages("sqs", "list_queues", "QueueUrls"):
        yield "aws:sqs/queue:Queue", url
    for topic in pages("sns", "list_topics", "Topics"):
        yield "aws:sns/topic:Topic", topic["TopicArn"]
        yield "aws:sns/topicPolicy:TopicPolicy", topic["TopicArn"]


found = [
    *buckets(),
    *roles(),
    *functions(),
    *repositories(),
    *secrets(),
    *keys(),
    *monitoring(),
    *messaging(),
]
sys.stdout.write(json.dumps(sorted(found)))
