"""Functions run as processes of this machine."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from tempfile import TemporaryDirectory
from typing import Any

from moto.awslambda.models import LambdaFunction

CALL_HANDLER = """
import importlib, json, sys
result, sys.stdout = sys.stdout, sys.stderr  # what the handler prints is its log
sys.path.insert(0, ".")
module, function = sys.argv[1].rsplit(".", 1)
json.dump(getattr(importlib.import_module(module), function)(json.load(sys.stdin), None), result)
"""


def python_functions_run_here() -> None:
    """A Python function runs as a process on this machine, container engine or not.

    It runs in this Python, whatever its runtime, and finds AWS here. Functions of other runtimes
    fail with an error that says so.
    """

    def corrected(self: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        if not str(self.run_time).startswith("python"):
            message = f"{self.run_time} does not run on this machine"
            return json.dumps({"errorMessage": message}), True, message
        # moto dates every message to the same day of 2018.
        for record in event.get("Records", []) if isinstance(event, dict) else []:
            record.get("attributes", {})["SentTimestamp"] = str(int(time.time() * 1000))
        with TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(self.code_bytes)).extractall(folder)
            done = subprocess.run(  # noqa: S603 - it runs what was deployed, as Lambda would
                [sys.executable, "-c", CALL_HANDLER, self.handler],
                cwd=folder,
                env={
                    **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                    **(self.environment_vars or {}),
                    **own_access(self.region),
                },
                input=json.dumps(event),
                capture_output=True,
                text=True,
                timeout=float(self.timeout),
                check=False,
            )
        self.save_logs(done.stderr)
        failed = done.returncode != 0 or "itemIdentifier" in done.stdout
        return done.stdout or json.dumps({"errorMessage": done.stderr}), failed, done.stderr

    LambdaFunction._invoke_lambda = corrected


def own_access(region: str) -> dict[str, str]:
    """What a function needs to find this emulator."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{sys.argv[sys.argv.index('-p') + 1]}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
