"""S3, corrected where moto answers otherwise than AWS does."""

import json
from typing import Any

from moto.events import notifications as event_notifications
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3 import notifications
from moto.s3.models import FakeBucket, FakeDeleteMarker

from emulator import asynchronous


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


def buckets_do_not_wait_for_functions() -> None:
    """A writer neither waits for the functions that are called, nor sees their errors.

    They are called by the alias or version that the notification names.
    """

    def call(account_id: str, event_body: Any, fn_arn: str, _region_name: str) -> None:
        asynchronous.call(fn_arn, event_body, account_id)

    def call_for_event_bridge(account_id: str, fn_arn: str, event: Any) -> None:
        asynchronous.call(fn_arn, event, account_id)

    notifications._invoke_awslambda = call
    event_notifications._invoke_lambda = call_for_event_bridge
