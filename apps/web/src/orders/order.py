"""What an order is, and every reason why a document isn't one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FIELDS = ("id", "item", "quantity")
ITEM_MAX_LENGTH = 200
QUANTITY_MAX = 10_000


class OrderError(ValueError):
    """All that is wrong with an order, so that its sender can mend it in one go."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the problems apart: the answer lists them."""
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Order:
    """An order that is fit to be archived."""

    id: str
    item: str
    quantity: int


def parse_order(document: object) -> Order:
    """Read an order from decoded JSON, or raise an `OrderError` that lists every problem.

    A field that isn't known is a problem too: it is most often a known one misspelt, and
    dropping it in silence would lose part of an order.
    """
    if not isinstance(document, dict):
        raise OrderError(["an order must be a JSON object"])

    problems = [f"{name} is missing" for name in _FIELDS if name not in document]
    problems += [f"{name!r} is not a field of an order" for name in document if name not in _FIELDS]

    order_id, item, quantity = (document.get(name) for name in _FIELDS)
    if "id" in document and not (isinstance(order_id, str) and _ID.fullmatch(order_id)):
        problems.append(
            "id must be 1 to 64 letters, digits, '_' or '-', and start with a letter or digit"
        )
    if "item" in document and not (
        isinstance(item, str)
        and 1 <= len(item.strip()) <= len(item) <= ITEM_MAX_LENGTH
        and item.isprintable()
    ):
        problems.append(f"item must be 1 to {ITEM_MAX_LENGTH} printable characters")
    # To Python a bool is an int; to whoever sent `true` it is no quantity.
    if "quantity" in document and not (
        isinstance(quantity, int)
        and not isinstance(quantity, bool)
        and 1 <= quantity <= QUANTITY_MAX
    ):
        problems.append(f"quantity must be a whole number from 1 to {QUANTITY_MAX}")

    if problems:
        raise OrderError(problems)
    return Order(**document)
