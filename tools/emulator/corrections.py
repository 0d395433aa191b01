"""All corrections of moto, in one call."""

from emulator import awslambda, codedeploy, events, execution, s3, sqs


def correct() -> None:
    """Have moto's server answer as AWS does; once in a process, before it starts."""
    sqs.queues_keep_their_policy()
    sqs.redrive_policies_have_no_blanks()
    s3.bucket_policies_may_have_conditions()
    s3.delete_markers_can_be_deleted()
    awslambda.functions_keep_their_settings()
    awslambda.asynchronous_settings_are_replaced()
    awslambda.event_sources_name_the_alias()
    events.rules_call_functions()
    codedeploy.functions_are_deployed()
    execution.python_functions_run_here()
