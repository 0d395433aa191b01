"""Receipts: proof that the service took an order, without a database to look it up in."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer

from .order import Order


class Receipts:
    """Signs and verifies receipts; whoever shares the key can verify them too."""

    def __init__(self, key: str) -> None:
        """The salt keeps the key's other uses apart: what they sign is no receipt."""
        self._serializer = URLSafeTimedSerializer(
            key, salt="order-receipt", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def issue(self, order: Order) -> str:
        """A receipt for an order, safe to put in a URL."""
        return self._serializer.dumps(asdict(order))

    def verify(self, receipt: str) -> tuple[dict[str, object], datetime] | None:
        """The order and when it was taken, or None if this service never issued the receipt.

        The order is as it was then: what makes a valid order may have changed since.
        """
        try:
            document, issued = self._serializer.loads(receipt, return_timestamp=True)
        except BadSignature:
            return None
        return document, issued
