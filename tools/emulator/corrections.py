"""All corrections of moto, in one call."""

from emulator import (
    alarms,
    awslambda,
    codedeploy,
    events,
    function_urls,
    gateway,
    logs,
    metrics,
    patterns,
    polling,
    reports,
    s3,
    sns,
    sqs,
    streams,
    topics,
)


def correct() -> None:
    """Have moto's server answer as AWS does; once in a process, before it starts."""
    sqs.queues_keep_their_policy()
    sqs.redrive_policies_have_no_blanks()
    sqs.queues_are_safe_to_share()
    sqs.sending_only_sends()
    sqs.queues_are_counted_quickly()
    s3.bucket_policies_may_have_conditions()
    s3.delete_markers_can_be_deleted()
    awslambda.functions_keep_their_settings()
    awslambda.asynchronous_settings_are_replaced()
    awslambda.event_sources_name_the_alias()
    events.rules_reach_their_targets()
    codedeploy.functions_are_deployed()
    awslambda.functions_run_here()
    awslambda.deleted_functions_end()
    polling.queues_are_polled()
    streams.streams_are_read()
    sns.topics_do_not_wait_for_functions()
    reports.reports_are_given()
    s3.buckets_do_not_wait_for_functions()
    function_urls.urls_keep_their_settings()
    gateway.apis_answer_here()
    patterns.rules_match_like_aws()
    patterns.subscriptions_match_like_aws()
    metrics.functions_are_measured()
    topics.deliveries_are_counted_and_kept()
    alarms.states_that_are_set_run_actions()
    logs.lines_come_in_order()
