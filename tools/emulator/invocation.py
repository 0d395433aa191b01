"""Calls of functions: which version answers, and what the caller gets to see."""

import atexit
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import lambda_backends

from emulator.commands import version_of
from emulator.logs import Log
from emulator.pools import IDLE_SECONDS, Pool, ThrottledError
from emulator.runtimes import CannotRunError
from emulator.worker import Call, Result

# Called after each call with the function and the result, or None where it was throttled.
Observer = Callable[[Any, Result | None], None]
observers: list[Observer] = []

_pools: dict[tuple[str, str, str], Pool] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Target:
    """A version of a function, and the name by which it was called."""

    function: Any
    function_arn: str


def resolve(account: str, region: str, name: str, qualifier: str | None = None) -> Target:
    """Finds what a name or an ARN leads to: an alias leads to its versions by their weights."""
    storage = lambda_backends[account][region]._lambdas
    _, _, in_name = storage.split_function_arn(name) if ":function:" in name else ("", "", None)
    if ":function:" not in name and ":" in name:
        in_name = name.rpartition(":")[2]
    qualifier = in_name or qualifier
    function = storage.get_function_by_name_or_arn_with_qualifier(name, qualifier)
    arn = lambda_arn(account, region, function.function_name)
    if qualifier is None:
        return Target(function, arn)
    alias = storage._get_function_aliases(function.function_name).get(qualifier)
    if alias is not None:
        version = weighted(alias)
        function = storage.get_function_by_name_or_arn_with_qualifier(arn, version)
    return Target(function, f"{arn}:{qualifier}")


def weighted(alias: Any) -> str:
    """Returns the version that takes the next call of an alias."""
    drawn = random.random()  # noqa: S311 - nothing is secret here
    for version, weight in (
        (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
    ).items():
        drawn -= weight
        if drawn < 0:
            return str(version)
    return str(alias.function_version)


def lambda_arn(account: str, region: str, name: str) -> str:
    """Returns the ARN of a function without a version."""
    return f"arn:aws:lambda:{region}:{account}:function:{name}"


def call(target: Target, payload: bytes, client_context: str | None = None) -> Result:
    """Calls a function and waits for it. Throws ThrottledError above its reserved concurrency."""
    function = target.function
    layers = lambda_backends[function.account_id][function.region]
    started = Call(payload, target.function_arn, float(function.timeout), client_context)
    try:
        result = pool_of(function).run(function, layers, started, reserved_concurrency(function))
    except CannotRunError as reason:
        result = _not_run(function, started, str(reason))
    except ThrottledError:
        _observe(function, None)
        raise
    _observe(function, result)
    return result


def _observe(function: Any, result: Result | None) -> None:
    for observer in observers:
        observer(function, result)


def _not_run(function: Any, call: Call, reason: str) -> Result:
    message = f"{function.function_name} can't run here: {reason}"
    error = {"errorType": "Runtime.CannotRunHere", "errorMessage": message}
    Log(function, version_of(function)).write([f"[ERROR] {message}"])
    return Result(json.dumps(error).encode(), True, message.encode(), call.request_id)


def pool_of(function: Any) -> Pool:
    """Returns the workers of a function."""
    key = (function.account_id, function.region, function.function_name)
    with _lock:
        return _pools.setdefault(key, Pool())


def reserved_concurrency(function: Any) -> int | None:
    """Returns a function's reserved concurrency, which all its versions share."""
    storage = lambda_backends[function.account_id][function.region]._lambdas
    kept = storage._functions.get(function.function_name)
    reserved = kept and kept["latest"].reserved_concurrency
    return None if reserved is None else int(reserved)


def forget(account: str, region: str, name: str) -> None:
    """Ends the workers of a function that is deleted."""
    with _lock:
        pool = _pools.pop((account, region, name), None)
    if pool is not None:
        pool.end()


def end_all() -> None:
    """Ends all workers."""
    with _lock:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        pool.end()


def retire_idle_workers() -> None:
    """Ends, again and again, the workers that nobody has called for a while."""

    def watch() -> None:
        while True:
            time.sleep(IDLE_SECONDS / 10)
            with _lock:
                pools = list(_pools.values())
            for pool in pools:
                pool.retire(IDLE_SECONDS)

    atexit.register(end_all)
    threading.Thread(target=watch, daemon=True).start()
