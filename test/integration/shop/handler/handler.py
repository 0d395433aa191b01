"""Takes orders with what people bring: Powertools from a layer, pydantic with its native parts."""

import sys
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

logger = Logger(service="shop")
metrics = Metrics(namespace="shop", service="shop")
tracer = Tracer(service="shop")


class Order(BaseModel):
    """An order."""

    id: str
    quantity: int


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the order as it was understood, and with the alias that was called."""
    order = Order.model_validate(event)
    logger.info("order taken", extra={"order": order.id})
    metrics.add_metric(name="orders", unit=MetricUnit.Count, value=1)
    return {
        "order": order.model_dump(),
        "python": sys.version_info[:2],
        "alias": context.invoked_function_arn.rpartition(":")[2],
    }
