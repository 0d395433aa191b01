"""SQS, corrected where moto answers otherwise than AWS does."""

import json
import time
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import DEDUPLICATION_TIME_IN_SECONDS, Message, Queue, SQSBackend


def queues_keep_their_policy() -> None:
    """Setting another attribute of a queue leaves its policy as it is."""
    set_attributes = Queue._set_attributes

    def corrected(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        set_attributes(self, {"Policy": getattr(self, "policy", None), **attributes}, now)

    Queue._set_attributes = corrected


def redrive_policies_have_no_blanks() -> None:
    """JSON that comes back is written as compactly as AWS writes it."""
    attributes = Queue.attributes.fget

    def corrected(self: Queue) -> dict[str, Any]:
        result = attributes(self)
        if "RedrivePolicy" in result:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return result

    Queue.attributes = property(corrected)


def queues_are_safe_to_share() -> None:
    """No message is lost, and none is handed out twice, when several send and receive at once.

    moto's server answers in threads, and its queues have no lock: a deletion writes back a list
    without what was sent meanwhile.
    """
    receive, change = SQSBackend.receive_message, SQSBackend.change_message_visibility
    delete, purge = Queue.delete_message, SQSBackend.purge_queue

    def corrected_receive(
        self: SQSBackend,
        queue_name: str,
        count: int,
        wait_seconds_timeout: float,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Message]:
        queue = self.get_queue(queue_name)
        end = time.monotonic() + wait_seconds_timeout
        with queue._messages_lock:
            while True:
                names = message_attribute_names
                found = receive(self, queue_name, count, 0, visibility_timeout, names)
                left = end - time.monotonic()
                if found or left <= 0:
                    return found
                # Messages come back by themselves, so it looks again without being woken.
                queue._messages_lock.wait(min(left, 0.1))

    def corrected_change(
        self: SQSBackend, queue_name: str, receipt_handle: str, visibility_timeout: int
    ) -> None:
        with self.get_queue(queue_name)._messages_lock:
            change(self, queue_name, receipt_handle, visibility_timeout)

    def corrected_purge(self: SQSBackend, queue_name: str) -> None:
        with self.get_queue(queue_name)._messages_lock:
            purge(self, queue_name)

    def corrected_delete(self: Queue, receipt_handle: str) -> None:
        with self._messages_lock:
            delete(self, receipt_handle)

    SQSBackend.receive_message = corrected_receive
    SQSBackend.change_message_visibility = corrected_change
    SQSBackend.purge_queue = corrected_purge
    Queue.delete_message = corrected_delete


def queues_are_counted_quickly() -> None:
    """A queue with a thousand messages answers as quickly as an empty one.

    moto counts its messages several times in each call, and asks for the time at each message.
    """

    def messages(self: Queue) -> list[Message]:
        now = unix_time_millis()
        return [each for each in self._messages if each.visible_at < now >= each.delayed_until]

    def delayed(self: Queue) -> int:
        now = unix_time_millis()
        return sum(now < each.delayed_until for each in self._messages)

    def not_visible(self: Queue) -> int:
        now = unix_time_millis()
        return sum(now <= each.visible_at for each in self._messages)

    def is_kept(self: SQSBackend, queue_name: str, message: Message) -> bool:
        kept = self.get_queue(queue_name).message_retention_period * 1000
        return message.sent_timestamp + kept > unix_time_millis()

    Queue.messages = property(messages)
    Queue.approximate_number_of_messages_delayed = property(delayed)
    Queue.approximate_number_of_messages_not_visible = property(not_visible)
    SQSBackend.is_message_valid_based_on_retention_period = is_kept


def sending_only_sends() -> None:
    """A message that is sent lies in the queue, and the sender is answered.

    A FIFO queue takes no second one with the same deduplication id within five minutes, also when
    the first was received and deleted; moto looks only at what is still there.
    """

    def corrected(self: Queue, message: Message) -> None:
        with self._messages_lock:
            if not (self.fifo_queue and is_duplicate(self, message)):
                self._messages.append(message)
                self._messages_lock.notify_all()

    Queue.add_message = corrected


def is_duplicate(queue: Queue, message: Message) -> bool:
    """Returns true if a FIFO queue has taken a deduplication id lately, and keeps it in mind."""
    name, sent = message.deduplication_id, message.sent_timestamp
    taken: dict[str, int] = queue.__dict__.setdefault("taken", {})
    lately = name in taken and sent - taken[name] < DEDUPLICATION_TIME_IN_SECONDS * 1000
    if name is not None and not lately:
        taken[name] = sent
    return lately
