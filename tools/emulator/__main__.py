"""Starts moto's server with the corrections: `python -m emulator -H 127.0.0.1 -p PORT`."""

from moto.server import main

from emulator import awslambda, events, execution, s3, sqs
from emulator.codedeploy import functions_are_deployed

sqs.queues_keep_their_policy()
sqs.redrive_policies_have_no_blanks()
s3.bucket_policies_may_have_conditions()
s3.delete_markers_can_be_deleted()
awslambda.functions_keep_their_settings()
awslambda.asynchronous_settings_are_replaced()
awslambda.event_sources_name_the_alias()
events.rules_call_functions()
functions_are_deployed()
if not execution.container_engine_runs():
    execution.python_functions_run_here()
main()
