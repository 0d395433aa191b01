"""Sends requests to the web service until /tmp/stop is there; prints their outcomes as JSON."""

import http.client
import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path

HOST, PORT = sys.argv[1], int(sys.argv[2])
STOP = Path("/tmp/stop")  # noqa: S108
outcomes: Counter[str] = Counter()
greetings: Counter[str] = Counter()
orders: list[str] = []


def request(method: str, path: str, body: str | None = None) -> tuple[int, dict[str, str]]:
    """One request on a connection of its own, as the Service leads it to some pod."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def greet() -> None:
    """Asks for the greeting, again and again."""
    while not STOP.exists():
        try:
            status, body = request("GET", "/")
            outcomes[f"GET {status}"] += 1
            greetings[body.get("greeting", "none")] += 1
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcomes[f"GET {error!r}"] += 1
        time.sleep(0.03)


def order() -> None:
    """Places an order every second."""
    while not STOP.exists():
        name = f"load-{len(orders)}"
        body = json.dumps({"id": name, "item": "book", "quantity": 1})
        try:
            status, _ = request("POST", "/orders", body)
            outcomes[f"POST {status}"] += 1
            if status == 202:
                orders.append(name)
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcomes[f"POST {error!r}"] += 1
        time.sleep(1)


threads = [threading.Thread(target=each) for each in [greet] * 6 + [order]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({"outcomes": outcomes, "greetings": greetings, "orders": orders}))
